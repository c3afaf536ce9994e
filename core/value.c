/* Values as text and as JSON: the one place where typed values become characters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/batch.h"
#include "core/calendar.h"
#include "core/decimal.h"

static int put_i64(struct buffer *out, int64_t v)
{
    char text[24];
    char *at = text + sizeof text;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        *--at = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        *--at = '-';
    return buffer_append(out, at, (size_t)(text + sizeof text - at));
}

/* units / 10^places, with no exponent. */
static int put_places(struct buffer *out, int negative, uint64_t units, int places)
{
    char text[40], *at = text + sizeof text;
    for (int n = 0; n < places || units || n <= places; n++) {
        if (n == places && n)
            *--at = '.';
        *--at = (char)('0' + units % 10);
        units /= 10;
    }
    if (negative)
        *--at = '-';
    return buffer_append(out, at, (size_t)(text + sizeof text - at));
}

/* Most numbers were decimals with few digits once. Such a decimal is a whole number over a power of
 * ten, both exact in a double, so one division tells whether it reads back as `v`; and at most 15
 * digits (6 of a float) are the only ones of their length that do. Returns 0 when `v` is not such a
 * number, or %g would write it with an exponent. */
static int short_real(double v, int is_float, uint64_t *ret_units, int *ret_places)
{
    double power = 1, limit = is_float ? 1e6 : 1e15, size = fabs(v);
    if (!(size >= 1e-4 && size < limit) && size != 0)
        return 0;
    for (int places = 0; places <= 15 && size * power < limit - 1; places++, power *= 10) {
        double units = nearbyint(size * power), back = units / power;
        if (is_float ? (float)back == (float)size : back == size) {
            *ret_units = (uint64_t)units;
            *ret_places = places;
            return 1;
        }
    }
    return 0;
}

/* The shortest digits that read back as the same number. */
static int put_real(struct buffer *out, double v, int is_float)
{
    char text[40];
    uint64_t units;
    int places;
    if (short_real(v, is_float, &units, &places))
        return put_places(out, signbit(v) != 0, units, places);
    int least = is_float ? 6 : 15, most = is_float ? 9 : 17;
    for (int digits = least; digits <= most; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        double back = strtod(text, NULL);
        if (is_float ? (float)back == (float)v : back == v)
            break;
    }
    return buffer_string(out, text);
}

static int put_flat(const struct field *f, const struct column *c, int64_t row, struct buffer *out)
{
    char text[64];
    switch (f->type) {
    case TYPE_BOOL:
        return buffer_string(out, column_bool(c, row) ? "true" : "false");
    case TYPE_INT32:
        return put_i64(out, column_i32(c, row));
    case TYPE_INT64:
        return put_i64(out, column_i64(c, row));
    case TYPE_FLOAT32:
        return put_real(out, (double)((const float *)c->values)[row], 1);
    case TYPE_FLOAT64:
        return put_real(out, column_f64(c, row), 0);
    case TYPE_DECIMAL:
        return buffer_append(out, text, decimal_text(column_decimal(c, row), f->scale, text));
    case TYPE_DATE:
        return buffer_append(out, text, date_text(column_i32(c, row), text));
    case TYPE_TIMESTAMP:
        return buffer_append(out, text, timestamp_text(column_i64(c, row), text));
    default:
        return buffer_slice(out, column_text(f, c, row));
    }
}

int value_text(const struct field *f, const struct column *c, int64_t row, struct buffer *out)
{
    if (column_null(c, row))
        return 0;
    if (f->type == TYPE_LIST || f->type == TYPE_STRUCT)
        return value_json(f, c, row, out);
    return put_flat(f, c, row, out);
}

static int put_escape(struct buffer *out, unsigned char ch)
{
    static const char letters[] = "btn.fr";
    char text[8] = {'\\', 'u', '0', '0', "0123456789abcdef"[ch >> 4], "0123456789abcdef"[ch & 15]};
    if (ch == '"' || ch == '\\') {
        text[1] = (char)ch;
        return buffer_append(out, text, 2);
    }
    if (ch >= 8 && ch <= 13 && ch != 11) {
        text[1] = letters[ch - 8];
        return buffer_append(out, text, 2);
    }
    return buffer_append(out, text, 6);
}

static int put_quoted(struct slice s, struct buffer *out)
{
    TRY(buffer_reserve(out, s.len + 2));
    TRY(buffer_putc(out, '"'));
    size_t start = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.ptr[i];
        if (ch >= 0x20 && ch != '"' && ch != '\\')
            continue;
        TRY(buffer_append(out, s.ptr + start, i - start));
        TRY(put_escape(out, ch));
        start = i + 1;
    }
    TRY(buffer_append(out, s.ptr + start, s.len - start));
    return buffer_putc(out, '"');
}

/* Binary in JSON: the bytes when they are UTF-8, else base 16 behind "\\x". */
static int put_binary(struct slice s, struct buffer *out)
{
    if (slice_utf8_valid(s) == s.len)
        return put_quoted(s, out);
    TRY(buffer_string(out, "\"\\\\x"));
    for (size_t i = 0; i < s.len; i++)
        TRY(buffer_printf(out, "%02x", (unsigned char)s.ptr[i]));
    return buffer_putc(out, '"');
}

static int put_list(const struct field *f, const struct column *c, int64_t row, struct buffer *out)
{
    int32_t first, n = column_list(c, row, &first);
    TRY(buffer_putc(out, '['));
    for (int32_t i = 0; i < n; i++) {
        if (i)
            TRY(buffer_putc(out, ','));
        TRY(value_json(&f->children[0], &c->children[0], first + i, out));
    }
    return buffer_putc(out, ']');
}

static int put_struct(const struct field *f, const struct column *c, int64_t row,
                      struct buffer *out)
{
    TRY(buffer_putc(out, '{'));
    for (int i = 0; i < f->n_children; i++) {
        if (i)
            TRY(buffer_putc(out, ','));
        TRY(put_quoted(f->children[i].name, out));
        TRY(buffer_putc(out, ':'));
        TRY(value_json(&f->children[i], &c->children[i], row, out));
    }
    return buffer_putc(out, '}');
}

/* JSON has no NaN and no infinities: they become null. */
static int finite_real(const struct field *f, const struct column *c, int64_t row)
{
    double v =
        f->type == TYPE_FLOAT32 ? (double)((const float *)c->values)[row] : column_f64(c, row);
    return isfinite(v);
}

int value_json(const struct field *f, const struct column *c, int64_t row, struct buffer *out)
{
    if (column_null(c, row))
        return buffer_string(out, "null");
    switch (f->type) {
    case TYPE_LIST:
        return put_list(f, c, row, out);
    case TYPE_STRUCT:
        return put_struct(f, c, row, out);
    case TYPE_UTF8:
    case TYPE_DICT:
        return put_quoted(column_text(f, c, row), out);
    case TYPE_BINARY:
        return put_binary(column_slice(c, row), out);
    case TYPE_DATE:
    case TYPE_TIMESTAMP:
        TRY(buffer_putc(out, '"'));
        TRY(put_flat(f, c, row, out));
        return buffer_putc(out, '"');
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        return finite_real(f, c, row) ? put_flat(f, c, row, out) : buffer_string(out, "null");
    default:
        return put_flat(f, c, row, out);
    }
}
