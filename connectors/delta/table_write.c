#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/delta/table_sink.h"
#include "core/file.h"

enum { DEFAULT_MEMORY = 1 << 30, TEMPORARIES = 1000 };

static int conform(struct table_sink *t, struct batch *b, struct error *err)
{
    TRY(table_plan_check(t, b, err));
    TRY(conformer_apply(t->conformer, b, err));
    return table_plan_required(t, b, err);
}

static int table_sink_write(struct sink *sink, struct batch *b, struct error *err)
{
    struct table_sink *t = (struct table_sink *)sink;
    int code = 0;
    if (!t->already && b->n_rows) {
        code = conform(t, b, err);
        if (code == 0 && t->merge)
            code = table_merge_note(t, b, err);
        if (code == 0)
            return t->sorter ? sorter_add(t->sorter, b, err) : data_files_write(&t->files, b, err);
    }
    batch_free(b);
    return code;
}

int table_fill(struct table_sink *t, struct stream *rows, struct error *err)
{
    struct batch *b;
    int more;
    while ((more = stream_next(rows, &b, err)) > 0) {
        more = data_files_write(&t->files, b, err);
        if (more < 0)
            break;
    }
    stream_close(rows);
    return more < 0 ? more : data_files_finish(&t->files, err);
}

static int goes_always(const struct table_sink *t, const struct log_file *f, int index)
{
    (void)t;
    (void)f;
    (void)index;
    return 1;
}

static int same_value(struct slice a, struct slice b)
{
    return (a.ptr == NULL) == (b.ptr == NULL) && slice_equal(a, b);
}

/* Has the new data a file in the same partition? */
static int goes_with_partition(const struct table_sink *t, const struct log_file *f, int index)
{
    (void)index;
    for (int i = 0; i < t->files.n_files; i++) {
        const struct slice *values = t->files.files[i].values;
        int same = f->n_values == t->plan.n_partition;
        for (int k = 0; same && k < f->n_values; k++)
            same = same_value(values[k], f->values[k]);
        if (same)
            return 1;
    }
    return 0;
}

static removes_fn *removes_of(enum table_mode mode)
{
    if (mode == TABLE_OVERWRITE)
        return goes_always;
    return mode == TABLE_OVERWRITE_PARTITIONS ? goes_with_partition : NULL;
}

static int fill_files(struct table_sink *t, struct error *err)
{
    struct stream *rows;
    if (!t->sorter)
        return data_files_finish(&t->files, err);
    TRY(sorter_open(t->sorter, &rows, err));
    return table_fill(t, rows, err);
}

static int finish_rows(struct table_sink *t, struct error *err)
{
    if (t->merge)
        return table_merge_finish(t, err);
    TRY(fill_files(t, err));
    return is_delta(t) ? table_publish(t, removes_of(t->rules->mode), err) : plain_finish(t, err);
}

static int table_sink_finish(struct sink *sink, struct error *err)
{
    struct table_sink *t = (struct table_sink *)sink;
    if (t->already)
        t->done = (struct table_commit){.version = t->log->version, .already = 1};
    else
        TRY(finish_rows(t, err));
    if (t->ret)
        *t->ret = t->done;
    return 0;
}

void table_sink_done(struct table_sink *t)
{
    table_merge_free(t->merge);
    sorter_free(t->sorter);
    data_files_done(&t->files);
    conformer_free(t->conformer);
    schema_unref(t->plan.schema);
    log_free(t->log);
    if (t->temporary)
        file_remove_tree(t->temporary, NULL);
    free(t->temporary);
    free(t->folder);
    schema_unref(t->sink.schema);
    arena_done(&t->arena);
}

static void table_sink_close(struct sink *sink)
{
    table_sink_done((struct table_sink *)sink);
    free(sink);
}

char *table_clean_folder(const char *folder)
{
    char *copy = strdup(folder);
    for (size_t len = copy ? strlen(copy) : 0; len > 1 && copy[len - 1] == '/'; len--)
        copy[len - 1] = 0;
    return copy;
}

int table_make_temporary(struct table_sink *t, struct error *err)
{
    char *slash = strrchr(t->folder, '/');
    int parent = slash ? (int)(slash - t->folder) + 1 : 0;
    char *above = parent ? strndup(t->folder, (size_t)parent) : strdup(".");
    int code = above ? file_mkdirs(above, FILE_SHARED, err) : error_memory(err);
    free(above);
    for (int i = 0; i < TEMPORARIES && code == 0; i++) {
        if (asprintf(&t->temporary, "%.*s.%s.tmp-%ld-%d", parent, t->folder, t->folder + parent,
                     (long)getpid(), i) < 0) {
            t->temporary = NULL;
            return error_memory(err);
        }
        if (mkdir(t->temporary, 0700) == 0)
            return 0;
        if (errno != EEXIST || i + 1 == TEMPORARIES)
            code = error_errno(err, ERR_CREATE, "cannot create the folder '%s'", t->temporary);
        free(t->temporary);
        t->temporary = NULL;
    }
    return code;
}

static int make_sorter(struct table_sink *t, struct error *err)
{
    struct sorter_options options = {.columns = t->plan.order,
                                     .n_columns = t->plan.n_order,
                                     .n_cut = t->plan.n_partition,
                                     .memory = t->options.memory,
                                     .folder = t->temporary,
                                     .pool = t->options.pool};
    if (t->merge)
        options.memory /= 2; /* the other half is for the rows that are kept */
    if (t->plan.n_order == 0 && !t->merge)
        return 0;
    return sorter_new(t->plan.schema, &options, &t->sorter, err);
}

static int open_table(struct table_sink *t, const struct schema *input, struct error *err)
{
    enum log_change change = t->rules->mode == TABLE_APPEND ? LOG_ADDS : LOG_REMOVES;
    if (slice_equal(t->rules->format, SLICE_LIT("parquet"))) {
        TRY(plain_check(t->folder, t->rules, err));
    } else {
        TRY(log_open(t->folder, -1, &t->log, err));
        /* In this order: another writer makes the log's folder before it places a file. */
        if (t->log->version < 0 && table_exists(t->folder) && !log_exists(t->folder))
            return error_set(err, ERR_CONFIG,
                             "'%s' is a plain table, not a Delta table: "
                             "-t parquet, or another folder",
                             t->folder);
        TRY(log_check_writer(t->log, change, err));
        if (table_is_applied(t))
            return 0;
    }
    TRY(table_plan_make(t, input, err));
    TRY(table_make_temporary(t, err));
    TRY(data_files_init(&t->files, t->plan.schema, t->plan.partition_columns, t->plan.n_partition,
                        t->temporary, t->options.pool, err));
    if (t->rules->mode == TABLE_MERGE)
        TRY(table_merge_new(t, &t->merge, err));
    return make_sorter(t, err);
}

int table_write(const char *folder, const struct schema *schema,
                const struct table_write_options *options, struct table_commit *ret_commit,
                struct sink **ret, struct error *err)
{
    static const struct sink_ops ops = {
        .write = table_sink_write, .finish = table_sink_finish, .close = table_sink_close};
    struct table_sink *t = calloc(1, sizeof *t);
    if (!t)
        return error_memory(err);
    t->sink = (struct sink){.ops = &ops, .schema = schema_ref(schema)};
    t->folder = table_clean_folder(folder);
    t->rules = options->rules;
    t->options = *options;
    t->ret = ret_commit;
    if (t->options.memory <= 0)
        t->options.memory = DEFAULT_MEMORY;
    int code = t->folder ? open_table(t, schema, err) : error_memory(err);
    if (code < 0) {
        table_sink_close(&t->sink);
        return code;
    }
    *ret = &t->sink;
    return 0;
}
