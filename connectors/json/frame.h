/* JSON documents: the frame around the records is checked token by token and the records, elements
 * of the array that `each` names or that is found, are cut out by their brackets alone. So a record
 * with a fault inside costs itself; a frame that is broken or cut off is a file error. Several
 * documents in a row, each one record, are fine too. */
#ifndef SLUICE_CONNECTORS_JSON_FRAME_H
#define SLUICE_CONNECTORS_JSON_FRAME_H

#include "connectors/json/walk.h"
#include "connectors/nested/reader.h"

enum { FRAME_PATH = 16 };

struct json_path { /* of keys from the document's root to the array of records */
    struct slice keys[FRAME_PATH];
    int n;
    struct arena arena;
};

/* "data.items", "." (the document itself). */
int json_path_parse(struct json_path *p, const char *each, struct error *err);
/* Where the records are, from the first bytes of a document: the array at its root, or the array
 * that holds the most objects; else the document is the record. */
int json_path_find(struct json_path *p, struct slice text, struct error *err);

extern const struct nested_kind json_document_kind;

#endif
