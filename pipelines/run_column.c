#include "pipelines/run_column.h"

#include <stdlib.h>

#include "core/dict.h"

struct told_stream {
    struct stream stream;
    struct stream *from;
    int64_t run;
    struct dict met;      /* rejects of earlier runs, as text */
    struct buffer counts; /* int64 by code: how often, less those seen again */
    struct buffer text;
};

static void told_close(struct stream *s)
{
    struct told_stream *t = (struct told_stream *)s;
    stream_close(t->from);
    schema_unref(s->schema);
    dict_done(&t->met);
    buffer_done(&t->counts);
    buffer_done(&t->text);
    free(t);
}

static int told_new(struct stream *from, const struct stream_ops *ops, struct told_stream **ret,
                    struct error *err)
{
    struct told_stream *t = calloc(1, sizeof *t);
    if (!t || dict_init(&t->met) < 0) {
        free(t);
        stream_close(from);
        return error_memory(err);
    }
    t->stream.ops = ops;
    t->from = from;
    *ret = t;
    return 0;
}

static int put_run(struct told_stream *t, struct batch *b, struct error *err)
{
    struct builder runs;
    int at = t->from->schema->n_fields;
    int code = builder_init(&runs, &t->stream.schema->fields[at]);
    for (int64_t row = 0; row < b->n_rows && code == 0; row++)
        code = builder_i64(&runs, t->run);
    code =
        code < 0 ? error_memory(err) : batch_insert_columns(b, t->stream.schema, at, &runs, 1, err);
    builder_done(&runs);
    return code;
}

static int run_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct told_stream *t = (struct told_stream *)s;
    int more = stream_next(t->from, ret, err);
    int code = more > 0 ? put_run(t, *ret, err) : 0;
    if (code < 0)
        batch_free(*ret);
    return code < 0 ? code : more;
}

int run_column(struct stream *from, int64_t run, struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = run_next, .close = told_close};
    static const struct field number = {.name = SLICE_INIT("run"), .type = TYPE_INT64};
    struct told_stream *t;
    TRY(told_new(from, &ops, &t, err));
    t->run = run;
    t->stream.schema = schema_insert(from->schema, from->schema->n_fields, &number, 1);
    if (!t->stream.schema) {
        told_close(&t->stream);
        return error_memory(err);
    }
    *ret = &t->stream;
    return 0;
}

/* What a reject is known by: its columns but `at`, each with its length in front; a null is not an
 * empty text. `columns` are the batch's, in the order of reject_schema(). */
static int reject_name(struct told_stream *t, const struct batch *b, const int *columns, int n,
                       int64_t row)
{
    buffer_reset(&t->text);
    for (int i = 0; i < n; i++) {
        const struct column *c = &b->columns[columns[i]];
        const struct field *f = &b->schema->fields[columns[i]];
        if (column_null(c, row)) {
            TRY(buffer_putc(&t->text, '-'));
        } else if (f->type == TYPE_INT64) {
            TRY(buffer_printf(&t->text, "=%lld;", (long long)column_i64(c, row)));
        } else {
            struct slice text = column_text(f, c, row);
            TRY(buffer_printf(&t->text, "%zu:", text.len));
            TRY(buffer_slice(&t->text, text));
        }
    }
    return 0;
}

enum { REJECT_COLUMNS = 9 };

static int find_columns(const struct schema *s, int ret[REJECT_COLUMNS], struct error *err)
{
    static const char *const names[REJECT_COLUMNS] = {"source", "file", "member", "line", "offset",
                                                      "column", "code", "text",   "raw"};
    for (int i = 0; i < REJECT_COLUMNS; i++)
        if ((ret[i] = schema_find(s, slice_str(names[i]))) < 0)
            return error_set(err, ERR_DATA, "the table 'reject' has no column '%s'", names[i]);
    return 0;
}

static int64_t *count_of(struct told_stream *t, int64_t code)
{
    return (int64_t *)(void *)t->counts.data + code;
}

static int note_met(struct told_stream *t)
{
    static const int64_t one = 1;
    uint32_t before = t->met.n;
    int64_t code = dict_add(&t->met, buffer_view(&t->text));
    if (code < 0)
        return ERR_MEMORY;
    if (t->met.n > before)
        return buffer_append(&t->counts, &one, sizeof one);
    ++*count_of(t, code);
    return 0;
}

static int load_met(struct told_stream *t, struct stream *before, struct error *err)
{
    int columns[REJECT_COLUMNS], more;
    struct batch *b;
    TRY(find_columns(before->schema, columns, err));
    while ((more = stream_next(before, &b, err)) > 0) {
        int code = 0;
        for (int64_t row = 0; row < b->n_rows && code == 0; row++) {
            code = reject_name(t, b, columns, REJECT_COLUMNS, row);
            code = code < 0 ? code : note_met(t);
        }
        batch_free(b);
        if (code < 0)
            return error_memory(err);
    }
    return more;
}

/* 1: met before. */
static int is_met(struct told_stream *t)
{
    int64_t code = dict_find(&t->met, buffer_view(&t->text));
    if (code < 0 || *count_of(t, code) == 0)
        return 0;
    --*count_of(t, code);
    return 1;
}

static int copy_row(struct batch_builder *bb, const struct batch *b, int64_t row)
{
    for (int c = 0; c < b->schema->n_fields; c++)
        TRY(builder_copy(&bb->columns[c], &b->columns[c], row));
    return 0;
}

static int keep_unmet(struct told_stream *t, const struct batch *b, struct batch **ret,
                      struct error *err)
{
    struct batch_builder bb = {0};
    int columns[REJECT_COLUMNS];
    TRY(find_columns(b->schema, columns, err));
    int code = batch_builder_init(&bb, b->schema, err);
    for (int64_t row = 0; row < b->n_rows && code == 0; row++)
        if (reject_name(t, b, columns, REJECT_COLUMNS, row) < 0 ||
            (!is_met(t) && copy_row(&bb, b, row) < 0))
            code = error_memory(err);
    if (code == 0)
        code = batch_builder_finish(&bb, ret, err);
    batch_builder_done(&bb);
    return code;
}

static int unmet_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct told_stream *t = (struct told_stream *)s;
    struct batch *b;
    int more = stream_next(t->from, &b, err);
    if (more <= 0)
        return more;
    int code = keep_unmet(t, b, ret, err);
    batch_free(b);
    return code < 0 ? code : 1;
}

int rejects_unmet(struct stream *from, struct stream *before, struct stream **ret,
                  struct error *err)
{
    static const struct stream_ops ops = {.next = unmet_next, .close = told_close};
    struct told_stream *t;
    int code = told_new(from, &ops, &t, err);
    if (code == 0) {
        t->stream.schema = schema_ref(from->schema);
        code = before ? load_met(t, before, err) : 0;
        if (code < 0)
            told_close(&t->stream);
        else
            *ret = &t->stream;
    }
    stream_close(before);
    return code;
}
