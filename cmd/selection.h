/* Which rows and columns `read` gives, and in which order: --where, --sample, --sort-by, --head or
 * --tail, --columns and --rename, in that order. Only the columns that these need are read. */
#ifndef SLUICE_CMD_SELECTION_H
#define SLUICE_CMD_SELECTION_H

#include "cmd/session.h"

struct selection {
    const char *where, *sample, *sort_by, *rename; /* NULL: not asked for */
    int64_t tail, seed;                            /* tail -1: not asked for */

    /* from here on: selection_read's own */
    struct expression *expression;
    struct slice *output; /* of --columns */
    int n_output;
    struct sorter *sorter;
    char *folder; /* of spills */
};

/* Opens the operands and shapes them. selection_done after the stream is closed. */
int selection_read(struct session *s, struct selection *selection, struct stream **ret,
                   struct error *err);
void selection_done(struct selection *selection);

#endif
