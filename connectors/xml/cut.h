/* Finding where a record element ends, by the tags of its own name alone. */
#ifndef SLUICE_CONNECTORS_XML_CUT_H
#define SLUICE_CONNECTORS_XML_CUT_H

#include "connectors/xml/frame.h"
#include "core/buffer.h"

/* The record that is being cut out; it may go on in the next text. */
struct xml_cut {
    int open, skipping;
    char name[XML_NAME];
    size_t name_len;
    int nest;          /* start tags of its name that are open */
    size_t done;       /* bytes of it looked at */
    const char *until; /* inside a comment, CDATA or instruction: its end */
    struct buffer raw; /* of a record too long */
    int64_t line, offset;
};

/* Goes on from *at: 1 when the record ends at *at; 0 when more is needed, *at is where to go on.
 * `last`: no more will come. */
int xml_cut_on(struct xml_cut *k, const char **at, const char *end, int last);

/* What ends the comment, CDATA or instruction that begins at p (two bytes at least); NULL: p begins
 * something else. */
const char *xml_terminator(const char *p, const char *end);
/* Past the end of what `until` ends; NULL when it is not seen, *ret_at then where to look on. */
const char *xml_skip_until(const char *until, const char *p, const char *end, const char **ret_at);

#endif
