#include "transform/golden/golden.h"

#include <stdlib.h>

#include "core/builder.h"
#include "core/hash.h"
#include "transform/golden/choose.h"

/* A merge at work: all linked records, in order of (customer, source, key). */
struct merge {
    struct golden_plan plan;
    struct batch **batches;
    int n_batches;
    struct row_ref *members;
    size_t n;
    struct choice choice;
    struct buffer text, seen; /* seen: a byte for each distinct value */
    struct batch_builder customers, lineage;
    struct batch **done[2]; /* finished batches of customers, lineage */
    int n_done[2];
    struct totals *totals;
};

static void count(struct merge *g, enum totals_class class, const struct row_ref *m)
{
    struct slice key = row_text(m, g->plan.key);
    if (g->totals)
        totals_row(g->totals, class, hash_fixed(key.ptr, key.len));
}

static int line_up(struct merge *g, struct error *err)
{
    const int order[] = {g->plan.customer_id, g->plan.source, g->plan.key};
    if (rows_list(g->batches, g->n_batches, &g->members, &g->n) < 0)
        return error_memory(err);
    for (size_t i = 0; i < g->n; i++) {
        const struct row_ref *m = &g->members[i];
        if (column_null(&m->batch->columns[g->plan.customer_id], m->row))
            return error_set(err, ERR_DATA, "a linked record has no customer_id");
        count(g, TOTALS_IN, m);
    }
    return rows_sort(g->members, g->n, order, 3) < 0 ? error_memory(err) : 0;
}

static int put_cell(struct builder *b, const struct cell *cell)
{
    return cell_empty(cell) ? builder_null(b) : builder_copy(b, cell->column, cell->row);
}

/* The distinct values, best first. */
static int put_all(struct merge *g, const struct attribute *a, const struct row_ref *members,
                   int column, struct builder *b)
{
    const struct choice *c = &g->choice;
    buffer_reset(&g->seen);
    TRY(buffer_zeros(&g->seen, c->n ? c->n_values : 0));
    for (size_t i = 0; i < c->n; i++) {
        uint8_t *seen = &g->seen.data[c->candidates[i].value];
        struct cell cell = candidate_cell(&g->plan, a, members, &c->candidates[i], column);
        if (!*seen && !cell_empty(&cell))
            TRY(builder_copy(builder_child(b, 0), cell.column, cell.row));
        *seen = 1;
    }
    return builder_close(b);
}

static int put_loser(struct merge *g, const struct attribute *a, const struct row_ref *members,
                     int column, size_t loser, struct builder *b)
{
    const struct candidate *c = &g->choice.candidates[loser];
    struct cell cell = candidate_cell(&g->plan, a, members, c, column);
    const struct row_ref *m = &members[c->member];
    struct cell won = candidate_cell(&g->plan, a, members, &g->choice.candidates[0], column);
    int same = value_compare(cell.field, cell.column, cell.row, won.column, won.row) == 0;
    buffer_reset(&g->text);
    TRY(value_text(cell.field, cell.column, cell.row, &g->text));
    TRY(builder_slice(builder_child(b, 0), row_text(m, g->plan.source)));
    TRY(builder_slice(builder_child(b, 1), row_text(m, g->plan.key)));
    TRY(cell_empty(&cell) ? builder_null(builder_child(b, 2))
                          : builder_slice(builder_child(b, 2), buffer_view(&g->text)));
    TRY(builder_slice(builder_child(b, 3),
                      slice_str(same ? "same value" : choice_why(a, &g->choice, loser))));
    return builder_close(b);
}

/* One row: where a golden value came from, and what lost. */
static int put_lineage(struct merge *g, const struct attribute *a, const struct row_ref *members,
                       int column)
{
    const struct candidate *won = &g->choice.candidates[0];
    const struct row_ref *m = &members[won->member];
    struct cell cell = candidate_cell(&g->plan, a, members, won, column);
    struct builder *c = g->lineage.columns;
    buffer_reset(&g->text);
    TRY(value_text(cell.field, cell.column, cell.row, &g->text));
    TRY(builder_slice(&c[0], row_text(m, g->plan.customer_id)));
    TRY(builder_slice(&c[1], g->plan.linked->fields[a->columns[column]].name));
    TRY(builder_slice(&c[2], buffer_view(&g->text)));
    TRY(builder_slice(&c[3], row_text(m, g->plan.source)));
    TRY(builder_slice(&c[4], row_text(m, g->plan.key)));
    TRY(builder_slice(&c[5], slice_str(choice_rule(a, &g->choice))));
    TRY(builder_f64(&c[6], (double)won->same / (double)g->choice.n));
    for (size_t i = 1; i < g->choice.n; i++)
        TRY(put_loser(g, a, members, column, i, builder_child(&c[7], 0)));
    return builder_close(&c[7]);
}

static int put_attribute(struct merge *g, const struct attribute *a, const struct row_ref *members,
                         size_t n)
{
    TRY(choose(&g->plan, a, members, n, &g->choice));
    for (int i = 0; i < a->n_columns; i++) {
        struct builder *value = &g->customers.columns[g->plan.value_at[a->columns[i]]];
        int all = g->plan.all_at[a->columns[i]];
        if (value->field->type == TYPE_LIST)
            TRY(put_all(g, a, members, i, value)); /* identifiers: all of them */
        else if (g->choice.n == 0)
            TRY(builder_null(value));
        else {
            struct cell cell = candidate_cell(&g->plan, a, members, &g->choice.candidates[0], i);
            TRY(put_cell(value, &cell));
            if (!cell_empty(&cell))
                TRY(put_lineage(g, a, members, i));
        }
        if (all >= 0)
            TRY(put_all(g, a, members, i, &g->customers.columns[all]));
    }
    return 0;
}

static int put_sources(const struct golden_plan *p, const struct row_ref *members, size_t n,
                       struct builder *b)
{
    for (size_t i = 0; i < n; i++)
        if (i == 0 ||
            !slice_equal(row_text(&members[i], p->source), row_text(&members[i - 1], p->source)))
            TRY(builder_slice(builder_child(b, 0), row_text(&members[i], p->source)));
    return builder_close(b);
}

static int put_newest(const struct golden_plan *p, const struct row_ref *members, size_t n,
                      struct builder *b)
{
    int64_t newest = INT64_MIN;
    for (size_t i = 0; p->updated_at >= 0 && i < n; i++) {
        const struct column *c = &members[i].batch->columns[p->updated_at];
        if (!column_null(c, members[i].row) && column_i64(c, members[i].row) > newest)
            newest = column_i64(c, members[i].row);
    }
    return newest == INT64_MIN ? builder_null(b) : builder_i64(b, newest);
}

static int put_customer(struct merge *g, const struct row_ref *members, size_t n)
{
    struct builder *c = g->customers.columns, *last = &c[g->plan.customers->n_fields - 3];
    TRY(builder_slice(&c[0], row_text(&members[0], g->plan.customer_id)));
    for (int i = 0; i < g->plan.n_attributes; i++)
        TRY(put_attribute(g, &g->plan.attributes[i], members, n));
    TRY(builder_i64(&last[0], (int64_t)n));
    TRY(put_sources(&g->plan, members, n, &last[1]));
    return put_newest(&g->plan, members, n, &last[2]);
}

static int flush(struct merge *g, int which, struct batch_builder *bb, struct error *err)
{
    struct batch **grown =
        realloc(g->done[which], (size_t)(g->n_done[which] + 1) * sizeof(struct batch *));
    if (!grown)
        return error_memory(err);
    g->done[which] = grown;
    TRY(batch_builder_finish(bb, &grown[g->n_done[which]], err));
    g->n_done[which]++;
    return 0;
}

static int full(const struct batch_builder *bb)
{
    return batch_builder_rows(bb) >= BATCH_ROWS / 2 || batch_builder_bytes(bb) > (64u << 20);
}

static int merge_all(struct merge *g, struct error *err)
{
    for (size_t i = 0, j; i < g->n; i = j) {
        struct slice id = row_text(&g->members[i], g->plan.customer_id);
        for (j = i + 1; j < g->n && slice_equal(row_text(&g->members[j], g->plan.customer_id), id);
             j++)
            ;
        if (put_customer(g, &g->members[i], j - i) < 0)
            return error_memory(err);
        for (size_t k = i; k < j; k++)
            count(g, TOTALS_OUT, &g->members[k]);
        if (full(&g->customers))
            TRY(flush(g, 0, &g->customers, err));
        if (full(&g->lineage))
            TRY(flush(g, 1, &g->lineage, err));
    }
    TRY(flush(g, 0, &g->customers, err));
    return flush(g, 1, &g->lineage, err);
}

static int merge_run(struct merge *g, struct stream *linked, const struct golden_options *options,
                     struct error *err)
{
    TRY(golden_plan_make(&g->plan, linked->schema, options->rules, err));
    TRY(stream_collect(linked, &g->batches, &g->n_batches, err));
    TRY(line_up(g, err));
    TRY(batch_builder_init(&g->customers, g->plan.customers, err));
    TRY(batch_builder_init(&g->lineage, g->plan.lineage, err));
    return merge_all(g, err);
}

static void merge_done(struct merge *g)
{
    batches_free(g->batches, g->n_batches);
    for (int which = 0; which < 2; which++)
        batches_free(g->done[which], g->n_done[which]);
    if (g->customers.schema)
        batch_builder_done(&g->customers);
    if (g->lineage.schema)
        batch_builder_done(&g->lineage);
    choice_done(&g->choice);
    buffer_done(&g->text);
    buffer_done(&g->seen);
    free(g->members);
    golden_plan_done(&g->plan);
}

int golden_merge(struct stream *linked, const struct golden_options *options,
                 struct stream **ret_customers, struct stream **ret_lineage, struct error *err)
{
    struct merge g = {.totals = options->totals};
    struct stream *customers = NULL, *lineage = NULL;
    int code = merge_run(&g, linked, options, err);
    if (code == 0) {
        code = stream_of_batches(g.plan.customers, g.done[0], g.n_done[0], &customers, err);
        g.n_done[0] = 0;
    }
    if (code == 0) {
        code = stream_of_batches(g.plan.lineage, g.done[1], g.n_done[1], &lineage, err);
        g.n_done[1] = 0;
    }
    merge_done(&g);
    stream_close(linked);
    if (code < 0) {
        stream_close(customers);
        return code;
    }
    *ret_customers = customers;
    *ret_lineage = lineage;
    return 0;
}
