/* From lines of a commit to the state of the table. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/delta/log.h"
#include "connectors/delta/spark_schema.h"

enum { CHECKPOINT_INTERVAL = 100, WEEK_MS = 604800000 };

/* Room for element n of an array that doubles. */
static int grow(void *array, size_t size, uint32_t n, uint32_t *cap)
{
    void **at = array;
    if (n < *cap)
        return 0;
    uint32_t bigger = *cap ? *cap * 2 : 64;
    while (bigger <= n)
        bigger *= 2;
    void *grown = realloc(*at, size * bigger);
    if (!grown)
        return ERR_MEMORY;
    *at = grown;
    *cap = bigger;
    return 0;
}

static struct slice text_of(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        return (struct slice){0};
    return slice_of(json_string_value(value), json_string_length(value));
}

static int64_t number_of(json_t *object, const char *key, int64_t otherwise)
{
    json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

/* Features that a reader must know. Those whose use is refused by name where it is met (a file with
 * a vector, a mapped column, a type) do not keep a table without it from being read. */
static int check_features(json_t *features, struct error *err)
{
    static const char *const known[] = {"deletionVectors", "columnMapping", "timestampNtz",
                                        "variantType",     "v2Checkpoint",  "vacuumProtocolCheck"};
    size_t i;
    json_t *feature;
    json_array_foreach(features, i, feature)
    {
        const char *name = json_string_value(feature);
        size_t k = 0;
        while (name && k < sizeof known / sizeof *known && strcmp(known[k], name) != 0)
            k++;
        if (!name || k == sizeof known / sizeof *known)
            return error_set(err, ERR_DATA,
                             "the table needs a reader of the Delta feature '%s', which sluice "
                             "does not have",
                             name ? name : "?");
    }
    return 0;
}

static int apply_protocol(struct log_state *s, json_t *p, struct error *err)
{
    s->reader = (int)number_of(p, "minReaderVersion", 0);
    s->writer = (int)number_of(p, "minWriterVersion", 0);
    free(s->writer_features);
    s->writer_features = json_dumps(json_object_get(p, "writerFeatures"), JSON_COMPACT);
    if (s->reader > 3)
        return error_set(err, ERR_DATA,
                         "the table needs a Delta reader of version %d, sluice is one of version 3",
                         s->reader);
    return s->reader == 3 ? check_features(json_object_get(p, "readerFeatures"), err) : 0;
}

/* "interval 1 week", as Spark's CalendarInterval is written, in milliseconds; negative: not
 * understood. Months have no length. */
static int64_t interval_ms(struct slice text)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"week", 604800000}, {"day", 86400000}, {"hour", 3600000},
                 {"minute", 60000},   {"second", 1000},  {"millisecond", 1}};
    char unit[16];
    long long n;
    int end = 0;
    if (slice_starts(text, SLICE_LIT("interval ")))
        text = slice_of(text.ptr + 9, text.len - 9);
    if (sscanf(text.ptr, "%9lld %15[a-z]%n", &n, unit, &end) != 2 || (size_t)end != text.len)
        return -1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t len = strlen(units[i].unit);
        if (strncmp(unit, units[i].unit, len) == 0 && (!unit[len] || strcmp(unit + len, "s") == 0))
            return n * units[i].ms;
    }
    return -1;
}

static int apply_intervals(struct log_state *s, json_t *configuration, struct error *err)
{
    struct slice every = text_of(configuration, "delta.checkpointInterval");
    struct slice kept = text_of(configuration, "delta.deletedFileRetentionDuration");
    s->checkpoint_interval = every.len ? strtoll(every.ptr, NULL, 10) : CHECKPOINT_INTERVAL;
    s->deleted_kept = kept.len ? interval_ms(kept) : WEEK_MS;
    if (s->checkpoint_interval < 1)
        s->checkpoint_interval = CHECKPOINT_INTERVAL;
    return s->deleted_kept >= 0
               ? 0
               : error_set(err, ERR_DATA,
                           "delta.deletedFileRetentionDuration is '%s', not an interval such as "
                           "'interval 7 days'",
                           kept.ptr);
}

static int apply_configuration(struct log_state *s, json_t *configuration, struct error *err)
{
    struct slice mapping = text_of(configuration, "delta.columnMapping.mode");
    s->by_id = slice_equal(mapping, SLICE_LIT("id"));
    s->mapped = s->by_id || slice_equal(mapping, SLICE_LIT("name"));
    if (mapping.len && !s->mapped && !slice_equal(mapping, SLICE_LIT("none")))
        return error_set(err, ERR_DATA,
                         "the table maps its columns by '%.*s' (delta.columnMapping.mode), which "
                         "sluice does not know",
                         (int)mapping.len, mapping.ptr);
    TRY(apply_intervals(s, configuration, err));
    s->append_only = slice_equal(text_of(configuration, "delta.appendOnly"), SLICE_LIT("true"));
    return 0;
}

static int apply_partition(struct log_state *s, json_t *columns, struct error *err)
{
    size_t n = json_array_size(columns);
    s->partition = ARENA_ARRAY(&s->arena, struct slice, n + 1);
    s->partition_physical = ARENA_ARRAY(&s->arena, struct slice, n + 1);
    if (!s->partition || !s->partition_physical)
        return error_memory(err);
    for (size_t i = 0; i < n; i++) {
        json_t *name = json_array_get(columns, i);
        s->partition[i] =
            arena_copy(&s->arena, slice_of(json_string_value(name), json_string_length(name)));
        if (!s->partition[i].ptr)
            return error_memory(err);
        int at = schema_find(s->schema, s->partition[i]);
        if (at >= 0)
            s->partition_physical[i] = s->physical ? s->physical->fields[at].name : s->partition[i];
        else
            return error_set(err, ERR_DATA, "the partition column '%s' is not in the schema",
                             s->partition[i].ptr);
    }
    s->n_partition = (int)n;
    return 0;
}

/* Columns as the files name them, of a table that says so. */
static int apply_mapping(struct log_state *s, struct slice text, struct error *err)
{
    const char *rules;
    int *required = NULL;
    char *renamed = NULL;
    schema_unref(s->physical);
    s->physical = NULL;
    if (!s->mapped)
        return 0;
    TRY(spark_schema_physical(text.ptr, &renamed, err));
    int code = spark_schema_parse(renamed, &s->arena, &s->physical, &required, &rules, err);
    free(required);
    free(renamed);
    return code;
}

static int apply_metadata(struct log_state *s, json_t *m, struct error *err)
{
    struct slice text = text_of(m, "schemaString");
    struct slice provider = text_of(json_object_get(m, "format"), "provider");
    struct schema *schema;
    int *required;
    if (provider.len && !slice_equal(provider, SLICE_LIT("parquet")))
        return error_set(err, ERR_DATA, "the table's files are '%.*s', not parquet",
                         (int)provider.len, provider.ptr);
    TRY(apply_configuration(s, json_object_get(m, "configuration"), err));
    TRY(spark_schema_parse(text.ptr ? text.ptr : "", &s->arena, &schema, &required, &s->rules,
                           err));
    schema_unref(s->schema);
    free(s->required);
    free(s->metadata);
    s->schema = schema;
    s->required = required;
    s->metadata = json_dumps(m, JSON_COMPACT);
    s->schema_text = arena_string(&s->arena, text);
    s->id = arena_string(&s->arena, text_of(m, "id"));
    if (!s->metadata || !s->schema_text || !s->id)
        return error_memory(err);
    TRY(apply_mapping(s, text, err));
    return apply_partition(s, json_object_get(m, "partitionColumns"), err);
}

static int apply_txn(struct log_state *s, json_t *t, struct error *err)
{
    struct slice app = text_of(t, "appId");
    int64_t code = app.ptr ? dict_add(&s->apps, app) : 0;
    if (!app.ptr)
        return error_set(err, ERR_DATA, "a transaction has no appId");
    if (code < 0 || grow(&s->app_versions, sizeof(int64_t), (uint32_t)code, &s->cap_apps) < 0 ||
        grow(&s->app_times, sizeof(int64_t), (uint32_t)code, &s->cap_times) < 0)
        return error_memory(err);
    s->app_times[code] = number_of(t, "lastUpdated", -1);
    s->app_versions[code] = number_of(t, "version", INT64_MIN);
    return 0;
}

/* A file is told by its path, and by its vector where it has one: "PATH", or "PATH\\0TYPE\\0TEXT\\0
 * OFFSET" (protocol, "Add File and Remove File": path and deletionVector.uniqueId). */
static int put_key(json_t *action, struct buffer *out)
{
    struct slice uri = text_of(action, "path");
    json_t *vector = json_object_get(action, "deletionVector");
    char offset[24];
    TRY(buffer_append(out, uri.ptr, uri.len));
    if (!json_is_object(vector))
        return 0;
    snprintf(offset, sizeof offset, "%lld", (long long)number_of(vector, "offset", -1));
    struct slice parts[] = {text_of(vector, "storageType"), text_of(vector, "pathOrInlineDv"),
                            slice_str(offset)};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        TRY(buffer_putc(out, 0));
        TRY(buffer_append(out, parts[i].ptr, parts[i].len));
    }
    return 0;
}

/* The place of an action's file in `last`, which is -1 for a new one. */
static int64_t code_of(struct log_state *s, json_t *action)
{
    uint32_t before = s->uris.n;
    struct buffer key = {0};
    int64_t code = put_key(action, &key);
    if (code == 0)
        code = dict_add(&s->uris, buffer_view(&key));
    buffer_done(&key);
    if (code < 0 || grow(&s->last, sizeof(int), (uint32_t)code, &s->cap_uris) < 0)
        return ERR_MEMORY;
    if (s->uris.n > before)
        s->last[code] = -1;
    return code;
}

/* An empty string is a null partition value, says the protocol. */
static int read_values(struct log_state *s, json_t *values, struct log_file *f, struct error *err)
{
    struct slice *list = ARENA_ARRAY(&s->arena, struct slice, (size_t)s->n_partition + 1);
    if (!list)
        return error_memory(err);
    for (int i = 0; i < s->n_partition; i++) {
        struct slice value = text_of(values, s->partition_physical[i].ptr);
        if (!json_object_get(values, s->partition_physical[i].ptr))
            return error_set(err, ERR_DATA, "a file has no value of the partition column '%s'",
                             s->partition[i].ptr);
        if (!value.len)
            continue;
        list[i] = arena_copy(&s->arena, value);
        if (!list[i].ptr)
            return error_memory(err);
    }
    f->values = list;
    f->n_values = s->n_partition;
    return 0;
}

static int read_stats(struct log_state *s, json_t *add, struct log_file *f, struct error *err)
{
    struct slice stats = text_of(add, "stats");
    f->rows = -1;
    if (!stats.len)
        return 0;
    f->stats = arena_copy(&s->arena, stats);
    json_t *json = json_loadb(stats.ptr, stats.len, 0, NULL);
    f->rows = number_of(json, "numRecords", -1);
    json_decref(json);
    return f->stats.ptr ? 0 : error_memory(err);
}

/* An object as text, when there is one. */
static int read_object(struct log_state *s, json_t *object, struct slice *ret, struct error *err)
{
    if (!json_is_object(object))
        return 0;
    char *text = json_dumps(object, JSON_COMPACT);
    if (text)
        *ret = arena_copy(&s->arena, slice_str(text));
    free(text);
    return ret->ptr ? 0 : error_memory(err);
}

/* Room for another file. */
static int new_file(struct log_state *s, int64_t code, size_t uri_len, struct log_file **ret)
{
    uint32_t cap = (uint32_t)s->cap_files;
    if (grow(&s->files, sizeof *s->files, (uint32_t)s->n_files, &cap) < 0)
        return ERR_MEMORY;
    s->cap_files = (int)cap;
    *ret = &s->files[s->n_files];
    struct slice key = dict_get(&s->uris, (uint32_t)code);
    **ret = (struct log_file){.uri = slice_of(key.ptr, uri_len)};
    return 0;
}

static int apply_add(struct log_state *s, json_t *add, struct error *err)
{
    struct slice uri = text_of(add, "path");
    if (!uri.len)
        return error_set(err, ERR_DATA, "a file has no path");
    int64_t code = code_of(s, add);
    struct log_file *f;
    if (code < 0 || new_file(s, code, uri.len, &f) < 0)
        return error_memory(err);
    f->live = 1;
    f->size = number_of(add, "size", 0);
    f->modified = number_of(add, "modificationTime", 0);
    TRY(read_values(s, json_object_get(add, "partitionValues"), f, err));
    TRY(read_stats(s, add, f, err));
    TRY(read_object(s, json_object_get(add, "tags"), &f->tags, err));
    TRY(read_object(s, json_object_get(add, "deletionVector"), &f->vector, err));
    if (s->last[code] >= 0)
        s->files[s->last[code]].live = 0;
    s->last[code] = s->n_files++;
    return 0;
}

static int apply_remove(struct log_state *s, json_t *remove, struct error *err)
{
    struct slice uri = text_of(remove, "path");
    int64_t code = code_of(s, remove);
    struct log_file *f;
    if (code < 0)
        return error_memory(err);
    if (s->last[code] < 0) { /* a checkpoint remembers it */
        if (new_file(s, code, uri.len, &f) < 0)
            return error_memory(err);
        f->size = number_of(remove, "size", 0);
        s->last[code] = s->n_files++;
    }
    f = &s->files[s->last[code]];
    f->live = 0;
    f->removed = number_of(remove, "deletionTimestamp", 0);
    return 0;
}

struct action {
    const char *name;
    int (*apply)(struct log_state *s, json_t *value, struct error *err);
};

/* A file's partition values are read by the columns that metaData names, so that comes first,
 * wherever it stands in the commit. */
static const struct action heads[] = {
    {"protocol", apply_protocol}, {"metaData", apply_metadata}, {NULL, NULL}};
static const struct action bodies[] = {
    {"txn", apply_txn}, {"remove", apply_remove}, {"add", apply_add}, {NULL, NULL}};

static int apply_line(struct log_state *s, struct slice line, const struct action *actions,
                      struct error *err)
{
    json_error_t wrong;
    json_t *json = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, &wrong);
    int code = 0;
    if (!json_is_object(json))
        code = error_set(err, ERR_DATA, "not a JSON object: %s", json ? "" : wrong.text);
    for (; code == 0 && actions->name; actions++) {
        json_t *value = json_object_get(json, actions->name);
        if (json_is_object(value))
            code = actions->apply(s, value, err);
    }
    json_decref(json);
    return code;
}

/* Most lines are files: not every one is parsed twice. */
static int may_be(struct slice line, const struct action *actions)
{
    struct slice head = slice_of(line.ptr, line.len < 64 ? line.len : 64);
    if (actions == bodies)
        return 1;
    return !memmem(head.ptr, head.len, "\"add\"", 5) &&
           !memmem(head.ptr, head.len, "\"remove\"", 8);
}

static int apply_lines(struct log_state *s, struct slice lines, const struct action *actions,
                       const char *path, struct error *err)
{
    struct slice line;
    for (int n = 1; slice_cut(&lines, '\n', &line); n++) {
        if (!slice_trim(line).len || !may_be(line, actions))
            continue;
        int code = apply_line(s, line, actions, err);
        if (code == ERR_DATA)
            return error_where(err, "%s:%d", path, n);
        TRY(code);
    }
    return 0;
}

int log_apply(struct log_state *s, struct slice lines, const char *path, struct error *err)
{
    TRY(apply_lines(s, lines, heads, path, err));
    if (s->reader == 0 || !s->schema)
        return error_set(err, ERR_DATA, "'%s': the table's first commit has no protocol or schema",
                         path);
    return apply_lines(s, lines, bodies, path, err);
}
