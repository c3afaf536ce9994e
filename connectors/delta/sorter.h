/* Rows in order, more of them than memory holds: batches go in, sorted batches come out, as often
 * as asked. Rows that are equal by the sort columns stay in order of arrival. Past `memory` the
 * rows are sorted and spilled as an Arrow file; the files are merged on the way out. Sorting costs
 * n log n comparisons of bytes (row_key.h), about 40 bytes and the keys a row. */
#ifndef SLUICE_CONNECTORS_DELTA_SORTER_H
#define SLUICE_CONNECTORS_DELTA_SORTER_H

#include "core/pool.h"
#include "core/stream.h"

struct sorter_options {
    const int *columns; /* to sort by; none: order of arrival */
    int n_columns;
    const uint8_t *descending; /* per column; NULL: none is. Borrowed */
    int n_cut;                 /* an output batch has one value of the first n_cut of them */
    int64_t memory;
    const char *folder;                               /* for spills, must exist; borrowed */
    enum { SORTER_KEEP_NAMES, SORTER_UNLINK } spills; /* unlinked: gone however the process ends */
    struct pool *pool;
};

struct sorter;

int sorter_new(const struct schema *schema, const struct sorter_options *options,
               struct sorter **ret, struct error *err);
void sorter_free(struct sorter *s);
/* Takes the batch over, also on failure. Not while a stream of it is open. */
int sorter_add(struct sorter *s, struct batch *b, struct error *err);
int64_t sorter_rows(const struct sorter *s);
/* The rows in order; the sorter must outlive the stream. */
int sorter_open(struct sorter *s, struct stream **ret, struct error *err);

#endif
