#include "connectors/rows.h"

#include <stdio.h>

/* Control records: a last line that says how many rows, or what sum, the file should have. */

/* Field n (from 1) of a control record; "" when it has none. */
static int trailer_field(struct row_job *job, size_t row, int n, struct slice *ret)
{
    *ret = slice_of("", 0);
    if (n < 1 || (uint32_t)n > csv_row_fields(&job->split, row))
        return 0;
    TRY(csv_field(&job->split, job->part->dialect.marks.quote, row, (uint32_t)n - 1, &job->scratch,
                  ret));
    *ret = slice_trim(*ret);
    return 0;
}

int row_trailer_note(struct row_job *job, size_t row, struct row_lines *lines)
{
    const struct layout *layout = &job->plan->options.layout;
    struct slice raw = row_raw(job, row);

    if (job->trailer.seen) {
        job->trailer.not_last = 1;
        job->trailer.line = row_line(job, lines, row);
        return 0;
    }
    job->trailer.seen = 1;
    job->trailer.line = row_line(job, lines, row);
    TRY(trailer_field(job, row, layout->trailer_count, &job->trailer.count));
    TRY(trailer_field(job, row, layout->trailer_sum, &job->trailer.sum));
    if (layout->trailer_width > 0 && layout->trailer_from > 0) {
        size_t from = (size_t)layout->trailer_from - 1, width = (size_t)layout->trailer_width;
        if (from > raw.len)
            from = raw.len;
        if (width > raw.len - from)
            width = raw.len - from;
        job->trailer.count = slice_trim(slice_of(raw.ptr + from, width));
    }
    return 0;
}

static char mark_of(const struct row_job *job)
{
    char mark = job->plan->options.layout.trailer_decimal;

    return mark ? mark : '.';
}

/* Bad rows count too, as far as their amount can be read. */
int row_trailer_add(struct row_job *job, size_t row)
{
    struct slice cell = {0};
    decimal128 v = 0;

    if (job->plan->kind == ROWS_FIXED)
        return 0;
    if ((uint32_t)job->part->sum_of < csv_row_fields(&job->split, row))
        TRY(csv_field(&job->split, job->part->dialect.marks.quote, row, (uint32_t)job->part->sum_of,
                      &job->scratch, &cell));
    cell = slice_trim(cell);
    if (cell.len && decimal_parse_marks(cell, TRAILER_SCALE, mark_of(job), 0, &v) &&
        decimal_add(job->sum, v, &job->sum))
        return 0;
    job->unread += cell.len > 0 || (uint32_t)job->part->sum_of >= csv_row_fields(&job->split, row);
    return 0;
}

static int check_count(const struct row_job *job, const struct row_totals *totals,
                       const char *place, struct error *err)
{
    const struct layout *layout = &job->plan->options.layout;
    struct slice text = job->trailer.count;
    decimal128 want = 0;

    if (!layout->trailer_count && !layout->trailer_width)
        return 0;
    if (!decimal_parse(text, 0, &want))
        return error_at(err, ERR_DATA, place, "the control record's count '%.*s' is not a number",
                        (int)(text.len < 100 ? text.len : 100), text.ptr);
    if (want != (decimal128)totals->rows)
        return error_at(err, ERR_DATA, place, "control total says %lld rows, file has %lld",
                        (long long)want, (long long)totals->rows);
    return 0;
}

static struct slice sum_text(decimal128 v, char out[DECIMAL_TEXT])
{
    size_t n = decimal_text(v, TRAILER_SCALE, out), least = n - TRAILER_SCALE + 2;

    while (n > least && out[n - 1] == '0')
        n--;
    return slice_of(out, n);
}

/* A file with amounts that cannot be read has rejects to show for it; its sum proves nothing. */
static int check_sum(const struct row_job *job, const struct row_totals *totals, const char *place,
                     struct error *err)
{
    struct slice text = job->trailer.sum, a, b;
    char says[DECIMAL_TEXT], has[DECIMAL_TEXT];
    decimal128 want = 0;

    if (job->part->sum_of < 0 || totals->unread)
        return 0;
    if (!decimal_parse_marks(text, TRAILER_SCALE, mark_of(job), 0, &want))
        return error_at(err, ERR_DATA, place, "the control record's sum '%.*s' is not a number",
                        (int)(text.len < 100 ? text.len : 100), text.ptr);
    if (want == totals->sum)
        return 0;
    a = sum_text(want, says);
    b = sum_text(totals->sum, has);
    return error_at(err, ERR_DATA, place, "control total says '%s' adds up to %.*s, it is %.*s",
                    job->plan->options.layout.trailer_of, (int)a.len, a.ptr, (int)b.len, b.ptr);
}

int row_trailer_take(const struct row_job *job, struct row_totals *totals, struct error *err)
{
    struct slice starts = job->plan->trailer_starts;
    char place[320];

    if (!starts.len)
        return 0;
    if ((totals->trailer_seen && (job->n_rows || job->trailer.seen)) || job->trailer.not_last)
        return error_at(err, ERR_DATA, job->part->place,
                        "there are rows after the control record '%.*s'", (int)starts.len,
                        starts.ptr);
    totals->rows += job->n_rows;
    totals->unread += job->unread;
    if (!decimal_add(totals->sum, job->sum, &totals->sum))
        totals->unread++;
    if (job->trailer.seen) {
        totals->trailer_seen = 1;
        snprintf(place, sizeof(place), "%s:%lld", job->part->place, (long long)job->trailer.line);
        TRY(check_count(job, totals, place, err));
        TRY(check_sum(job, totals, place, err));
    }
    if (job->last && !totals->trailer_seen)
        return error_at(err, ERR_DATA, job->part->place,
                        "the file ends without its control record '%.*s…' (cut off?)",
                        (int)starts.len, starts.ptr);
    return 0;
}
