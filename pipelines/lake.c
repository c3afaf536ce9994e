#include "pipelines/lake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/builder.h"
#include "core/file.h"
#include "schemas/expression.h"

char *lake_path(const struct project *p, const char *table)
{
    return file_join(p->lake, table);
}

int lake_write(const struct project *p, const char *table, struct stream *rows,
               const struct lake_commit *by, struct table_commit *ret, struct error *err)
{
    struct table_write_options options = {.rules = table_rules_for(p, slice_str(table)),
                                          .pool = by->pool,
                                          .app = slice_str(by->key),
                                          .app_version = by->run,
                                          .memory = by->memory};
    struct sink *to = NULL;
    char *path = lake_path(p, table);
    int code = path ? 0 : error_memory(err);
    if (code == 0)
        code = table_write(path, rows->schema, &options, ret, &to, err);
    if (code == 0)
        code = stream_pump(rows, to, NULL, err);
    sink_close(to);
    stream_close(rows);
    free(path);
    return code;
}

static int read_table(const struct project *p, const char *table, int64_t version,
                      const struct read_options *options, struct stream **ret, struct error *err)
{
    char *path = lake_path(p, table);
    *ret = NULL;
    int code = path ? 0 : error_memory(err);
    if (code == 0 && table_exists(path))
        code = table_read(path, version, options, ret, err);
    free(path);
    return code;
}

int lake_read(const struct project *p, const char *table, int64_t version, struct stream **ret,
              struct error *err)
{
    const struct read_options all = {.layout = LAYOUT_DETECT};
    return read_table(p, table, version, &all, ret, err);
}

int lake_read_where(const struct project *p, const char *table, int64_t version,
                    struct expression *where, struct arena *a, struct stream **ret,
                    struct error *err)
{
    const struct read_options some = {.layout = LAYOUT_DETECT, .where = where};
    TRY(read_table(p, table, version, &some, ret, err));
    int code = *ret ? expression_bind(where, (*ret)->schema, a, err) : 0;
    if (code < 0) {
        stream_close(*ret);
        *ret = NULL;
    }
    return code;
}

int lake_lock(const struct project *p, int *ret_fd, struct error *err)
{
    TRY(file_mkdirs(p->lake, FILE_SHARED, err));
    char *path = file_join(p->lake, ".sluice-lock");
    if (!path)
        return error_memory(err);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int code = 0;
    if (fd < 0)
        code = error_errno(err, ERR_CREATE, "cannot create '%s'", path);
    else if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        code = errno == EWOULDBLOCK
                   ? error_set(err, ERR_BUSY, "another run has the lake '%s': try again later",
                               p->lake)
                   : error_errno(err, ERR_IO, "cannot lock '%s'", path);
    free(path);
    if (code < 0 && fd >= 0)
        close(fd);
    if (code == 0)
        *ret_fd = fd;
    return code;
}

enum run_column {
    RUN_NUMBER,
    RUN_KEY,
    RUN_AS_OF,
    RUN_STARTED,
    RUN_FINISHED,
    RUN_MODEL,
    RUN_RECORDS,
    RUN_REJECTS,
    RUN_CUSTOMERS,
    RUN_EVENTS,
    RUN_ORPHANS,
    RUN_TOTALS,
    RUN_TABLES,
    RUN_COLUMNS
};

static const struct field run_fields[RUN_COLUMNS] = {
    [RUN_NUMBER] = {.name = SLICE_INIT("run"), .type = TYPE_INT64},
    [RUN_KEY] = {.name = SLICE_INIT("key"), .type = TYPE_UTF8},
    [RUN_AS_OF] = {.name = SLICE_INIT("as_of"), .type = TYPE_TIMESTAMP},
    [RUN_STARTED] = {.name = SLICE_INIT("started"), .type = TYPE_TIMESTAMP},
    [RUN_FINISHED] = {.name = SLICE_INIT("finished"), .type = TYPE_TIMESTAMP},
    [RUN_MODEL] = {.name = SLICE_INIT("model"), .type = TYPE_UTF8},
    [RUN_RECORDS] = {.name = SLICE_INIT("records"), .type = TYPE_INT64},
    [RUN_REJECTS] = {.name = SLICE_INIT("rejects"), .type = TYPE_INT64},
    [RUN_CUSTOMERS] = {.name = SLICE_INIT("customers"), .type = TYPE_INT64},
    [RUN_EVENTS] = {.name = SLICE_INIT("events"), .type = TYPE_INT64},
    [RUN_ORPHANS] = {.name = SLICE_INIT("orphan_events"), .type = TYPE_INT64},
    [RUN_TOTALS] = {.name = SLICE_INIT("totals"), .type = TYPE_UTF8},
    [RUN_TABLES] = {.name = SLICE_INIT("tables"), .type = TYPE_UTF8},
};

/* Where a row's member of each column is, by its type. */
static int64_t *number_of(struct run_row *r, enum run_column c)
{
    switch (c) {
    case RUN_NUMBER:
        return &r->run;
    case RUN_AS_OF:
        return &r->as_of;
    case RUN_STARTED:
        return &r->started;
    case RUN_FINISHED:
        return &r->finished;
    case RUN_RECORDS:
        return &r->records;
    case RUN_REJECTS:
        return &r->rejects;
    case RUN_CUSTOMERS:
        return &r->customers;
    case RUN_EVENTS:
        return &r->events;
    default:
        return &r->orphans;
    }
}

static struct slice *text_of(struct run_row *r, enum run_column c)
{
    return c == RUN_KEY      ? &r->key
           : c == RUN_MODEL  ? &r->model
           : c == RUN_TOTALS ? &r->totals
                             : &r->tables;
}

static int read_row(const struct batch *b, int64_t row, struct arena *a, struct run_row *ret)
{
    *ret = (struct run_row){.as_of = INT64_MIN};
    for (int c = 0; c < RUN_COLUMNS; c++) {
        int at = schema_find(b->schema, run_fields[c].name);
        if (at < 0 || column_null(&b->columns[at], row))
            continue;
        if (run_fields[c].type == TYPE_UTF8) {
            struct slice *text = text_of(ret, (enum run_column)c);
            *text = arena_copy(a, column_slice(&b->columns[at], row));
            if (!text->ptr)
                return ERR_MEMORY;
        } else {
            *number_of(ret, (enum run_column)c) = column_i64(&b->columns[at], row);
        }
    }
    return 0;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = ((const struct run_row *)a)->run, y = ((const struct run_row *)b)->run;
    return x < y ? -1 : x > y;
}

static int read_rows(struct batch **batches, int n, struct arena *a, struct run_row **ret,
                     int *ret_n)
{
    int64_t rows = 0;
    for (int i = 0; i < n; i++)
        rows += batches[i]->n_rows;
    struct run_row *list = ARENA_ARRAY(a, struct run_row, (size_t)rows + 1);
    if (!list)
        return ERR_MEMORY;
    *ret_n = 0;
    for (int i = 0; i < n; i++)
        for (int64_t row = 0; row < batches[i]->n_rows; row++)
            TRY(read_row(batches[i], row, a, &list[(*ret_n)++]));
    qsort(list, (size_t)*ret_n, sizeof *list, by_number);
    *ret = list;
    return 0;
}

int run_rows(const struct project *p, struct arena *a, struct run_row **ret, int *ret_n,
             struct error *err)
{
    struct stream *rows;
    struct batch **batches;
    int n;
    *ret = NULL;
    *ret_n = 0;
    TRY(lake_read(p, "run", -1, &rows, err));
    if (!rows)
        return 0;
    int code = stream_collect(rows, &batches, &n, err);
    stream_close(rows);
    TRY(code);
    code = read_rows(batches, n, a, ret, ret_n);
    batches_free(batches, n);
    return code < 0 ? error_memory(err) : 0;
}

int run_last(const struct project *p, struct arena *a, struct run_row *ret, struct error *err)
{
    struct run_row *rows;
    int n;
    TRY(run_rows(p, a, &rows, &n, err));
    *ret = n ? rows[n - 1] : (struct run_row){.as_of = INT64_MIN};
    return 0;
}

static int build_row(struct batch_builder *bb, const struct run_row *row)
{
    struct run_row copy = *row;
    for (int c = 0; c < RUN_COLUMNS; c++) {
        if (run_fields[c].type == TYPE_UTF8)
            TRY(builder_slice(&bb->columns[c], *text_of(&copy, (enum run_column)c)));
        else if (c == RUN_AS_OF && row->as_of == INT64_MIN)
            TRY(builder_null(&bb->columns[c]));
        else
            TRY(builder_i64(&bb->columns[c], *number_of(&copy, (enum run_column)c)));
    }
    return 0;
}

int run_append(const struct project *p, const struct run_row *row, const struct lake_commit *by,
               struct error *err)
{
    struct batch_builder bb = {0};
    struct batch *b;
    struct stream *rows;
    struct schema *schema = schema_new(run_fields, RUN_COLUMNS);
    if (!schema)
        return error_memory(err);
    int code = batch_builder_init(&bb, schema, err);
    if (code == 0 && build_row(&bb, row) < 0)
        code = error_memory(err);
    if (code == 0)
        code = batch_builder_finish(&bb, &b, err);
    if (code == 0)
        code = stream_of_batches(schema, &b, 1, &rows, err);
    batch_builder_done(&bb);
    schema_unref(schema);
    return code < 0 ? code : lake_write(p, "run", rows, by, NULL, err);
}
