#include "core/number.h"

int integer_parse(struct slice text, int64_t *ret)
{
    int negative = text.len && text.ptr[0] == '-';
    int64_t v = 0;
    if (text.len == (size_t)negative)
        return 0;
    for (size_t i = (size_t)negative; i < text.len; i++) {
        int digit = text.ptr[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_sub_overflow(v, digit, &v))
            return 0;
    }
    /* Counted downwards, because the least integer has no positive. */
    if (!negative && v == INT64_MIN)
        return 0;
    *ret = negative ? v : -v;
    return 1;
}

/* A whole number of 15 digits and a power of ten up to 10^15 are exact in a double, so the one
 * division rounds right. */
int real_parse(struct slice text, double *ret)
{
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    size_t negative = text.len && text.ptr[0] == '-';
    int64_t units = 0;
    int digits = 0, places = -1;
    for (size_t i = negative; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (c < '0' || c > '9' || ++digits > 15)
            return 0;
        units = units * 10 + (c - '0');
        places += places >= 0;
    }
    if (!digits)
        return 0;
    double v = (double)units / powers[places > 0 ? places : 0];
    *ret = negative ? -v : v;
    return 1;
}

/* 0: no such unit. */
static int64_t unit_factor(struct slice unit)
{
    const char letters[] = "kmgt";
    if (!unit.len)
        return 1;
    const char *letter = memchr(letters, unit.ptr[0] | 32, 4);
    struct slice rest = slice_of(unit.ptr + 1, unit.len - 1);
    if (!letter || (rest.len && !slice_equal_nocase(rest, SLICE_LIT("b")) &&
                    !slice_equal_nocase(rest, SLICE_LIT("ib"))))
        return 0;
    return INT64_C(1) << (10 * (letter - letters + 1));
}

int size_parse(struct slice text, int64_t *ret)
{
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    int64_t v = 0, factor = unit_factor(slice_of(text.ptr + digits, text.len - digits));
    if (!factor || !digits || !integer_parse(slice_of(text.ptr, digits), &v) ||
        __builtin_mul_overflow(v, factor, &v))
        return 0;
    *ret = v;
    return 1;
}
