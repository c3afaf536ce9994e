#include "connectors/delta/log.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/delta/log_checkpoint.h"
#include "core/file.h"

enum log_from { FROM_CHECKPOINT, FROM_COMMITS };

static const size_t commit_limit = (size_t)1 << 30;

char *log_path(const char *folder, int64_t version, const char *suffix)
{
    char *path = NULL;
    if (asprintf(&path, "%s/_delta_log/%020lld%s", folder, (long long)version, suffix) < 0)
        return NULL;
    return path;
}

int64_t log_version_of(const char *name, const char *suffix)
{
    int64_t version = 0;
    for (int i = 0; i < 20; i++) {
        if (name[i] < '0' || name[i] > '9' || version > (INT64_MAX - 9) / 10)
            return -1;
        version = version * 10 + (name[i] - '0');
    }
    return strcmp(name + 20, suffix) == 0 ? version : -1;
}

int log_newest(const char *folder, int64_t *ret, struct error *err)
{
    int64_t newest = -1;
    char *path = file_join(folder, "_delta_log");
    if (!path)
        return error_memory(err);
    DIR *d = opendir(path);
    int code = 0;
    if (!d && errno != ENOENT && errno != ENOTDIR)
        code = error_errno(err, ERR_INPUT, "cannot read the folder '%s'", path);
    const struct dirent *e;
    while (d && (errno = 0, e = readdir(d))) {
        int64_t version = log_version_of(e->d_name, ".json");
        if (version < 0)
            version = log_version_of(e->d_name, ".checkpoint.parquet");
        if (version > newest)
            newest = version;
    }
    if (d && errno)
        code = error_errno(err, ERR_IO, "cannot read the folder '%s'", path);
    if (d)
        closedir(d);
    free(path);
    *ret = newest;
    return code;
}

int log_exists(const char *folder)
{
    char *path = file_join(folder, "_delta_log");
    int found = path && file_exists(path);
    free(path);
    return found;
}

static struct log_state *log_new(const char *folder)
{
    struct log_state *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->version = -1;
    s->folder = strdup(folder);
    if (!s->folder || dict_init(&s->uris) < 0 || dict_init(&s->apps) < 0) {
        log_free(s);
        return NULL;
    }
    return s;
}

void log_free(struct log_state *s)
{
    if (!s)
        return;
    schema_unref(s->schema);
    schema_unref(s->physical);
    free(s->folder);
    free(s->writer_features);
    free(s->required);
    free(s->metadata);
    free(s->files);
    free(s->last);
    free(s->app_versions);
    free(s->app_times);
    dict_done(&s->uris);
    dict_done(&s->apps);
    arena_done(&s->arena);
    free(s);
}

/* 1: replayed; 0: there is no such commit. */
static int replay_next(struct log_state *s, struct error *err)
{
    char *path = log_path(s->folder, s->version + 1, ".json");
    if (!path)
        return error_memory(err);
    struct buffer lines = {0};
    int code = file_exists(path);
    if (code) {
        code = file_slurp(path, commit_limit, &lines, err);
        if (code == 0)
            code = log_apply(s, buffer_view(&lines), path, err);
        if (code == 0) {
            s->version++;
            code = 1;
        }
    }
    buffer_done(&lines);
    free(path);
    return code;
}

static int replay_checkpoint(struct log_state *s, const struct checkpoint *from, struct error *err)
{
    struct buffer lines = {0};
    int code = checkpoint_lines(s->folder, from, &lines, err);
    if (code == 0)
        code = log_apply(s, buffer_view(&lines), from->names.n ? dict_get(&from->names, 0).ptr : "",
                         err);
    if (code == 0)
        s->version = from->version;
    buffer_done(&lines);
    return code;
}

int log_has_commit(const char *folder, int64_t version)
{
    char *path = log_path(folder, version, ".json");
    int found = path && file_exists(path);
    free(path);
    return found;
}

static int replay_commits(struct log_state *s, int64_t version, int64_t newest, struct error *err)
{
    while (version < 0 || s->version < version) {
        int more = replay_next(s, err);
        TRY(more);
        if (more == 0)
            break;
    }
    if (s->version < (version < 0 ? newest : version))
        return error_set(err, ERR_DATA, "the log of the table '%s' has no commit %lld", s->folder,
                         (long long)s->version + 1);
    return 0;
}

/* From the newest checkpoint at or below the version, or from the first commit. */
static int replay_to(struct log_state *s, int64_t version, enum log_from start, struct error *err)
{
    int64_t newest;
    struct checkpoint from = {.version = -1};
    TRY(log_newest(s->folder, &newest, err));
    if (newest < 0)
        return 0;
    if (version > newest)
        return error_set(err, ERR_INPUT, "the table '%s' has no version %lld: its newest is %lld",
                         s->folder, (long long)version, (long long)newest);
    int code = start == FROM_CHECKPOINT ? checkpoint_find(s->folder, version, &from, err) : 0;
    if (code == 0 && from.version >= 0)
        code = replay_checkpoint(s, &from, err);
    checkpoint_done(&from);
    return code < 0 ? code : replay_commits(s, version, newest, err);
}

static int open_from(const char *folder, int64_t version, enum log_from start,
                     struct log_state **ret, struct error *err)
{
    struct log_state *s = log_new(folder);
    if (!s)
        return error_memory(err);
    int code = replay_to(s, version, start, err);
    if (code < 0) {
        log_free(s);
        return code;
    }
    *ret = s;
    return 0;
}

/* A checkpoint only saves time while the commits are all there: one that cannot be read, or lacks
 * what is asked for, does not keep the table from being read. */
int log_open(const char *folder, int64_t version, struct log_state **ret, struct error *err)
{
    struct error other = {0};
    int code = open_from(folder, version, FROM_CHECKPOINT, ret, err);
    if (code != ERR_DATA || !log_has_commit(folder, 0))
        return code;
    return open_from(folder, version, FROM_COMMITS, ret, &other) < 0 ? code : 0;
}

int log_advance(struct log_state *s, struct error *err)
{
    int n = 0, more;
    while ((more = replay_next(s, err)) > 0)
        n++;
    return more < 0 ? more : n;
}

int64_t log_app_version(const struct log_state *s, struct slice app)
{
    int64_t code = dict_find(&s->apps, app);
    return code < 0 ? INT64_MIN : s->app_versions[code];
}

int log_check_writer(const struct log_state *s, enum log_change change, struct error *err)
{
    if (s->version < 0)
        return 0;
    if (s->writer > 2)
        return error_set(err, ERR_DATA,
                         "the table '%s' needs a Delta writer of version %d%s%s, sluice is one of "
                         "version 2",
                         s->folder, s->writer, s->writer_features ? " with " : "",
                         s->writer_features ? s->writer_features : "");
    if (s->rules)
        return error_set(err, ERR_DATA,
                         "column '%s' of the table '%s' has invariants that sluice cannot check",
                         s->rules, s->folder);
    if (s->append_only && change == LOG_REMOVES)
        return error_set(err, ERR_DATA,
                         "the table '%s' takes new rows alone (delta.appendOnly): --mode append",
                         s->folder);
    return 0;
}

/* 1: published; 0: the name was taken. */
static int publish(const char *path, struct slice actions, struct error *err)
{
    struct file_out *f;
    TRY(file_create(path, FILE_NEW | FILE_SHARED, &f, err));
    int code = file_write(f, actions.ptr, actions.len, err);
    if (code == 0) {
        code = file_commit(f, err);
        code = code == ERR_CREATE ? 0 : code < 0 ? code : 1;
    }
    file_close(f);
    return code;
}

int log_publish(const struct log_state *s, struct slice actions, struct error *err)
{
    char *path = log_path(s->folder, s->version + 1, ".json");
    if (!path)
        return error_memory(err);
    int code = publish(path, actions, err);
    free(path);
    return code;
}
