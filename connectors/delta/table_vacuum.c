/* Vacuum: what the table's folder has and no version that is kept needs. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/delta/actions.h"
#include "connectors/delta/log.h"
#include "connectors/delta/partition.h"
#include "connectors/delta/table.h"
#include "connectors/delta/table_care.h"
#include "core/file.h"

enum { DEPTH = 32, DAY_MS = 86400000 };

struct vacuuming {
    const char *folder;
    const struct vacuum_options *options;
    struct vacuum_done *done;
    struct dict kept; /* paths relative to the folder */
    int64_t before;   /* ms: what is younger stays */
    struct error *err;
};

static int64_t modified_ms(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000;
}

static int keep_uri(struct vacuuming *v, struct slice uri)
{
    struct buffer path = {0};
    int code = path_decode(uri, &path);
    if (code == 1) /* others are not in the folder, and not ours to delete */
        code = dict_add(&v->kept, buffer_view(&path)) < 0 ? ERR_MEMORY : 0;
    buffer_done(&path);
    return code < 0 ? error_memory(v->err) : 0;
}

/* The newest version that was there before the retained time; -1: none that can be told. */
static int64_t version_before(const struct vacuuming *v, int64_t newest)
{
    for (int64_t version = newest; version >= 0; version--) {
        struct stat st;
        char *path = log_path(v->folder, version, ".json");
        int found = path && stat(path, &st) == 0;
        free(path);
        if (!found)
            return -1;
        if (modified_ms(&st) < v->before)
            return version;
    }
    return -1;
}

/* All files of all versions that are kept: those that lived at the first, and all that came since.
 */
static int keep_files(struct vacuuming *v, struct log_state *s)
{
    int n_first = s->n_files;
    for (int i = 0; i < n_first; i++)
        if (s->files[i].live || s->files[i].removed >= v->before)
            TRY(keep_uri(v, s->files[i].uri));
    int more = log_advance(s, v->err);
    TRY(more);
    for (int i = n_first; i < s->n_files; i++)
        TRY(keep_uri(v, s->files[i].uri));
    v->done->version = s->version;
    return 0;
}

/* From the first version that is kept; when its log is gone, from the newest, whose removed files
 * say how long ago that was. */
static int keep_versions(struct vacuuming *v, int64_t newest)
{
    struct log_state *s = NULL;
    struct error other = {0};
    int64_t first = version_before(v, newest);
    if (first < 0)
        first = log_has_commit(v->folder, 0) ? 0 : -1;
    int code = first >= 0 ? log_open(v->folder, first, &s, &other) : ERR_DATA;
    if (code == ERR_DATA)
        code = log_open(v->folder, -1, &s, v->err);
    else if (code < 0)
        *v->err = other;
    TRY(code);
    v->done->first_version = s->version;
    code = keep_files(v, s);
    log_free(s);
    return code;
}

static int look_at_file(struct vacuuming *v, const char *relative, const struct stat *st)
{
    if (dict_find(&v->kept, slice_str(relative)) >= 0 || modified_ms(st) >= v->before) {
        v->done->kept_files++;
        return 0;
    }
    v->done->files++;
    v->done->bytes += st->st_size;
    if (v->options->each)
        v->options->each(v->options->arg, relative, st->st_size);
    if (v->options->act == VACUUM_LOOK)
        return 0;
    char *path = file_join(v->folder, relative);
    int code = path ? 0 : error_memory(v->err);
    if (path && unlink(path) < 0 && errno != ENOENT)
        code = error_errno(v->err, ERR_IO, "cannot delete '%s'", path);
    free(path);
    return code;
}

static int walk(struct vacuuming *v, const char *path, int depth);

/* Links are not followed; what begins with '_' or '.' is no data. */
static int look_at(struct vacuuming *v, const char *path, const char *name, int depth)
{
    struct stat st;
    if (name[0] == '.' || name[0] == '_')
        return 0;
    char *relative = *path ? file_join(path, name) : strdup(name);
    char *whole = relative ? file_join(v->folder, relative) : NULL;
    int code = whole ? 0 : error_memory(v->err);
    if (code == 0 && lstat(whole, &st) == 0) {
        if (S_ISDIR(st.st_mode) && strchr(name, '='))
            code = walk(v, relative, depth + 1);
        else if (S_ISREG(st.st_mode) && slice_ends(slice_str(name), SLICE_LIT(".parquet")))
            code = look_at_file(v, relative, &st);
    }
    free(relative);
    free(whole);
    return code;
}

static int walk(struct vacuuming *v, const char *path, int depth)
{
    char *whole = *path ? file_join(v->folder, path) : strdup(v->folder);
    DIR *d = whole && depth < DEPTH ? opendir(whole) : NULL;
    int code = !whole ? error_memory(v->err)
               : !d   ? error_errno(v->err, ERR_INPUT, "cannot read the folder '%s'", whole)
                      : 0;
    const struct dirent *e;
    while (code == 0 && (errno = 0, e = readdir(d)))
        code = look_at(v, path, e->d_name, depth);
    if (code == 0 && errno)
        code = error_errno(v->err, ERR_IO, "cannot read the folder '%s'", whole);
    if (d)
        closedir(d);
    free(whole);
    return code;
}

/* The process of ".NAME.tmp-PID-N", or 0 when it is no such name. */
static pid_t writer_of(const char *name, struct slice of)
{
    long pid = 0, n = 0;
    int end = 0;
    const char *mark = NULL;
    for (const char *at = name; (at = strstr(at, ".tmp-")); at++)
        mark = at;
    if (name[0] != '.' || !mark || mark == name ||
        sscanf(mark, ".tmp-%9ld-%9ld%n", &pid, &n, &end) != 2 || mark[end])
        return 0;
    struct slice stem = slice_of(name + 1, (size_t)(mark - name) - 1);
    return of.ptr && !slice_equal(stem, of) ? 0 : (pid_t)pid;
}

static int is_left(const struct vacuuming *v, const char *path, pid_t pid)
{
    struct stat st;
    int64_t now = action_now(), age = now - v->before;
    return lstat(path, &st) == 0 && modified_ms(&st) < now - (age < DAY_MS ? age : DAY_MS) &&
           kill(pid, 0) < 0 && errno == ESRCH;
}

/* Leftovers in a folder: those of `of`, or of any file. */
static int sweep(struct vacuuming *v, const char *folder, struct slice of)
{
    DIR *d = opendir(folder);
    int code = 0;
    const struct dirent *e;
    while (d && code == 0 && (e = readdir(d))) {
        pid_t pid = writer_of(e->d_name, of);
        char *path = pid > 0 ? file_join(folder, e->d_name) : NULL;
        if (path && is_left(v, path, pid)) {
            v->done->temporaries++;
            if (v->options->each)
                v->options->each(v->options->arg, path, 0);
            if (v->options->act == VACUUM_DELETE)
                code = file_remove_tree(path, v->err);
        }
        free(path);
    }
    if (d)
        closedir(d);
    return code;
}

static int sweep_all(struct vacuuming *v)
{
    const char *slash = strrchr(v->folder, '/');
    char *above = slash ? strndup(v->folder, (size_t)(slash - v->folder) + 1) : strdup(".");
    char *log = file_join(v->folder, "_delta_log");
    int code = above && log ? 0 : error_memory(v->err);
    if (code == 0)
        code = sweep(v, above, slice_str(slash ? slash + 1 : v->folder));
    if (code == 0)
        code = sweep(v, log, (struct slice){0});
    free(above);
    free(log);
    return code;
}

/* How long removed files are kept by the table's own word. */
static int retention(struct vacuuming *v, int64_t *ret_newest)
{
    struct log_state *s;
    TRY(log_open(v->folder, -1, &s, v->err));
    int64_t kept = s->deleted_kept;
    int code = s->version >= 0 ? 0
               : table_exists(v->folder)
                   ? error_set(v->err, ERR_CONFIG,
                               "'%s' is a plain table: it has one version, and no log to clean by",
                               v->folder)
                   : error_set(v->err, ERR_INPUT, "there is no table in '%s'", v->folder);
    *ret_newest = s->version;
    log_free(s);
    v->done->retain = v->options->retain >= 0 ? v->options->retain : kept;
    v->before = action_now() - v->done->retain;
    return code;
}

static int vacuum(struct vacuuming *v)
{
    int64_t newest;
    TRY(retention(v, &newest));
    TRY(keep_versions(v, newest));
    TRY(walk(v, "", 0));
    return sweep_all(v);
}

int table_vacuum(const char *folder, const struct vacuum_options *options, struct vacuum_done *ret,
                 struct error *err)
{
    char *clean = strdup(folder);
    *ret = (struct vacuum_done){0};
    struct vacuuming v = {.folder = clean, .options = options, .done = ret, .err = err};
    if (!clean || dict_init(&v.kept) < 0) {
        free(clean);
        return error_memory(err);
    }
    for (size_t len = strlen(clean); len > 1 && clean[len - 1] == '/'; len--)
        clean[len - 1] = 0;
    int code = vacuum(&v);
    dict_done(&v.kept);
    free(clean);
    return code;
}
