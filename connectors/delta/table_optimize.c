/* Optimize: the small files of each partition into few, in one commit that changes no row. */
#include <stdlib.h>

#include "connectors/delta/row_key.h"
#include "connectors/delta/table_care.h"
#include "connectors/delta/table_sink.h"

enum { TARGET = 128 << 20, TRIES = 20 };

struct optimizing {
    struct table_sink t;
    struct table_rules rules;
    const struct optimize_options *options;
    struct optimize_done *done;
    int64_t target;
    int *order; /* small live files, those of a partition side by side, in order of the log */
    int n_order;
    char *going; /* by file of the log */
    struct error *err;
};

static int compare_values(const struct log_file *f, const struct log_file *g)
{
    for (int i = 0; i < f->n_values && i < g->n_values; i++) {
        if (!f->values[i].ptr || !g->values[i].ptr) {
            if (!f->values[i].ptr != !g->values[i].ptr)
                return f->values[i].ptr ? 1 : -1;
            continue;
        }
        int code = slice_compare(f->values[i], g->values[i]);
        if (code)
            return code;
    }
    return f->n_values - g->n_values;
}

static int by_partition(const void *a, const void *b, void *arg)
{
    const struct log_file *files = arg;
    int i = *(const int *)a, k = *(const int *)b;
    int code = compare_values(&files[i], &files[k]);
    return code ? code : i - k;
}

static int find_small(struct optimizing *o)
{
    const struct log_state *log = o->t.log;
    o->order = calloc((size_t)log->n_files + 1, sizeof *o->order);
    o->going = calloc((size_t)log->n_files + 1, 1);
    if (!o->order || !o->going)
        return error_memory(o->err);
    for (int i = 0; i < log->n_files; i++)
        if (log->files[i].live && log->files[i].size < o->target / 2)
            o->order[o->n_order++] = i;
    if (o->n_order)
        qsort_r(o->order, (size_t)o->n_order, sizeof *o->order, by_partition, log->files);
    o->t.going = o->going;
    o->t.n_going = log->n_files;
    return 0;
}

/* Where the partition of the file order[first] ends. */
static int partition_end(const struct optimizing *o, int first)
{
    const struct log_file *files = o->t.log->files;
    int end = first + 1;
    while (end < o->n_order && !compare_values(&files[o->order[first]], &files[o->order[end]]))
        end++;
    return end;
}

static int pump(struct optimizing *o, struct stream *rows, struct sorter *into)
{
    struct batch *b;
    int more;
    while ((more = stream_next(rows, &b, o->err)) > 0) {
        more = into ? sorter_add(into, b, o->err) : data_files_write(&o->t.files, b, o->err);
        if (more < 0)
            break;
    }
    stream_close(rows);
    return more;
}

static int pump_files(struct optimizing *o, int first, int end, struct sorter *into)
{
    for (int i = first; i < end; i++) {
        struct stream *rows;
        TRY(table_log_file_open(o->t.log, o->order[i], o->t.plan.schema, o->options->pool, &rows,
                                o->err));
        TRY(pump(o, rows, into));
    }
    return 0;
}

static int write_sorted(struct optimizing *o, int first, int end)
{
    struct sorter_options how = {.columns = o->t.plan.order,
                                 .n_columns = o->t.plan.n_order,
                                 .n_cut = o->t.plan.n_partition,
                                 .memory = o->t.options.memory,
                                 .folder = o->t.temporary,
                                 .pool = o->options->pool};
    struct sorter *sorter;
    struct stream *rows;
    TRY(sorter_new(o->t.plan.schema, &how, &sorter, o->err));
    int code = pump_files(o, first, end, sorter);
    if (code == 0)
        code = sorter_open(sorter, &rows, o->err);
    if (code == 0)
        code = pump(o, rows, NULL);
    sorter_free(sorter);
    return code;
}

/* Rows of a file, so that the files that come are of the target's size; when the log does not know
 * its rows, those of one file are all. */
static int64_t rows_of_a_file(const struct optimizing *o, int first, int end, int64_t n_after)
{
    int64_t rows = 0;
    for (int i = first; i < end; i++) {
        int64_t n = o->t.log->files[o->order[i]].rows;
        if (n < 0)
            return INT64_MAX;
        rows += n;
    }
    return n_after > 1 ? rows / n_after + 1 : INT64_MAX;
}

static int write_partition(struct optimizing *o, int first, int end)
{
    int64_t bytes = 0;
    for (int i = first; i < end; i++)
        bytes += o->t.log->files[o->order[i]].size;
    int64_t after = (bytes + o->target - 1) / o->target;
    if (after >= end - first)
        return 0;
    o->done->partitions++;
    o->done->before += end - first;
    o->done->bytes_before += bytes;
    for (int i = first; i < end; i++)
        o->going[o->order[i]] = 1;
    if (o->options->act == OPTIMIZE_LOOK) {
        o->done->after += after;
        return 0;
    }
    o->t.files.file_rows = rows_of_a_file(o, first, end, after);
    TRY(o->options->n_sort ? write_sorted(o, first, end) : pump_files(o, first, end, NULL));
    return data_files_finish(&o->t.files, o->err);
}

static int goes(const struct table_sink *t, const struct log_file *f, int index)
{
    (void)f;
    return index < t->n_going && t->going[index];
}

static int all_live(const struct optimizing *o)
{
    for (int i = 0; i < o->t.n_going; i++)
        if (o->going[i] && !o->t.log->files[i].live)
            return 0;
    return 1;
}

/* 1: published; 0: a file that should go went otherwise, begin again. */
static int publish(struct optimizing *o)
{
    for (int i = 0; i < TRIES * 10; i++) {
        int code = table_publish_once(&o->t, goes, o->err);
        if (code)
            return code;
        if (!all_live(o))
            return 0;
    }
    return 0;
}

static int plan_order(struct optimizing *o)
{
    struct table_plan *plan = &o->t.plan;
    plan->n_order = plan->n_partition + o->options->n_sort;
    plan->order = ARENA_ARRAY(&o->t.arena, int, (size_t)plan->n_order + 1);
    if (!plan->order)
        return error_memory(o->err);
    for (int i = 0; i < plan->n_partition; i++)
        plan->order[i] = plan->partition_columns[i];
    for (int i = 0; i < o->options->n_sort; i++) {
        int at = schema_find(plan->schema, o->options->sort[i]);
        if (at < 0)
            return schema_no_field(plan->schema, o->options->sort[i], o->err);
        if (!row_key_sortable(&plan->schema->fields[at]))
            return error_set(o->err, ERR_USAGE, "rows cannot be sorted by the list '%s'",
                             plan->schema->fields[at].name.ptr);
        plan->order[plan->n_partition + i] = at;
    }
    return 0;
}

/* The table as it is. */
static int plan_same(struct optimizing *o)
{
    const struct log_state *log = o->t.log;
    struct table_plan *plan = &o->t.plan;
    plan->schema = schema_ref(log->schema);
    plan->partition = log->partition;
    plan->n_partition = log->n_partition;
    plan->partition_columns = ARENA_ARRAY(&o->t.arena, int, (size_t)log->n_partition + 1);
    if (!plan->partition_columns)
        return error_memory(o->err);
    for (int i = 0; i < log->n_partition; i++)
        plan->partition_columns[i] = schema_find(log->schema, log->partition[i]);
    return plan_order(o);
}

static int open_table(struct optimizing *o)
{
    struct table_sink *t = &o->t;
    TRY(log_open(t->folder, -1, &t->log, o->err));
    if (t->log->version < 0)
        return table_exists(t->folder)
                   ? error_set(o->err, ERR_CONFIG,
                               "'%s' is a plain table: write it again to have larger files",
                               t->folder)
                   : error_set(o->err, ERR_INPUT, "there is no table in '%s'", t->folder);
    TRY(log_check_writer(t->log, LOG_ADDS, o->err));
    TRY(plan_same(o));
    o->done->version = t->log->version;
    if (o->options->act == OPTIMIZE_LOOK)
        return 0;
    TRY(table_make_temporary(t, o->err));
    return data_files_init(&t->files, t->plan.schema, t->plan.partition_columns,
                           t->plan.n_partition, t->temporary, o->options->pool, o->err);
}

/* 1: done; 0: begin again. */
static int optimize(struct optimizing *o)
{
    TRY(open_table(o));
    TRY(find_small(o));
    for (int i = 0, end; i < o->n_order; i = end) {
        end = partition_end(o, i);
        TRY(write_partition(o, i, end));
    }
    if (o->options->act == OPTIMIZE_LOOK || !o->done->partitions)
        return 1;
    int code = publish(o);
    o->done->after = o->t.done.files;
    o->done->bytes_after = o->t.done.bytes;
    o->done->version = o->t.done.version;
    return code;
}

static int optimize_once(const char *folder, const struct optimize_options *options,
                         struct optimize_done *ret, struct error *err)
{
    struct optimizing o = {.options = options, .done = ret, .err = err};
    *ret = (struct optimize_done){0};
    o.rules = (struct table_rules){.mode = TABLE_APPEND, .format = SLICE_LIT("delta")};
    o.target = options->target > 0 ? options->target : TARGET;
    o.t.rules = &o.rules;
    o.t.options.pool = options->pool;
    o.t.options.memory = options->memory > 0 ? options->memory : 1 << 30;
    o.t.folder = table_clean_folder(folder);
    int code = o.t.folder ? optimize(&o) : error_memory(err);
    free(o.order);
    free(o.going);
    table_sink_done(&o.t);
    return code;
}

int table_optimize(const char *folder, const struct optimize_options *options,
                   struct optimize_done *ret, struct error *err)
{
    for (int i = 0; i < TRIES; i++) {
        int code = optimize_once(folder, options, ret, err);
        if (code)
            return code < 0 ? code : 0;
    }
    return error_set(err, ERR_BUSY, "other writers kept the table '%s' busy: try again later",
                     folder);
}
