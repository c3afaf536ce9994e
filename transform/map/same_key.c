#include "transform/map/same_key.h"

#include <stdlib.h>

static struct slice key_of(const struct job *j, int64_t row)
{
    return column_slice(&j->out->columns[j->plan->key], row);
}

int same_key_events(struct seen *seen, struct job *j)
{
    for (int64_t row = 0; row < j->out->n_rows; row++) {
        uint64_t content;
        int fresh = seen_add(seen, key_of(j, row), j->content[row], &content);
        if (fresh < 0)
            return error_memory(&j->err);
        if (!fresh)
            TRY(job_judge(j, row,
                          content == j->content[row] ? VERDICT_DUPLICATE : VERDICT_CONFLICT));
    }
    return 0;
}

/* A row by its number over all jobs, and the first row that has its key. */
struct repeat {
    uint64_t first, row;
};

struct records {
    struct job *const *jobs;
    int n_jobs;
    int64_t *starts; /* number of each job's first row */
    struct seen seen;
    struct repeat *repeats; /* rows whose key was there before */
    size_t n, cap;
};

struct ref {
    struct job *job;
    int64_t row;
};

static struct ref ref_of(const struct records *r, uint64_t number)
{
    int low = 0, high = r->n_jobs;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (r->starts[middle] <= (int64_t)number)
            low = middle;
        else
            high = middle;
    }
    return (struct ref){r->jobs[low], (int64_t)number - r->starts[low]};
}

static int add_repeat(struct records *r, uint64_t first, uint64_t row)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 256;
        struct repeat *grown = realloc(r->repeats, cap * sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        r->repeats = grown;
        r->cap = cap;
    }
    r->repeats[r->n++] = (struct repeat){first, row};
    return 0;
}

static int find_repeats(struct records *r)
{
    uint64_t number = 0, first;
    for (int i = 0; i < r->n_jobs; i++) {
        r->starts[i] = (int64_t)number;
        for (int64_t row = 0; row < r->jobs[i]->out->n_rows; row++, number++) {
            int fresh = seen_add(&r->seen, key_of(r->jobs[i], row), number, &first);
            TRY(fresh);
            if (!fresh)
                TRY(add_repeat(r, first, number));
        }
    }
    return 0;
}

static int by_first(const void *a, const void *b)
{
    const struct repeat *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int64_t time_of(struct ref r)
{
    const struct column *c = &r.job->out->columns[r.job->plan->time];
    return column_null(c, r.row) ? INT64_MIN : column_i64(c, r.row);
}

static uint64_t content_of(struct ref r)
{
    return r.job->content[r.row];
}

/* repeats[0 … n - 1] are of one key; its rows are their `first` and they. */
static struct ref row_of(const struct records *r, const struct repeat *repeats, size_t i)
{
    return ref_of(r, i == 0 ? repeats[0].first : repeats[i - 1].row);
}

/* The first row with the latest time, and whether others of that time differ from it. */
static struct ref latest(const struct records *r, const struct repeat *repeats, size_t n,
                         int *ret_conflict)
{
    struct ref best = row_of(r, repeats, 0);
    *ret_conflict = 0;
    for (size_t i = 1; i <= n; i++) {
        struct ref one = row_of(r, repeats, i);
        if (time_of(one) > time_of(best)) {
            best = one;
            *ret_conflict = 0;
        } else if (time_of(one) == time_of(best)) {
            *ret_conflict |= content_of(one) != content_of(best);
        }
    }
    return best;
}

static int judge_key(const struct records *r, const struct repeat *repeats, size_t n)
{
    int conflict;
    struct ref best = latest(r, repeats, n, &conflict);
    for (size_t i = 0; i <= n; i++) {
        struct ref one = row_of(r, repeats, i);
        int last = time_of(one) == time_of(best);
        if (one.job == best.job && one.row == best.row && !conflict)
            continue;
        if (job_judge(one.job, one.row, conflict && last ? VERDICT_CONFLICT : VERDICT_DUPLICATE) <
            0)
            return one.job->err.code;
    }
    return 0;
}

static int judge_keys(struct records *r)
{
    if (r->n)
        qsort(r->repeats, r->n, sizeof *r->repeats, by_first);
    for (size_t i = 0, end; i < r->n; i = end) {
        for (end = i; end < r->n && r->repeats[end].first == r->repeats[i].first; end++)
            ;
        TRY(judge_key(r, r->repeats + i, end - i));
    }
    return 0;
}

int same_key_records(struct job *const *jobs, int n, struct error *err)
{
    struct records r = {.jobs = jobs, .n_jobs = n};
    seen_init(&r.seen);
    r.starts = calloc((size_t)n + 1, sizeof *r.starts);
    int code = r.starts ? find_repeats(&r) : ERR_MEMORY;
    if (code == 0)
        code = judge_keys(&r);
    seen_done(&r.seen);
    free(r.starts);
    free(r.repeats);
    if (code == ERR_MEMORY)
        return error_memory(err);
    return code < 0 ? error_set(err, code, "amounts cannot be added up") : 0;
}
