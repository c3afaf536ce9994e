/* A run: rows in order, in memory or in a spilled file, walked by a cursor. For sorter.c alone. */
#ifndef SLUICE_CONNECTORS_DELTA_SORTER_RUN_H
#define SLUICE_CONNECTORS_DELTA_SORTER_RUN_H

#include "core/stream.h"

/* The keys of a batch's rows, one after another. */
struct run_keys {
    struct buffer bytes;
    uint32_t *ends; /* by row */
};

struct run_entry {
    uint64_t head; /* first eight bytes of the key, as a number */
    uint32_t batch, row;
};

struct run_memory {
    struct batch **batches;
    struct run_keys *keys;
    struct run_entry *entries; /* of all rows, once sorted */
    int64_t n_entries, cap_entries;
    int n, cap;
    size_t bytes;
    int sorted;
};

/* Takes the batch over, also on failure. */
int run_memory_add(struct run_memory *r, struct batch *b, const int *columns, int n_columns,
                   struct error *err);
int64_t run_memory_bytes(const struct run_memory *r);
void run_memory_done(struct run_memory *r); /* empties it */

struct run_cursor {
    const struct batch *batch; /* NULL: at the end */
    int32_t row;
    struct slice key;
    /* of a run in memory */
    const struct run_memory *memory;
    int64_t at;
    /* of a file; the cursor stays where it is */
    const char *path;
    struct stream *stream;
    struct batch *owned;
    struct run_keys keys;
    const int *columns;
    int n_columns;
};

/* At the first row. Sorts a run in memory when need be. */
int run_cursor_memory(struct run_cursor *c, struct run_memory *r, struct error *err);
int run_cursor_file(struct run_cursor *c, const char *path, const int *columns, int n_columns,
                    struct error *err);
void run_cursor_done(struct run_cursor *c);
int run_step(struct run_cursor *c, struct error *err);
/* Will the next step free the batch that the cursor is in? */
int run_ends_batch(const struct run_cursor *c);
int run_compare(const struct run_cursor *a, const struct run_cursor *b);

#endif
