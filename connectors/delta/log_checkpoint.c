#include "connectors/delta/log_checkpoint.h"

#include <jansson.h>
#include <stdlib.h>

#include "connectors/parquet/parquet.h"

enum { DEPTH = 8 };

/* A map is a list of {key, value} in Parquet, and an object in a commit. */
static json_t *map_object(const json_t *list)
{
    json_t *object = json_object();
    for (size_t i = 0; object && i < json_array_size(list); i++) {
        json_t *entry = json_array_get(list, i), *value = json_object_get(entry, "value");
        const char *key = json_string_value(json_object_get(entry, "key"));
        if (!key || json_object_set(object, key, value ? value : json_null()) < 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

/* Empty lists may be empty maps: only these are. */
static int is_map(const char *name)
{
    static const char *const maps[] = {"partitionValues", "configuration", "options", "tags"};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        if (strcmp(maps[i], name) == 0)
            return 1;
    return 0;
}

static int maps_to_objects(json_t *object, int depth)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, name, value)
    {
        if (json_is_object(value) && depth < DEPTH)
            TRY(maps_to_objects(value, depth + 1));
        if (!json_is_array(value) || !is_map(name))
            continue;
        json_t *map = map_object(value);
        if (!map || json_object_set_new(object, name, map) < 0)
            return ERR_MEMORY;
    }
    return 0;
}

/* Appends {"NAME": ACTION} and a line feed. */
static int put_action(const struct field *f, const struct column *c, int64_t row,
                      struct buffer *out)
{
    struct buffer text = {0};
    int code = value_json(f, c, row, &text);
    json_t *action =
        code == 0 ? json_loadb((const char *)text.data, text.len, JSON_ALLOW_NUL, NULL) : NULL;
    buffer_done(&text);
    code = action ? maps_to_objects(action, 0) : ERR_MEMORY;
    json_t *line = code == 0 ? json_pack("{s:O}", f->name.ptr, action) : NULL;
    char *dumped = line ? json_dumps(line, JSON_COMPACT) : NULL;
    code = dumped ? buffer_string(out, dumped) : ERR_MEMORY;
    if (code == 0)
        code = buffer_putc(out, '\n');
    free(dumped);
    json_decref(line);
    json_decref(action);
    return code;
}

static int put_batch(const struct batch *b, struct buffer *out, struct error *err)
{
    for (int64_t row = 0; row < b->n_rows; row++)
        for (int i = 0; i < b->schema->n_fields; i++)
            if (b->schema->fields[i].type == TYPE_STRUCT && !column_null(&b->columns[i], row) &&
                put_action(&b->schema->fields[i], &b->columns[i], row, out) < 0)
                return error_memory(err);
    return 0;
}

int log_checkpoint_read(const char *path, struct buffer *ret, struct error *err)
{
    const struct read_options options = {.layout = LAYOUT_DETECT};
    struct stream *rows;
    struct batch *b;
    int more, code = 0;
    TRY(parquet_format.read(&path, 1, &options, &rows, err));
    while (code == 0 && (more = stream_next(rows, &b, err)) != 0) {
        if (more < 0) {
            code = more;
            break;
        }
        code = put_batch(b, ret, err);
        batch_free(b);
    }
    stream_close(rows);
    return code;
}
