#include "connectors/rows.h"

#include <stdlib.h>

struct slice row_raw(const struct row_job *job, size_t row)
{
    uint32_t from = job->split.starts[row], to = job->split.starts[row + 1];
    struct slice raw = slice_of(job->text.ptr + from, to - from);

    if (raw.len && raw.ptr[raw.len - 1] == job->part->dialect.marks.newline)
        raw.len--;
    if (raw.len && raw.ptr[raw.len - 1] == '\r')
        raw.len--;
    return raw;
}

int64_t row_line(const struct row_job *job, struct row_lines *lines, size_t row)
{
    const char newline = (char)job->part->dialect.marks.newline;
    const char *at = job->text.ptr + lines->at, *to = job->text.ptr + job->split.starts[row];

    while (at < to && (at = memchr(at, newline, (size_t)(to - at)))) {
        lines->line++;
        at++;
    }
    lines->at = job->split.starts[row];
    return job->line + lines->line;
}

int row_job_add_bad(struct row_job *job, struct bad_row bad)
{
    if (job->n_bad == job->cap_bad) {
        size_t cap = job->cap_bad ? 2 * job->cap_bad : 64;
        struct bad_row *more = realloc(job->bad, cap * sizeof(*more));
        if (!more)
            return ERR_MEMORY;
        job->bad = more;
        job->cap_bad = cap;
    }
    job->bad[job->n_bad++] = bad;
    return 0;
}

static int is_empty(const struct row_job *job, size_t row)
{
    const struct csv_split *s = &job->split;

    return csv_row_fields(s, row) == 1 && s->ends[csv_row_first(s, row)] == s->starts_in[row];
}

/* Fixed width: bytes, or characters of a recoded text. */
static size_t row_width(const struct row_job *job, size_t row)
{
    struct slice raw = row_raw(job, row);
    size_t n = raw.len;

    if (job->part->encoding)
        for (size_t i = 0; i < raw.len; i++)
            n -= ((unsigned char)raw.ptr[i] & 0xc0) == 0x80;
    return n;
}

static const char *wrong_shape(const struct row_job *job, size_t row)
{
    const struct csv_split *s = &job->split;
    uint32_t want = (uint32_t)job->part->n_fields, n = csv_row_fields(s, row);

    if (job->plan->kind == ROWS_FIXED)
        return row_width(job, row) < job->plan->width ? "short-row" : NULL;
    if (n == want)
        return NULL;
    if (n < want)
        return "short-row";
    /* One empty field too many is a trailing delimiter. */
    if (n == want + 1 && !csv_raw_field(s, row, want).len)
        return NULL;
    return "long-row";
}

struct checks { /* of the whole chunk, so that rows need none when all is well */
    int utf8, nul;
};

static const char *wrong_bytes(const struct row_job *job, const struct checks *checks, size_t row)
{
    struct slice raw;

    if (!checks->utf8 && !checks->nul)
        return NULL;
    raw = row_raw(job, row);
    if (checks->utf8 && slice_utf8_valid(raw) != raw.len)
        return "invalid-utf8";
    if (checks->nul && memchr(raw.ptr, 0, raw.len))
        return "nul-byte";
    return NULL;
}

static int add_good(struct row_job *job, size_t row)
{
    if (job->n_good == job->cap_good) {
        size_t cap = job->split.n_rows;
        uint32_t *more = realloc(job->good, cap * sizeof(*more));
        if (!more)
            return ERR_MEMORY;
        job->good = more;
        job->cap_good = cap;
    }
    job->good[job->n_good++] = (uint32_t)row;
    return 0;
}

static int take_row(struct row_job *job, const struct checks *checks, size_t row)
{
    const char *wrong = wrong_bytes(job, checks, row);

    if (!wrong)
        wrong = wrong_shape(job, row);
    job->n_rows++;
    if (wrong)
        TRY(row_job_add_bad(
            job, (struct bad_row){(uint32_t)row, -1, wrong, csv_row_fields(&job->split, row)}));
    else
        TRY(add_good(job, row));
    return job->part->sum_of >= 0 ? row_trailer_add(job, row) : 0;
}

static int starts_with(const struct row_job *job, size_t row, struct slice starts)
{
    struct slice raw;

    if (!starts.len)
        return 0;
    raw = row_raw(job, row);
    if (slice_starts(raw, starts))
        return 1;
    return raw.len && job->part->dialect.marks.quote &&
           (unsigned char)raw.ptr[0] == job->part->dialect.marks.quote &&
           slice_starts(slice_of(raw.ptr + 1, raw.len - 1), starts);
}

static int sort_rows(struct row_job *job)
{
    const struct row_plan *plan = job->plan;
    struct checks checks = {slice_utf8_valid(job->text) != job->text.len,
                            job->text.len && memchr(job->text.ptr, 0, job->text.len) != NULL};
    struct row_lines lines = {0};

    for (size_t row = 0; row < job->split.n_rows; row++) {
        if (is_empty(job, row) || starts_with(job, row, plan->header_starts))
            continue;
        if (job->trailer.seen || starts_with(job, row, plan->trailer_starts)) {
            TRY(row_trailer_note(job, row, &lines));
            if (job->trailer.not_last)
                return 0;
            continue;
        }
        TRY(take_row(job, &checks, row));
    }
    return 0;
}

static void forget(struct row_job *job)
{
    arena_reset(&job->scratch);
    job->n_good = job->n_bad = 0;
    job->n_rows = job->unread = 0;
    job->sum = 0;
    job->trailer = (struct row_trailer){0};
    job->n_batches = job->taken = 0;
    job->err = (struct error){0};
}

static int parse(struct row_job *job, struct error *err)
{
    const struct csv_marks *marks = &job->part->dialect.marks;
    int code = job->regular ? csv_split_fast(&job->split, marks, job->text)
                            : csv_split_slow(&job->split, marks, job->text);

    if (code >= 0)
        code = sort_rows(job);
    if (code < 0)
        return error_memory(err);
    TRY(row_job_build(job, err));
    return row_job_reject(job, err);
}

void row_job_run(void *arg)
{
    struct row_job *job = arg;

    forget(job);
    job->code = parse(job, &job->err);
}

void row_job_done(struct row_job *job)
{
    for (int i = job->taken; i < job->n_batches; i++)
        batch_free(job->batches[i]);
    free(job->batches);
    rejects_free(job->rejects);
    csv_split_done(&job->split);
    arena_done(&job->scratch);
    free(job->good);
    free(job->bad);
    free(job->cells);
    free(job->buf);
}
