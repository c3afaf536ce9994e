#include "core/rows.h"

#include <stdlib.h>

#include "core/builder.h"
#include "core/stream.h"

int rows_list(struct batch *const *batches, int n_batches, struct row_ref **ret, size_t *ret_n)
{
    size_t n = 0;
    for (int i = 0; i < n_batches; i++)
        n += (size_t)batches[i]->n_rows;
    struct row_ref *rows = calloc(n + 1, sizeof *rows);
    if (!rows)
        return ERR_MEMORY;
    n = 0;
    for (int i = 0; i < n_batches; i++)
        for (int64_t row = 0; row < batches[i]->n_rows; row++)
            rows[n++] = (struct row_ref){batches[i], row};
    *ret = rows;
    *ret_n = n;
    return 0;
}

struct order {
    const int *columns;
    int n;
};

/* A row and where it stood, so that equal ones keep their order. */
struct placed {
    struct row_ref row;
    size_t at;
};

static int by_columns(const void *a, const void *b, void *arg)
{
    const struct placed *x = a, *y = b;
    const struct order *o = arg;
    for (int i = 0; i < o->n; i++) {
        int c = o->columns[i];
        int order = value_compare(&x->row.batch->schema->fields[c], &x->row.batch->columns[c],
                                  x->row.row, &y->row.batch->columns[c], y->row.row);
        if (order)
            return order;
    }
    return x->at < y->at ? -1 : x->at > y->at;
}

int rows_sort(struct row_ref *rows, size_t n, const int *columns, int n_columns)
{
    struct order o = {columns, n_columns};
    struct placed *placed = malloc((n + 1) * sizeof *placed);
    if (!placed)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        placed[i] = (struct placed){rows[i], i};
    qsort_r(placed, n, sizeof *placed, by_columns, &o);
    for (size_t i = 0; i < n; i++)
        rows[i] = placed[i].row;
    free(placed);
    return 0;
}

struct copying {
    const struct row_ref *rows;
    size_t n;
    const struct schema *schema;
    size_t most;
    struct batch **batches;
    int failed;
};

static int copy_rows(const struct row_ref *rows, size_t n, const struct schema *schema,
                     struct batch **ret)
{
    struct batch_builder bb;
    int code = batch_builder_init(&bb, schema, NULL);
    for (int c = 0; code == 0 && c < schema->n_fields; c++)
        for (size_t i = 0; code == 0 && i < n; i++)
            code = builder_copy(&bb.columns[c], &rows[i].batch->columns[c], rows[i].row);
    if (code == 0)
        code = batch_builder_finish(&bb, ret, NULL);
    batch_builder_done(&bb);
    return code;
}

static void copy_part(void *arg, size_t part)
{
    struct copying *c = arg;
    size_t first = part * c->most, n = c->n - first < c->most ? c->n - first : c->most;
    if (copy_rows(c->rows + first, n, c->schema, &c->batches[part]) < 0)
        __atomic_store_n(&c->failed, 1, __ATOMIC_RELAXED);
}

int rows_batches(const struct row_ref *rows, size_t n, const struct schema *schema, int64_t most,
                 struct pool *pool, struct batch ***ret, int *ret_n, struct error *err)
{
    size_t n_batches = (n + (size_t)most - 1) / (size_t)most;
    struct copying c = {.rows = rows, .n = n, .schema = schema, .most = (size_t)most};
    c.batches = calloc(n_batches + 1, sizeof(struct batch *));
    if (!c.batches)
        return error_memory(err);
    pool_for(pool, n_batches, copy_part, &c);
    if (c.failed) {
        batches_free(c.batches, (int)n_batches);
        return error_memory(err);
    }
    *ret = c.batches;
    *ret_n = (int)n_batches;
    return 0;
}
