#include "connectors/rows.h"

#include <stdio.h>
#include <stdlib.h>

enum { RUN = 1024 }; /* rows whose cells are looked up at a time */

/* `from` (from 1) and `width` in characters; the text is UTF-8 by now. */
static struct slice characters(struct slice line, int from, int width)
{
    size_t at = 0, end;

    for (int i = 1; i < from && at < line.len; i++)
        for (at++; at < line.len && ((unsigned char)line.ptr[at] & 0xc0) == 0x80;)
            at++;
    end = at;
    for (int i = 0; i < width && end < line.len; i++)
        for (end++; end < line.len && ((unsigned char)line.ptr[end] & 0xc0) == 0x80;)
            end++;
    return slice_of(line.ptr + at, end - at);
}

static struct slice fixed_cell(const struct row_job *job, const struct layout_column *column,
                               size_t row)
{
    struct slice line = row_raw(job, row), cell;

    if (job->part->encoding)
        cell = characters(line, column->from, column->width);
    else
        cell = slice_of(line.ptr + column->from - 1, (size_t)column->width);
    while (cell.len && cell.ptr[cell.len - 1] == ' ')
        cell.len--;
    return cell.len ? cell : slice_of(NULL, 0);
}

int row_cells(struct row_job *job, int c, const uint32_t *rows, size_t n)
{
    const struct layout_column *columns = job->plan->options.layout.columns;
    int field = job->part->map[c];

    if (job->plan->kind != ROWS_FIXED)
        return csv_column(&job->split, job->part->dialect.marks.quote, rows, n, (uint32_t)field,
                          &job->scratch, job->cells);
    for (size_t i = 0; i < n; i++)
        job->cells[i] = fixed_cell(job, &columns[field], rows[i]);
    return 0;
}

/* Values of a type; one that is not of it is a null for now, and its row noted. */
static int typed_cells(struct row_job *job, struct builder *b, int c, const uint32_t *rows,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct slice cell = job->cells[i].ptr ? slice_trim(job->cells[i]) : job->cells[i];
        int code = cell.len ? builder_text(b, cell) : builder_null(b);
        if (cell.len && code == 0) {
            TRY(row_job_add_bad(job, (struct bad_row){rows[i], c, "bad-value", 0}));
            code = builder_null(b);
        }
        TRY(code);
    }
    return 0;
}

static int build_column(struct row_job *job, struct builder *b, int c, const uint32_t *rows,
                        size_t n)
{
    enum type_id type = b->field->type;

    for (size_t at = 0; at < n; at += RUN) {
        size_t run = n - at < RUN ? n - at : RUN;
        TRY(row_cells(job, c, rows + at, run));
        TRY(type == TYPE_UTF8 || type == TYPE_BINARY ? builder_slices(b, job->cells, run)
                                                     : typed_cells(job, b, c, rows + at, run));
    }
    return 0;
}

/* __file, __member, __line, __offset, __raw. */
static int build_place(struct row_job *job, struct builder *b, const uint32_t *rows, size_t n,
                       struct row_lines *lines)
{
    struct slice file = slice_str(job->part->path), member = slice_str(job->part->member);

    for (size_t i = 0; i < n; i++) {
        TRY(builder_slice(&b[0], file));
        TRY(builder_slice(&b[1], member));
        TRY(builder_i64(&b[2], row_line(job, lines, rows[i])));
        TRY(job->offset < 0 ? builder_null(&b[3])
                            : builder_i64(&b[3], job->offset + job->split.starts[rows[i]]));
        TRY(builder_slice(&b[4], row_raw(job, rows[i])));
    }
    return 0;
}

static int add_batch(struct row_job *job, struct batch *b, struct error *err)
{
    struct batch **more =
        realloc(job->batches, (size_t)(job->n_batches + 1) * sizeof(struct batch *));

    if (!more) {
        batch_free(b);
        return error_memory(err);
    }
    job->batches = more;
    job->batches[job->n_batches++] = b;
    return 0;
}

static int by_row(const void *a, const void *b)
{
    const struct bad_row *x = a, *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* Takes the rows that have bad values out again. The bad ones from `first_bad` on are theirs. */
static int drop_bad(struct row_job *job, struct batch **b, const uint32_t *rows, size_t n,
                    size_t first_bad, struct error *err)
{
    struct bad_row *bad;
    size_t n_bad = job->n_bad - first_bad, kept = 0, at = 0;
    int32_t *keep;
    struct batch *rest = NULL;
    int code;

    if (!n_bad)
        return 0;
    bad = job->bad + first_bad;
    qsort(bad, n_bad, sizeof(*bad), by_row);
    keep = malloc((n + 1) * sizeof(*keep));
    if (!keep)
        return error_memory(err);
    for (size_t i = 0; i < n; i++) {
        while (at < n_bad && bad[at].row < rows[i])
            at++;
        if (at == n_bad || bad[at].row != rows[i])
            keep[kept++] = (int32_t)i;
    }
    code = batch_take(*b, keep, (int64_t)kept, &rest, err);
    free(keep);
    if (code < 0)
        return code;
    batch_free(*b);
    *b = rest;
    return 0;
}

static int build_rows(struct row_job *job, struct batch_builder *bb, const uint32_t *rows, size_t n,
                      struct row_lines *lines, struct error *err)
{
    const struct row_plan *plan = job->plan;
    size_t first_bad = job->n_bad;
    struct batch *b = NULL;
    int code = 0;

    for (int c = 0; code >= 0 && c < plan->n_data; c++)
        code = build_column(job, &bb->columns[c], c, rows, n);
    if (code >= 0 && plan->schema->n_fields > plan->n_data)
        code = build_place(job, &bb->columns[plan->n_data], rows, n, lines);
    if (code < 0)
        return error_memory(err);
    TRY(batch_builder_finish(bb, &b, err));
    b->n_rows = (int64_t)n; /* no columns may have been asked for */
    code = drop_bad(job, &b, rows, n, first_bad, err);
    if (code < 0 || b->n_rows == 0) {
        batch_free(b);
        return code;
    }
    return add_batch(job, b, err);
}

int row_job_build(struct row_job *job, struct error *err)
{
    struct batch_builder bb;
    struct row_lines lines = {0};
    int code;

    if (!job->cells)
        job->cells = malloc(RUN * sizeof(*job->cells));
    if (!job->cells)
        return error_memory(err);
    code = batch_builder_init(&bb, job->plan->schema, err);
    for (size_t at = 0; code >= 0 && at < job->n_good; at += BATCH_ROWS) {
        size_t n = job->n_good - at < BATCH_ROWS ? job->n_good - at : BATCH_ROWS;
        code = build_rows(job, &bb, job->good + at, n, &lines, err);
    }
    batch_builder_done(&bb);
    return code;
}

static void say_shape(const struct row_job *job, const struct bad_row *bad, char *text, size_t cap)
{
    if (job->plan->kind == ROWS_FIXED)
        snprintf(text, cap, "the row is %zu characters long, its columns end at %zu",
                 row_raw(job, bad->row).len, job->plan->width);
    else
        snprintf(text, cap, "the row has %u field%s, the header %d", (unsigned)bad->fields,
                 bad->fields == 1 ? "" : "s", job->part->n_fields);
}

static void say(struct row_job *job, const struct bad_row *bad, char *text, size_t cap)
{
    struct arena arena;
    const struct field *field;

    if (strcmp(bad->code, "invalid-utf8") == 0) {
        snprintf(text, cap, "the row has bytes that are not %s",
                 job->part->encoding ? job->part->encoding : "UTF-8");
    } else if (strcmp(bad->code, "nul-byte") == 0) {
        snprintf(text, cap, "the row has a zero byte");
    } else if (bad->column < 0) {
        say_shape(job, bad, text, cap);
    } else if (row_cells(job, bad->column, &bad->row, 1) < 0) {
        snprintf(text, cap, "bad value");
    } else {
        arena_init(&arena, 0);
        field = &job->plan->schema->fields[bad->column];
        snprintf(text, cap, "'%.*s' is not a value of type %s",
                 (int)(job->cells[0].len < 200 ? job->cells[0].len : 200), job->cells[0].ptr,
                 type_name(field, &arena));
        arena_done(&arena);
    }
}

static int reject_row(struct row_job *job, const struct bad_row *bad, int64_t line)
{
    char text[400];
    struct reject r = {.source = job->plan->options.source,
                       .file = slice_str(job->part->path),
                       .member = slice_str(job->part->member),
                       .line = line,
                       .offset = job->offset < 0 ? -1 : job->offset + job->split.starts[bad->row],
                       .code = bad->code,
                       .raw = row_raw(job, bad->row)};

    say(job, bad, text, sizeof(text));
    r.text = slice_str(text);
    if (bad->column >= 0)
        r.column = job->plan->schema->fields[bad->column].name;
    return reject_add(job->rejects, &r);
}

static int first_bad_is_error(struct row_job *job, struct error *err)
{
    char text[400], place[320];
    struct row_lines lines = {0};
    const struct bad_row *bad = &job->bad[0];

    say(job, bad, text, sizeof(text));
    snprintf(place, sizeof(place), "%s:%lld", job->part->place,
             (long long)row_line(job, &lines, bad->row));
    if (bad->column >= 0)
        return error_at(err, ERR_DATA, place, "column '%s': %s",
                        job->plan->schema->fields[bad->column].name.ptr, text);
    return error_at(err, ERR_DATA, place, "%s", text);
}

int row_job_reject(struct row_job *job, struct error *err)
{
    struct row_lines lines = {0};

    if (!job->n_bad)
        return 0;
    qsort(job->bad, job->n_bad, sizeof(*job->bad), by_row);
    if (!job->plan->options.rejects)
        return first_bad_is_error(job, err);
    if (!job->rejects)
        job->rejects = rejects_new();
    for (size_t i = 0; i < job->n_bad; i++) {
        if (i && job->bad[i].row == job->bad[i - 1].row)
            continue; /* a row is rejected once, for its first bad column */
        int64_t line = row_line(job, &lines, job->bad[i].row);
        if (!job->rejects || reject_row(job, &job->bad[i], line) < 0)
            return error_memory(err);
    }
    return 0;
}
