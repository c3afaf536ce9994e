/* The stream: batches go through an ordered pipeline of jobs; events come out as they are done,
 * records when all are. */
#include "transform/map/map.h"

#include <stdlib.h>

#include "transform/map/same_key.h"

struct map_stream {
    struct stream stream;
    struct stream *from;
    struct plan *plan;
    struct pipeline *pipeline;
    struct rejects *rejects; /* the caller's */
    struct totals *totals;   /* the caller's */
    int drained;             /* `from` has ended */
    struct seen seen;        /* of events */
    struct job **jobs;       /* of records: all of them … */
    int n_jobs, jobs_cap, at;
    int settled;
};

/* Reads ahead until the pipeline is full or the source ends. */
static int feed(struct map_stream *m, struct error *err)
{
    while (!m->drained && !pipeline_full(m->pipeline)) {
        struct batch *in;
        int more = stream_next(m->from, &in, err);
        TRY(more);
        if (!more) {
            m->drained = 1;
            return 0;
        }
        struct job *j = job_new(m->plan, in);
        if (!j)
            return error_memory(err);
        pipeline_put(m->pipeline, j);
    }
    return 0;
}

static int job_failed(const struct job *j, struct error *err)
{
    int code = j->err.code;
    if (err)
        *err = j->err;
    return code;
}

/* The oldest job, done; 1, 0 when there is none, or its error. */
static int next_job(struct map_stream *m, struct job **ret, struct error *err)
{
    TRY(feed(m, err));
    struct job *j = pipeline_take(m->pipeline);
    if (!j)
        return 0;
    if (j->code < 0) {
        int code = job_failed(j, err);
        job_free(j);
        return code;
    }
    *ret = j;
    return 1;
}

/* A judged job is told: its rejects and totals go to the caller, its rows on. Frees the job. */
static int end_job(struct map_stream *m, struct job *j, struct batch **ret, struct error *err)
{
    int code = job_reject_conflicts(j) < 0 ? job_failed(j, err) : 0;
    if (code == 0 && rejects_append(m->rejects, j->rejects) < 0)
        code = error_memory(err);
    if (code == 0)
        code = job_take(j, ret, err);
    if (code == 0)
        totals_merge(m->totals, &j->totals);
    job_free(j);
    return code;
}

static int next_events(struct map_stream *m, struct batch **ret, struct error *err)
{
    struct job *j;
    int more;
    while ((more = next_job(m, &j, err)) > 0) {
        if (same_key_events(&m->seen, j) < 0) {
            int code = job_failed(j, err);
            job_free(j);
            return code;
        }
        TRY(end_job(m, j, ret, err));
        if (*ret)
            return 1;
    }
    return more;
}

static int keep_job(struct map_stream *m, struct job *j)
{
    if (m->n_jobs == m->jobs_cap) {
        int cap = m->jobs_cap ? m->jobs_cap * 2 : 64;
        struct job **grown = realloc(m->jobs, (size_t)cap * sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        m->jobs = grown;
        m->jobs_cap = cap;
    }
    m->jobs[m->n_jobs++] = j;
    return 0;
}

static int collect(struct map_stream *m, struct error *err)
{
    struct job *j;
    int more;
    while ((more = next_job(m, &j, err)) > 0)
        if (keep_job(m, j) < 0) {
            job_free(j);
            return error_memory(err);
        }
    TRY(more);
    m->settled = 1;
    return same_key_records(m->jobs, m->n_jobs, err);
}

static int next_records(struct map_stream *m, struct batch **ret, struct error *err)
{
    if (!m->settled)
        TRY(collect(m, err));
    while (m->at < m->n_jobs) {
        struct job *j = m->jobs[m->at];
        m->jobs[m->at++] = NULL;
        TRY(end_job(m, j, ret, err));
        if (*ret)
            return 1;
    }
    return 0;
}

static int map_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct map_stream *m = (struct map_stream *)s;
    struct batch *b = NULL;
    int more =
        m->plan->kind == CANONICAL_EVENT ? next_events(m, &b, err) : next_records(m, &b, err);
    if (more > 0)
        *ret = b;
    return more;
}

static void map_close(struct stream *s)
{
    struct map_stream *m = (struct map_stream *)s;
    while (m->pipeline && !pipeline_empty(m->pipeline))
        job_free(pipeline_take(m->pipeline));
    if (m->pipeline)
        pipeline_free(m->pipeline);
    for (int i = 0; i < m->n_jobs; i++)
        job_free(m->jobs[i]);
    free(m->jobs);
    seen_done(&m->seen);
    stream_close(m->from);
    plan_free(m->plan);
    schema_unref(s->schema);
    free(m);
}

/* Two jobs a thread: one being worked on, one waiting for its turn. */
static int pipeline_depth(struct pool *pool)
{
    return pool ? 2 * pool_threads(pool) : 1;
}

int map_open(struct stream *from, const struct map_options *options, struct stream **ret,
             struct error *err)
{
    static const struct stream_ops ops = {.next = map_next, .close = map_close};
    struct map_stream *m = calloc(1, sizeof *m);
    if (!m) {
        stream_close(from);
        return error_memory(err);
    }
    *m = (struct map_stream){.stream = {.ops = &ops, .schema = schema_ref(options->schema)},
                             .from = from,
                             .rejects = options->rejects,
                             .totals = options->totals};
    seen_init(&m->seen);
    int code = plan_new(options, from->schema, &m->plan, err);
    if (code == 0) {
        m->pipeline = pipeline_new(options->pool, pipeline_depth(options->pool), job_run);
        code = m->pipeline ? 0 : error_memory(err);
    }
    if (code < 0) {
        map_close(&m->stream);
        return code;
    }
    *ret = &m->stream;
    return 0;
}
