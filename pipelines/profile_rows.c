/* A profile as a table: a row for each column. */
#include "core/builder.h"
#include "pipelines/profile.h"

static const struct field fields[] = {
    {.name = SLICE_INIT("column"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("type"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("rows"), .type = TYPE_INT64},
    {.name = SLICE_INIT("nulls"), .type = TYPE_INT64},
    {.name = SLICE_INIT("empty"), .type = TYPE_INT64},
    {.name = SLICE_INIT("distinct"), .type = TYPE_INT64},
    {.name = SLICE_INIT("distinct_exact"), .type = TYPE_BOOL},
    {.name = SLICE_INIT("key"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("shortest"), .type = TYPE_INT64},
    {.name = SLICE_INIT("longest"), .type = TYPE_INT64},
    {.name = SLICE_INIT("min"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("max"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("p05"), .type = TYPE_FLOAT64},
    {.name = SLICE_INIT("p25"), .type = TYPE_FLOAT64},
    {.name = SLICE_INIT("p50"), .type = TYPE_FLOAT64},
    {.name = SLICE_INIT("p75"), .type = TYPE_FLOAT64},
    {.name = SLICE_INIT("p95"), .type = TYPE_FLOAT64},
    {.name = SLICE_INIT("outliers"), .type = TYPE_INT64},
    {.name = SLICE_INIT("commonest"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("commonest_count"), .type = TYPE_INT64},
    {.name = SLICE_INIT("pattern"), .type = TYPE_UTF8},
};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };

static int put_share(struct builder **b, const struct profile_share *s, int n, int counted)
{
    TRY(n ? builder_slice((*b)++, s->text) : builder_null((*b)++));
    if (counted)
        TRY(n ? builder_i64((*b)++, s->count) : builder_null((*b)++));
    return 0;
}

static int put_numbers(struct builder **b, const struct profile_column *c)
{
    for (int i = 0; i < PROFILE_QUANTILES; i++)
        TRY(c->has_numbers ? builder_f64((*b)++, c->quantiles[i]) : builder_null((*b)++));
    return c->has_numbers ? builder_i64((*b)++, c->outliers) : builder_null((*b)++);
}

static int put_column(struct builder *b, const struct profile_column *c, struct arena *a)
{
    static const char *const keys[] = {"no", "yes", "likely"};
    const int64_t counts[] = {c->rows, c->nulls, c->empty, c->distinct};
    TRY(builder_slice(b++, c->name));
    TRY(builder_slice(b++, slice_str(type_name(&c->type, a))));
    for (int i = 0; i < 4; i++)
        TRY(builder_i64(b++, counts[i]));
    TRY(builder_bool(b++, c->distinct_exact));
    TRY(builder_slice(b++, slice_str(keys[c->key])));
    TRY(c->filled ? builder_i64(b++, c->shortest) : builder_null(b++));
    TRY(c->filled ? builder_i64(b++, c->longest) : builder_null(b++));
    TRY(c->filled ? builder_slice(b++, c->least) : builder_null(b++));
    TRY(c->filled ? builder_slice(b++, c->greatest) : builder_null(b++));
    TRY(put_numbers(&b, c));
    TRY(put_share(&b, c->top, c->n_top, 1));
    return put_share(&b, c->shapes, c->n_shapes, 0);
}

static int build(struct batch_builder *bb, const struct profile *p,
                 const struct profile_column *columns, struct stream **ret, struct error *err)
{
    struct arena a = {0};
    int code = 0;
    for (int i = 0; i < p->schema->n_fields && code == 0; i++)
        code = put_column(bb->columns, &columns[i], &a);
    arena_done(&a);
    if (code < 0)
        return error_memory(err);
    return stream_of_builder(bb, ret, err);
}

int profile_rows(const struct profile *p, const struct profile_column *columns, struct stream **ret,
                 struct error *err)
{
    struct schema *schema = schema_new(fields, N_FIELDS);
    struct batch_builder bb;
    if (!schema)
        return error_memory(err);
    int code = batch_builder_init(&bb, schema, err);
    schema_unref(schema);
    TRY(code);
    code = build(&bb, p, columns, ret, err);
    batch_builder_done(&bb);
    return code;
}
