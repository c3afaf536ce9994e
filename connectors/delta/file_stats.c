#include "connectors/delta/file_stats.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/delta/row_key.h"
#include "core/calendar.h"

static int put_quoted(struct slice s, struct buffer *out)
{
    json_t *json = json_stringn(s.ptr, s.len);
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    int code = text ? buffer_string(out, text) : ERR_MEMORY;
    free(text);
    json_decref(json);
    return code;
}

/* Milliseconds are what all readers take: the minimum is cut, the maximum rounded up. */
static int put_timestamp(const char *text, int is_max, struct buffer *out)
{
    int64_t micros;
    struct civil c;
    if (!timestamp_parse(slice_str(text), &micros))
        return ERR_BUG;
    int64_t rest = ((micros % 1000) + 1000) % 1000;
    micros += is_max && rest ? 1000 - rest : -rest;
    calendar_civil_micros(micros, &c);
    return buffer_printf(out, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", c.year, c.month, c.day,
                         c.hour, c.minute, c.second, c.micro / 1000);
}

static int put_bound(const struct field *f, const char *text, int is_max, struct buffer *out)
{
    switch (f->type) {
    case TYPE_TIMESTAMP:
        return put_timestamp(text, is_max, out);
    case TYPE_UTF8:
    case TYPE_DATE:
        return put_quoted(slice_str(text), out);
    default:
        return buffer_string(out, text);
    }
}

/* Truth values and bytes have no bounds in Delta; neither have numbers that are none. */
static int has_bounds(const struct field *f, const struct parquet_column_stats *s)
{
    if (!s->has_bounds || f->type == TYPE_BOOL || f->type == TYPE_BINARY || f->type == TYPE_LIST ||
        f->type == TYPE_STRUCT)
        return 0;
    if (f->type == TYPE_UTF8)
        return slice_utf8_valid(slice_str(s->min)) == strlen(s->min) &&
               slice_utf8_valid(slice_str(s->max)) == strlen(s->max);
    return s->min[0] && s->max[0] && !strpbrk(s->min, "inN") && !strpbrk(s->max, "inN");
}

static int put_bounds(const struct schema *s, const struct parquet_column_stats *stats, int is_max,
                      struct buffer *out)
{
    int n = 0;
    TRY(buffer_string(out, is_max ? ",\"maxValues\":{" : ",\"minValues\":{"));
    for (int i = 0; i < s->n_fields; i++) {
        if (!has_bounds(&s->fields[i], &stats[i]))
            continue;
        if (n++)
            TRY(buffer_putc(out, ','));
        TRY(put_quoted(s->fields[i].name, out));
        TRY(buffer_putc(out, ':'));
        TRY(put_bound(&s->fields[i], is_max ? stats[i].max : stats[i].min, is_max, out));
    }
    return buffer_putc(out, '}');
}

static int put_null_counts(const struct schema *s, const struct parquet_column_stats *stats,
                           struct buffer *out)
{
    int n = 0;
    TRY(buffer_string(out, ",\"nullCount\":{"));
    for (int i = 0; i < s->n_fields; i++) {
        if (s->fields[i].type == TYPE_LIST || s->fields[i].type == TYPE_STRUCT)
            continue;
        if (n++)
            TRY(buffer_putc(out, ','));
        TRY(put_quoted(s->fields[i].name, out));
        TRY(buffer_printf(out, ":%lld", (long long)stats[i].null_count));
    }
    return buffer_string(out, "}}");
}

int file_stats_text(const struct schema *s, const struct parquet_column_stats *stats, int64_t rows,
                    char **ret, struct error *err)
{
    struct buffer out = {0};
    int code = buffer_printf(&out, "{\"numRecords\":%lld", (long long)rows);
    if (code == 0)
        code = put_bounds(s, stats, 0, &out);
    if (code == 0)
        code = put_bounds(s, stats, 1, &out);
    if (code == 0)
        code = put_null_counts(s, stats, &out);
    if (code == 0)
        code = buffer_putc(&out, 0);
    if (code == 0)
        *ret = buffer_take(&out);
    buffer_done(&out);
    return code < 0 ? error_memory(err) : 0;
}

/* 1 appended; 0: no bound of that type. */
static int bound_key(json_t *value, const struct field *f, struct buffer *out)
{
    char number[24];
    struct slice text = slice_of(json_string_value(value), json_string_length(value));
    if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        text = slice_str(number);
    }
    return text.ptr && row_key_text(f, text, out) == 1;
}

static int is_boundable(enum type_id type)
{
    return type == TYPE_UTF8 || type == TYPE_INT32 || type == TYPE_INT64 || type == TYPE_DATE;
}

int file_stats_bounds(struct slice stats, const struct field *f, struct buffer *min,
                      struct buffer *max)
{
    if (!stats.ptr || !is_boundable(f->type))
        return 0;
    json_t *json = json_loadb(stats.ptr, stats.len, 0, NULL);
    json_t *least = json_object_get(json_object_get(json, "minValues"), f->name.ptr);
    json_t *most = json_object_get(json_object_get(json, "maxValues"), f->name.ptr);
    int known = least && most && bound_key(least, f, min) && bound_key(most, f, max);
    json_decref(json);
    return known;
}
