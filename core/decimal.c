#include "core/decimal.h"

__extension__ typedef unsigned __int128 udecimal;

decimal128 decimal_power(int n)
{
    decimal128 p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/* 10^38 - 1: what 38 digits hold. */
static udecimal largest(void)
{
    return (udecimal)decimal_power(DECIMAL_DIGITS) - 1;
}

/* Digits being read: units so far, digits behind the point. */
struct digits {
    udecimal units;
    int behind, seen;
};

static int digit_add(struct digits *d, unsigned digit, int scale, int after_point)
{
    d->seen = 1;
    if (after_point && d->behind == scale)
        return digit == 0; /* past the scale only zeros are exact */
    if (d->units > (largest() - digit) / 10)
        return 0;
    d->units = d->units * 10 + digit;
    d->behind += after_point;
    return 1;
}

static int digits_end(struct digits *d, int scale, int negative, decimal128 *ret)
{
    for (; d->behind < scale; d->behind++) {
        if (d->units > largest() / 10)
            return 0;
        d->units *= 10;
    }
    *ret = negative ? -(decimal128)d->units : (decimal128)d->units;
    return d->seen;
}

static int sign_of(struct slice *text)
{
    int negative = text->len && text->ptr[0] == '-';
    if (text->len && (text->ptr[0] == '-' || text->ptr[0] == '+'))
        *text = slice_of(text->ptr + 1, text->len - 1);
    return negative;
}

int decimal_parse(struct slice text, int scale, decimal128 *ret)
{
    return decimal_parse_marks(text, scale, '.', 0, ret);
}

/* Nearly all amounts: up to 18 digits, no grouping; in 64 bits, ten times as fast. 0: not one of
 * them, or not a number at all. */
static int parse_short(struct slice text, int scale, char point, decimal128 *ret)
{
    int negative = sign_of(&text), behind = 0, after = 0;
    size_t digits = 0;
    int64_t v = 0;
    if (text.len > 18)
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned char)text.ptr[i] - (unsigned)'0';
        if (digit <= 9) {
            v = v * 10 + digit;
            digits++;
            behind += after;
        } else if (text.ptr[i] == point && !after) {
            after = 1;
        } else {
            return 0;
        }
    }
    if (!digits || behind > scale || digits + (size_t)(scale - behind) > 18)
        return 0;
    for (; behind < scale; behind++)
        v *= 10;
    *ret = negative ? -v : v;
    return 1;
}

/* Are the grouping marks where groups are: three digits last, two or three before it, at most three
 * first? */
static int groups_right(struct slice whole, char group)
{
    size_t run = 0, marks = 0;
    for (size_t i = whole.len; i-- > 0;) {
        if (whole.ptr[i] != group) {
            run++;
            continue;
        }
        if (marks == 0 ? run != 3 : run != 2 && run != 3)
            return 0;
        marks++;
        run = 0;
    }
    return marks == 0 || (run >= 1 && run <= 3);
}

int decimal_parse_marks(struct slice text, int scale, char point, char group, decimal128 *ret)
{
    if (!group && parse_short(text, scale, point, ret))
        return 1;
    struct digits d = {0};
    int negative = sign_of(&text), after_point = 0;
    const char *at = text.len ? memchr(text.ptr, point, text.len) : NULL;
    size_t whole = at ? (size_t)(at - text.ptr) : text.len;
    if (group && !groups_right(slice_of(text.ptr, whole), group))
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        unsigned digit = (unsigned char)c - (unsigned)'0';
        if (digit <= 9) {
            if (!digit_add(&d, digit, scale, after_point))
                return 0;
        } else if (c == point && !after_point) {
            after_point = 1;
        } else if (!group || c != group || after_point) {
            return 0;
        }
    }
    return digits_end(&d, scale, negative, ret);
}

size_t decimal_text(decimal128 v, int scale, char out[DECIMAL_TEXT])
{
    char digits[DECIMAL_TEXT];
    int n = 0;
    udecimal u = v < 0 ? 0 - (udecimal)v : (udecimal)v;
    while (u > UINT64_MAX) {
        digits[n++] = (char)('0' + (int)(u % 10));
        u /= 10;
    }
    for (uint64_t low = (uint64_t)u; low || n <= scale; low /= 10)
        digits[n++] = (char)('0' + (int)(low % 10));
    size_t len = 0;
    if (v < 0)
        out[len++] = '-';
    while (n > 0) {
        out[len++] = digits[--n];
        if (n == scale && n > 0)
            out[len++] = '.';
    }
    return len;
}

int decimal_rescale(decimal128 v, int from, int to, decimal128 *ret)
{
    if (to >= from) {
        decimal128 factor = decimal_power(to - from);
        decimal128 scaled;
        if (__builtin_mul_overflow(v, factor, &scaled) || decimal_digits(scaled) > DECIMAL_DIGITS)
            return 0;
        *ret = scaled;
        return 1;
    }
    decimal128 factor = decimal_power(from - to);
    if (v % factor)
        return 0;
    *ret = v / factor;
    return 1;
}

int decimal_add(decimal128 a, decimal128 b, decimal128 *ret)
{
    decimal128 sum;
    if (__builtin_add_overflow(a, b, &sum) || decimal_digits(sum) > DECIMAL_DIGITS)
        return 0;
    *ret = sum;
    return 1;
}

int decimal_digits(decimal128 v)
{
    udecimal u = v < 0 ? 0 - (udecimal)v : (udecimal)v;
    int n = 1;
    while (u >= 10 && u > UINT64_MAX) {
        u /= 10;
        n++;
    }
    for (uint64_t low = (uint64_t)u; low >= 10; low /= 10)
        n++;
    return n;
}
