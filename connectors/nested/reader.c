#include "connectors/nested/reader.h"

#include <stdlib.h>

#include "connectors/nested/parts.h"

struct nested_reader {
    struct stream stream;
    const struct nested_kind *kind;
    struct read_options options;
    struct parts parts;
    struct shape shape;
    struct pipeline *pipeline;
    struct chunk *free, *all; /* all: linked by `sibling` */
    struct chunk *kept, **kept_end;
    struct chunk *current;
    int at_end;
    struct error failed; /* of reading: told once what was read before is worked off */
};

const struct read_options *nested_options(const struct nested_reader *r)
{
    return &r->options;
}

const struct shape *nested_shape(const struct nested_reader *r)
{
    return &r->shape;
}

static struct chunk *chunk_get(struct nested_reader *r, struct error *err)
{
    struct chunk *c = r->free;
    if (c) {
        r->free = c->next;
        c->next = NULL;
        return c;
    }
    c = calloc(1, sizeof *c);
    if (!c || (r->options.rejects && !(c->rejects = rejects_new()))) {
        free(c);
        error_memory(err);
        return NULL;
    }
    c->reader = r;
    c->sibling = r->all;
    r->all = c;
    return c;
}

static void chunk_drop(struct nested_reader *r, struct chunk *c)
{
    while (c->taken < c->n_batches)
        batch_free(c->batches[c->taken++]);
    c->n_batches = c->taken = 0;
    c->next = r->free;
    r->free = c;
}

static void chunk_free(struct nested_reader *r, struct chunk *c)
{
    while (c->taken < c->n_batches)
        batch_free(c->batches[c->taken++]);
    if (c->learned) {
        shape_done(c->learned);
        free(c->learned);
    }
    if (c->parser)
        r->kind->parser_free(c->parser);
    if (c->maker_ready)
        maker_done(&c->rows);
    rejects_free(c->rejects);
    buffer_done(&c->owned);
    buffer_done(&c->long_raw);
    free(c->batches);
    free(c->spans);
    free(c);
}

static int chunk_prepare(struct chunk *c)
{
    struct nested_reader *r = c->reader;
    c->err.code = 0;
    c->rows_in = 0;
    c->counted = 0;
    c->counted_line = c->line;
    if (!c->parser)
        TRY(r->kind->parser_new(r, &c->parser, &c->err));
    if (!c->learned && !c->maker_ready) {
        c->maker_ready = 1;
        TRY(maker_init(&c->rows, &r->shape, r->stream.schema, r->options.flags, &c->err));
    }
    return 0;
}

static void chunk_work(void *job)
{
    struct chunk *c = job;
    if (chunk_prepare(c) < 0)
        return;
    c->reader->kind->parse(c->parser, c);
    if (!c->err.code && !c->learned)
        chunk_flush(c);
}

static int shape_start(struct nested_reader *r, struct shape *s, struct error *err)
{
    TRY(shape_init(s, r->kind->style, err));
    return shape_explode(s, r->options.layout.explode, err);
}

static int chunk_learns(struct chunk *c, struct error *err)
{
    c->learned = calloc(1, sizeof *c->learned);
    return c->learned ? shape_start(c->reader, c->learned, err) : error_memory(err);
}

/* Takes what the oldest chunk found; it is kept to be read again, or not. */
static int learn_one(struct nested_reader *r, int keep, struct error *err)
{
    struct chunk *c = pipeline_take(r->pipeline);
    int code = c->err.code;
    if (code < 0)
        *err = c->err;
    else
        code = shape_merge(&r->shape, c->learned, err);
    shape_done(c->learned);
    free(c->learned);
    c->learned = NULL;
    if (!keep) {
        chunk_drop(r, c);
    } else {
        c->next = NULL;
        *r->kept_end = c;
        r->kept_end = &c->next;
    }
    return code;
}

static int learn_rest(struct nested_reader *r, int keep, struct error *err)
{
    while (!pipeline_empty(r->pipeline))
        TRY(learn_one(r, keep, err));
    return 0;
}

/* Learns from up to `bytes` of what comes next: 1, or 0 when that was all. */
static int learn(struct nested_reader *r, int64_t bytes, int64_t records, int keep,
                 struct error *err)
{
    while (bytes > 0 && records > 0) {
        if (pipeline_full(r->pipeline))
            TRY(learn_one(r, keep, err));
        struct chunk *c = chunk_get(r, err);
        if (!c)
            return err->code;
        int more = parts_chunk(&r->parts, c, err);
        if (more <= 0) {
            chunk_drop(r, c);
            TRY(more);
            TRY(learn_rest(r, keep, err));
            return 0;
        }
        bytes -= (int64_t)c->text.len;
        records -= (int64_t)(c->n_spans ? c->n_spans : newlines_count(c->text));
        TRY(chunk_learns(c, err));
        pipeline_put(r->pipeline, c);
    }
    TRY(learn_rest(r, keep, err));
    return 1;
}

static void kept_drop(struct nested_reader *r)
{
    while (r->kept) {
        struct chunk *c = r->kept;
        r->kept = c->next;
        chunk_drop(r, c);
    }
    r->kept_end = &r->kept;
}

/* A short input is read once: its chunks are kept. So is a pipe, of which the rest comes later. */
static int find_columns(struct nested_reader *r, struct error *err)
{
    int more = learn(r, SAMPLE_BYTES, SAMPLE_RECORDS, 1, err);
    TRY(more);
    if (!more) {
        r->at_end = 1;
    } else if (parts_again(&r->parts)) {
        kept_drop(r);
        TRY(learn(r, INT64_MAX, INT64_MAX, 0, err));
        parts_rewind(&r->parts);
    }
    return shape_discover(&r->shape, err);
}

static struct field column_type(const struct nested_reader *r, const struct shape_column *c)
{
    for (int i = 0; i < r->options.n_types; i++)
        if (slice_equal(r->options.types[i].name, c->name))
            return r->options.types[i];
    return (struct field){.type = TYPE_UTF8};
}

static int build_schema(struct nested_reader *r, struct error *err)
{
    size_t n = (size_t)r->shape.n_columns;
    struct field *fields = calloc(n + 5, sizeof *fields);
    struct field *items = calloc(n + 1, sizeof *items);
    int places = r->options.flags & READ_WITH_PLACE ? 5 : 0;
    for (size_t i = 0; fields && items && i < n; i++) {
        const struct shape_column *c = &r->shape.columns[i];
        fields[i] = column_type(r, c);
        fields[i].name = c->name;
        if (c->list && !c->exploded && fields[i].type != TYPE_LIST) {
            items[i] = fields[i];
            items[i].name = SLICE_LIT("item");
            fields[i] = (struct field){
                .name = c->name, .type = TYPE_LIST, .n_children = 1, .children = &items[i]};
        }
    }
    for (int i = 0; fields && i < places; i++)
        fields[n + (size_t)i] = place_fields[i];
    if (fields && items)
        r->stream.schema = schema_new(fields, (int)n + places);
    free(fields);
    free(items);
    return r->stream.schema ? 0 : error_memory(err);
}

/* The next chunk to work on: a kept one first. NULL at the end, or on failure, which is noted. */
static struct chunk *chunk_next(struct nested_reader *r)
{
    struct chunk *c = r->kept;
    if (c) {
        r->kept = c->next;
        c->next = NULL;
        return c;
    }
    if (r->at_end)
        return NULL;
    c = chunk_get(r, &r->failed);
    int more = c ? parts_chunk(&r->parts, c, &r->failed) : r->failed.code;
    if (more > 0)
        return c;
    if (c)
        chunk_drop(r, c);
    r->at_end = 1;
    return NULL;
}

static int take_results(struct nested_reader *r, struct chunk *c, struct error *err)
{
    if (r->options.ret_rows_in)
        *r->options.ret_rows_in += c->rows_in;
    if (c->rejects && rejects_append(r->options.rejects, c->rejects) < 0)
        return error_memory(err);
    if (c->err.code)
        *err = c->err;
    return c->err.code;
}

static int nested_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct nested_reader *r = (struct nested_reader *)s;
    for (;;) {
        struct chunk *c = r->current;
        if (c && c->taken < c->n_batches) {
            *ret = c->batches[c->taken++];
            return 1;
        }
        if (c)
            chunk_drop(r, c);
        r->current = NULL;
        while (!pipeline_full(r->pipeline) && (c = chunk_next(r)))
            pipeline_put(r->pipeline, c);
        r->current = pipeline_take(r->pipeline);
        if (!r->current) {
            if (r->failed.code)
                *err = r->failed;
            return r->failed.code;
        }
        TRY(take_results(r, r->current, err));
    }
}

static void nested_close(struct stream *s)
{
    struct nested_reader *r = (struct nested_reader *)s;
    if (r->pipeline) {
        while (pipeline_take(r->pipeline))
            ;
        pipeline_free(r->pipeline);
    }
    for (struct chunk *c = r->all, *next; c; c = next) {
        next = c->sibling;
        chunk_free(r, c);
    }
    parts_done(&r->parts);
    shape_done(&r->shape);
    schema_unref(r->stream.schema);
    free(r);
}

static int nested_open(struct nested_reader *r, struct error *err)
{
    r->pipeline = pipeline_new(r->options.pool, 2 * pool_threads(r->options.pool) + 1, chunk_work);
    if (!r->pipeline)
        return error_memory(err);
    TRY(parts_start(&r->parts, err));
    TRY(shape_start(r, &r->shape, err));
    if (r->options.columns)
        TRY(shape_name(&r->shape, r->options.columns, r->options.n_columns, err));
    else
        TRY(find_columns(r, err));
    return build_schema(r, err);
}

int nested_read(const struct nested_kind *kind, const char *const *paths, int n_paths,
                const struct read_options *options, struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = nested_next, .close = nested_close};
    struct nested_reader *r = calloc(1, sizeof *r);
    if (!r)
        return error_memory(err);
    r->stream.ops = &ops;
    r->kind = kind;
    r->options = *options;
    r->kept_end = &r->kept;
    parts_init(&r->parts, r, kind, paths, n_paths, &r->options);
    int code = nested_open(r, err);
    if (code < 0) {
        nested_close(&r->stream);
        return code;
    }
    *ret = &r->stream;
    return 0;
}
