/* One record element's events to a row, or to a tree of paths that is being learned. */
#ifndef SLUICE_CONNECTORS_XML_RECORD_H
#define SLUICE_CONNECTORS_XML_RECORD_H

#include <libxml/parser.h>

#include "connectors/nested/maker.h"

enum { RECORD_DEPTH = 256 };

/* An element that is open. */
struct xml_open {
    struct shape_node *node; /* NULL: no column comes from it */
    struct shape_node *list; /* its items node, when it is an element of a list */
    struct shape_node *hint;
    uint64_t object;
    size_t text; /* where its text begins */
    int has_text;
};

struct xml_record {
    struct maker *rows;  /* values go here; or */
    struct shape *learn; /* paths go here */
    int grow, news;      /* as in a JSON walk */
    struct xml_open open[RECORD_DEPTH];
    int depth;
    int wants_text;           /* open elements that have a column */
    void (*whole)(void *arg); /* called when a record has ended, well formed */
    void *arg;
    struct buffer text;
    int after_cr;          /* a piece of CDATA ended in one */
    uint64_t *met, object; /* when learning: by node, as rows' stamps */
    size_t n_met;
    const char *code; /* of a fault that is ours; `problem` a sentence */
    char problem[300];
    int out_of_memory;
    const struct shape_node *surprise;
    char surprise_name[200];
};

/* Makes room for records of up to `len` bytes. 0 or ERR_MEMORY. */
int xml_record_room(struct xml_record *r, size_t len);
void xml_record_done(struct xml_record *r);

/* When learning: was the node met before in the object? It is now. */
int xml_record_met(struct xml_record *r, const struct shape_node *n, uint64_t object);

/* For libxml2; the context is the record. The element around the records is the first to start. */
void xml_on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                  int n_spaces, const xmlChar **spaces, int n_attributes, int n_defaulted,
                  const xmlChar **attributes);
void xml_on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri);
void xml_on_text(void *ctx, const xmlChar *text, int len);
void xml_on_cdata(void *ctx, const xmlChar *text, int len);

#endif
