#include <stdio.h>

#include "connectors/parquet/parquet_values.h"
#include "core/calendar.h"
#include "core/decimal.h"

void parquet_dense_reset(struct parquet_dense *d)
{
    buffer_reset(&d->fixed);
    buffer_reset(&d->bytes);
    buffer_reset(&d->offsets);
}

void parquet_dense_done(struct parquet_dense *d)
{
    buffer_done(&d->fixed);
    buffer_done(&d->bytes);
    buffer_done(&d->offsets);
}

static int put_bytes(struct parquet_dense *to, const char *bytes, size_t len)
{
    if (len > INT32_MAX - to->bytes.len)
        return ERR_MEMORY;
    TRY(buffer_append(&to->bytes, bytes, len));
    int32_t end = (int32_t)to->bytes.len;
    return buffer_append(&to->offsets, &end, sizeof end);
}

static int start_offsets(struct parquet_dense *to)
{
    static const int32_t zero = 0;
    return to->offsets.len ? 0 : buffer_append(&to->offsets, &zero, sizeof zero);
}

/* Cuts a byte array off; 1 or 0. */
static int cut_bytes(struct slice *plain, struct slice *ret)
{
    uint32_t len;
    if (plain->len < 4)
        return 0;
    memcpy(&len, plain->ptr, sizeof len);
    if (len > plain->len - 4)
        return 0;
    *ret = slice_of(plain->ptr + 4, len);
    *plain = slice_of(plain->ptr + 4 + len, plain->len - 4 - len);
    return 1;
}

static int convert_bytes(struct slice *plain, size_t n, int is_text, struct parquet_dense *to)
{
    struct slice s;
    TRY(start_offsets(to));
    for (size_t i = 0; i < n; i++) {
        if (!cut_bytes(plain, &s) || (is_text && slice_utf8_valid(s) != s.len))
            return 0;
        TRY(put_bytes(to, s.ptr, s.len));
    }
    return 1;
}

static int64_t load(const char *p, int width, int is_signed)
{
    int64_t v = 0;
    int32_t narrow;
    memcpy(&narrow, p, sizeof narrow);
    if (width == 4)
        return is_signed ? narrow : (int64_t)(uint32_t)narrow;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Two's complement, most significant byte first; 1, or 0 past 128 bits. */
static int load_big_endian(struct slice s, decimal128 *ret)
{
    decimal128 v = s.len && (uint8_t)s.ptr[0] & 0x80 ? -1 : 0;
    for (; s.len > 16; s = slice_of(s.ptr + 1, s.len - 1))
        if ((uint8_t)s.ptr[0] != (v ? 0xff : 0) || ((uint8_t)s.ptr[1] & 0x80) != (v ? 0x80 : 0))
            return 0;
    for (size_t i = 0; i < s.len; i++)
        v = v * 256 + (uint8_t)s.ptr[i];
    *ret = v;
    return 1;
}

static int put_decimal(const struct parquet_node *leaf, decimal128 v, struct parquet_dense *to)
{
    decimal128 bound = decimal_power(leaf->out->precision);
    if (v >= bound || v <= -bound)
        return 0;
    TRY(buffer_append(&to->fixed, &v, sizeof v));
    return 1;
}

/* Modulo 2^64, as Spark writes years beyond the range of its own days. */
static int from_int96(const char *p, struct parquet_dense *to)
{
    int64_t nanos = load(p, 8, 1), days = load(p + 8, 4, 1) - INT64_C(2440588);
    int64_t of_day = nanos / 1000 - (nanos % 1000 < 0);
    uint64_t micros = (uint64_t)days * (uint64_t)MICROS_PER_DAY + (uint64_t)of_day;
    TRY(buffer_append(&to->fixed, &micros, sizeof micros));
    return 1;
}

static int from_unit(const struct parquet_node *leaf, const char *p, struct parquet_dense *to)
{
    int64_t v = load(p, 8, 1);
    if (leaf->conversion == PARQUET_FROM_NANOS)
        v = v / 1000 - (v % 1000 < 0);
    else if (__builtin_mul_overflow(v, 1000, &v))
        return 0;
    TRY(buffer_append(&to->fixed, &v, sizeof v));
    return 1;
}

static int put_unsigned(int width, const char *p, struct parquet_dense *to)
{
    int64_t v = load(p, width, 0);
    decimal128 wide = (uint64_t)v;
    TRY(width == 4 ? buffer_append(&to->fixed, &v, sizeof v)
                   : buffer_append(&to->fixed, &wide, sizeof wide));
    return 1;
}

/* IEEE 754 binary16. */
static int put_half(const char *p, struct parquet_dense *to)
{
    uint16_t half;
    memcpy(&half, p, sizeof half);
    int exponent = half >> 10 & 31;
    uint32_t fraction = half & 1023u, sign = (uint32_t)(half & 0x8000) << 16, bits;
    if (exponent == 31) {
        bits = sign | 0x7f800000u | fraction << 13;
    } else if (exponent) {
        bits = sign | (uint32_t)(exponent + 112) << 23 | fraction << 13;
    } else {
        float tiny = (float)fraction / 16777216.0f; /* 2^-24 */
        memcpy(&bits, &tiny, sizeof bits);
        bits |= sign;
    }
    TRY(buffer_append(&to->fixed, &bits, sizeof bits));
    return 1;
}

/* 12:34:56 or 12:34:56.000007. */
static int put_time(const struct parquet_element *e, int width, const char *p,
                    struct parquet_dense *to)
{
    int64_t v = load(p, width, 1);
    int millis = width == 4, nanos = e->logical && e->unit == 3;
    if (v < 0 || v > (millis ? 86400000 : nanos ? MICROS_PER_DAY * 1000 : MICROS_PER_DAY))
        return 0;
    int64_t micros = millis ? v * 1000 : nanos ? v / 1000 : v;
    int seconds = (int)(micros / 1000000), fraction = (int)(micros % 1000000);
    char text[64];
    int len = snprintf(text, sizeof text, "%02d:%02d:%02d.%06d", seconds / 3600, seconds / 60 % 60,
                       seconds % 60, fraction);
    TRY(put_bytes(to, text, fraction ? (size_t)len : 8));
    return 1;
}

static int put_uuid(const char *p, struct parquet_dense *to)
{
    static const char digits[] = "0123456789abcdef";
    char text[36];
    size_t at = 0;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = digits[(uint8_t)p[i] >> 4];
        text[at++] = digits[p[i] & 15];
    }
    TRY(put_bytes(to, text, sizeof text));
    return 1;
}

static int stored_width(const struct parquet_element *e)
{
    switch (e->type) {
    case PARQUET_INT32:
    case PARQUET_FLOAT:
        return 4;
    case PARQUET_INT64:
    case PARQUET_DOUBLE:
        return 8;
    case PARQUET_INT96:
        return 12;
    case PARQUET_FIXED:
        return e->width;
    default:
        return 0;
    }
}

static int convert_one(const struct parquet_node *leaf, int width, const char *p,
                       struct parquet_dense *to)
{
    decimal128 wide;
    switch (leaf->conversion) {
    case PARQUET_UNSIGNED:
        return put_unsigned(width, p, to);
    case PARQUET_INT_DECIMAL:
        return put_decimal(leaf, load(p, width, 1), to);
    case PARQUET_BYTES_DECIMAL:
        return load_big_endian(slice_of(p, (size_t)width), &wide) ? put_decimal(leaf, wide, to) : 0;
    case PARQUET_FROM_INT96:
        return from_int96(p, to);
    case PARQUET_TIME_TEXT:
        return put_time(leaf->element, width, p, to);
    case PARQUET_UUID_TEXT:
        return put_uuid(p, to);
    case PARQUET_HALF:
        return put_half(p, to);
    case PARQUET_FIXED_BYTES:
        TRY(put_bytes(to, p, (size_t)width));
        return 1;
    default:
        return from_unit(leaf, p, to);
    }
}

static int convert_byte_decimals(const struct parquet_node *leaf, struct slice *plain, size_t n,
                                 struct parquet_dense *to)
{
    struct slice s;
    decimal128 v;
    for (size_t i = 0; i < n; i++) {
        if (!cut_bytes(plain, &s) || !load_big_endian(s, &v))
            return 0;
        int code = put_decimal(leaf, v, to);
        if (code <= 0)
            return code;
    }
    return 1;
}

int parquet_convert(const struct parquet_node *leaf, struct slice *plain, size_t n,
                    struct parquet_dense *to)
{
    int width = stored_width(leaf->element);
    if (leaf->element->type == PARQUET_BYTE_ARRAY && leaf->conversion == PARQUET_BYTES_DECIMAL)
        return convert_byte_decimals(leaf, plain, n, to);
    if (leaf->element->type == PARQUET_BYTE_ARRAY)
        return convert_bytes(plain, n, leaf->out->type == TYPE_UTF8, to);
    if (!width || n > plain->len / (size_t)width)
        return 0;
    if (leaf->conversion == PARQUET_AS_IS)
        TRY(buffer_append(&to->fixed, plain->ptr, n * (size_t)width));
    if (leaf->out->type == TYPE_UTF8 || leaf->out->type == TYPE_BINARY)
        TRY(start_offsets(to));
    for (size_t i = 0; leaf->conversion != PARQUET_AS_IS && i < n; i++) {
        int code = convert_one(leaf, width, plain->ptr + i * (size_t)width, to);
        if (code <= 0)
            return code;
    }
    *plain = slice_of(plain->ptr + n * (size_t)width, plain->len - n * (size_t)width);
    return 1;
}
