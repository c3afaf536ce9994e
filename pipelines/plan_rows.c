#include "pipelines/plan_rows.h"

#include <math.h>

#include "core/builder.h"

enum { COLUMNS = 9 };

static const struct field fields[COLUMNS] = {
    {.name = SLICE_INIT("rule"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("pairs"), .type = TYPE_INT64},
    {.name = SLICE_INIT("new_pairs"), .type = TYPE_INT64},
    {.name = SLICE_INIT("expected_matches"), .type = TYPE_INT64},
    {.name = SLICE_INIT("new_matches"), .type = TYPE_INT64},
    {.name = SLICE_INIT("not_compared"), .type = TYPE_INT64},
    {.name = SLICE_INIT("blocks"), .type = TYPE_INT64},
    {.name = SLICE_INIT("largest"), .type = TYPE_INT64},
    {.name = SLICE_INIT("largest_blocks"), .type = TYPE_UTF8},
};

static int put_count(struct builder *b, int64_t n)
{
    return n < 0 ? builder_null(b) : builder_i64(b, n);
}

static int put_largest(struct builder *b, const struct plan_row *row)
{
    struct buffer text = {0};
    int code = 0;
    if (!row->n_largest)
        return builder_null(b);
    for (int i = 0; i < row->n_largest && code == 0; i++)
        code =
            buffer_printf(&text, "%s%s: %u", i ? "; " : "", row->largest[i].key, row->largest[i].n);
    if (code == 0)
        code = builder_slice(b, buffer_view(&text));
    buffer_done(&text);
    return code;
}

static int put_row(struct batch_builder *bb, const struct plan_row *row)
{
    struct builder *b = bb->columns;
    int automatic = row->kind == PLAN_AUTOMATIC;
    TRY(builder_slice(&b[0], slice_str(row->rule)));
    TRY(builder_i64(&b[1], row->pairs));
    TRY(builder_i64(&b[2], row->new_pairs));
    TRY(builder_i64(&b[3], llround(row->expected)));
    TRY(builder_i64(&b[4], llround(row->new_expected)));
    TRY(put_count(&b[5], automatic ? -1 : row->lost));
    TRY(put_count(&b[6], row->blocks));
    TRY(put_count(&b[7], automatic ? -1 : row->n_largest ? (int64_t)row->largest[0].n : 0));
    return put_largest(&b[8], row);
}

int plan_rows(const struct match_plan *p, struct stream **ret, struct error *err)
{
    struct schema *schema = schema_new(fields, COLUMNS);
    struct batch_builder bb = {0};
    if (!schema)
        return error_memory(err);
    int code = batch_builder_init(&bb, schema, err);
    for (int i = 0; i < p->n_rows && code == 0; i++)
        if (put_row(&bb, &p->rows[i]) < 0)
            code = error_memory(err);
    if (code == 0)
        code = stream_of_builder(&bb, ret, err);
    batch_builder_done(&bb);
    schema_unref(schema);
    return code;
}
