#include "pipelines/scored_pairs.h"

#include <math.h>
#include <stdlib.h>

#include "core/builder.h"

struct pair_stream {
    struct stream stream;
    const struct matched *m;
    double least; /* probability */
    size_t at;
    struct buffer name;
    struct batch_builder builder;
};

static const struct field pair_fields[] = {
    {.name = SLICE_INIT("id_l"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("id_r"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("match_weight"), .type = TYPE_FLOAT64},
    {.name = SLICE_INIT("match_probability"), .type = TYPE_FLOAT64},
};

static int put_name(struct pair_stream *s, int column, uint32_t record)
{
    buffer_reset(&s->name);
    TRY(matched_name(s->m, record, &s->name));
    return builder_slice(&s->builder.columns[column], buffer_view(&s->name));
}

static int put_pair(struct pair_stream *s, const struct match_pair *p)
{
    struct builder *c = s->builder.columns;
    TRY(put_name(s, 0, p->a));
    TRY(put_name(s, 1, p->b));
    if (p->weight == WEIGHT_CERTAIN) {
        TRY(builder_null(&c[2]));
        return builder_f64(&c[3], 1);
    }
    TRY(builder_f64(&c[2], round((double)p->weight / BIT * 1e4) / 1e4));
    return builder_f64(&c[3], round(weight_probability(p->weight) * 1e6) / 1e6);
}

static int pairs_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct pair_stream *s = (struct pair_stream *)stream;
    const struct match_evidence *v = s->m->evidence;
    size_t end = v->n_pairs - s->at > BATCH_ROWS ? s->at + BATCH_ROWS : v->n_pairs;
    if (s->at == end)
        return 0;
    for (; s->at < end; s->at++)
        if (weight_probability(v->pairs[s->at].weight) >= s->least &&
            put_pair(s, &v->pairs[s->at]) < 0)
            return error_memory(err);
    TRY(batch_builder_finish(&s->builder, ret, err));
    return 1;
}

static void pairs_close(struct stream *stream)
{
    struct pair_stream *s = (struct pair_stream *)stream;
    batch_builder_done(&s->builder);
    buffer_done(&s->name);
    schema_unref(stream->schema);
    free(s);
}

int scored_pairs(const struct matched *m, double least, struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = pairs_next, .close = pairs_close};
    struct pair_stream *s = calloc(1, sizeof *s);
    struct schema *schema = schema_new(pair_fields, 4);
    if (!s || !schema) {
        free(s);
        schema_unref(schema);
        return error_memory(err);
    }
    *s = (struct pair_stream){.stream = {.ops = &ops, .schema = schema}, .m = m, .least = least};
    int code = batch_builder_init(&s->builder, schema, err);
    if (code < 0)
        pairs_close(&s->stream);
    else
        *ret = &s->stream;
    return code;
}
