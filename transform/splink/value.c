#include "transform/splink/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/calendar.h"

int sql_parse_number(struct slice text, double *ret)
{
    char copy[64], *end;
    text = slice_trim(text);
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.ptr, 'x', text.len) ||
        memchr(text.ptr, 'X', text.len))
        return 0;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    double x = strtod(copy, &end);
    if (end != copy + text.len || !isfinite(x))
        return 0;
    *ret = x;
    return 1;
}

int sql_to_number(const struct sql_value *v, double *ret)
{
    switch (v->type) {
    case SQL_NUMBER:
    case SQL_FLOAT:
        *ret = v->number;
        return 1;
    case SQL_BOOL:
        *ret = v->boolean;
        return 1;
    case SQL_TEXT:
        return sql_parse_number(v->text, ret);
    default:
        return 0;
    }
}

int sql_to_time(const struct sql_value *v, int64_t *ret)
{
    if (v->type == SQL_DATE || v->type == SQL_TIME) {
        *ret = v->time;
        return 1;
    }
    return v->type == SQL_TEXT && timestamp_parse(slice_trim(v->text), ret);
}

static struct slice number_text(double x, struct arena *a)
{
    char text[40];
    if (x == floor(x) && fabs(x) < 1e15) {
        snprintf(text, sizeof text, "%.0f", x);
        return arena_copy(a, slice_str(text));
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    return arena_copy(a, slice_str(text));
}

static struct slice time_text(const struct sql_value *v, struct arena *a)
{
    struct civil c;
    calendar_civil_micros(v->time, &c);
    char *text = v->type == SQL_DATE ? arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day)
                 : c.micro ? arena_printf(a, "%04d-%02d-%02d %02d:%02d:%02d.%06d", c.year, c.month,
                                          c.day, c.hour, c.minute, c.second, c.micro)
                           : arena_printf(a, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month,
                                          c.day, c.hour, c.minute, c.second);
    return slice_str(text);
}

struct slice sql_to_text(const struct sql_value *v, struct arena *a)
{
    switch (v->type) {
    case SQL_TEXT:
        return v->text.ptr ? v->text : SLICE_LIT("");
    case SQL_NUMBER:
    case SQL_FLOAT:
        return number_text(v->number, a);
    case SQL_BOOL:
        return v->boolean ? SLICE_LIT("true") : SLICE_LIT("false");
    case SQL_DATE:
    case SQL_TIME:
        return time_text(v, a);
    default:
        return slice_of(NULL, 0);
    }
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static int compare_numbers(const struct sql_value *a, const struct sql_value *b, int *ret)
{
    double x, y;
    if (!sql_to_number(a, &x) || !sql_to_number(b, &y))
        return 0;
    if (a->type == SQL_FLOAT || b->type == SQL_FLOAT) {
        x = (float)x;
        y = (float)y;
    }
    *ret = (x > y) - (x < y);
    return 1;
}

static int compare_lists(const struct sql_value *a, const struct sql_value *b, int *ret)
{
    uint32_t n = a->n < b->n ? a->n : b->n;
    for (uint32_t i = 0; i < n; i++) {
        int nulls = sql_is_null(&a->items[i]) - sql_is_null(&b->items[i]);
        *ret = nulls;
        if (nulls == 0 && !sql_is_null(&a->items[i]) &&
            !sql_compare(&a->items[i], &b->items[i], ret))
            return 0;
        if (*ret)
            return 1;
    }
    *ret = (a->n > b->n) - (a->n < b->n);
    return 1;
}

static int is_time(const struct sql_value *v)
{
    return v->type == SQL_DATE || v->type == SQL_TIME;
}

int sql_compare(const struct sql_value *a, const struct sql_value *b, int *ret)
{
    int64_t x, y;
    if (sql_is_null(a) || sql_is_null(b))
        return 0;
    if (a->type == SQL_TEXT && b->type == SQL_TEXT) {
        *ret = sign(slice_compare(a->text, b->text));
        return 1;
    }
    if (a->type == SQL_LIST || b->type == SQL_LIST)
        return a->type == b->type && compare_lists(a, b, ret);
    if (!is_time(a) && !is_time(b))
        return compare_numbers(a, b, ret);
    if (!sql_to_time(a, &x) || !sql_to_time(b, &y))
        return 0;
    *ret = (x > y) - (x < y);
    return 1;
}

int sql_value_key(const struct sql_value *v, struct buffer *out)
{
    double zero = 0;
    switch (v->type) {
    case SQL_NULL:
        return buffer_putc(out, 'n');
    case SQL_TEXT:
        TRY(buffer_putc(out, 't'));
        TRY(buffer_append(out, &v->text.len, sizeof v->text.len));
        return buffer_slice(out, v->text);
    case SQL_NUMBER:
    case SQL_FLOAT:
        TRY(buffer_putc(out, '#'));
        return buffer_append(out, v->number == 0 ? &zero : &v->number, sizeof v->number);
    case SQL_BOOL:
        return buffer_putc(out, v->boolean ? '1' : '0');
    case SQL_DATE:
    case SQL_TIME:
        TRY(buffer_putc(out, '@'));
        return buffer_append(out, &v->time, sizeof v->time);
    case SQL_LIST:
        TRY(buffer_printf(out, "[%u:", v->n));
        for (uint32_t i = 0; i < v->n; i++)
            TRY(sql_value_key(&v->items[i], out));
        return 0;
    }
    return 0;
}

void sql_as_number(struct sql_value *v)
{
    double x;
    if (v->type == SQL_TEXT)
        *v = sql_parse_number(v->text, &x) ? sql_number(x) : (struct sql_value){0};
}
