#include "connectors/delta/table_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "connectors/delta/conform.h"
#include "connectors/parquet/parquet.h"
#include "core/file.h"

enum { DEPTH = 32 };

struct file_stream {
    struct stream stream;
    struct stream *from;
    struct conformer *conformer;
    struct schema *as; /* the columns as they are in the file; those of `stream` have their names */
    struct deletion_vector *vector;
    /* What the reader of the file borrows. */
    char *path;
    const char *paths[1];
    struct slice *columns;
    struct read_options options;
    struct arena arena;
};

/* The next rows of the file that are not deleted. */
static int next_left(struct file_stream *f, struct batch **ret, struct error *err)
{
    for (;;) {
        int more = stream_next(f->from, ret, err);
        if (more <= 0 || !f->vector)
            return more;
        int code = deletion_vector_apply(f->vector, ret, err);
        if (code == 0 && (*ret)->n_rows)
            return 1;
        batch_free(*ret);
        TRY(code);
    }
}

static int rename_columns(struct file_stream *f, struct batch *b, struct error *err)
{
    int n = f->as->n_fields,
        *keep = f->as == f->stream.schema ? NULL : calloc((size_t)n + 1, sizeof *keep);
    if (f->as == f->stream.schema)
        return 0;
    if (!keep)
        return error_memory(err);
    for (int i = 0; i < n; i++)
        keep[i] = i;
    int code = batch_select(b, f->stream.schema, keep, err);
    free(keep);
    return code;
}

static int file_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct file_stream *f = (struct file_stream *)s;
    struct batch *b;
    int more = next_left(f, &b, err);
    if (more <= 0)
        return more;
    int code = conformer_apply(f->conformer, b, err);
    if (code == 0)
        code = rename_columns(f, b, err);
    if (code < 0) {
        batch_free(b);
        return code;
    }
    *ret = b;
    return 1;
}

static void file_close_stream(struct stream *s)
{
    struct file_stream *f = (struct file_stream *)s;
    stream_close(f->from);
    conformer_free(f->conformer);
    deletion_vector_free(f->vector);
    schema_unref(f->as);
    schema_unref(s->schema);
    free(f->columns);
    free(f->path);
    arena_done(&f->arena);
    free(f);
}

static int partition_at(const struct table_file *file, struct slice name)
{
    for (int i = 0; i < file->n_partition; i++)
        if (slice_equal(file->partition[i], name))
            return i;
    return -1;
}

/* How each column of `to` is made of the file's. */
static int match_columns(const struct table_file *file, const struct schema *from,
                         const struct schema *to, struct conform_column *columns, struct error *err)
{
    for (int i = 0; i < to->n_fields; i++) {
        int at = schema_find(from, to->fields[i].name);
        int partition = partition_at(file, to->fields[i].name);
        columns[i] = (struct conform_column){.how = CONFORM_VALUE};
        if (partition >= 0) {
            columns[i].value = file->values[partition];
        } else if (at >= 0) {
            int same = field_equal(&from->fields[at], &to->fields[i]);
            columns[i] =
                (struct conform_column){.how = same ? CONFORM_KEEP : CONFORM_CONVERT, .from = at};
            if (!conform_converts(&from->fields[at], &to->fields[i]))
                return error_at(err, ERR_DATA, file->path,
                                "column '%s' is not of the type that the table says",
                                to->fields[i].name.ptr);
        }
    }
    return 0;
}

/* The columns that are wanted; of a file of which none is, one for the number of rows. */
static int choose_columns(struct file_stream *f, const struct table_file *file, struct error *err)
{
    const struct schema *has = f->from->schema, *to = f->as;
    int n = 0;
    f->columns = calloc((size_t)has->n_fields + 1, sizeof *f->columns);
    if (!f->columns)
        return error_memory(err);
    for (int i = 0; i < to->n_fields; i++) {
        int at = schema_find(has, to->fields[i].name);
        if (at >= 0 && partition_at(file, to->fields[i].name) < 0)
            f->columns[n++] = to->fields[i].name;
    }
    if (n == 0 && has->n_fields) {
        struct slice name = has->fields[0].name;
        f->columns[n++] = arena_copy(&f->arena, name);
    }
    f->options.n_columns = n;
    return f->columns[0].ptr ? 0 : error_memory(err);
}

/* Columns mapped by number have their physical names in files too, as every writer of Delta does
 * it; but not in files that were taken over from elsewhere, where one column is missing and another
 * is too many. Its numbers are not read, so neither is such a file. */
static int check_mapped_by_id(const struct table_file *file, const struct schema *has,
                              struct error *err)
{
    int missing = 0, unknown = 0;
    for (int i = 0; i < file->by_id->n_fields; i++)
        missing += partition_at(file, file->by_id->fields[i].name) < 0 &&
                   schema_find(has, file->by_id->fields[i].name) < 0;
    for (int i = 0; i < has->n_fields; i++)
        unknown += schema_find(file->by_id, has->fields[i].name) < 0;
    return missing && unknown
               ? error_at(err, ERR_DATA, file->path,
                          "its columns are mapped by id alone (delta.columnMapping.mode), which "
                          "sluice cannot read")
               : 0;
}

static int file_ready(struct file_stream *f, const struct table_file *file, struct error *err)
{
    TRY(parquet_format.read(f->paths, 1, &f->options, &f->from, err));
    if (file->by_id)
        TRY(check_mapped_by_id(file, f->from->schema, err));
    TRY(choose_columns(f, file, err));
    /* A file that holds what its folder says too has statistics of what is not looked at. */
    for (int i = 0; i < file->n_partition; i++)
        if (schema_find(f->from->schema, file->partition[i]) >= 0)
            f->options.where = NULL;
    if (f->options.n_columns < f->from->schema->n_fields) {
        stream_close(f->from);
        f->from = NULL;
        f->options.columns = f->columns;
        TRY(parquet_format.read(f->paths, 1, &f->options, &f->from, err));
    }
    struct conform_column *columns = calloc((size_t)f->as->n_fields + 1, sizeof *columns);
    int code =
        columns ? match_columns(file, f->from->schema, f->as, columns, err) : error_memory(err);
    if (code == 0)
        code = conformer_new(f->from->schema, f->as, columns, &f->conformer, err);
    free(columns);
    return code;
}

int table_file_open(const struct table_file *file, const struct schema *schema, struct pool *pool,
                    struct stream **ret, struct error *err)
{
    const struct read_options options = {.pool = pool};
    return table_file_read(file, schema, &options, ret, err);
}

int table_file_read(const struct table_file *file, const struct schema *schema,
                    const struct read_options *options, struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = file_next, .close = file_close_stream};
    struct file_stream *f = calloc(1, sizeof *f);
    if (!f) {
        deletion_vector_free(file->vector);
        return error_memory(err);
    }
    f->stream =
        (struct stream){.ops = &ops, .schema = schema_ref(file->names ? file->names : schema)};
    f->as = schema_ref(schema);
    f->vector = file->vector;
    /* A vector counts all rows of the file, and a filter's columns have the table's names. */
    int whole = file->vector || file->names;
    f->path = strdup(file->path);
    f->paths[0] = f->path;
    f->options = (struct read_options){.layout = LAYOUT_DETECT,
                                       .pool = options->pool,
                                       .where = whole ? NULL : options->where,
                                       .ret_skipped = options->ret_skipped,
                                       .ret_rows_in = options->where ? options->ret_rows_in : NULL};
    int code = f->path ? file_ready(f, file, err) : error_memory(err);
    if (code < 0) {
        file_close_stream(&f->stream);
        return code;
    }
    *ret = &f->stream;
    return 0;
}

static int uri_path(const struct log_state *log, struct slice uri, char **ret, struct error *err)
{
    struct buffer path = {0};
    int code = path_decode(uri, &path);
    if (code == 0)
        code =
            error_set(err, ERR_DATA,
                      "the table '%s' has a file outside of its folder, which is not read: '%.*s'",
                      log->folder, (int)uri.len, uri.ptr);
    else if (code < 0 || buffer_putc(&path, 0) < 0 ||
             !(*ret = file_join(log->folder, (const char *)path.data)))
        code = error_memory(err);
    buffer_done(&path);
    return code < 0 ? code : 0;
}

int table_log_file_open(const struct log_state *log, int number, const struct schema *schema,
                        struct pool *pool, struct stream **ret, struct error *err)
{
    const struct read_options options = {.pool = pool};
    return table_log_file_read(log, number, schema, &options, ret, err);
}

/* The wanted columns with the names that they have in files. NULL: no memory. */
static struct schema *physical_columns(const struct log_state *log, const struct schema *schema)
{
    struct field *fields = calloc((size_t)schema->n_fields + 1, sizeof *fields);
    if (!fields)
        return NULL;
    for (int i = 0; i < schema->n_fields; i++) {
        int at = schema_find(log->schema, schema->fields[i].name);
        fields[i] = at >= 0 ? log->physical->fields[at] : schema->fields[i];
    }
    struct schema *physical = schema_new(fields, schema->n_fields);
    free(fields);
    return physical;
}

static int open_log_file(const struct log_state *log, const struct log_file *f,
                         struct table_file *file, const struct schema *schema,
                         const struct read_options *options, struct stream **ret, struct error *err)
{
    if (f->vector.ptr) {
        int code = deletion_vector_read(log->folder, f->vector, &file->vector, err);
        if (code == ERR_DATA)
            return error_where(err, "%s", file->path);
        TRY(code);
    }
    if (!log->physical)
        return table_file_read(file, schema, options, ret, err);
    struct schema *names = schema_ref(schema), *physical = physical_columns(log, schema);
    file->names = names;
    file->by_id = log->by_id ? log->physical : NULL;
    int code = physical ? table_file_read(file, physical, options, ret, err) : error_memory(err);
    if (!physical)
        deletion_vector_free(file->vector);
    schema_unref(physical);
    schema_unref(names);
    return code;
}

int table_log_file_read(const struct log_state *log, int number, const struct schema *schema,
                        const struct read_options *options, struct stream **ret, struct error *err)
{
    const struct log_file *f = &log->files[number];
    char *path;
    if (f->n_values != log->n_partition)
        return error_set(err, ERR_DATA,
                         "the table '%s' has files of another partition than its own", log->folder);
    TRY(uri_path(log, f->uri, &path, err));
    struct table_file file = {.path = path,
                              .partition = log->partition_physical,
                              .values = f->values,
                              .n_partition = log->n_partition};
    int code = open_log_file(log, f, &file, schema, options, ret, err);
    free(path);
    return code;
}

struct finding {
    const char *folder;
    char **paths; /* relative */
    int n, cap;
    struct error *err;
};

static int keep_path(struct finding *f, const char *path)
{
    if (f->n == f->cap) {
        int cap = f->cap ? 2 * f->cap : 64;
        char **grown = realloc(f->paths, (size_t)cap * sizeof(char *));
        if (!grown)
            return error_memory(f->err);
        f->paths = grown;
        f->cap = cap;
    }
    f->paths[f->n] = strdup(path);
    return f->paths[f->n++] ? 0 : error_memory(f->err);
}

static int walk(struct finding *f, const char *path, int depth);

static int look_at_entry(struct finding *f, const char *path, const char *name, int depth)
{
    struct stat st;
    char *relative = file_join(path, name);
    char *whole = relative ? file_join(f->folder, relative) : NULL;
    int code = whole ? 0 : error_memory(f->err);
    if (code == 0 && stat(whole, &st) == 0) {
        if (S_ISDIR(st.st_mode) && strchr(name, '='))
            code = walk(f, relative, depth + 1);
        else if (S_ISREG(st.st_mode) && slice_ends(slice_str(name), SLICE_LIT(".parquet")))
            code = keep_path(f, relative);
    }
    free(relative);
    free(whole);
    return code;
}

static int walk(struct finding *f, const char *path, int depth)
{
    char *whole = file_join(f->folder, path);
    if (!whole)
        return error_memory(f->err);
    DIR *d = depth < DEPTH ? opendir(whole) : NULL;
    int code = 0;
    if (!d)
        code = error_errno(f->err, ERR_INPUT, "cannot read the folder '%s'", whole);
    const struct dirent *e;
    while (code == 0 && (errno = 0, e = readdir(d)))
        if (e->d_name[0] != '.' && e->d_name[0] != '_')
            code = look_at_entry(f, path, e->d_name, depth);
    if (code == 0 && errno)
        code = error_errno(f->err, ERR_IO, "cannot read the folder '%s'", whole);
    if (d)
        closedir(d);
    free(whole);
    return code;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names and values of the folders on the way to a file. */
static int read_folders(const char *path, struct arena *a, struct table_file *ret,
                        struct error *err)
{
    struct slice rest = slice_str(path), part;
    struct slice *names = ARENA_ARRAY(a, struct slice, DEPTH + 1);
    struct slice *values = ARENA_ARRAY(a, struct slice, DEPTH + 1);
    if (!names || !values)
        return error_memory(err);
    int n = 0;
    while (slice_cut(&rest, '/', &part) && rest.ptr && n < DEPTH)
        if (rest.len && partition_of_folder(part, a, &names[n], &values[n]))
            n++;
    ret->partition = names;
    ret->values = values;
    ret->n_partition = n;
    return 0;
}

static int same_names(const struct table_file *a, const struct table_file *b)
{
    int same = a->n_partition == b->n_partition;
    for (int i = 0; same && i < a->n_partition; i++)
        same = slice_equal(a->partition[i], b->partition[i]);
    return same;
}

static int make_files(const struct finding *f, struct plain_files *ret, struct error *err)
{
    ret->files = ARENA_ARRAY(&ret->arena, struct table_file, (size_t)f->n + 1);
    if (!ret->files)
        return error_memory(err);
    for (int i = 0; i < f->n; i++) {
        struct table_file *file = &ret->files[i];
        file->path = arena_printf(&ret->arena, "%s/%s", f->folder, f->paths[i]);
        if (!file->path)
            return error_memory(err);
        TRY(read_folders(f->paths[i], &ret->arena, file, err));
        if (!same_names(file, &ret->files[0]))
            return error_at(err, ERR_DATA, file->path,
                            "its folders name other partition columns than those of '%s'",
                            ret->files[0].path);
    }
    ret->n_files = f->n;
    return 0;
}

int plain_files_find(const char *folder, struct plain_files *ret, struct error *err)
{
    struct finding f = {.folder = folder, .err = err};
    *ret = (struct plain_files){0};
    int code = walk(&f, "", 0);
    if (code == 0 && f.n) {
        qsort(f.paths, (size_t)f.n, sizeof *f.paths, by_bytes);
        code = make_files(&f, ret, err);
    }
    for (int i = 0; i < f.n; i++)
        free(f.paths[i]);
    free(f.paths);
    if (code < 0)
        plain_files_done(ret);
    return code;
}

void plain_files_done(struct plain_files *p)
{
    arena_done(&p->arena);
    *p = (struct plain_files){0};
}
