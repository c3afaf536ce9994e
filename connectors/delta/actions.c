#include "connectors/delta/actions.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "connectors/delta/partition.h"
#include "core/hash.h"

int64_t action_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int action_put(const char *name, json_t *object, struct buffer *out)
{
    json_t *line = object ? json_pack("{s:o}", name, object) : NULL;
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    int code = text ? buffer_string(out, text) : ERR_MEMORY;
    if (code == 0)
        code = buffer_putc(out, '\n');
    free(text);
    json_decref(line);
    return code;
}

int action_commit_info(const struct commit_info *info, int64_t now, struct buffer *out)
{
    char rows[24], files[24], removed[24];
    snprintf(rows, sizeof rows, "%lld", (long long)info->rows);
    snprintf(files, sizeof files, "%lld", (long long)info->files);
    snprintf(removed, sizeof removed, "%lld", (long long)info->removed);
    return action_put("commitInfo",
                      json_pack("{s:I,s:s,s:{s:s},s:{s:s,s:s,s:s},s:s}", "timestamp",
                                (json_int_t)now, "operation", info->operation,
                                "operationParameters", "mode", info->mode, "operationMetrics",
                                "numOutputRows", rows, "numFiles", files, "numRemovedFiles",
                                removed, "engineInfo", "sluice/" SLUICE_VERSION),
                      out);
}

int action_protocol(struct buffer *out)
{
    return action_put("protocol",
                      json_pack("{s:i,s:i}", "minReaderVersion", 1, "minWriterVersion", 2), out);
}

static json_t *names(const struct slice *list, int n)
{
    json_t *array = json_array();
    for (int i = 0; i < n; i++)
        if (json_array_append_new(array, json_stringn(list[i].ptr, list[i].len)) < 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

int action_metadata(const char *id, const char *schema_text, const struct slice *partition,
                    int n_partition, int64_t now, struct buffer *out)
{
    return action_put("metaData",
                      json_pack("{s:s,s:{s:s,s:{}},s:s,s:o,s:{},s:I}", "id", id, "format",
                                "provider", "parquet", "options", "schemaString", schema_text,
                                "partitionColumns", names(partition, n_partition), "configuration",
                                "createdTime", (json_int_t)now),
                      out);
}

int action_metadata_changed(const char *metadata, const char *schema_text,
                            const struct slice *partition, int n_partition, struct buffer *out)
{
    json_t *json = json_loads(metadata, 0, NULL);
    int code = json_object_set_new(json, "schemaString", json_string(schema_text));
    if (code == 0)
        code = json_object_set_new(json, "partitionColumns", names(partition, n_partition));
    if (code < 0) {
        json_decref(json);
        return ERR_MEMORY;
    }
    return action_put("metaData", json, out);
}

int action_txn(struct slice app, int64_t version, int64_t now, struct buffer *out)
{
    return action_put("txn",
                      json_pack("{s:s%,s:I,s:I}", "appId", app.ptr, app.len, "version",
                                (json_int_t)version, "lastUpdated", (json_int_t)now),
                      out);
}

static json_t *values_json(const struct slice *partition, const struct slice *values, int n)
{
    json_t *object = json_object();
    for (int i = 0; i < n; i++) {
        json_t *value = values[i].ptr ? json_stringn(values[i].ptr, values[i].len) : json_null();
        if (json_object_set_new(object, partition[i].ptr, value) < 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

int action_add(const struct data_file *f, const struct slice *partition, int n_partition,
               enum data_change change, int64_t now, struct buffer *out)
{
    struct buffer uri = {0};
    int code = path_encode(slice_str(f->path), &uri);
    if (code == 0)
        code = action_put("add",
                          json_pack("{s:s%,s:o,s:I,s:I,s:b,s:s}", "path", (const char *)uri.data,
                                    uri.len, "partitionValues",
                                    values_json(partition, f->values, n_partition), "size",
                                    (json_int_t)f->bytes, "modificationTime", (json_int_t)now,
                                    "dataChange", (int)change, "stats", f->stats),
                          out);
    buffer_done(&uri);
    return code;
}

int action_remove(const struct log_file *f, const struct slice *partition, int n_partition,
                  enum data_change change, int64_t now, struct buffer *out)
{
    int n = f->n_values < n_partition ? f->n_values : n_partition;
    return action_put("remove",
                      json_pack("{s:s%,s:I,s:b,s:b,s:o,s:I}", "path", f->uri.ptr, f->uri.len,
                                "deletionTimestamp", (json_int_t)now, "dataChange", (int)change,
                                "extendedFileMetadata", 1, "partitionValues",
                                values_json(partition, f->values, n), "size", (json_int_t)f->size),
                      out);
}

/* A UUID of version 8, the one for makers' own digests (RFC 9562). */
void action_table_id(const char *folder, const char *schema_text, char ret[37])
{
    char hex[65];
    struct buffer b = {0};
    size_t len = strlen(folder);
    while (len && folder[len - 1] == '/')
        len--;
    const char *slash = memrchr(folder, '/', len);
    size_t from = slash ? (size_t)(slash - folder) + 1 : 0;
    buffer_append(&b, folder + from, len - from + 1);
    buffer_string(&b, schema_text);
    sha256_of(b.data, b.len, hex);
    buffer_done(&b);
    snprintf(ret, 37, "%.8s-%.4s-8%.3s-a%.3s-%.12s", hex, hex + 8, hex + 12, hex + 15, hex + 18);
}
