/* Lines of a commit to the rows of a checkpoint: the inverse of log_checkpoint.c. */
#include <jansson.h>
#include <stdlib.h>

#include "connectors/delta/log_checkpoint.h"
#include "connectors/parquet/parquet.h"
#include "core/builder.h"

/* A checkpoint's columns are those of the protocol ("Checkpoint Schema") that a table of writer
 * version 2 has use for. */
#define FIELD(name_, type_)                                                                        \
    {                                                                                              \
        .name = SLICE_INIT(name_), .type = (type_)                                                 \
    }
#define NESTED(name_, type_, children_)                                                            \
    {                                                                                              \
        .name = SLICE_INIT(name_), .type = (type_),                                                \
        .n_children = sizeof(children_) / sizeof *(children_), .children = (children_)             \
    }

static const struct field pair[] = {FIELD("key", TYPE_UTF8), FIELD("value", TYPE_UTF8)};
static const struct field entry[] = {NESTED("key_value", TYPE_STRUCT, pair)};
static const struct field text[] = {FIELD("item", TYPE_UTF8)};
static const struct field add[] = {
    FIELD("path", TYPE_UTF8),        NESTED("partitionValues", TYPE_LIST, entry),
    FIELD("size", TYPE_INT64),       FIELD("modificationTime", TYPE_INT64),
    FIELD("dataChange", TYPE_BOOL),  FIELD("stats", TYPE_UTF8),
    NESTED("tags", TYPE_LIST, entry)};
static const struct field removed[] = {FIELD("path", TYPE_UTF8),
                                       FIELD("deletionTimestamp", TYPE_INT64),
                                       FIELD("dataChange", TYPE_BOOL),
                                       FIELD("extendedFileMetadata", TYPE_BOOL),
                                       NESTED("partitionValues", TYPE_LIST, entry),
                                       FIELD("size", TYPE_INT64)};
static const struct field format[] = {FIELD("provider", TYPE_UTF8),
                                      NESTED("options", TYPE_LIST, entry)};
static const struct field metadata[] = {
    FIELD("id", TYPE_UTF8),           FIELD("name", TYPE_UTF8),
    FIELD("description", TYPE_UTF8),  NESTED("format", TYPE_STRUCT, format),
    FIELD("schemaString", TYPE_UTF8), NESTED("partitionColumns", TYPE_LIST, text),
    FIELD("createdTime", TYPE_INT64), NESTED("configuration", TYPE_LIST, entry)};
static const struct field protocol[] = {FIELD("minReaderVersion", TYPE_INT32),
                                        FIELD("minWriterVersion", TYPE_INT32)};
static const struct field txn[] = {FIELD("appId", TYPE_UTF8), FIELD("version", TYPE_INT64),
                                   FIELD("lastUpdated", TYPE_INT64)};
static const struct field actions[] = {
    NESTED("protocol", TYPE_STRUCT, protocol), NESTED("metaData", TYPE_STRUCT, metadata),
    NESTED("txn", TYPE_STRUCT, txn), NESTED("add", TYPE_STRUCT, add),
    NESTED("remove", TYPE_STRUCT, removed)};

static int put_value(struct builder *b, json_t *value);

static int put_map(struct builder *b, json_t *object)
{
    const char *key;
    json_t *value;
    struct builder *pairs = builder_child(b, 0);
    json_object_foreach(object, key, value)
    {
        TRY(builder_slice(builder_child(pairs, 0), slice_str(key)));
        TRY(put_value(builder_child(pairs, 1), value));
        TRY(builder_close(pairs));
    }
    return builder_close(b);
}

static int put_nested(struct builder *b, json_t *value)
{
    if (b->field->type == TYPE_STRUCT)
        for (int i = 0; i < b->field->n_children; i++)
            TRY(put_value(builder_child(b, i),
                          json_object_get(value, b->field->children[i].name.ptr)));
    else if (json_is_object(value))
        return put_map(b, value);
    for (size_t i = 0; i < json_array_size(value); i++)
        TRY(put_value(builder_child(b, 0), json_array_get(value, i)));
    return builder_close(b);
}

/* What is missing, or is of another type than the protocol has it, is null. */
static int put_value(struct builder *b, json_t *value)
{
    if (json_is_object(value) || json_is_array(value))
        return b->field->n_children ? put_nested(b, value) : builder_null(b);
    switch (b->field->type) {
    case TYPE_UTF8:
        return json_is_string(value)
                   ? builder_slice(b, slice_of(json_string_value(value), json_string_length(value)))
                   : builder_null(b);
    case TYPE_BOOL:
        return json_is_boolean(value) ? builder_bool(b, json_is_true(value)) : builder_null(b);
    case TYPE_INT32:
        return json_is_integer(value) ? builder_i32(b, (int32_t)json_integer_value(value))
                                      : builder_null(b);
    case TYPE_INT64:
        return json_is_integer(value) ? builder_i64(b, json_integer_value(value)) : builder_null(b);
    default:
        return builder_null(b);
    }
}

static int put_line(struct batch_builder *bb, struct slice line)
{
    json_t *json = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, NULL);
    int code = json ? 0 : ERR_MEMORY;
    for (int i = 0; i < bb->schema->n_fields && code == 0; i++)
        code = put_value(&bb->columns[i], json_object_get(json, bb->schema->fields[i].name.ptr));
    json_decref(json);
    return code;
}

static int flush(struct batch_builder *bb, struct parquet_writer *to, struct error *err)
{
    struct batch *b;
    TRY(batch_builder_finish(bb, &b, err));
    int code = parquet_writer_write(to, b, err);
    batch_free(b);
    return code;
}

static int put_lines(struct batch_builder *bb, struct slice lines, struct parquet_writer *to,
                     struct error *err)
{
    enum { ROWS = 8192 };
    struct slice line;
    while (slice_cut(&lines, '\n', &line)) {
        if (!slice_trim(line).len)
            continue;
        if (put_line(bb, line) < 0)
            return error_memory(err);
        if (batch_builder_rows(bb) >= ROWS)
            TRY(flush(bb, to, err));
    }
    return batch_builder_rows(bb) ? flush(bb, to, err) : 0;
}

int log_checkpoint_write(const char *path, struct slice lines, int64_t *ret_bytes,
                         struct error *err)
{
    /* Snappy is what every reader of Delta tables has. */
    const struct parquet_options options = {.compression = "snappy", .shared = 1};
    struct schema *schema = schema_new(actions, sizeof actions / sizeof *actions);
    struct batch_builder bb = {0};
    struct parquet_writer *to = NULL;
    int code = schema ? batch_builder_init(&bb, schema, err) : error_memory(err);
    if (code == 0)
        code = parquet_writer_open(path, schema, &options, &to, err);
    if (code == 0)
        code = put_lines(&bb, lines, to, err);
    if (code == 0)
        code = parquet_writer_finish(to, NULL, NULL, ret_bytes, err);
    parquet_writer_free(to);
    if (schema)
        batch_builder_done(&bb);
    schema_unref(schema);
    return code;
}
