#include "connectors/rows.h"

#include <stdio.h>
#include <stdlib.h>

enum { HEAD_BYTES = 1 << 16 }; /* of a part, for its dialect and header, whatever the chunks */

struct row_stream {
    struct stream base;
    struct row_plan plan;
    struct layout_column *columns;
    const char *const *paths;
    int n_paths, at_path;
    size_t chunk;
    struct arena arena; /* parts */

    struct input *in;
    struct row_part *first, *part; /* the part that is being read */
    struct buffer carry;           /* of it: what was read behind the last whole row */
    int64_t line, offset;          /* where carry starts */
    int part_open, ended;
    struct error err; /* why reading ended, told once all before it is */

    struct row_job *jobs, *current, **idle;
    int n_jobs, n_idle;
    struct pipeline *pipeline; /* NULL: jobs run in the caller */
    struct row_totals totals;
};

static int stop(struct row_stream *s, int code)
{
    s->ended = 1;
    return code;
}

static int new_part(struct row_stream *s, struct error *err)
{
    struct row_part *p = ARENA_NEW(&s->arena, struct row_part);

    if (!p)
        return error_memory(err);
    p->path = s->paths[s->at_path - 1];
    p->member = arena_string(&s->arena, slice_str(input_member(s->in)));
    p->place = arena_string(&s->arena, slice_str(input_place(s->in)));
    if (!p->member || !p->place)
        return error_memory(err);
    s->part = p;
    s->part_open = 1;
    s->carry.len = 0;
    s->offset = 0;
    return 0;
}

/* 1: a part is open; 0: there is none left. */
static int next_part(struct row_stream *s, struct error *err)
{
    const struct read_options *o = &s->plan.options;

    for (;;) {
        if (s->in) {
            int more = input_next(s->in, err);
            if (more > 0)
                TRY(new_part(s, err));
            if (more)
                return more;
            input_close(s->in);
            s->in = NULL;
        }
        if (s->at_path == s->n_paths)
            return 0;
        TRY(format_open(o, s->paths, s->at_path, o->layout.encoding, &s->in, err));
        s->at_path++;
    }
}

static int reserve(struct row_job *job, size_t cap, struct error *err)
{
    char *more;

    if (cap <= job->cap)
        return 0;
    more = realloc(job->buf, cap);
    if (!more)
        return error_memory(err);
    job->buf = more;
    job->cap = cap;
    return 0;
}

/* Reads until `want` bytes are there; 1 when the part ended. */
static int fill(struct row_stream *s, struct row_job *job, size_t want, struct error *err)
{
    TRY(reserve(job, want, err));
    while (job->len < want) {
        size_t n = 0;
        TRY(input_read(s->in, job->buf + job->len, want - job->len, &n, err));
        if (n == 0)
            return 1;
        job->len += n;
    }
    return 0;
}

static int no_row_end(const struct row_stream *s, const struct row_job *job,
                      const struct csv_marks *marks, struct slice text, int at_end,
                      struct error *err)
{
    struct csv_cut cut;
    char place[320];
    int64_t line = s->line;

    csv_cut_slow(marks, text, at_end, &cut);
    for (size_t i = 0; cut.open && i < cut.opened; i++)
        line += text.ptr[i] == marks->newline;
    snprintf(place, sizeof(place), "%s:%lld", job->part->place, (long long)line);
    if (at_end)
        return error_at(err, ERR_DATA, place, "the quote that opens here is never closed");
    if (cut.open)
        return error_at(err, ERR_DATA, place,
                        "a field is longer than 16 MiB: its quote opens here and does not close");
    return error_at(err, ERR_DATA, place, "the row that starts here is longer than 16 MiB");
}

/* The head of a part: its dialect and columns, and for the first part the stream's. */
static int start_part(struct row_stream *s, struct row_job *job, int at_end, size_t *begin,
                      struct error *err)
{
    struct row_part *part = s->part;
    struct slice text = slice_of(job->buf, job->len);

    if (input_recoded(s->in)) {
        part->encoding = arena_string(&s->arena, slice_str(input_encoding(s->in)));
        if (!part->encoding)
            return error_memory(err);
    }
    TRY(row_part_start(&s->plan, &s->arena, part, s->first, text, at_end, begin, err));
    if (!s->first) {
        TRY(row_plan_schema(&s->plan, part, err));
        s->first = part;
    }
    s->line = part->line;
    return row_part_map(&s->plan, &s->arena, part, err);
}

/* Text that turned out to be recoded only later has no offsets from there on. */
static void locate(struct row_stream *s, struct row_job *job, size_t begin, size_t len)
{
    int64_t end = input_offset(s->in);

    if (end < 0)
        s->offset = -1;
    if (!s->part->encoding && input_recoded(s->in))
        s->part->encoding = arena_string(&s->arena, slice_str(input_encoding(s->in)));
    job->line = s->line;
    job->offset = s->offset < 0 ? -1 : end - (int64_t)(job->len - begin);
    job->text = slice_of(job->buf + begin, len);
}

/* The next chunk of the open part: whole rows, up to the end of the part when that is near. */
static int read_chunk(struct row_stream *s, struct row_job *job, struct error *err)
{
    struct csv_cut cut = {0};
    size_t begin = 0, want = s->chunk;
    const struct csv_marks *marks;
    int at_end, fresh = s->part->map == NULL;

    TRY(reserve(job, s->carry.len, err));
    if (s->carry.len)
        memcpy(job->buf, s->carry.data, s->carry.len);
    job->len = s->carry.len;
    job->part = s->part;
    if (want < 2 * job->len)
        want = 2 * job->len;
    if (fresh && want < HEAD_BYTES)
        want = HEAD_BYTES;
    for (;;) {
        at_end = fill(s, job, want, err);
        TRY(at_end);
        if (fresh) {
            TRY(start_part(s, job, at_end, &begin, err));
            fresh = 0;
        }
        marks = &s->part->dialect.marks;
        csv_cut(marks, slice_of(job->buf + begin, job->len - begin), at_end, &cut);
        if (at_end ? !cut.open : cut.len > 0)
            break;
        if (at_end || job->len - begin > ROWS_LONGEST)
            return no_row_end(s, job, marks, slice_of(job->buf + begin, job->len - begin), at_end,
                              err);
        want = 2 * job->len < begin + ROWS_LONGEST ? 2 * job->len : begin + ROWS_LONGEST + 1;
    }
    locate(s, job, begin, cut.len);
    job->regular = cut.regular;
    job->last = at_end;
    s->line += cut.lines;
    buffer_reset(&s->carry);
    s->part_open = !at_end;
    if (buffer_append(&s->carry, job->buf + begin + cut.len, job->len - begin - cut.len) < 0)
        return error_memory(err);
    return 0;
}

/* Fills a job: 1, or 0 when all is read. */
static int produce(struct row_stream *s, struct row_job *job, struct error *err)
{
    if (!s->part_open) {
        int more = next_part(s, err);
        if (more <= 0)
            return more;
    }
    TRY(read_chunk(s, job, err));
    return 1;
}

static void refill(struct row_stream *s)
{
    while (!s->ended && s->n_idle && !pipeline_full(s->pipeline)) {
        struct row_job *job = s->idle[s->n_idle - 1];
        int more = produce(s, job, &s->err);
        if (more <= 0) {
            stop(s, more);
            return;
        }
        s->n_idle--;
        pipeline_put(s->pipeline, job);
    }
}

/* The next job that is done, or NULL. */
static struct row_job *take_job(struct row_stream *s)
{
    struct row_job *job;

    if (s->pipeline) {
        refill(s);
        return pipeline_take(s->pipeline);
    }
    if (s->ended)
        return NULL;
    job = s->idle[s->n_idle - 1];
    if (produce(s, job, &s->err) <= 0) {
        stop(s, 0);
        return NULL;
    }
    s->n_idle--;
    row_job_run(job);
    return job;
}

/* What a job says beside its batches, in the order of the file. */
static int settle(struct row_stream *s, struct row_job *job, struct error *err)
{
    const struct read_options *o = &s->plan.options;

    if (job->code < 0) {
        if (err)
            *err = job->err;
        return job->code;
    }
    if (o->ret_rows_in)
        *o->ret_rows_in += job->n_rows;
    if (job->rejects && rejects_append(o->rejects, job->rejects) < 0)
        return error_memory(err);
    progress_add(o->progress, job->n_rows);
    TRY(row_trailer_take(job, &s->totals, err));
    if (job->last)
        s->totals = (struct row_totals){0};
    return 0;
}

static int rows_next(struct stream *base, struct batch **ret, struct error *err)
{
    struct row_stream *s = (struct row_stream *)base;

    for (;;) {
        struct row_job *job = s->current;
        if (job && job->taken < job->n_batches) {
            *ret = job->batches[job->taken++];
            return 1;
        }
        if (job)
            s->idle[s->n_idle++] = job;
        s->current = take_job(s);
        if (!s->current)
            break;
        TRY(settle(s, s->current, err));
    }
    if (s->err.code && err)
        *err = s->err;
    return s->err.code;
}

static void rows_close(struct stream *base)
{
    struct row_stream *s = (struct row_stream *)base;

    if (s->pipeline) {
        while (pipeline_take(s->pipeline))
            ;
        pipeline_free(s->pipeline);
    }
    for (int i = 0; s->jobs && i < s->n_jobs; i++)
        row_job_done(&s->jobs[i]);
    input_close(s->in);
    buffer_done(&s->carry);
    arena_done(&s->arena);
    schema_unref(s->plan.schema);
    free(s->jobs);
    free(s->idle);
    free(s);
}

static const struct stream_ops rows_ops = {rows_next, rows_close};

static int make_jobs(struct row_stream *s, struct error *err)
{
    struct pool *pool = s->plan.options.pool;
    int threads = pool ? pool_threads(pool) : 1;

    s->n_jobs = threads > 1 ? 2 * threads + 2 : 2;
    s->jobs = calloc((size_t)s->n_jobs, sizeof(*s->jobs));
    s->idle = calloc((size_t)s->n_jobs, sizeof(struct row_job *));
    if (!s->jobs || !s->idle)
        return error_memory(err);
    for (int i = 0; i < s->n_jobs; i++) {
        s->jobs[i].plan = &s->plan;
        s->idle[s->n_idle++] = &s->jobs[i];
    }
    if (threads < 2)
        return 0;
    s->pipeline = pipeline_new(pool, 2 * threads, row_job_run);
    return s->pipeline ? 0 : error_memory(err);
}

static int is_mark(int byte)
{
    return byte == LAYOUT_AUTO || (byte >= 0 && byte < 128 && byte != '\n' && byte != '\r');
}

static int check_marks(struct layout *l, struct error *err)
{
    if (!is_mark(l->delimiter) || !is_mark(l->quote) || !is_mark(l->escape))
        return error_set(err, ERR_USAGE,
                         "delimiter, quote and escape must be single ASCII characters");
    if (l->delimiter == 0)
        l->delimiter = LAYOUT_AUTO;
    if (l->delimiter > 0 && (l->delimiter == l->quote || l->delimiter == l->escape))
        return error_set(err, ERR_USAGE, "delimiter, quote and escape must differ");
    return 0;
}

/* Fixed width: how long a row must be. */
static int check_columns(struct row_plan *plan, struct error *err)
{
    const struct layout *l = &plan->options.layout;

    if (plan->kind != ROWS_FIXED)
        return 0;
    if (l->n_columns < 1)
        return error_set(err, ERR_USAGE, "fixed width needs columns: name, from and width of each");
    for (int i = 0; i < l->n_columns; i++) {
        const struct layout_column *c = &l->columns[i];
        if (c->from < 1 || c->width < 1 || c->from > 1 << 20 || c->width > 1 << 20)
            return error_set(err, ERR_USAGE, "column '%.*s' needs from and width of 1 or more",
                             (int)c->name.len, c->name.ptr);
        size_t end = (size_t)c->from - 1 + (size_t)c->width;
        plan->width = end > plan->width ? end : plan->width;
    }
    return 0;
}

/* The first chunk is read and parsed while opening, as the columns stand in it. */
static int open_first(struct row_stream *s, struct error *err)
{
    struct row_job *job = s->idle[s->n_idle - 1];

    TRY(check_marks(&s->plan.options.layout, err));
    TRY(check_columns(&s->plan, err));
    TRY(produce(s, job, err));
    s->plan.options.opened = NULL;
    s->base.schema = s->plan.schema;
    s->n_idle--;
    if (s->pipeline) {
        pipeline_put(s->pipeline, job);
        return 0;
    }
    row_job_run(job);
    TRY(settle(s, job, err));
    s->current = job;
    return 0;
}

int rows_open(enum rows_kind kind, const char *const *paths, int n_paths,
              const struct read_options *options, size_t chunk, struct stream **ret,
              struct error *err)
{
    struct row_stream *s = calloc(1, sizeof(*s));
    int code;

    if (!s)
        return error_memory(err);
    s->base.ops = &rows_ops;
    s->paths = paths;
    s->n_paths = n_paths;
    s->chunk = chunk ? chunk : ROWS_CHUNK;
    s->plan.kind = kind;
    s->plan.options = *options;
    s->plan.header_starts = slice_str(options->layout.header_starts);
    s->plan.trailer_starts = slice_str(options->layout.trailer_starts);
    if (kind == ROWS_TSV && options->layout.delimiter == LAYOUT_AUTO)
        s->plan.options.layout.delimiter = '\t';
    arena_init(&s->arena, 0);
    code = make_jobs(s, err);
    if (code >= 0)
        code = open_first(s, err);
    if (code < 0)
        rows_close(&s->base);
    else
        *ret = &s->base;
    return code;
}
