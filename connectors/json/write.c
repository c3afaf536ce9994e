#include "connectors/json/write.h"

#include <stdlib.h>

#include "connectors/csv_write.h"
#include "core/file.h"

/* Rows that are formatted, and packed, in one go. */
enum { SLICE_ROWS = 8192 };

struct json_sink {
    struct sink sink;
    struct file_out *out;
    struct pool *pool;
    int is_array;
    enum text_packing packing;
    int64_t rows;
    struct buffer *keys; /* by column: `"name":` behind a brace or comma */
};

struct rows_text { /* some rows of a batch, formatted in any thread */
    const struct json_sink *sink;
    const struct batch *batch;
    int64_t from, to;
    struct buffer text, packed;
    int code;
    struct error err;
};

static int row_text(const struct rows_text *t, int64_t row, struct buffer *out)
{
    const struct schema *schema = t->sink->sink.schema;
    if (t->sink->is_array)
        TRY(buffer_string(out, t->sink->rows + row ? ",\n" : "\n"));
    if (!schema->n_fields)
        TRY(buffer_putc(out, '{'));
    for (int i = 0; i < schema->n_fields; i++) {
        TRY(buffer_slice(out, buffer_view(&t->sink->keys[i])));
        TRY(value_json(&schema->fields[i], &t->batch->columns[i], row, out));
    }
    TRY(buffer_putc(out, '}'));
    return t->sink->is_array ? 0 : buffer_putc(out, '\n');
}

static void format_rows(void *arg, size_t i)
{
    struct rows_text *t = (struct rows_text *)arg + i;
    for (int64_t row = t->from; row < t->to && t->code == 0; row++)
        t->code = row_text(t, row, &t->text);
    if (t->code < 0)
        error_memory(&t->err);
    else if (t->sink->packing != TEXT_PLAIN)
        t->code = text_pack(t->sink->packing, buffer_view(&t->text), &t->packed, &t->err);
}

/* Text of the sink's own, packed when need be. */
static int put(struct json_sink *s, const char *text, struct error *err)
{
    struct buffer packed = {0};
    int code = text_pack(s->packing, slice_str(text), &packed, err);
    if (code == 0)
        code = file_write(s->out, packed.data, packed.len, err);
    buffer_done(&packed);
    return code;
}

static int write_text(struct json_sink *s, const struct rows_text *t, struct error *err)
{
    const struct buffer *b = s->packing == TEXT_PLAIN ? &t->text : &t->packed;
    if (t->code < 0) {
        *err = t->err;
        return t->code;
    }
    return file_write(s->out, b->data, b->len, err);
}

static int write_batch(struct json_sink *s, const struct batch *b, struct error *err)
{
    size_t n = (size_t)((b->n_rows + SLICE_ROWS - 1) / SLICE_ROWS);
    struct rows_text *texts = calloc(n + 1, sizeof *texts);
    int code = texts ? 0 : error_memory(err);
    for (size_t i = 0; texts && i < n; i++) {
        int64_t from = (int64_t)i * SLICE_ROWS, to = from + SLICE_ROWS;
        texts[i] = (struct rows_text){
            .sink = s, .batch = b, .from = from, .to = to < b->n_rows ? to : b->n_rows};
    }
    if (texts)
        pool_for(s->pool, n, format_rows, texts);
    for (size_t i = 0; texts && i < n; i++) {
        if (code == 0)
            code = write_text(s, &texts[i], err);
        buffer_done(&texts[i].text);
        buffer_done(&texts[i].packed);
    }
    free(texts);
    s->rows += b->n_rows;
    return code;
}

static int json_write(struct sink *sink, struct batch *b, struct error *err)
{
    struct json_sink *s = (struct json_sink *)sink;
    int code = 0;
    if (s->is_array && !s->rows && b->n_rows)
        code = put(s, "[", err);
    if (code == 0 && b->n_rows)
        code = write_batch(s, b, err);
    batch_free(b);
    return code;
}

static int json_finish(struct sink *sink, struct error *err)
{
    struct json_sink *s = (struct json_sink *)sink;
    if (s->is_array)
        TRY(put(s, s->rows ? "\n]\n" : "[]\n", err));
    else if (!s->rows && s->packing != TEXT_PLAIN)
        TRY(put(s, "", err));
    return file_commit(s->out, err);
}

static void json_close(struct sink *sink)
{
    struct json_sink *s = (struct json_sink *)sink;
    for (int i = 0; s->keys && i < sink->schema->n_fields; i++)
        buffer_done(&s->keys[i]);
    free(s->keys);
    file_close(s->out);
    schema_unref(sink->schema);
    free(s);
}

/* A name as a JSON string, by way of a column of one value. */
static int put_key(struct slice name, struct buffer *out)
{
    static const struct field text = {.type = TYPE_UTF8};
    int32_t offsets[2] = {0, (int32_t)name.len};
    struct arena a = {0};
    struct slice copy = arena_copy(&a, name);
    struct column c = {.length = 1, .offsets = offsets};
    int code = ERR_MEMORY;
    if (copy.ptr) {
        memcpy(&c.values, &copy.ptr, sizeof c.values);
        code = value_json(&text, &c, 0, out);
    }
    arena_done(&a);
    return code;
}

static int make_keys(struct json_sink *s, struct error *err)
{
    int n = s->sink.schema->n_fields;
    s->keys = calloc((size_t)n + 1, sizeof *s->keys);
    for (int i = 0; s->keys && i < n; i++) {
        struct buffer *key = &s->keys[i];
        if (buffer_putc(key, i ? ',' : '{') < 0 ||
            put_key(s->sink.schema->fields[i].name, key) < 0 || buffer_putc(key, ':') < 0)
            return error_memory(err);
    }
    return s->keys ? 0 : error_memory(err);
}

static int json_create(const char *path, const struct schema *schema,
                       const struct write_options *options, int is_array, struct sink **ret,
                       struct error *err)
{
    static const struct sink_ops ops = {
        .write = json_write, .finish = json_finish, .close = json_close};
    struct json_sink *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    s->sink = (struct sink){.ops = &ops, .schema = schema_ref(schema)};
    s->pool = options ? options->pool : NULL;
    s->is_array = is_array;
    int packing = text_packing(options ? options->compression : NULL, path, err);
    s->packing = packing < 0 ? TEXT_PLAIN : (enum text_packing)packing;
    int code = packing < 0 ? packing : make_keys(s, err);
    if (code == 0)
        code = file_create(path, 0, &s->out, err);
    if (code < 0) {
        json_close(&s->sink);
        return code;
    }
    *ret = &s->sink;
    return 0;
}

int json_write_lines(const char *path, const struct schema *schema,
                     const struct write_options *options, struct sink **ret, struct error *err)
{
    return json_create(path, schema, options, 0, ret, err);
}

int json_write_array(const char *path, const struct schema *schema,
                     const struct write_options *options, struct sink **ret, struct error *err)
{
    return json_create(path, schema, options, 1, ret, err);
}
