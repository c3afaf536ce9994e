/* From lines of a commit to the state of the table. */
#include <jansson.h>
#include <stdlib.h>

#include "connectors/delta/log.h"
#include "connectors/delta/spark_schema.h"

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

static int apply_protocol(struct log_state *s, json_t *p, struct error *err)
{
    s->reader = (int)number_of(p, "minReaderVersion", 0);
    s->writer = (int)number_of(p, "minWriterVersion", 0);
    json_t *features = json_object_get(p, "readerFeatures");
    char *text = json_dumps(features, JSON_COMPACT);
    int code = 0;
    if (s->reader > 1)
        code = error_set(err, ERR_DATA,
                         "the table needs a Delta reader of version %d%s%s, sluice is one of "
                         "version 1",
                         s->reader, text ? " with " : "", text ? text : "");
    free(text);
    free(s->writer_features);
    s->writer_features = json_dumps(json_object_get(p, "writerFeatures"), JSON_COMPACT);
    return code;
}

static int apply_configuration(struct log_state *s, json_t *configuration, struct error *err)
{
    struct slice mapping = text_of(configuration, "delta.columnMapping.mode");
    if (mapping.len && !slice_equal(mapping, SLICE_LIT("none")))
        return error_set(err, ERR_DATA,
                         "the table maps its columns by '%.*s' (delta.columnMapping.mode), which "
                         "sluice cannot read",
                         (int)mapping.len, mapping.ptr);
    s->append_only = slice_equal(text_of(configuration, "delta.appendOnly"), SLICE_LIT("true"));
    return 0;
}

static int apply_partition(struct log_state *s, json_t *columns, struct error *err)
{
    size_t n = json_array_size(columns);
    s->partition = ARENA_ARRAY(&s->arena, struct slice, n + 1);
    if (!s->partition)
        return error_memory(err);
    for (size_t i = 0; i < n; i++) {
        json_t *name = json_array_get(columns, i);
        s->partition[i] =
            arena_copy(&s->arena, slice_of(json_string_value(name), json_string_length(name)));
        if (!s->partition[i].ptr)
            return error_memory(err);
        if (schema_find(s->schema, s->partition[i]) < 0)
            return error_set(err, ERR_DATA, "the partition column '%s' is not in the schema",
                             s->partition[i].ptr);
    }
    s->n_partition = (int)n;
    return 0;
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
    return apply_partition(s, json_object_get(m, "partitionColumns"), err);
}

static int apply_txn(struct log_state *s, json_t *t, struct error *err)
{
    struct slice app = text_of(t, "appId");
    int64_t code = app.ptr ? dict_add(&s->apps, app) : 0;
    if (!app.ptr)
        return error_set(err, ERR_DATA, "a transaction has no appId");
    if (code < 0 || grow(&s->app_versions, sizeof(int64_t), (uint32_t)code, &s->cap_apps) < 0)
        return error_memory(err);
    s->app_versions[code] = number_of(t, "version", INT64_MIN);
    return 0;
}

/* The place of a path in `last`, which is -1 for a new one. */
static int64_t code_of(struct log_state *s, struct slice uri)
{
    uint32_t before = s->uris.n;
    int64_t code = dict_add(&s->uris, uri);
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
        struct slice value = text_of(values, s->partition[i].ptr);
        if (!json_object_get(values, s->partition[i].ptr))
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

static int apply_add(struct log_state *s, json_t *add, struct error *err)
{
    struct slice uri = text_of(add, "path");
    json_t *vector = json_object_get(add, "deletionVector");
    if (!uri.len)
        return error_set(err, ERR_DATA, "a file has no path");
    if (vector && !json_is_null(vector))
        return error_set(err, ERR_DATA,
                         "the table has deletion vectors, which sluice cannot read: purge them "
                         "with the engine that wrote them");
    int64_t code = code_of(s, uri);
    uint32_t cap = (uint32_t)s->cap_files;
    if (code < 0 || grow(&s->files, sizeof *s->files, (uint32_t)s->n_files, &cap) < 0)
        return error_memory(err);
    s->cap_files = (int)cap;
    struct log_file *f = &s->files[s->n_files];
    *f = (struct log_file){
        .uri = dict_get(&s->uris, (uint32_t)code), .size = number_of(add, "size", 0), .live = 1};
    TRY(read_values(s, json_object_get(add, "partitionValues"), f, err));
    TRY(read_stats(s, add, f, err));
    if (s->last[code] >= 0)
        s->files[s->last[code]].live = 0;
    s->last[code] = s->n_files++;
    return 0;
}

static int apply_remove(struct log_state *s, json_t *remove, struct error *err)
{
    struct slice uri = text_of(remove, "path");
    int64_t code = code_of(s, uri);
    if (code < 0)
        return error_memory(err);
    if (s->last[code] >= 0)
        s->files[s->last[code]].live = 0;
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
