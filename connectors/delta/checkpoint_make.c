/* The checkpoint of a version: its state as lines, those to Parquet, and a note of it. */
#include <jansson.h>
#include <stdlib.h>

#include "connectors/delta/actions.h"
#include "connectors/delta/log_checkpoint.h"
#include "core/file.h"

static json_t *values_of(const struct log_state *s, const struct log_file *f)
{
    json_t *object = json_object();
    for (int i = 0; i < f->n_values && i < s->n_partition; i++) {
        struct slice value = f->values[i];
        json_object_set_new(object, s->partition[i].ptr,
                            value.ptr ? json_stringn(value.ptr, value.len) : json_null());
    }
    return object;
}

/* Nothing changes by a checkpoint: dataChange is false. */
static int put_add(const struct log_state *s, const struct log_file *f, struct buffer *out)
{
    json_t *add = json_pack("{s:s%,s:o,s:I,s:I,s:b}", "path", f->uri.ptr, f->uri.len,
                            "partitionValues", values_of(s, f), "size", (json_int_t)f->size,
                            "modificationTime", (json_int_t)f->modified, "dataChange", 0);
    if (add && f->stats.ptr)
        json_object_set_new(add, "stats", json_stringn(f->stats.ptr, f->stats.len));
    if (add && f->tags.ptr)
        json_object_set_new(add, "tags", json_loadb(f->tags.ptr, f->tags.len, 0, NULL));
    return action_put("add", add, out);
}

static int put_remove(const struct log_file *f, struct buffer *out)
{
    return action_put("remove",
                      json_pack("{s:s%,s:I,s:b,s:b,s:I}", "path", f->uri.ptr, f->uri.len,
                                "deletionTimestamp", (json_int_t)f->removed, "dataChange", 0,
                                "extendedFileMetadata", 0, "size", (json_int_t)f->size),
                      out);
}

static int put_apps(const struct log_state *s, struct buffer *out)
{
    for (uint32_t i = 0; i < s->apps.n; i++) {
        struct slice app = dict_get(&s->apps, i);
        json_t *txn = json_pack("{s:s%,s:I}", "appId", app.ptr, app.len, "version",
                                (json_int_t)s->app_versions[i]);
        if (txn && s->app_times[i] >= 0)
            json_object_set_new(txn, "lastUpdated", json_integer(s->app_times[i]));
        TRY(action_put("txn", txn, out));
    }
    return 0;
}

/* A file that was removed and added again lives, and is remembered as that alone: `last` says. */
static int put_files(const struct log_state *s, int64_t since, struct buffer *out)
{
    for (uint32_t i = 0; i < s->uris.n; i++) {
        if (s->last[i] < 0)
            continue;
        const struct log_file *f = &s->files[s->last[i]];
        if (f->live)
            TRY(put_add(s, f, out));
        else if (f->removed >= since)
            TRY(put_remove(f, out));
    }
    return 0;
}

int checkpoint_state(const struct log_state *s, int64_t since, struct buffer *ret,
                     struct error *err)
{
    int code = action_put(
        "protocol",
        json_pack("{s:i,s:i}", "minReaderVersion", s->reader, "minWriterVersion", s->writer), ret);
    if (code == 0)
        code = action_put("metaData", json_loads(s->metadata, 0, NULL), ret);
    if (code == 0)
        code = put_apps(s, ret);
    if (code == 0)
        code = put_files(s, since, ret);
    return code < 0 ? error_memory(err) : 0;
}

static int note(const struct log_state *s, int64_t actions, int64_t bytes, struct error *err)
{
    struct buffer text = {0};
    char *path = file_join(s->folder, "_delta_log/_last_checkpoint");
    int64_t n_files = 0;
    for (int i = 0; i < s->n_files; i++)
        n_files += s->files[i].live;
    int code = path ? buffer_printf(&text,
                                    "{\"version\":%lld,\"size\":%lld,\"sizeInBytes\":%lld,"
                                    "\"numOfAddFiles\":%lld}",
                                    (long long)s->version, (long long)actions, (long long)bytes,
                                    (long long)n_files)
                    : ERR_MEMORY;
    code = code < 0 ? error_memory(err) : file_store(path, FILE_SHARED, buffer_view(&text), err);
    buffer_done(&text);
    free(path);
    return code;
}

static int64_t count_lines(struct slice text)
{
    int64_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    return n;
}

static int make(const struct log_state *s, struct error *err)
{
    struct buffer lines = {0};
    int64_t bytes = 0;
    char *path = log_path(s->folder, s->version, ".checkpoint.parquet");
    int code =
        path ? checkpoint_state(s, action_now() - s->deleted_kept, &lines, err) : error_memory(err);
    if (code == 0)
        code = log_checkpoint_write(path, buffer_view(&lines), &bytes, err);
    if (code == 0)
        code = note(s, count_lines(buffer_view(&lines)), bytes, err);
    buffer_done(&lines);
    free(path);
    return code;
}

int checkpoint_make(const char *folder, int64_t version, struct error *err)
{
    struct log_state *s;
    TRY(log_open(folder, version, &s, err));
    int code = s->version == version ? log_check_writer(s, LOG_ADDS, err) : 0;
    if (code == 0 && s->version == version)
        code = make(s, err);
    log_free(s);
    return code;
}
