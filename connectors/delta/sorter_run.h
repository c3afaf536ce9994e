/* A run: rows in order, in memory or in a spilled file, walked by a cursor. For sorter.c alone. */
#ifndef SLUICE_CONNECTORS_DELTA_SORTER_RUN_H
#define SLUICE_CONNECTORS_DELTA_SORTER_RUN_H

#include "core/dict.h"
#include "core/stream.h"

/* The keys of a batch's rows, one after another. */
struct run_keys {
    struct buffer bytes;
    uint32_t *ends; /* by row */
    uint32_t *cuts; /* by row: where the first n_cut columns end */
};

/* What mostly decides without a look at the key, which is somewhere else in memory. */
struct run_entry {
    uint64_t head[2]; /* the sixteen bytes behind the cut columns, as numbers */
    uint32_t cut;     /* code of the cut columns' bytes */
    uint32_t batch, row;
};

/* What to sort by: the first n_cut of n columns come with the fewest values. */
struct run_order {
    const int *columns;
    int n, n_cut;
    const uint8_t *descending; /* by place in `columns`, behind the cut ones; NULL: none is */
};

struct run_memory {
    struct batch **batches;
    struct run_keys *keys;
    struct run_entry *entries; /* of all rows, once sorted */
    int64_t n_entries, cap_entries;
    int n, cap;
    struct dict cuts;
    uint32_t *ranks; /* by code of cuts, once sorted */
    size_t bytes;
    int is_init, sorted;
};

/* Takes the batch over, also on failure. */
int run_memory_add(struct run_memory *r, struct batch *b, const struct run_order *by,
                   struct error *err);
int64_t run_memory_bytes(const struct run_memory *r);
void run_memory_done(struct run_memory *r); /* empties it */

struct run_cursor {
    const struct batch *batch; /* NULL: at the end */
    int32_t row;
    struct slice cut; /* bytes of the row's first n_cut columns */
    /* of a run in memory */
    const struct run_memory *memory;
    int64_t at;
    /* of a file; the cursor stays where it is */
    const char *path;
    struct stream *stream;
    struct batch *owned;
    struct run_keys keys;
    const struct run_order *by;
};

/* At the first row. Sorts a run in memory when need be. */
int run_cursor_memory(struct run_cursor *c, struct run_memory *r, struct error *err);
int run_cursor_file(struct run_cursor *c, const char *path, const struct run_order *by,
                    struct error *err);
void run_cursor_done(struct run_cursor *c);
int run_step(struct run_cursor *c, struct error *err);
/* Will the next step free the batch that the cursor is in? */
int run_ends_batch(const struct run_cursor *c);
int run_compare(const struct run_cursor *a, const struct run_cursor *b);

#endif
