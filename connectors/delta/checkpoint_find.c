/* Which checkpoint to start from, by the names in the log's folder, and the lines of its files. */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/delta/log.h"
#include "connectors/delta/log_checkpoint.h"
#include "core/file.h"

/* A file of one: N.checkpoint.parquet, N.checkpoint.PART.PARTS.parquet, N.checkpoint.UUID.parquet
 * or .json. */
struct checkpoint_file {
    int64_t version;
    int part, parts;
    char name[112];
};

static int is_hex_word(const char *text, size_t len)
{
    return strspn(text, "0123456789abcdefABCDEF-") >= len;
}

static int parse_name(const char *name, struct checkpoint_file *ret)
{
    static const struct slice middle = {".checkpoint.", 12};
    int end = 0;
    char number[21] = {0};
    if (strlen(name) >= sizeof ret->name || strlen(name) < 32 || memcmp(name + 20, middle.ptr, 12))
        return 0;
    memcpy(number, name, 20);
    *ret = (struct checkpoint_file){.version = log_version_of(number, ""), .part = 1, .parts = 1};
    memcpy(ret->name, name, strlen(name) + 1);
    const char *rest = name + 32;
    if (ret->version < 0)
        return 0;
    if (strcmp(rest, "parquet") == 0)
        return 1;
    if (sscanf(rest, "%10d.%10d.parquet%n", &ret->part, &ret->parts, &end) == 2 && end &&
        !rest[end])
        return ret->part >= 1 && ret->part <= ret->parts;
    ret->part = ret->parts = 1;
    return strlen(rest) > 36 && is_hex_word(rest, 36) &&
           (strcmp(rest + 36, ".parquet") == 0 || strcmp(rest + 36, ".json") == 0);
}

/* Newest first; of one version, single files first; parts in order. */
static int by_newness(const void *a, const void *b)
{
    const struct checkpoint_file *f = a, *g = b;
    if (f->version != g->version)
        return f->version > g->version ? -1 : 1;
    if (f->parts != g->parts)
        return f->parts < g->parts ? -1 : 1;
    if (f->part != g->part)
        return f->part < g->part ? -1 : 1;
    return strcmp(f->name, g->name);
}

static int list_files(const char *folder, int64_t limit, struct buffer *ret, struct error *err)
{
    struct checkpoint_file f;
    char *path = file_join(folder, "_delta_log");
    DIR *d = path ? opendir(path) : NULL;
    int code = path ? 0 : error_memory(err);
    const struct dirent *e;
    while (d && code == 0 && (errno = 0, e = readdir(d)))
        if (parse_name(e->d_name, &f) && (limit < 0 || f.version <= limit) &&
            buffer_append(ret, &f, sizeof f) < 0)
            code = error_memory(err);
    if (d && code == 0 && errno)
        code = error_errno(err, ERR_IO, "cannot read the folder '%s'", path);
    if (d)
        closedir(d);
    free(path);
    return code;
}

/* How many files from here on are one checkpoint; 0: some of its parts are missing. */
static size_t whole(const struct checkpoint_file *f, size_t n)
{
    size_t parts = (size_t)f->parts;
    for (size_t i = 0; i < parts; i++)
        if (i >= n || f[i].version != f->version || f[i].parts != f->parts ||
            f[i].part != (int)i + 1)
            return 0;
    return parts;
}

static int keep_names(const struct checkpoint_file *f, size_t n, struct checkpoint *ret,
                      struct error *err)
{
    int code = dict_init(&ret->names);
    for (size_t i = 0; i < n && code == 0; i++)
        code = dict_add(&ret->names, slice_str(f[i].name)) < 0 ? ERR_MEMORY : 0;
    ret->version = f->version;
    return code < 0 ? error_memory(err) : 0;
}

int checkpoint_find(const char *folder, int64_t limit, struct checkpoint *ret, struct error *err)
{
    struct buffer files = {0};
    size_t parts = 0, i = 0;
    *ret = (struct checkpoint){.version = -1};
    int code = list_files(folder, limit, &files, err);
    struct checkpoint_file *f = (struct checkpoint_file *)(void *)files.data;
    size_t n = files.len / sizeof *f;
    if (code == 0 && n)
        qsort(f, n, sizeof *f, by_newness);
    while (code == 0 && i < n && (parts = whole(&f[i], n - i)) == 0)
        i++;
    if (code == 0 && parts)
        code = keep_names(&f[i], parts, ret, err);
    buffer_done(&files);
    return code;
}

void checkpoint_done(struct checkpoint *c)
{
    dict_done(&c->names);
    *c = (struct checkpoint){.version = -1};
}

static int read_one(const char *folder, const char *below, struct slice name, struct buffer *ret,
                    struct error *err)
{
    static const size_t limit = (size_t)1 << 30;
    char *path = NULL;
    if (memchr(name.ptr, '/', name.len) || !name.len || name.ptr[0] == '.')
        return error_set(err, ERR_DATA,
                         "the table '%s' has a checkpoint of files elsewhere: '%.*s'", folder,
                         (int)name.len, name.ptr);
    if (asprintf(&path, "%s/_delta_log/%s%.*s", folder, below, (int)name.len, name.ptr) < 0)
        return error_memory(err);
    int code = slice_ends(name, SLICE_LIT(".json")) ? file_slurp(path, limit, ret, err)
                                                    : log_checkpoint_read(path, ret, err);
    free(path);
    return code;
}

/* A line {"sidecar":{"path":…}} stands for the file's lines. */
static int read_sidecar(const char *folder, struct slice line, struct buffer *ret,
                        struct error *err)
{
    if (!memmem(line.ptr, line.len < 64 ? line.len : 64, "\"sidecar\"", 9))
        return 0;
    json_t *json = json_loadb(line.ptr, line.len, 0, NULL);
    json_t *path = json_object_get(json_object_get(json, "sidecar"), "path");
    int code = json_is_string(path)
                   ? read_one(folder, "_sidecars/", slice_str(json_string_value(path)), ret, err)
                   : 0;
    json_decref(json);
    return code;
}

int checkpoint_lines(const char *folder, const struct checkpoint *c, struct buffer *ret,
                     struct error *err)
{
    struct buffer more = {0};
    int code = 0;
    for (uint32_t i = 0; i < c->names.n && code == 0; i++)
        code = read_one(folder, "", dict_get(&c->names, i), ret, err);
    struct slice lines = buffer_view(ret), line;
    while (code == 0 && slice_cut(&lines, '\n', &line))
        code = read_sidecar(folder, line, &more, err);
    if (code == 0 && (buffer_putc(ret, '\n') < 0 || buffer_slice(ret, buffer_view(&more)) < 0))
        code = error_memory(err);
    buffer_done(&more);
    return code;
}
