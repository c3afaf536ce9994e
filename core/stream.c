#include "core/stream.h"

#include <stdlib.h>

void stream_close(struct stream *s)
{
    if (s)
        s->ops->close(s);
}

void sink_close(struct sink *s)
{
    if (s)
        s->ops->close(s);
}

int stream_pump(struct stream *from, struct sink *to, int64_t *ret_rows, struct error *err)
{
    int64_t rows = 0;
    struct batch *b;
    int more;
    while ((more = stream_next(from, &b, err)) > 0) {
        rows += b->n_rows;
        TRY(sink_write(to, b, err));
    }
    TRY(more);
    TRY(sink_finish(to, err));
    if (ret_rows)
        *ret_rows = rows;
    return 0;
}

struct memory_stream {
    struct stream stream;
    struct batch **batches;
    int n, at;
};

static int memory_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct memory_stream *m = (struct memory_stream *)s;
    (void)err;
    if (m->at == m->n)
        return 0;
    *ret = m->batches[m->at];
    m->batches[m->at++] = NULL;
    return 1;
}

static void memory_close(struct stream *s)
{
    struct memory_stream *m = (struct memory_stream *)s;
    for (int i = m->at; i < m->n; i++)
        batch_free(m->batches[i]);
    free(m->batches);
    schema_unref(m->stream.schema);
    free(m);
}

int stream_of_batches(struct schema *schema, struct batch **batches, int n, struct stream **ret,
                      struct error *err)
{
    static const struct stream_ops ops = {.next = memory_next, .close = memory_close};
    struct memory_stream *m = calloc(1, sizeof *m);
    struct batch **copy = calloc((size_t)n + 1, sizeof(struct batch *));
    if (!m || !copy) {
        free(m);
        free(copy);
        for (int i = 0; i < n; i++)
            batch_free(batches[i]);
        return error_memory(err);
    }
    for (int i = 0; i < n; i++)
        copy[i] = batches[i];
    *m = (struct memory_stream){
        .stream = {.ops = &ops, .schema = schema_ref(schema)}, .batches = copy, .n = n};
    *ret = &m->stream;
    return 0;
}

void batches_free(struct batch **batches, int n)
{
    for (int i = 0; i < n; i++)
        batch_free(batches[i]);
    free(batches);
}

int stream_of_builder(struct batch_builder *bb, struct stream **ret, struct error *err)
{
    struct batch *b;
    TRY(batch_builder_finish(bb, &b, err));
    return stream_of_batches(bb->schema, &b, 1, ret, err);
}

int stream_collect(struct stream *s, struct batch ***ret, int *ret_n, struct error *err)
{
    struct batch **batches = NULL, *b;
    int n = 0, cap = 0, more;
    while ((more = stream_next(s, &b, err)) > 0) {
        if (n == cap) {
            cap = cap ? cap * 2 : 16;
            struct batch **grown = realloc(batches, (size_t)cap * sizeof(struct batch *));
            if (!grown) {
                batch_free(b);
                more = error_memory(err);
                break;
            }
            batches = grown;
        }
        batches[n++] = b;
    }
    if (more < 0) {
        batches_free(batches, n);
        return more;
    }
    *ret = batches;
    *ret_n = n;
    return 0;
}

struct columns_stream {
    struct stream stream;
    struct stream *from;
    int *keep;
};

static int columns_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct columns_stream *c = (struct columns_stream *)s;
    struct batch *b;
    int more = stream_next(c->from, &b, err);
    if (more <= 0)
        return more;
    int code = batch_select(b, s->schema, c->keep, err);
    if (code < 0) {
        batch_free(b);
        return code;
    }
    *ret = b;
    return 1;
}

static void columns_close(struct stream *s)
{
    struct columns_stream *c = (struct columns_stream *)s;
    stream_close(c->from);
    schema_unref(s->schema);
    free(c->keep);
    free(c);
}

/* Finds the columns; *ret_schema is a new reference. */
static int columns_find(const struct schema *from, const struct slice *columns, int n, int *keep,
                        struct schema **ret_schema, struct error *err)
{
    struct field *fields = calloc((size_t)n + 1, sizeof *fields);
    if (!fields)
        return error_memory(err);
    int code = 0;
    for (int i = 0; i < n && code == 0; i++) {
        keep[i] = schema_find(from, columns[i]);
        if (keep[i] < 0)
            code = schema_no_field(from, columns[i], err);
        else
            fields[i] = from->fields[keep[i]];
    }
    if (code == 0) {
        *ret_schema = schema_new_meta(fields, n, from->meta, from->n_meta);
        code = *ret_schema ? 0 : error_memory(err);
    }
    free(fields);
    return code;
}

int stream_columns(struct stream *from, const struct slice *columns, int n, struct stream **ret,
                   struct error *err)
{
    static const struct stream_ops ops = {.next = columns_next, .close = columns_close};
    struct columns_stream *c = calloc(1, sizeof *c);
    int *keep = calloc((size_t)n + 1, sizeof *keep);
    struct schema *schema = NULL;
    int code =
        c && keep ? columns_find(from->schema, columns, n, keep, &schema, err) : error_memory(err);
    if (code < 0) {
        free(c);
        free(keep);
        stream_close(from);
        return code;
    }
    *c = (struct columns_stream){
        .stream = {.ops = &ops, .schema = schema}, .from = from, .keep = keep};
    *ret = &c->stream;
    return 0;
}

struct head_stream {
    struct stream stream;
    struct stream *from;
    int64_t left;
};

static int head_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct head_stream *h = (struct head_stream *)s;
    if (h->left <= 0)
        return 0;
    struct batch *b;
    int more = stream_next(h->from, &b, err);
    if (more <= 0)
        return more;
    if (b->n_rows > h->left) {
        struct batch *part;
        int code = batch_slice(b, 0, h->left, &part, err);
        batch_free(b);
        TRY(code);
        b = part;
    }
    h->left -= b->n_rows;
    *ret = b;
    return 1;
}

static void head_close(struct stream *s)
{
    struct head_stream *h = (struct head_stream *)s;
    stream_close(h->from);
    schema_unref(s->schema);
    free(h);
}

int stream_head(struct stream *from, int64_t n, struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = head_next, .close = head_close};
    struct head_stream *h = calloc(1, sizeof *h);
    if (!h) {
        stream_close(from);
        return error_memory(err);
    }
    *h = (struct head_stream){
        .stream = {.ops = &ops, .schema = schema_ref(from->schema)}, .from = from, .left = n};
    *ret = &h->stream;
    return 0;
}
