#include "connectors/csv_write.h"

#include "core/file.h"

#include <stdlib.h>

enum { JOB_BYTES = 1 << 20 };

/* A run of batches on its way to text. */
struct write_job {
    const struct csv_sink *sink;
    struct batch **batches;
    int n_batches, cap_batches;
    size_t bytes; /* of the batches */
    struct buffer text, packed;
    int code;
    struct error err;
};

struct csv_sink {
    struct sink base;
    struct file_out *out;
    int delimiter;
    enum text_packing packing;
    struct pipeline *pipeline; /* NULL: in the caller */
    struct write_job *jobs, **idle, *filling;
    int n_jobs, n_idle;
};

/* A high bit where a byte of w is zero; false ones only above a true one. */
static inline uint64_t zero_bytes(uint64_t w)
{
    return (w - UINT64_C(0x0101010101010101)) & ~w & UINT64_C(0x8080808080808080);
}

static int must_quote(struct slice s, int delimiter)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t i = 0;

    if (!s.len)
        return 1;
    for (; i + 8 <= s.len; i += 8) {
        uint64_t w;
        memcpy(&w, s.ptr + i, 8);
        if (zero_bytes(w ^ ones * '"') | zero_bytes(w ^ ones * '\n') | zero_bytes(w ^ ones * '\r') |
            zero_bytes(w ^ ones * (uint64_t)delimiter))
            return 1;
    }
    for (; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\n' || c == '\r' || c == delimiter)
            return 1;
    }
    return 0;
}

static int put_quoted(struct slice s, struct buffer *out)
{
    uint8_t *to;

    if (buffer_reserve(out, 2 * s.len + 2) < 0)
        return ERR_MEMORY;
    to = out->data + out->len;
    *to++ = '"';
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            *to++ = '"';
        *to++ = (uint8_t)s.ptr[i];
    }
    *to++ = '"';
    out->len = (size_t)(to - out->data);
    return 0;
}

static int put_text(struct slice s, int delimiter, struct buffer *out)
{
    return must_quote(s, delimiter) ? put_quoted(s, out) : buffer_slice(out, s);
}

/* Binary and nested values go through their text first. */
static int put_other(const struct field *f, const struct column *c, int64_t row, int delimiter,
                     struct buffer *out)
{
    struct buffer text = {0};
    size_t before = out->len;
    int code;

    if (f->type != TYPE_LIST && f->type != TYPE_STRUCT && f->type != TYPE_BINARY) {
        TRY(value_text(f, c, row, out));
        /* Numbers and times hold none of what must be quoted but the delimiter. */
        if (!memchr(out->data + before, delimiter, out->len - before))
            return 0;
        out->len = before;
    }
    code = value_text(f, c, row, &text);
    if (code >= 0)
        code = put_text(buffer_view(&text), delimiter, out);
    buffer_done(&text);
    return code;
}

int csv_put_cell(const struct field *f, const struct column *c, int64_t row, int delimiter,
                 struct buffer *out)
{
    if (column_null(c, row))
        return 0;
    if (f->type == TYPE_UTF8 || f->type == TYPE_DICT)
        return put_text(column_text(f, c, row), delimiter, out);
    return put_other(f, c, row, delimiter, out);
}

static int put_batch(const struct batch *b, int delimiter, struct buffer *out)
{
    int n = b->schema->n_fields;

    for (int64_t row = 0; row < b->n_rows; row++) {
        /* An empty line is no row, so one null alone has to be written as an empty string. */
        if (n == 1 && column_null(&b->columns[0], row))
            TRY(buffer_string(out, "\"\""));
        for (int i = 0; i < n; i++) {
            if (i)
                TRY(buffer_putc(out, (char)delimiter));
            TRY(csv_put_cell(&b->schema->fields[i], &b->columns[i], row, delimiter, out));
        }
        TRY(buffer_putc(out, '\n'));
    }
    return 0;
}

static int put_header(const struct schema *schema, int delimiter, struct buffer *out)
{
    for (int i = 0; i < schema->n_fields; i++) {
        if (i)
            TRY(buffer_putc(out, (char)delimiter));
        TRY(put_text(schema->fields[i].name, delimiter, out));
    }
    return buffer_putc(out, '\n');
}

static void drop_batches(struct write_job *job)
{
    for (int i = 0; i < job->n_batches; i++)
        batch_free(job->batches[i]);
    job->n_batches = 0;
    job->bytes = 0;
}

static void format_job(void *arg)
{
    struct write_job *job = arg;

    job->code = 0;
    for (int i = 0; job->code >= 0 && i < job->n_batches; i++)
        if (put_batch(job->batches[i], job->sink->delimiter, &job->text) < 0)
            job->code = error_memory(&job->err);
    drop_batches(job);
    if (job->code >= 0 && job->sink->packing != TEXT_PLAIN && job->text.len)
        job->code = text_pack(job->sink->packing, buffer_view(&job->text), &job->packed, &job->err);
}

static int write_job(struct csv_sink *s, struct write_job *job, struct error *err)
{
    struct buffer *b = s->packing == TEXT_PLAIN ? &job->text : &job->packed;
    int code = job->code;

    if (code < 0 && err)
        *err = job->err;
    if (code >= 0)
        code = file_write(s->out, b->data, b->len, err);
    buffer_reset(&job->text);
    buffer_reset(&job->packed);
    s->idle[s->n_idle++] = job;
    return code;
}

/* Hands over what was gathered. */
static int submit(struct csv_sink *s, struct error *err)
{
    struct write_job *job = s->filling;

    if (!job)
        return 0;
    s->filling = NULL;
    if (!s->pipeline) {
        format_job(job);
        return write_job(s, job, err);
    }
    if (pipeline_full(s->pipeline))
        TRY(write_job(s, pipeline_take(s->pipeline), err));
    pipeline_put(s->pipeline, job);
    return 0;
}

static int gather(struct write_job *job, struct batch *b, struct error *err)
{
    if (job->n_batches == job->cap_batches) {
        int cap = job->cap_batches ? 2 * job->cap_batches : 8;
        struct batch **more = realloc(job->batches, (size_t)cap * sizeof(struct batch *));
        if (!more) {
            batch_free(b);
            return error_memory(err);
        }
        job->batches = more;
        job->cap_batches = cap;
    }
    job->batches[job->n_batches++] = b;
    job->bytes += batch_bytes(b);
    return 0;
}

static int sink_take(struct sink *base, struct batch *b, struct error *err)
{
    struct csv_sink *s = (struct csv_sink *)base;

    if (!s->filling)
        s->filling = s->idle[--s->n_idle];
    TRY(gather(s->filling, b, err));
    return s->filling->bytes >= JOB_BYTES ? submit(s, err) : 0;
}

static int finish(struct sink *base, struct error *err)
{
    struct csv_sink *s = (struct csv_sink *)base;
    struct write_job *job;

    TRY(submit(s, err));
    while (s->pipeline && (job = pipeline_take(s->pipeline)))
        TRY(write_job(s, job, err));
    return file_commit(s->out, err);
}

static void close_sink(struct sink *base)
{
    struct csv_sink *s = (struct csv_sink *)base;

    while (s->pipeline && pipeline_take(s->pipeline))
        ;
    if (s->pipeline)
        pipeline_free(s->pipeline);
    for (int i = 0; s->jobs && i < s->n_jobs; i++) {
        drop_batches(&s->jobs[i]);
        free(s->jobs[i].batches);
        buffer_done(&s->jobs[i].text);
        buffer_done(&s->jobs[i].packed);
    }
    file_close(s->out);
    schema_unref(s->base.schema);
    free(s->jobs);
    free(s->idle);
    free(s);
}

static const struct sink_ops csv_sink_ops = {sink_take, finish, close_sink};

static int make_jobs(struct csv_sink *s, struct pool *pool, struct error *err)
{
    int threads = pool ? pool_threads(pool) : 1;

    s->n_jobs = threads > 1 ? 2 * threads + 1 : 1;
    s->jobs = calloc((size_t)s->n_jobs, sizeof(*s->jobs));
    s->idle = calloc((size_t)s->n_jobs, sizeof(struct write_job *));
    if (!s->jobs || !s->idle)
        return error_memory(err);
    for (int i = 0; i < s->n_jobs; i++) {
        s->jobs[i].sink = s;
        s->idle[s->n_idle++] = &s->jobs[i];
    }
    if (threads < 2)
        return 0;
    s->pipeline = pipeline_new(pool, 2 * threads, format_job);
    return s->pipeline ? 0 : error_memory(err);
}

static int start_file(struct csv_sink *s, const char *path, const struct write_options *options,
                      struct error *err)
{
    int packing = text_packing(options->compression, path, err);

    TRY(packing);
    s->packing = (enum text_packing)packing;
    if (s->delimiter == '"' || s->delimiter == '\n' || s->delimiter == '\r' || s->delimiter < 1 ||
        s->delimiter > 127)
        return error_set(err, ERR_USAGE, "this byte cannot be a delimiter");
    TRY(make_jobs(s, options->pool, err));
    s->filling = s->idle[--s->n_idle];
    if (put_header(s->base.schema, s->delimiter, &s->filling->text) < 0)
        return error_memory(err);
    return file_create(path, 0, &s->out, err);
}

int csv_write(const char *path, const struct schema *schema, const struct write_options *options,
              struct sink **ret, struct error *err)
{
    struct csv_sink *s = calloc(1, sizeof(*s));
    int code;

    if (!s)
        return error_memory(err);
    s->base.ops = &csv_sink_ops;
    s->base.schema = schema_ref(schema);
    s->delimiter = options->delimiter ? options->delimiter : ',';
    code = start_file(s, path, options, err);
    if (code < 0)
        close_sink(&s->base);
    else
        *ret = &s->base;
    return code;
}
