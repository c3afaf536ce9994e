#include "pipelines/sheet.h"

#include <stdlib.h>

int sheet_load(struct sheet *s, struct stream *from, struct error *err)
{
    *s = (struct sheet){.schema = schema_ref(from->schema), .line = -1};
    int code = stream_collect(from, &s->batches, &s->n_batches, err);
    stream_close(from);
    if (code == 0 && rows_list(s->batches, s->n_batches, &s->rows, &s->n) < 0)
        code = error_memory(err);
    s->line = schema_find(s->schema, SLICE_LIT("__line"));
    s->n_fields = schema_find(s->schema, SLICE_LIT("__file"));
    if (s->n_fields < 0)
        s->n_fields = s->schema->n_fields;
    return code;
}

void sheet_done(struct sheet *s)
{
    free(s->rows);
    batches_free(s->batches, s->n_batches);
    schema_unref(s->schema);
    *s = (struct sheet){0};
}

int sheet_value(const struct sheet *s, int column, size_t row, struct buffer *text,
                struct slice *ret)
{
    const struct field *f = &s->schema->fields[column];
    const struct row_ref *r = &s->rows[row];
    const struct column *c = &r->batch->columns[column];
    if (f->type == TYPE_UTF8) {
        *ret = column_null(c, r->row) ? SLICE_LIT("") : slice_trim(column_slice(c, r->row));
        return 0;
    }
    buffer_reset(text);
    TRY(value_text(f, c, r->row, text));
    *ret = slice_trim(buffer_view(text));
    return 0;
}

int64_t sheet_line(const struct sheet *s, size_t row)
{
    const struct row_ref *r = &s->rows[row];
    if (s->line < 0 || s->schema->fields[s->line].type != TYPE_INT64 ||
        column_null(&r->batch->columns[s->line], r->row))
        return (int64_t)row + 1;
    return column_i64(&r->batch->columns[s->line], r->row);
}

int sheet_each(const struct sheet *s, int a, int b,
               int (*fn)(void *arg, size_t row, struct slice a, struct slice b), void *arg)
{
    struct buffer text[2] = {{0}, {0}};
    struct slice value[2];
    int code = 0;
    for (size_t row = 0; row < s->n && code == 0; row++) {
        code = sheet_value(s, a, row, &text[0], &value[0]);
        if (code == 0)
            code = sheet_value(s, b, row, &text[1], &value[1]);
        if (code == 0)
            code = fn(arg, row, value[0], value[1]);
    }
    buffer_done(&text[0]);
    buffer_done(&text[1]);
    return code;
}
