/* Rows of many batches as one list: to be sorted and written out in another order. The list borrows
 * the batches. */
#ifndef SLUICE_CORE_ROWS_H
#define SLUICE_CORE_ROWS_H

#include "core/batch.h"
#include "core/pool.h"

struct row_ref {
    const struct batch *batch;
    int64_t row;
};

/* All rows, in order; *ret is malloc'ed. 0 or ERR_MEMORY. */
int rows_list(struct batch *const *batches, int n_batches, struct row_ref **ret, size_t *ret_n);

/* Sorts by the columns' values (value_compare), first column first; rows that are equal in all keep
 * their order. 0 or ERR_MEMORY. */
int rows_sort(struct row_ref *rows, size_t n, const int *columns, int n_columns);

/* The rows copied into new batches of up to `most` rows, on the pool; *ret is malloc'ed:
 * batches_free. */
int rows_batches(const struct row_ref *rows, size_t n, const struct schema *schema, int64_t most,
                 struct pool *pool, struct batch ***ret, int *ret_n, struct error *err);

/* A text column's value; "" for a null. */
static inline struct slice row_text(const struct row_ref *r, int column)
{
    return column_text(&r->batch->schema->fields[column], &r->batch->columns[column], r->row);
}

#endif
