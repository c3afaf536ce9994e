#include "connectors/columns.h"

#include "connectors/place.h"

#include <stdlib.h>

static int find(const struct columns_have *have, struct slice name)
{
    for (int i = 0; i < have->n_fields; i++)
        if (slice_equal(have->fields[i].name, name))
            return i;
    return -1;
}

/* Names with a zero behind them, as slice_nearest wants them: in a schema's copy. */
static int unknown_column(const struct columns_have *have, struct slice name, struct error *err)
{
    const char **names = calloc((size_t)have->n_fields + 1, sizeof(char *));
    struct schema *copy = schema_new(have->fields, have->n_fields);
    if (!names || !copy) {
        free(names);
        schema_unref(copy);
        return error_memory(err);
    }
    for (int i = 0; i < have->n_fields; i++)
        names[i] = copy->fields[i].name.ptr;
    const char *near = slice_nearest(name, names, (size_t)have->n_fields);
    int code = near ? error_set(err, ERR_USAGE, "no column '%.*s': did you mean '%s'?",
                                (int)name.len, name.ptr, near)
                    : error_set(err, ERR_USAGE, "no column '%.*s'", (int)name.len, name.ptr);
    free(names);
    schema_unref(copy);
    return code;
}

static int choose(const struct columns_have *have, const struct read_options *o, int *wanted,
                  struct field *fields, struct error *err)
{
    for (int i = 0; i < have->n_fields; i++) {
        wanted[i] = o->columns ? -1 : i;
        if (!o->columns)
            fields[i] = have->fields[i];
    }
    for (int i = 0; o->columns && i < o->n_columns; i++) {
        int at = find(have, o->columns[i]);
        if (at < 0)
            return unknown_column(have, o->columns[i], err);
        if (wanted[at] >= 0)
            return error_set(err, ERR_USAGE, "column '%.*s' is asked for twice",
                             (int)o->columns[i].len, o->columns[i].ptr);
        wanted[at] = i;
        fields[i] = have->fields[at];
    }
    return 0;
}

static int by_key(const void *a, const void *b)
{
    const struct key_value *x = a, *y = b;
    return slice_compare(x->key, y->key);
}

int columns_choose(const struct columns_have *have, const struct read_options *options, int *wanted,
                   struct schema **ret, struct error *err)
{
    int n = options->columns ? options->n_columns : have->n_fields;
    struct field *fields = calloc((size_t)n + 1, sizeof *fields);
    if (!fields)
        return error_memory(err);
    int code = choose(have, options, wanted, fields, err);
    if (code == 0) {
        if (have->n_meta)
            qsort(have->meta, (size_t)have->n_meta, sizeof *have->meta, by_key);
        *ret = schema_new_meta(fields, n, have->meta, have->n_meta);
        code = *ret ? 0 : error_memory(err);
    }
    free(fields);
    return code;
}

int columns_match(const struct columns_have *have, const struct read_options *options,
                  const struct schema *schema, const char *first_path, int *wanted,
                  struct error *err)
{
    int found = 0;
    for (int i = 0; i < have->n_fields; i++) {
        const struct field *f = &have->fields[i];
        int at = wanted[i] = schema_find(schema, f->name);
        if (at >= 0 && !field_equal(f, &schema->fields[at]))
            return error_set(err, ERR_DATA, "column '%.*s' is of another type than in '%s'",
                             (int)f->name.len, f->name.ptr, first_path);
        if (at < 0 && !options->columns)
            return error_set(err, ERR_DATA, "column '%.*s' is not in '%s'", (int)f->name.len,
                             f->name.ptr, first_path);
        found += at >= 0;
    }
    for (int i = 0; i < schema->n_fields; i++)
        if (find(have, schema->fields[i].name) < 0)
            return error_set(err, ERR_DATA, "column '%s' of '%s' is missing",
                             schema->fields[i].name.ptr, first_path);
    return found == schema->n_fields ? 0 : error_set(err, ERR_DATA, "a column's name stands twice");
}

int columns_map(const struct columns_have *have, const struct read_options *options,
                const char *first_path, int *wanted, struct schema **data_schema,
                struct schema **stream_schema, struct error *err)
{
    if (*data_schema)
        return columns_match(have, options, *data_schema, first_path, wanted, err);
    TRY(columns_choose(have, options, wanted, data_schema, err));
    if (options->flags & READ_WITH_PLACE)
        return place_schema(*data_schema, stream_schema, err);
    *stream_schema = schema_ref(*data_schema);
    return 0;
}
