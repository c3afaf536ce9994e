#include "connectors/delta/table_restore.h"

#include <stdlib.h>
#include <string.h>

#include "connectors/delta/actions.h"
#include "connectors/delta/partition.h"
#include "core/file.h"

enum { TRIES = 100, NOT_COMMITTED = -1 };

/* The table as it shall be, and as it is. */
struct restoring {
    struct log_state *then, *now;
};

static int is_live(const struct log_state *s, struct slice uri)
{
    int64_t code = dict_find(&s->uris, uri);
    return code >= 0 && s->last[code] >= 0 && s->files[s->last[code]].live;
}

static int check_file(const struct log_state *s, struct slice uri, struct error *err)
{
    struct buffer text = {0};
    char *path = NULL;
    int known = path_decode(uri, &text);
    if (known == 1 && buffer_putc(&text, 0) == 0)
        path = file_join(s->folder, (const char *)text.data);
    int code = known < 0 || (known == 1 && !path) ? error_memory(err) : 0;
    if (code == 0 && (!path || !file_exists(path)))
        code = error_set(err, ERR_INPUT,
                         "version %lld of '%s' is gone: its file '%.*s' is not there any more",
                         (long long)s->version, s->folder, (int)uri.len, uri.ptr);
    buffer_done(&text);
    free(path);
    return code;
}

static int put_add(const struct log_state *s, const struct log_file *f, int64_t now,
                   struct buffer *out)
{
    json_t *values = json_object();
    for (int i = 0; i < s->n_partition; i++) {
        const struct slice *v = &f->values[i];
        json_t *value = v->ptr ? json_stringn(v->ptr, v->len) : json_null();
        if (json_object_set_new(values, s->partition[i].ptr, value) < 0) {
            json_decref(values);
            return ERR_MEMORY;
        }
    }
    json_t *add = json_pack("{s:s%,s:o,s:I,s:I,s:b}", "path", f->uri.ptr, f->uri.len,
                            "partitionValues", values, "size", (json_int_t)f->size,
                            "modificationTime", (json_int_t)now, "dataChange", (int)DATA_CHANGED);
    if (add && f->stats.ptr)
        json_object_set_new(add, "stats", json_stringn(f->stats.ptr, f->stats.len));
    if (add && f->tags.ptr)
        json_object_set_new(add, "tags", json_loadb(f->tags.ptr, f->tags.len, 0, NULL));
    return action_put("add", add, out);
}

static int put_removes(const struct restoring *r, int64_t now, struct buffer *out,
                       struct commit_info *info)
{
    const struct log_state *s = r->now;
    for (int i = 0; i < s->n_files; i++) {
        if (!s->files[i].live || is_live(r->then, s->files[i].uri))
            continue;
        info->removed++;
        TRY(action_remove(&s->files[i], s->partition, s->n_partition, DATA_CHANGED, now, out));
    }
    return 0;
}

static int put_adds(const struct restoring *r, int64_t now, struct buffer *out,
                    struct commit_info *info, struct error *err)
{
    const struct log_state *s = r->then;
    for (int i = 0; i < s->n_files; i++) {
        const struct log_file *f = &s->files[i];
        if (!f->live || (!f->vector.ptr && is_live(r->now, f->uri)))
            continue;
        if (f->vector.ptr || s->mapped)
            return error_set(
                err, ERR_DATA, "version %lld has %s, which sluice reads and does not write",
                (long long)s->version, f->vector.ptr ? "deletion vectors" : "mapped columns");
        TRY(check_file(s, f->uri, err));
        info->files++;
        info->rows += f->rows > 0 ? f->rows : 0;
        if (put_add(s, f, now, out) < 0)
            return error_memory(err);
    }
    return 0;
}

/* What an application committed since must not keep it from committing that again. */
static int put_applications(const struct restoring *r, int64_t now, struct buffer *out)
{
    for (uint32_t i = 0; i < r->now->apps.n; i++) {
        struct slice app = dict_get(&r->now->apps, i);
        int64_t version = log_app_version(r->then, app);
        if (version == INT64_MIN)
            version = NOT_COMMITTED;
        if (r->now->app_versions[i] != version)
            TRY(action_txn(app, version, now, out));
    }
    return 0;
}

static int put_metadata(const struct restoring *r, struct buffer *out)
{
    if (!r->then->metadata || strcmp(r->then->metadata, r->now->metadata) == 0)
        return 0;
    return action_put("metaData", json_loads(r->then->metadata, 0, NULL), out);
}

/* The commit's lines; none when the table is already as it shall be. */
static int put_all(const struct restoring *r, struct buffer *out, struct error *err)
{
    struct commit_info info = {.operation = "RESTORE", .mode = "Overwrite"};
    struct buffer lines = {0};
    int64_t now = action_now();
    int code = put_adds(r, now, &lines, &info, err);
    if (code == 0 && (put_metadata(r, &lines) < 0 || put_applications(r, now, &lines) < 0 ||
                      put_removes(r, now, &lines, &info) < 0))
        code = error_memory(err);
    if (code == 0 && lines.len &&
        (action_commit_info(&info, now, out) < 0 || buffer_slice(out, buffer_view(&lines)) < 0))
        code = error_memory(err);
    buffer_done(&lines);
    return code;
}

/* 1: done; 0: another writer was faster. */
static int restore_once(const struct restoring *r, int64_t *ret_version, struct error *err)
{
    struct buffer actions = {0};
    int code = put_all(r, &actions, err);
    *ret_version = r->now->version + (actions.len > 0);
    if (code == 0 && actions.len) {
        code = log_check_writer(r->now, LOG_REMOVES, err);
        if (code == 0)
            code = log_publish(r->now, buffer_view(&actions), err);
    } else if (code == 0) {
        code = 1;
    }
    if (code == 0)
        TRY(log_advance(r->now, err));
    buffer_done(&actions);
    return code;
}

/* The state before the first commit has no files and no applications. */
static int open_then(const char *folder, int64_t version, struct log_state **ret, struct error *err)
{
    if (version != RESTORE_EMPTY)
        return log_open(folder, version, ret, err);
    struct log_state *s = calloc(1, sizeof *s);
    if (!s || dict_init(&s->uris) < 0 || dict_init(&s->apps) < 0) {
        free(s);
        return error_memory(err);
    }
    s->version = RESTORE_EMPTY;
    *ret = s;
    return 0;
}

static int open_both(const char *folder, int64_t version, struct restoring *r, struct error *err)
{
    TRY(log_open(folder, -1, &r->now, err));
    if (r->now->version < 0)
        return error_set(err, ERR_CONFIG, "'%s' is not a Delta table: it has no earlier versions",
                         folder);
    if (version > r->now->version)
        return error_set(err, ERR_INPUT, "'%s' has no version %lld: its newest is %lld", folder,
                         (long long)version, (long long)r->now->version);
    return open_then(folder, version, &r->then, err);
}

static void restoring_done(struct restoring *r)
{
    if (r->now)
        log_free(r->now);
    if (r->then)
        log_free(r->then);
}

int table_restore(const char *folder, int64_t version, int64_t *ret_version, struct error *err)
{
    struct restoring r = {0};
    int64_t stands = -1;
    int code = open_both(folder, version, &r, err), done = 0;
    for (int i = 0; code == 0 && !done && i < TRIES; i++) {
        done = restore_once(&r, &stands, err);
        code = done < 0 ? done : 0;
    }
    if (code == 0 && !done)
        code = error_set(err, ERR_BUSY, "other writers kept the table '%s' busy: try again later",
                         folder);
    if (ret_version)
        *ret_version = stands;
    restoring_done(&r);
    return code;
}

int table_commits_since(const char *folder, int64_t version,
                        int (*fn)(void *arg, struct slice app, int64_t app_version), void *arg,
                        struct error *err)
{
    struct restoring r = {0};
    int code = open_both(folder, version, &r, err);
    for (uint32_t i = 0; code == 0 && i < r.now->apps.n; i++) {
        struct slice app = dict_get(&r.now->apps, i);
        if (r.now->app_versions[i] > log_app_version(r.then, app) &&
            r.now->app_versions[i] != NOT_COMMITTED)
            code = fn(arg, app, r.now->app_versions[i]);
    }
    restoring_done(&r);
    return code;
}
