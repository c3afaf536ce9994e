#include <stdlib.h>

#include "connectors/arrow/arrow_files.h"
#include "connectors/arrow/arrow_schema.h"
#include "core/builder.h"
#include "core/file.h"

struct node {
    int64_t length, null_count;
};

struct extent {
    int64_t at, len;
};

struct arrow_sink {
    struct sink sink;
    struct file_out *file;
    struct buffer metadata;
    struct buffer nodes;   /* struct node, depth first */
    struct buffer extents; /* struct extent, of the body */
    struct buffer parts;   /* const void *, what the extents hold */
    struct buffer totals;  /* JSON; empty: none */
    int64_t body_len;
    struct arena scratch; /* decoded dictionaries of one batch */
    int started;
};

static int64_t padded(int64_t len)
{
    return (len + 63) & ~INT64_C(63);
}

static int add_part(struct arrow_sink *s, const void *bytes, int64_t len)
{
    struct extent extent = {.at = s->body_len, .len = len};
    s->body_len += padded(len);
    TRY(buffer_append(&s->extents, &extent, sizeof extent));
    return buffer_append(&s->parts, &bytes, sizeof bytes);
}

static int add_column(struct arrow_sink *s, const struct field *f, const struct column *c);

/* Codes to the strings themselves: *ret is as a utf8 column is. */
static int decode(struct arrow_sink *s, const struct column *c, struct column *ret)
{
    const struct column *strings = &c->children[0];
    size_t bytes = 0;
    for (int64_t i = 0; i < c->length; i++)
        bytes += column_null(c, i) ? 0 : column_slice(strings, column_i32(c, i)).len;
    *ret = (struct column){.length = c->length,
                           .null_count = c->null_count,
                           .validity = c->validity,
                           .offsets = arena_alloc(&s->scratch, 4 * ((size_t)c->length + 1)),
                           .values = arena_alloc(&s->scratch, bytes + 1)};
    if (!ret->offsets || !ret->values || bytes > INT32_MAX)
        return ERR_MEMORY;
    size_t at = 0;
    for (int64_t i = 0; i < c->length; i++) {
        struct slice text =
            column_null(c, i) ? SLICE_LIT("") : column_slice(strings, column_i32(c, i));
        ret->offsets[i] = (int32_t)at;
        if (text.len)
            memcpy((char *)ret->values + at, text.ptr, text.len);
        at += text.len;
    }
    ret->offsets[c->length] = (int32_t)at;
    return 0;
}

static int add_values(struct arrow_sink *s, const struct field *f, const struct column *c)
{
    int64_t n = c->length;
    switch (f->type) {
    case TYPE_UTF8:
    case TYPE_BINARY:
    case TYPE_DICT:
        TRY(add_part(s, c->offsets, 4 * (n + 1)));
        return add_part(s, c->values, c->offsets[n]);
    case TYPE_LIST:
        TRY(add_part(s, c->offsets, 4 * (n + 1)));
        return add_column(s, &f->children[0], &c->children[0]);
    case TYPE_STRUCT:
        for (int i = 0; i < f->n_children; i++)
            TRY(add_column(s, &f->children[i], &c->children[i]));
        return 0;
    case TYPE_BOOL:
        return add_part(s, c->values, (n + 7) / 8);
    default:
        return add_part(s, c->values, n * (int64_t)type_width(f->type));
    }
}

static int add_column(struct arrow_sink *s, const struct field *f, const struct column *c)
{
    struct column decoded;
    if (f->type == TYPE_DICT) {
        TRY(decode(s, c, &decoded));
        c = &decoded;
    }
    struct node node = {.length = c->length, .null_count = c->validity ? c->null_count : 0};
    TRY(buffer_append(&s->nodes, &node, sizeof node));
    TRY(add_part(s, c->validity, c->validity ? (c->length + 7) / 8 : 0));
    return add_values(s, f, c);
}

static int put_records(struct arrow_sink *s, int64_t n_rows)
{
    size_t header, pairs, first;
    struct key_value totals = {.key = SLICE_LIT(ARROW_TOTALS), .value = buffer_view(&s->totals)};
    int with_totals = n_rows == 0 && s->totals.len;
    TRY(arrow_begin_message(&s->metadata, ARROW_RECORDS, s->body_len, &header,
                            with_totals ? &pairs : NULL));
    struct fb_slot slots[] = {{.size = 8, .value = n_rows}, {.size = 4}, {.size = 4}};
    TRY(fb_put_table(&s->metadata, header, slots, 3));
    TRY(fb_put_vector(&s->metadata, slots[1].at, s->nodes.len / 16, 16, &first));
    if (s->nodes.len)
        memcpy(s->metadata.data + first, s->nodes.data, s->nodes.len);
    TRY(fb_put_vector(&s->metadata, slots[2].at, s->extents.len / 16, 16, &first));
    if (s->extents.len)
        memcpy(s->metadata.data + first, s->extents.data, s->extents.len);
    if (with_totals)
        TRY(arrow_put_pairs(&s->metadata, pairs, &totals, 1));
    return arrow_end_message(&s->metadata);
}

static int write_body(struct arrow_sink *s, struct error *err)
{
    static const char zeros[64];
    const struct extent *extents = (const struct extent *)(const void *)s->extents.data;
    const void *const *parts = (const void *const *)(const void *)s->parts.data;
    for (size_t i = 0; i < s->extents.len / sizeof *extents; i++) {
        int64_t len = extents[i].len;
        if (!len)
            continue;
        TRY(file_write(s->file, parts[i], (size_t)len, err));
        TRY(file_write(s->file, zeros, (size_t)(padded(len) - len), err));
    }
    return 0;
}

static int start(struct arrow_sink *s, struct error *err)
{
    if (s->started)
        return 0;
    s->started = 1;
    if (arrow_put_schema(&s->metadata, s->sink.schema) < 0)
        return error_memory(err);
    return file_write(s->file, s->metadata.data, s->metadata.len, err);
}

static int layout_batch(struct arrow_sink *s, const struct batch *b)
{
    buffer_reset(&s->nodes);
    buffer_reset(&s->extents);
    buffer_reset(&s->parts);
    s->body_len = 0;
    for (int i = 0; i < b->schema->n_fields; i++)
        TRY(add_column(s, &b->schema->fields[i], &b->columns[i]));
    return put_records(s, b->n_rows);
}

static int write_batch(struct arrow_sink *s, const struct batch *b, struct error *err)
{
    TRY(start(s, err));
    int code = layout_batch(s, b) < 0 ? error_memory(err) : 0;
    if (code == 0)
        code = file_write(s->file, s->metadata.data, s->metadata.len, err);
    if (code == 0)
        code = write_body(s, err);
    arena_reset(&s->scratch);
    return code;
}

static int arrow_sink_write(struct sink *sink, struct batch *b, struct error *err)
{
    int code = b->n_rows ? write_batch((struct arrow_sink *)sink, b, err) : 0;
    batch_free(b);
    return code;
}

/* The last batch, of no rows, that carries the totals. */
static int write_totals(struct arrow_sink *s, struct error *err)
{
    struct batch_builder bb;
    struct batch *b = NULL;
    int code = batch_builder_init(&bb, s->sink.schema, err);
    if (code == 0)
        code = batch_builder_finish(&bb, &b, err);
    if (code == 0)
        code = write_batch(s, b, err);
    batch_free(b);
    batch_builder_done(&bb);
    return code;
}

static int arrow_sink_finish(struct sink *sink, struct error *err)
{
    static const uint32_t end_of_stream[2] = {UINT32_MAX, 0};
    struct arrow_sink *s = (struct arrow_sink *)sink;
    TRY(start(s, err));
    if (s->totals.len)
        TRY(write_totals(s, err));
    TRY(file_write(s->file, end_of_stream, sizeof end_of_stream, err));
    return file_commit(s->file, err);
}

static void arrow_sink_close(struct sink *sink)
{
    struct arrow_sink *s = (struct arrow_sink *)sink;
    file_close(s->file);
    buffer_done(&s->metadata);
    buffer_done(&s->nodes);
    buffer_done(&s->extents);
    buffer_done(&s->parts);
    buffer_done(&s->totals);
    arena_done(&s->scratch);
    schema_unref(sink->schema);
    free(s);
}

static const struct sink_ops ops = {
    .write = arrow_sink_write, .finish = arrow_sink_finish, .close = arrow_sink_close};

int arrow_write(const char *path, const struct schema *schema, const struct write_options *options,
                struct sink **ret, struct error *err)
{
    (void)options;
    struct arrow_sink *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    s->sink = (struct sink){.ops = &ops, .schema = schema_ref(schema)};
    int code = file_create(path, 0, &s->file, err);
    if (code < 0) {
        arrow_sink_close(&s->sink);
        return code;
    }
    *ret = &s->sink;
    return 0;
}

int arrow_sink_totals(struct sink *sink, struct slice json, struct error *err)
{
    if (sink->ops != &ops)
        return 0;
    struct arrow_sink *s = (struct arrow_sink *)sink;
    buffer_reset(&s->totals);
    return buffer_slice(&s->totals, json) < 0 ? error_memory(err) : 0;
}
