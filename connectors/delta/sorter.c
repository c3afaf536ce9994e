#include "connectors/delta/sorter.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/arrow/arrow.h"
#include "connectors/delta/sorter_run.h"
#include "core/builder.h"
#include "core/file.h"

/* Spilled batches are small: one of each run is in memory while they are merged. */
enum { SPILL_ROWS = 4096, OUT_BYTES = 64 << 20, AHEAD = 16 };

struct sorter {
    struct schema *schema;
    struct sorter_options options;
    int *columns;
    struct run_order by;
    struct run_memory held; /* the rows in memory */
    char **spills;
    int *held_open; /* descriptors of the spills that are unlinked, else -1 */
    int n_spills;
    int64_t n_rows, spilled; /* spilled: files ever named */
};

/* Rows by where they are: gathered into the builders before their batch goes. */
struct row_ref {
    const struct batch *batch;
    int32_t row;
};

struct sorted_stream {
    struct stream stream;
    struct sorter *sorter;
    struct run_cursor *cursors; /* the spills, then what is held */
    int n_cursors;
    int64_t most; /* rows of a batch */
    struct batch_builder builder;
    struct row_ref *refs;
    int n_refs;
    int64_t gathered;
    struct buffer cut; /* bytes of the first n_cut columns of the current batch */
    int code;          /* of a gather, from any thread */
};

/* Rows come from all over memory: what is needed soon is asked for ahead, first where a value is,
 * then the value. */
static void prefetch(const struct sorted_stream *s, size_t column, int i)
{
    const struct row_ref *near = &s->refs[i + AHEAD], *far = &s->refs[i + 2 * AHEAD];
    if (s->stream.schema->fields[column].n_children)
        return;
    if (i + AHEAD < s->n_refs) {
        const struct column *c = &near->batch->columns[column];
        size_t width = type_width(s->stream.schema->fields[column].type);
        const char *values = c->values;
        __builtin_prefetch(
            values + (c->offsets ? (size_t)c->offsets[near->row] : width * (size_t)near->row));
    }
    if (i + 2 * AHEAD < s->n_refs && far->batch->columns[column].offsets)
        __builtin_prefetch(&far->batch->columns[column].offsets[far->row]);
}

static void gather_column(void *arg, size_t column)
{
    struct sorted_stream *s = arg;
    struct builder *b = &s->builder.columns[column];
    for (int i = 0; i < s->n_refs; i++) {
        prefetch(s, column, i);
        if (builder_copy(b, &s->refs[i].batch->columns[column], s->refs[i].row) < 0) {
            __atomic_store_n(&s->code, ERR_MEMORY, __ATOMIC_RELAXED);
            return;
        }
    }
}

static int gather(struct sorted_stream *s, struct error *err)
{
    pool_for(s->sorter->options.pool, (size_t)s->stream.schema->n_fields, gather_column, s);
    s->gathered += s->n_refs;
    s->n_refs = 0;
    return s->code < 0 ? error_memory(err) : 0;
}

/* The cursor whose row comes next; ties go to the earlier run, whose rows came first. */
static struct run_cursor *least(struct sorted_stream *s)
{
    struct run_cursor *best = NULL;
    for (int i = 0; i < s->n_cursors; i++) {
        struct run_cursor *c = &s->cursors[i];
        if (c->batch && (!best || run_compare(c, best) < 0))
            best = c;
    }
    return best;
}

/* 1: the row begins a batch of its own, as its first n_cut columns differ. Negative: no memory. */
static int is_cut(struct sorted_stream *s, const struct run_cursor *c)
{
    if (slice_equal(buffer_view(&s->cut), c->cut))
        return 0;
    buffer_reset(&s->cut);
    return buffer_slice(&s->cut, c->cut) < 0 ? ERR_MEMORY : 1;
}

static int finish(struct sorted_stream *s, struct batch **ret, struct error *err)
{
    TRY(gather(s, err));
    if (s->gathered == 0)
        return 0;
    TRY(batch_builder_finish(&s->builder, ret, err));
    s->gathered = 0;
    return 1;
}

/* Past its batch's last row a cursor's batch is freed, so the rows wanted of it are copied. */
static int step(struct sorted_stream *s, struct run_cursor *c, struct error *err)
{
    s->refs[s->n_refs++] = (struct row_ref){.batch = c->batch, .row = c->row};
    if (run_ends_batch(c))
        TRY(gather(s, err));
    return run_step(c, err);
}

static int sorted_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct sorted_stream *s = (struct sorted_stream *)stream;
    for (;;) {
        struct run_cursor *c = least(s);
        if (!c)
            return finish(s, ret, err);
        int64_t n = s->gathered + s->n_refs;
        int cut = is_cut(s, c);
        if (cut < 0)
            return error_memory(err);
        if (n && (cut || n == s->most || batch_builder_bytes(&s->builder) > OUT_BYTES))
            return finish(s, ret, err);
        TRY(step(s, c, err));
        if (s->n_refs == SPILL_ROWS)
            TRY(gather(s, err));
    }
}

static void sorted_close(struct stream *stream)
{
    struct sorted_stream *s = (struct sorted_stream *)stream;
    for (int i = 0; i < s->n_cursors; i++)
        run_cursor_done(&s->cursors[i]);
    free(s->cursors);
    free(s->refs);
    if (s->builder.schema)
        batch_builder_done(&s->builder);
    buffer_done(&s->cut);
    schema_unref(stream->schema);
    free(s);
}

static int open_cursors(struct sorted_stream *s, int n_spills, struct error *err)
{
    struct sorter *from = s->sorter;
    s->cursors = calloc((size_t)n_spills + 1, sizeof *s->cursors);
    s->refs = calloc(SPILL_ROWS + 2 * AHEAD, sizeof *s->refs);
    if (!s->cursors || !s->refs)
        return error_memory(err);
    TRY(batch_builder_init(&s->builder, from->schema, err));
    for (int i = 0; i < n_spills; i++)
        TRY(run_cursor_file(&s->cursors[s->n_cursors++], from->spills[i], &from->by, err));
    return run_cursor_memory(&s->cursors[s->n_cursors++], &from->held, err);
}

/* Of the first n_spills files and what is held, in batches of `most` rows. */
static int open_sorted(struct sorter *from, int n_spills, int64_t most, struct stream **ret,
                       struct error *err)
{
    static const struct stream_ops ops = {.next = sorted_next, .close = sorted_close};
    struct sorted_stream *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    s->stream = (struct stream){.ops = &ops, .schema = schema_ref(from->schema)};
    s->sorter = from;
    s->most = most;
    int code = open_cursors(s, n_spills, err);
    if (code < 0) {
        sorted_close(&s->stream);
        return code;
    }
    *ret = &s->stream;
    return 0;
}

int sorter_open(struct sorter *s, struct stream **ret, struct error *err)
{
    return open_sorted(s, s->n_spills, BATCH_ROWS, ret, err);
}

static int write_spill(struct sorter *s, const char *path, struct error *err)
{
    struct stream *rows = NULL;
    struct sink *to = NULL;
    int code = open_sorted(s, 0, SPILL_ROWS, &rows, err);
    if (code == 0)
        code = arrow_format.write(path, s->schema, &(struct write_options){0}, &to, err);
    if (code == 0)
        code = stream_pump(rows, to, NULL, err);
    sink_close(to);
    stream_close(rows);
    return code;
}

/* Opens the file and takes its name away; *path is what it can be opened by from now on. */
static int unlink_spill(char **path, int *ret_fd, struct error *err)
{
    char name[40];
    int fd = open(*path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, ERR_IO, "cannot open '%s'", *path);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    char *by_number = strdup(name);
    if (!by_number) {
        close(fd);
        return error_memory(err);
    }
    unlink(*path);
    free(*path);
    *path = by_number;
    *ret_fd = fd;
    return 0;
}

static int room_for_spill(struct sorter *s, struct error *err)
{
    char **grown = realloc(s->spills, ((size_t)s->n_spills + 1) * sizeof *grown);
    if (!grown)
        return error_memory(err);
    s->spills = grown;
    int *fds = realloc(s->held_open, ((size_t)s->n_spills + 1) * sizeof *fds);
    if (!fds)
        return error_memory(err);
    s->held_open = fds;
    fds[s->n_spills] = -1;
    return 0;
}

static int spill(struct sorter *s, struct error *err)
{
    TRY(room_for_spill(s, err));
    char name[40];
    snprintf(name, sizeof name, "run-%p-%lld.arrow", (void *)s, (long long)s->spilled++);
    char *path = file_join(s->options.folder, name);
    int code = path ? write_spill(s, path, err) : error_memory(err);
    if (code == 0 && s->options.spills == SORTER_UNLINK)
        code = unlink_spill(&path, &s->held_open[s->n_spills], err);
    if (code < 0) {
        if (path)
            remove(path);
        free(path);
        return code;
    }
    s->spills[s->n_spills++] = path;
    run_memory_done(&s->held);
    return 0;
}

int sorter_add(struct sorter *s, struct batch *b, struct error *err)
{
    s->n_rows += b->n_rows;
    TRY(run_memory_add(&s->held, b, &s->by, err));
    return run_memory_bytes(&s->held) > s->options.memory ? spill(s, err) : 0;
}

int64_t sorter_rows(const struct sorter *s)
{
    return s->n_rows;
}

int sorter_new(const struct schema *schema, const struct sorter_options *options,
               struct sorter **ret, struct error *err)
{
    struct sorter *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    s->schema = schema_ref(schema);
    s->options = *options;
    s->columns = calloc((size_t)options->n_columns + 1, sizeof *s->columns);
    if (!s->columns) {
        sorter_free(s);
        return error_memory(err);
    }
    if (options->n_columns)
        memcpy(s->columns, options->columns, (size_t)options->n_columns * sizeof *s->columns);
    s->by = (struct run_order){.columns = s->columns,
                               .n = options->n_columns,
                               .n_cut = options->n_cut,
                               .descending = options->descending};
    *ret = s;
    return 0;
}

void sorter_free(struct sorter *s)
{
    if (!s)
        return;
    for (int i = 0; i < s->n_spills; i++) {
        if (s->held_open[i] >= 0)
            close(s->held_open[i]);
        else
            remove(s->spills[i]);
        free(s->spills[i]);
    }
    free(s->spills);
    free(s->held_open);
    run_memory_done(&s->held);
    schema_unref(s->schema);
    free(s->columns);
    free(s);
}
