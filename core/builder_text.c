/* Text into values of every flat type: what is taken for a number, a date, a yes. */
#include <stdlib.h>

#include "core/builder.h"
#include "core/calendar.h"
#include "core/decimal.h"
#include "core/number.h"

static int appended(int code)
{
    return code < 0 ? code : 1;
}

static int parse_i64(struct slice text, int64_t *ret)
{
    int negative = text.len && text.ptr[0] == '-';
    size_t i = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
    if (i == text.len)
        return 0;
    uint64_t v = 0, limit = (uint64_t)INT64_MAX + (uint64_t)negative;
    for (; i < text.len; i++) {
        unsigned digit = (unsigned char)text.ptr[i] - (unsigned)'0';
        if (digit > 9 || v > (limit - digit) / 10)
            return 0;
        v = v * 10 + digit;
    }
    *ret = (int64_t)(negative ? 0 - v : v);
    return 1;
}

static int parse_bool(struct slice text, int *ret)
{
    static const char *const words[] = {"false", "true", "0", "1", "no", "yes", "f", "t", "n", "y"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal_nocase(text, slice_str(words[i]))) {
            *ret = i & 1;
            return 1;
        }
    return 0;
}

static int parse_f64(struct slice text, double *ret)
{
    char copy[64], *end;
    if (real_parse(text, ret))
        return 1; /* strtod's answer, without its work */
    if (!text.len || text.len >= sizeof copy)
        return 0;
    if (memchr(text.ptr, 'x', text.len) || memchr(text.ptr, 'X', text.len))
        return 0; /* strtod takes hexadecimal too */
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    if (copy[0] == ' ' || (copy[0] >= '\t' && copy[0] <= '\r'))
        return 0;
    *ret = strtod(copy, &end);
    return *end == 0;
}

static int text_number(struct builder *b, struct slice text)
{
    int64_t i;
    double d;
    decimal128 v;
    switch (b->field->type) {
    case TYPE_INT32:
        if (!parse_i64(text, &i) || i < INT32_MIN || i > INT32_MAX)
            return 0;
        return appended(builder_i32(b, (int32_t)i));
    case TYPE_INT64:
        return parse_i64(text, &i) ? appended(builder_i64(b, i)) : 0;
    case TYPE_FLOAT32:
        return parse_f64(text, &d) ? appended(builder_f32(b, (float)d)) : 0;
    case TYPE_FLOAT64:
        return parse_f64(text, &d) ? appended(builder_f64(b, d)) : 0;
    default:
        if (!decimal_parse(text, b->field->scale, &v) || decimal_digits(v) > b->field->precision)
            return 0;
        return appended(builder_decimal(b, v));
    }
}

int builder_text(struct builder *b, struct slice text)
{
    int32_t days;
    int64_t micros;
    int truth;
    enum type_id type = b->field->type;
    if (type == TYPE_UTF8 || type == TYPE_BINARY)
        return appended(builder_slice(b, text));
    if (!text.len)
        return appended(builder_null(b));
    switch (type) {
    case TYPE_BOOL:
        return parse_bool(text, &truth) ? appended(builder_bool(b, truth)) : 0;
    case TYPE_DATE:
        return date_parse(text, &days) ? appended(builder_i32(b, days)) : 0;
    case TYPE_TIMESTAMP:
        return timestamp_parse(text, &micros) ? appended(builder_i64(b, micros)) : 0;
    case TYPE_LIST:
    case TYPE_STRUCT:
    case TYPE_DICT:
        return 0;
    default:
        return text_number(b, text);
    }
}
