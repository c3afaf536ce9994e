#include <stdlib.h>
#include <sys/stat.h>

#include "connectors/delta/log.h"
#include "connectors/delta/table.h"
#include "connectors/delta/table_files.h"
#include "connectors/delta/table_skip.h"
#include "connectors/parquet/parquet.h"
#include "core/file.h"

struct table_stream {
    struct stream stream;
    struct log_state *log; /* NULL: a plain table */
    struct plain_files plain;
    struct stream *open; /* rows of file number `at` - 1 */
    int at;
    struct read_options options;
};

static int open_plain(struct table_stream *t, struct error *err)
{
    int skipped = 1;
    while (skipped && t->at < t->plain.n_files) {
        skipped = table_skip_plain(&t->plain.files[t->at++], &t->options, err);
        TRY(skipped);
    }
    if (skipped)
        return 0;
    TRY(table_file_read(&t->plain.files[t->at - 1], t->stream.schema, &t->options, &t->open, err));
    return 1;
}

static int open_logged(struct table_stream *t, struct error *err)
{
    int skipped = 1;
    for (; skipped && t->at < t->log->n_files; t->at++)
        if (t->log->files[t->at].live) {
            skipped = table_skip_logged(t->log, t->at, &t->options, err);
            TRY(skipped);
        }
    if (skipped)
        return 0;
    TRY(table_log_file_read(t->log, t->at - 1, t->stream.schema, &t->options, &t->open, err));
    return 1;
}

static int table_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct table_stream *t = (struct table_stream *)stream;
    for (;;) {
        int more = 1;
        if (!t->open)
            more = t->log ? open_logged(t, err) : open_plain(t, err);
        if (more <= 0)
            return more;
        more = stream_next(t->open, ret, err);
        if (more < 0)
            return more;
        if (more) {
            progress_add(t->options.progress, (*ret)->n_rows);
            if (t->options.ret_rows_in && !t->options.where)
                *t->options.ret_rows_in += (*ret)->n_rows;
            return 1;
        }
        stream_close(t->open);
        t->open = NULL;
    }
}

static void table_close(struct stream *stream)
{
    struct table_stream *t = (struct table_stream *)stream;
    stream_close(t->open);
    log_free(t->log);
    plain_files_done(&t->plain);
    schema_unref(stream->schema);
    free(t);
}

static int unknown_column(const struct schema *s, struct slice name, struct error *err)
{
    const char **names = calloc((size_t)s->n_fields + 1, sizeof(char *));
    if (!names)
        return error_memory(err);
    for (int i = 0; i < s->n_fields; i++)
        names[i] = s->fields[i].name.ptr;
    const char *near = slice_nearest(name, names, (size_t)s->n_fields);
    int code =
        error_set(err, ERR_USAGE, "the table has no column '%.*s'%s%s%s", (int)name.len, name.ptr,
                  near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
    free(names);
    return code;
}

/* The wanted columns of all that there are; *ret is a new reference. */
static int choose(const struct schema *all, const struct read_options *options, struct schema **ret,
                  struct error *err)
{
    if (!options->columns) {
        *ret = schema_ref(all);
        return 0;
    }
    struct field *fields = calloc((size_t)options->n_columns + 1, sizeof *fields);
    int code = fields ? 0 : error_memory(err);
    for (int i = 0; i < options->n_columns && code == 0; i++) {
        int at = schema_find(all, options->columns[i]);
        if (at < 0)
            code = unknown_column(all, options->columns[i], err);
        else
            fields[i] = all->fields[at];
    }
    if (code == 0) {
        *ret = schema_new(fields, options->n_columns);
        code = *ret ? 0 : error_memory(err);
    }
    free(fields);
    return code;
}

/* Columns of the first file, and the partition's behind them, as text: no type says otherwise. */
static int plain_schema(const struct plain_files *p, struct schema **ret, struct error *err)
{
    static const struct read_options options = {.layout = LAYOUT_DETECT};
    const struct table_file *first = &p->files[0];
    struct stream *rows;
    TRY(parquet_format.read(&first->path, 1, &options, &rows, err));
    struct field *fields =
        calloc((size_t)(rows->schema->n_fields + first->n_partition) + 1, sizeof *fields);
    int n = 0;
    for (int i = 0; fields && i < rows->schema->n_fields; i++)
        fields[n++] = rows->schema->fields[i];
    for (int i = 0; fields && i < first->n_partition; i++)
        if (schema_find(rows->schema, first->partition[i]) < 0)
            fields[n++] = (struct field){.name = first->partition[i], .type = TYPE_UTF8};
    *ret = fields ? schema_new(fields, n) : NULL;
    free(fields);
    stream_close(rows);
    return *ret ? 0 : error_memory(err);
}

static int no_table(const char *folder, struct error *err)
{
    return error_set(err, ERR_INPUT, "there is no table in '%s'", folder);
}

static int open_table(struct table_stream *t, const char *folder, int64_t version,
                      struct schema **ret_all, struct error *err)
{
    TRY(log_open(folder, version, &t->log, err));
    if (t->log->version >= 0) {
        *ret_all = schema_ref(t->log->schema);
        return 0;
    }
    log_free(t->log);
    t->log = NULL;
    if (!file_exists(folder) || log_exists(folder))
        return no_table(folder, err);
    if (version > 0)
        return error_set(err, ERR_INPUT, "the plain table '%s' has no versions", folder);
    TRY(plain_files_find(folder, &t->plain, err));
    return t->plain.n_files ? plain_schema(&t->plain, ret_all, err) : no_table(folder, err);
}

int table_read(const char *folder, int64_t version, const struct read_options *options,
               struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = table_next, .close = table_close};
    struct table_stream *t = calloc(1, sizeof *t);
    struct schema *all = NULL;
    if (!t)
        return error_memory(err);
    t->stream.ops = &ops;
    t->options = *options;
    int code = open_table(t, folder, version, &all, err);
    if (code == 0)
        code = choose(all, options, &t->stream.schema, err);
    schema_unref(all);
    if (code < 0) {
        table_close(&t->stream);
        return code;
    }
    *ret = &t->stream;
    return 0;
}

int64_t table_version(const char *folder, struct error *err)
{
    int64_t version = -1;
    return log_newest(folder, &version, err) < 0 ? -1 : version;
}

int table_exists(const char *folder)
{
    struct plain_files files;
    struct stat st;
    struct error err = {0};
    if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode))
        return 0;
    if (table_version(folder, &err) >= 0)
        return 1;
    if (log_exists(folder))
        return 0;
    int found = plain_files_find(folder, &files, &err) == 0 && files.n_files;
    plain_files_done(&files);
    return found;
}
