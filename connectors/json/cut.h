/* Finding where a value ends, by its own kind of brackets alone, strings minded. */
#ifndef SLUICE_CONNECTORS_JSON_CUT_H
#define SLUICE_CONNECTORS_JSON_CUT_H

#include "core/buffer.h"

/* A record that is being cut out. It may go on in the next text. */
struct json_cut {
    int kind; /* its first byte: { [ " or 0 for other values; -1 when there is none */
    int depth, in_string;
    size_t done; /* bytes of it looked at */
    int skipping;
    struct buffer raw;
    int64_t line, offset; /* of a record too long */
};

/* Goes on from *at: 1 when the value ends at *at; 0 when more is needed, *at is where to go on. */
int json_cut_on(struct json_cut *k, const char **at, const char *end);

#endif
