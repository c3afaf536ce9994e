#include "connectors/delta/table_skip.h"

#include <jansson.h>
#include <stdlib.h>

#include "schemas/expression_range.h"

/* Delta's statistics give times in whole milliseconds, rounded down. */
enum { CUT_MICROS = 999 };

/* A partition value is the same in all rows. */
static void range_of_partition(const struct field *f, struct slice value,
                               struct expression_range *ret)
{
    struct value text = {.kind = VALUE_TEXT, .text = value};
    if (!value.len) {
        ret->nulls = ret->rows;
        return;
    }
    ret->low = value_as(expression_kind(f), &text);
    if (ret->low.kind != expression_kind(f))
        ret->low.kind = VALUE_NULL;
    else
        ret->nulls = 0;
    ret->high = ret->low;
}

/* A bound in JSON, of the types whose values JSON holds exactly; decimals and floats are left to
 * the files' own statistics. */
static struct value bound_of(const struct field *f, const json_t *v)
{
    struct value none = {.kind = VALUE_NULL};
    enum value_kind kind = expression_kind(f);
    if (json_is_integer(v) && kind == VALUE_NUMBER)
        return (struct value){.kind = VALUE_NUMBER, .number = json_integer_value(v)};
    if (!json_is_string(v) || f->type == TYPE_BINARY)
        return none;
    struct slice s = slice_of(json_string_value(v), json_string_length(v));
    struct value text = {.kind = VALUE_TEXT, .text = s};
    if (kind == VALUE_TEXT)
        return text;
    struct value read = kind >= VALUE_DATE ? value_as(kind, &text) : none;
    return read.kind == kind ? read : none;
}

static void range_of_stats(const struct field *f, const json_t *stats, struct expression_range *ret)
{
    const json_t *nulls = json_object_get(json_object_get(stats, "nullCount"), f->name.ptr);
    if (json_is_integer(nulls))
        ret->nulls = json_integer_value(nulls);
    ret->low = bound_of(f, json_object_get(json_object_get(stats, "minValues"), f->name.ptr));
    ret->high = bound_of(f, json_object_get(json_object_get(stats, "maxValues"), f->name.ptr));
    if (ret->high.kind == VALUE_TIME && ret->high.at < INT64_MAX - CUT_MICROS)
        ret->high.at += CUT_MICROS;
}

static int partition_at(const struct table_file *file, struct slice name)
{
    for (int i = 0; i < file->n_partition; i++)
        if (slice_equal(file->partition[i], name))
            return i;
    return -1;
}

/* `stats` NULL: there are none. */
static int skip(const struct table_file *file, const json_t *stats,
                const struct read_options *options, struct error *err)
{
    const struct expression *e = options->where;
    const json_t *n = json_object_get(stats, "numRecords");
    struct expression_range *ranges = calloc((size_t)e->n_columns + 1, sizeof *ranges);
    struct expression_facts facts = {.ranges = ranges};
    if (!ranges)
        return error_memory(err);
    for (int i = 0; i < e->n_columns; i++) {
        const struct field *f = &e->schema->fields[e->indexes[i]];
        int at = partition_at(file, f->name);
        ranges[i].rows = json_is_integer(n) ? json_integer_value(n) : INT64_MAX;
        ranges[i].nulls = -1;
        if (at >= 0)
            range_of_partition(f, file->values[at], &ranges[i]);
        else if (stats)
            range_of_stats(f, stats, &ranges[i]);
    }
    int needless = !expression_possible(e, &facts);
    free(ranges);
    if (options->ret_skipped) {
        options->ret_skipped->all_files++;
        options->ret_skipped->files += needless;
    }
    return needless;
}

int table_skip_plain(const struct table_file *file, const struct read_options *options,
                     struct error *err)
{
    return options->where && options->where->schema ? skip(file, NULL, options, err) : 0;
}

int table_skip_logged(const struct log_state *log, int number, const struct read_options *options,
                      struct error *err)
{
    const struct log_file *f = &log->files[number];
    if (!options->where || !options->where->schema || f->n_values != log->n_partition)
        return 0;
    struct table_file file = {
        .partition = log->partition, .values = f->values, .n_partition = log->n_partition};
    /* A mapped column's statistics stand under its name in the file, which may be another
     * column's. */
    json_t *stats =
        f->stats.ptr && !log->mapped ? json_loadb(f->stats.ptr, f->stats.len, 0, NULL) : NULL;
    int code = skip(&file, stats, options, err);
    json_decref(stats);
    if (code > 0 && options->ret_rows_in && f->rows > 0)
        *options->ret_rows_in += f->rows;
    return code;
}
