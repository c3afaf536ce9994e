#include "connectors/delta/data_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/delta/file_stats.h"
#include "connectors/delta/partition.h"
#include "connectors/delta/row_key.h"
#include "connectors/parquet/parquet.h"
#include "core/dict.h"
#include "core/file.h"
#include "core/hash.h"

/* A file is about 128 MB: rows compress to a quarter of their size in memory, or less. */
enum { FILE_ROWS = 1 << 20, FILE_BYTES = 512 << 20, VALUE_LENGTH = 180 };

static int is_partition(const struct data_files *d, int column)
{
    for (int i = 0; i < d->n_partition; i++)
        if (d->partition[i] == column)
            return 1;
    return 0;
}

int data_files_init(struct data_files *d, const struct schema *schema, const int *partition,
                    int n_partition, const char *temporary, struct pool *pool, struct error *err)
{
    *d = (struct data_files){.schema = schema_ref(schema),
                             .partition = partition,
                             .n_partition = n_partition,
                             .temporary = temporary,
                             .pool = pool};
    struct field *fields = ARENA_ARRAY(&d->arena, struct field, (size_t)schema->n_fields + 1);
    d->keep = ARENA_ARRAY(&d->arena, int, (size_t)schema->n_fields + 1);
    if (!fields || !d->keep)
        return error_memory(err);
    int n = 0;
    for (int i = 0; i < schema->n_fields; i++)
        if (!is_partition(d, i)) {
            fields[n] = schema->fields[i];
            d->keep[n++] = i;
        }
    if (n == 0)
        return error_set(err, ERR_DATA, "a table needs a column that it is not partitioned by");
    d->stored = schema_new(fields, n);
    return d->stored ? 0 : error_memory(err);
}

static void file_done(struct data_file *f)
{
    if (f->temporary)
        unlink(f->temporary);
    free(f->temporary);
    free(f->folder);
    free(f->path);
    free(f->stats);
    free(f->values);
    *f = (struct data_file){0};
}

void data_files_reset(struct data_files *d)
{
    parquet_writer_free(d->open);
    d->open = NULL;
    file_done(&d->next);
    for (int i = 0; i < d->n_files; i++)
        file_done(&d->files[i]);
    d->n_files = 0;
}

void data_files_done(struct data_files *d)
{
    data_files_reset(d);
    free(d->files);
    buffer_done(&d->key);
    schema_unref(d->schema);
    schema_unref(d->stored);
    arena_done(&d->arena);
    *d = (struct data_files){0};
}

/* Values of the partition columns in row 0, and the folder that they name. */
static int partition_of(struct data_files *d, const struct batch *b, struct data_file *f,
                        struct error *err)
{
    struct buffer text = {0}, folder = {0};
    f->values = calloc((size_t)d->n_partition + 1, sizeof *f->values);
    int code = f->values ? 0 : ERR_MEMORY;
    for (int i = 0; i < d->n_partition && code == 0; i++) {
        const struct field *field = &d->schema->fields[d->partition[i]];
        const struct column *c = &b->columns[d->partition[i]];
        buffer_reset(&text);
        if (!column_null(c, 0)) {
            code = partition_text(field, c, 0, &text);
            f->values[i] = arena_copy(&d->arena, buffer_view(&text));
        }
        if (i && code == 0)
            code = buffer_putc(&folder, '/');
        size_t before = folder.len;
        if (code == 0)
            code = partition_folder(field->name, f->values[i], &folder);
        if (code == 0 && folder.len - before > VALUE_LENGTH)
            code = error_set(err, ERR_DATA,
                             "a value of '%s' is too long to be the name of a partition: %zu bytes",
                             field->name.ptr, text.len);
    }
    if (code == 0)
        code = buffer_putc(&folder, 0);
    f->folder = code == 0 ? buffer_take(&folder) : NULL;
    buffer_done(&text);
    buffer_done(&folder);
    return code == ERR_MEMORY ? error_memory(err) : code;
}

static int open_file(struct data_files *d, struct error *err)
{
    struct parquet_options options = {.pool = d->pool, .shared = 1, .unsynced = 1};
    if (asprintf(&d->next.temporary, "%s/part-%05d.parquet", d->temporary, d->started) < 0) {
        d->next.temporary = NULL;
        return error_memory(err);
    }
    d->next.number = d->n_files;
    d->started++;
    d->open_rows = d->open_bytes = 0;
    return parquet_writer_open(d->next.temporary, d->stored, &options, &d->open, err);
}

static int digest_of(const char *path, char digest[65], struct error *err)
{
    enum { CHUNK = 1 << 18 };
    uint8_t *chunk = malloc(CHUNK);
    struct sha256 *hash = sha256_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC), code = 0;
    ssize_t n = 0;
    if (!chunk || !hash)
        code = error_memory(err);
    else if (fd < 0)
        code = error_errno(err, ERR_IO, "cannot open '%s'", path);
    while (code == 0 && (n = read(fd, chunk, CHUNK)) != 0) {
        if (n < 0 && errno != EINTR)
            code = error_errno(err, ERR_IO, "cannot read '%s'", path);
        else if (n > 0)
            sha256_add(hash, chunk, (size_t)n);
    }
    if (code == 0)
        sha256_hex(hash, digest);
    if (fd >= 0)
        close(fd);
    sha256_free(hash);
    free(chunk);
    return code;
}

static int keep_file(struct data_files *d, struct error *err)
{
    if (d->n_files == d->cap_files) {
        int cap = d->cap_files ? 2 * d->cap_files : 16;
        struct data_file *grown = realloc(d->files, (size_t)cap * sizeof *grown);
        if (!grown)
            return error_memory(err);
        d->files = grown;
        d->cap_files = cap;
    }
    d->files[d->n_files++] = d->next;
    d->next = (struct data_file){0};
    return 0;
}

static int close_file(struct data_files *d, struct error *err)
{
    struct data_file *f = &d->next;
    if (!d->open)
        return 0;
    struct parquet_column_stats *stats = calloc((size_t)d->stored->n_fields, sizeof *stats);
    int code =
        stats ? parquet_writer_finish(d->open, stats, &f->rows, &f->bytes, err) : error_memory(err);
    parquet_writer_free(d->open);
    d->open = NULL;
    if (code == 0)
        code = file_stats_text(d->stored, stats, f->rows, &f->stats, err);
    free(stats);
    if (code == 0)
        code = digest_of(f->temporary, f->digest, err);
    return code < 0 ? code : keep_file(d, err);
}

static int is_other_partition(struct data_files *d, const struct batch *b)
{
    struct buffer key = {0};
    int code = row_key_columns(b, 0, d->partition, d->n_partition, &key);
    if (code == 0)
        code = !slice_equal(buffer_view(&key), buffer_view(&d->key));
    if (code == 1) {
        buffer_done(&d->key);
        d->key = key;
        return 1;
    }
    buffer_done(&key);
    return code;
}

static int is_full(const struct data_files *d)
{
    if (d->file_rows)
        return d->open_rows >= d->file_rows;
    return d->open_rows >= FILE_ROWS || d->open_bytes >= FILE_BYTES;
}

static int write_rows(struct data_files *d, struct batch *b, struct error *err)
{
    int other = d->n_partition ? is_other_partition(d, b) : 0;
    if (other < 0)
        return error_memory(err);
    if (other || is_full(d))
        TRY(close_file(d, err));
    if (!d->open) {
        TRY(partition_of(d, b, &d->next, err));
        TRY(open_file(d, err));
    }
    TRY(batch_select(b, d->stored, d->keep, err));
    d->open_rows += b->n_rows;
    d->open_bytes += (int64_t)batch_bytes(b);
    return parquet_writer_write(d->open, b, err);
}

int data_files_write(struct data_files *d, struct batch *b, struct error *err)
{
    int code = b->n_rows ? write_rows(d, b, err) : 0;
    batch_free(b);
    return code;
}

int data_files_finish(struct data_files *d, struct error *err)
{
    return close_file(d, err);
}

int data_files_empty(struct data_files *d, struct error *err)
{
    d->next.folder = strdup("");
    if (!d->next.folder)
        return error_memory(err);
    TRY(open_file(d, err));
    return close_file(d, err);
}

static int name_file(struct data_file *f, struct slice salt)
{
    char salted[65], *path = NULL;
    struct buffer b = {0};
    int code = buffer_append(&b, f->digest, 64);
    if (code == 0)
        code = buffer_slice(&b, salt);
    if (code == 0)
        sha256_of(b.data, b.len, salted);
    buffer_done(&b);
    if (code < 0 || asprintf(&path, "%s%spart-%05d-%.32s.parquet", f->folder, *f->folder ? "/" : "",
                             f->number, salted) < 0)
        return ERR_MEMORY;
    free(f->path);
    f->path = path;
    return 0;
}

/* A file of that name has the same bytes: a try that failed left it, and a vacuum may think it old.
 */
static int link_file(const struct data_file *f, const char *path, struct error *err)
{
    if (link(f->temporary, path) == 0)
        return 0;
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK) {
        if (renameat2(AT_FDCWD, f->temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
            return 0;
    }
    if (errno == EEXIST && utimensat(AT_FDCWD, path, NULL, 0) == 0)
        return 0;
    return error_errno(err, ERR_IO, "cannot put '%s' in its place", path);
}

/* Folders below the table's; what is made is synced later. */
static int make_folders(const char *table, const char *folder, struct error *err)
{
    char *path = file_join(table, folder);
    if (!path)
        return error_memory(err);
    int code = 0;
    for (char *at = path + strlen(table) + 1; code == 0 && *folder && at; at++) {
        at = strchr(at, '/');
        if (at)
            *at = 0;
        if (mkdir(path, 0777) < 0 && errno != EEXIST)
            code = error_errno(err, ERR_CREATE, "cannot create the folder '%s'", path);
        if (!at)
            break;
        *at = '/';
    }
    free(path);
    return code;
}

int data_file_place(struct data_file *f, const char *table, struct slice salt, struct error *err)
{
    if (name_file(f, salt) < 0)
        return error_memory(err);
    TRY(make_folders(table, f->folder, err));
    char *path = file_join(table, f->path);
    int code = path ? link_file(f, path, err) : error_memory(err);
    free(path);
    return code;
}

struct syncing {
    struct dict paths; /* relative */
    const char *table;
    int failed; /* errno of one that failed */
};

/* Some file systems have no notion of syncing a folder, and say EINVAL. */
static void sync_one(void *arg, size_t i)
{
    struct syncing *s = arg;
    char *path = file_join(s->table, dict_get(&s->paths, (uint32_t)i).ptr);
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
        __atomic_store_n(&s->failed, errno, __ATOMIC_RELAXED);
    if (fd >= 0)
        close(fd);
    free(path);
}

/* A path and all that lead to it: "a/b/c", "a/b", "a", "". */
static int add_paths(struct dict *paths, const char *path)
{
    struct slice s = slice_str(path);
    while (s.len) {
        if (dict_find(paths, s) >= 0)
            return 0;
        if (dict_add(paths, s) < 0)
            return ERR_MEMORY;
        while (s.len && s.ptr[s.len - 1] != '/')
            s.len--;
        s.len -= s.len > 0;
    }
    return dict_add(paths, SLICE_LIT("")) < 0 ? ERR_MEMORY : 0;
}

int data_files_sync(struct data_files *d, const char *table, struct error *err)
{
    struct syncing s = {.table = table};
    int code = dict_init(&s.paths);
    for (int i = 0; i < d->n_files && code == 0; i++)
        code = add_paths(&s.paths, d->files[i].path);
    if (code == 0)
        pool_for(d->pool, s.paths.n, sync_one, &s);
    dict_done(&s.paths);
    if (code < 0)
        return error_memory(err);
    errno = s.failed;
    return s.failed ? error_errno(err, ERR_IO, "cannot write the files of '%s' to disk", table) : 0;
}
