#include "pipelines/pairs.h"

#include <math.h>
#include <stdlib.h>

#include "core/builder.h"

struct listing {
    const struct matched *m;
    struct match_pair *pairs; /* by falling weight */
    size_t n;
    struct schema *schema;
    struct batch **batches;
    int n_batches;
    struct buffer name;
};

static double probability_of(const struct match_pair *p)
{
    return 1 / (1 + exp2(-(double)p->weight / 1024));
}

static int by_weight(const void *a, const void *b)
{
    const struct match_pair *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static int choose(struct listing *l, double least, struct error *err)
{
    const struct match_evidence *v = l->m->evidence;
    l->pairs = malloc((v->n_pairs + 1) * sizeof *l->pairs);
    if (!l->pairs)
        return error_memory(err);
    for (size_t i = 0; i < v->n_pairs; i++)
        if (probability_of(&v->pairs[i]) >= least)
            l->pairs[l->n++] = v->pairs[i];
    qsort(l->pairs, l->n, sizeof *l->pairs, by_weight);
    return 0;
}

static int put_name(struct listing *l, struct builder *b, uint32_t record)
{
    buffer_reset(&l->name);
    TRY(matched_name(l->m, record, &l->name));
    return builder_slice(b, buffer_view(&l->name));
}

static int put_pair(struct listing *l, struct batch_builder *bb, const struct match_pair *p)
{
    TRY(put_name(l, &bb->columns[0], p->a));
    TRY(put_name(l, &bb->columns[1], p->b));
    TRY(builder_f64(&bb->columns[2], probability_of(p)));
    return builder_f64(&bb->columns[3], (double)p->weight / 1024);
}

/* One batch of the pairs from `from` on. */
static int put_batch(struct listing *l, size_t from, struct error *err)
{
    struct batch_builder bb = {0};
    size_t to = l->n - from < BATCH_ROWS ? l->n : from + BATCH_ROWS;
    int code = batch_builder_init(&bb, l->schema, err);
    for (size_t i = from; i < to && code == 0; i++)
        code = put_pair(l, &bb, &l->pairs[i]) < 0 ? error_memory(err) : 0;
    if (code == 0)
        code = batch_builder_finish(&bb, &l->batches[l->n_batches], err);
    if (code == 0)
        l->n_batches++;
    batch_builder_done(&bb);
    return code;
}

static int list(struct listing *l, double least, struct stream **ret, struct error *err)
{
    TRY(choose(l, least, err));
    l->batches = calloc(l->n / BATCH_ROWS + 2, sizeof *l->batches);
    if (!l->schema || !l->batches)
        return error_memory(err);
    for (size_t from = 0; from < l->n || from == 0; from += BATCH_ROWS)
        TRY(put_batch(l, from, err));
    int n = l->n_batches;
    l->n_batches = 0; /* the stream's */
    return stream_of_batches(l->schema, l->batches, n, ret, err);
}

int pairs_rows(const struct matched *m, double least, struct stream **ret, struct error *err)
{
    static const struct field fields[] = {
        {.name = SLICE_INIT("id_l"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("id_r"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("match_probability"), .type = TYPE_FLOAT64},
        {.name = SLICE_INIT("match_weight"), .type = TYPE_FLOAT64},
    };
    struct listing l = {.m = m, .schema = schema_new(fields, 4)};
    int code = list(&l, least, ret, err);
    for (int i = 0; i < l.n_batches; i++)
        batch_free(l.batches[i]);
    free(l.batches);
    free(l.pairs);
    buffer_done(&l.name);
    schema_unref(l.schema);
    return code;
}
