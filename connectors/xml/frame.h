/* XML documents: record elements are cut out by their start and end tags alone, so that one that is
 * not well formed costs itself; all that stands around them goes through a parser of its own, so a
 * frame that is broken or cut off is a file error. No DTD: a DOCTYPE is refused. */
#ifndef SLUICE_CONNECTORS_XML_FRAME_H
#define SLUICE_CONNECTORS_XML_FRAME_H

#include "connectors/nested/reader.h"

enum {
    XML_DEPTH = 200,
    XML_NAME = 256,      /* bytes of an element's name, in the frame */
    XML_TAG = 1 << 20,   /* bytes of a start tag */
    XML_ATTRIBUTES = 500 /* of one element */
};

extern const struct nested_kind xml_kind;

/* Attributes of the tag that begins the text (counted by their =, quotes minded), or -1 when its
 * end is not seen; *ret_end is behind its >, or at a < that cannot be in it. */
int xml_tag_end(struct slice text, size_t *ret_end);
/* Does an element's name match: as written, or its part behind the prefix? */
int xml_name_matches(struct slice name, struct slice wanted);
/* The name that begins the text. */
struct slice xml_name(struct slice text);

/* The element that repeats in the first bytes of a document: what a record most likely is. The name
 * is copied to `ret`; 1, or 0 when the root holds no element. */
int xml_find_record(struct slice text, char ret[XML_NAME]);

#endif
