#include "connectors/parquet/parquet_bounds.h"

void parquet_bounds_ints(struct parquet_bounds *b, const int64_t *values, size_t n)
{
    if (!n)
        return;
    int64_t min = values[0], max = values[0];
    for (size_t i = 1; i < n; i++) {
        min = values[i] < min ? values[i] : min;
        max = values[i] > max ? values[i] : max;
    }
    b->min = b->set && b->min < min ? b->min : min;
    b->max = b->set && b->max > max ? b->max : max;
    b->set = 1;
}

/* Zeros of both signs are one value: the least is written as -0, the greatest as +0. */
void parquet_bounds_reals(struct parquet_bounds *b, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double v = values[i];
        if (v != v)
            continue;
        if (!b->set || v < b->real_min)
            b->real_min = v == 0 ? -0.0 : v;
        if (!b->set || v > b->real_max)
            b->real_max = v == 0 ? 0.0 : v;
        b->set = 1;
    }
}

int parquet_bounds_wide(struct parquet_bounds *b, decimal128 v)
{
    if (!b->set || v < b->min)
        b->min = v;
    if (!b->set || v > b->max)
        b->max = v;
    b->set = 1;
    return 0;
}

static int replace(struct buffer *b, struct slice s)
{
    buffer_reset(b);
    return buffer_slice(b, s);
}

int parquet_bounds_bytes(struct parquet_bounds *b, struct slice min, struct slice max)
{
    if (!b->set || slice_compare(min, buffer_view(&b->min_bytes)) < 0)
        TRY(replace(&b->min_bytes, min));
    if (!b->set || slice_compare(max, buffer_view(&b->max_bytes)) > 0)
        TRY(replace(&b->max_bytes, max));
    b->set = 1;
    return 0;
}

static int is_real(const struct parquet_leaf *leaf)
{
    return leaf->type == PARQUET_FLOAT || leaf->type == PARQUET_DOUBLE;
}

int parquet_bounds_merge(struct parquet_bounds *into, const struct parquet_bounds *from,
                         const struct parquet_leaf *leaf)
{
    if (!from->set)
        return 0;
    if (leaf->type == PARQUET_BYTE_ARRAY)
        return parquet_bounds_bytes(into, buffer_view(&from->min_bytes),
                                    buffer_view(&from->max_bytes));
    if (is_real(leaf)) {
        parquet_bounds_reals(into, (double[]){from->real_min, from->real_max}, 2);
        return 0;
    }
    parquet_bounds_wide(into, from->min);
    return parquet_bounds_wide(into, from->max);
}

void parquet_bounds_reset(struct parquet_bounds *b)
{
    b->set = 0;
}

void parquet_bounds_done(struct parquet_bounds *b)
{
    buffer_done(&b->min_bytes);
    buffer_done(&b->max_bytes);
}

void parquet_put_decimal(decimal128 v, int width, uint8_t *to)
{
    for (int i = width - 1; i >= 0; i--, v >>= 8)
        to[i] = (uint8_t)v;
}

static int put_real(const struct parquet_leaf *leaf, double v, struct buffer *ret)
{
    float narrow = (float)v;
    return leaf->type == PARQUET_FLOAT ? buffer_append(ret, &narrow, sizeof narrow)
                                       : buffer_append(ret, &v, sizeof v);
}

static int put_number(const struct parquet_leaf *leaf, decimal128 v, struct buffer *ret)
{
    uint8_t bytes[16];
    if (leaf->type == PARQUET_BOOLEAN)
        return buffer_putc(ret, (char)v);
    if (leaf->type == PARQUET_FIXED)
        parquet_put_decimal(v, leaf->width, bytes);
    else
        memcpy(bytes, &v, sizeof bytes);
    return buffer_append(ret, bytes, (size_t)leaf->width);
}

/* Where text may be cut at or before `limit`: not inside a character. */
static size_t cut_at(struct slice s, int is_text, size_t limit)
{
    if (s.len <= limit)
        return s.len;
    while (is_text && limit && ((uint8_t)s.ptr[limit] & 0xc0) == 0x80)
        limit--;
    return limit;
}

int parquet_bounds_min(const struct parquet_bounds *b, const struct parquet_leaf *leaf,
                       size_t limit, struct buffer *ret, int *ret_exact)
{
    *ret_exact = 1;
    if (is_real(leaf))
        return put_real(leaf, b->real_min, ret);
    if (leaf->type != PARQUET_BYTE_ARRAY)
        return put_number(leaf, b->min, ret);
    struct slice s = buffer_view(&b->min_bytes);
    size_t len = cut_at(s, leaf->field->type != TYPE_BINARY, limit);
    *ret_exact = len == s.len;
    return buffer_append(ret, s.ptr, len);
}

/* The last character (or byte) that can be counted up is, what follows it is dropped: the number
 * of bytes left, 0 when there is none. */
static size_t round_up_text(char *s, size_t len)
{
    while (len) {
        size_t from = len - 1;
        while (from && ((uint8_t)s[from] & 0xc0) == 0x80)
            from--;
        uint32_t rune;
        char next[4];
        slice_utf8_next(slice_of(s + from, len - from), &rune);
        rune = rune == 0xd7ff ? 0xe000 : rune + 1;
        if (rune <= 0x10ffff && utf8_put(rune, next) <= len - from) {
            size_t n = utf8_put(rune, next);
            memcpy(s + from, next, n);
            return from + n;
        }
        len = from;
    }
    return 0;
}

static size_t round_up_bytes(char *s, size_t len)
{
    while (len && (uint8_t)s[len - 1] == 0xff)
        len--;
    if (len)
        s[len - 1] = (char)((uint8_t)s[len - 1] + 1);
    return len;
}

int parquet_bounds_max(const struct parquet_bounds *b, const struct parquet_leaf *leaf,
                       size_t limit, struct buffer *ret, int *ret_exact)
{
    *ret_exact = 1;
    if (is_real(leaf))
        return put_real(leaf, b->real_max, ret);
    if (leaf->type != PARQUET_BYTE_ARRAY)
        return put_number(leaf, b->max, ret);
    int is_text = leaf->field->type != TYPE_BINARY;
    struct slice s = buffer_view(&b->max_bytes);
    size_t start = ret->len, len = cut_at(s, is_text, limit);
    TRY(buffer_append(ret, s.ptr, len));
    if (len == s.len)
        return 0;
    char *copy = (char *)ret->data + start;
    len = is_text ? round_up_text(copy, len) : round_up_bytes(copy, len);
    ret->len = start + len;
    *ret_exact = len == 0;
    return len ? 0 : buffer_slice(ret, s);
}

static int order(decimal128 a, decimal128 b)
{
    return (a > b) - (a < b);
}

int parquet_bounds_compare(const struct parquet_bounds *a, const struct parquet_bounds *b,
                           const struct parquet_leaf *leaf, int greatest)
{
    if (leaf->type == PARQUET_BYTE_ARRAY)
        return greatest ? slice_compare(buffer_view(&a->max_bytes), buffer_view(&b->max_bytes))
                        : slice_compare(buffer_view(&a->min_bytes), buffer_view(&b->min_bytes));
    if (is_real(leaf)) {
        double x = greatest ? a->real_max : a->real_min, y = greatest ? b->real_max : b->real_min;
        return (x > y) - (x < y);
    }
    return greatest ? order(a->max, b->max) : order(a->min, b->min);
}
