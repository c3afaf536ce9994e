#include "schemas/expression_value.h"

#include <math.h>
#include <stdlib.h>

#include "core/calendar.h"
#include "core/decimal.h"
#include "schemas/expression.h"

enum { QUOTIENT_SCALE = 6 };

/* A number's digits, with leading and trailing zeros dropped. */
struct number {
    int negative;
    struct slice whole, fraction;
};

static size_t digits_len(struct slice s)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
        n++;
    return n;
}

static int number_read(struct slice s, struct number *ret)
{
    int negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = slice_of(s.ptr + 1, s.len - 1);
    size_t whole = digits_len(s), fraction = 0;
    struct slice rest = slice_of(s.ptr + whole, s.len - whole);
    if (rest.len && rest.ptr[0] == '.') {
        rest = slice_of(rest.ptr + 1, rest.len - 1);
        fraction = digits_len(rest);
        if (fraction != rest.len)
            return 0;
    } else if (rest.len) {
        return 0;
    }
    if (whole + fraction == 0)
        return 0;
    *ret = (struct number){negative, slice_of(s.ptr, whole), slice_of(rest.ptr, fraction)};
    while (ret->whole.len && ret->whole.ptr[0] == '0')
        ret->whole = slice_of(ret->whole.ptr + 1, ret->whole.len - 1);
    while (ret->fraction.len && ret->fraction.ptr[ret->fraction.len - 1] == '0')
        ret->fraction.len--;
    ret->negative &= ret->whole.len + ret->fraction.len > 0;
    return 1;
}

int number_compare(struct slice a, struct slice b, int *ret)
{
    struct number x, y;
    if (!number_read(a, &x) || !number_read(b, &y))
        return 0;
    int order;
    if (x.negative != y.negative) {
        *ret = x.negative ? -1 : 1;
        return 1;
    }
    if (x.whole.len != y.whole.len)
        order = x.whole.len < y.whole.len ? -1 : 1;
    else
        order = slice_compare(x.whole, y.whole);
    if (order == 0)
        order = slice_compare(x.fraction, y.fraction);
    *ret = x.negative ? -order : order;
    return 1;
}

int value_number(struct slice text, struct value *ret)
{
    const char *point = text.len ? memchr(text.ptr, '.', text.len) : NULL;
    size_t scale = point ? text.len - (size_t)(point - text.ptr) - 1 : 0;
    struct value v = {.kind = VALUE_NUMBER};
    while (scale && text.ptr[text.len - 1] == '0') {
        text.len--;
        scale--;
    }
    if (scale > DECIMAL_DIGITS || !decimal_parse(text, (int)scale, &v.number))
        return 0;
    v.scale = (int)scale;
    *ret = v;
    return 1;
}

static int sign_of(decimal128 a, decimal128 b)
{
    return (a > b) - (a < b);
}

/* By the whole part, then by what is left of it, so that nothing can overflow. */
static int number_order(const struct value *a, const struct value *b)
{
    if (a->scale == b->scale)
        return sign_of(a->number, b->number);
    decimal128 p = decimal_power(a->scale), q = decimal_power(b->scale);
    int order = sign_of(a->number / p, b->number / q);
    if (order)
        return order;
    decimal128 x = a->number % p, y = b->number % q;
    if (a->scale < b->scale)
        x *= decimal_power(b->scale - a->scale);
    else
        y *= decimal_power(a->scale - b->scale);
    return sign_of(x, y);
}

double value_real(const struct value *v)
{
    if (v->kind == VALUE_REAL)
        return v->real;
    /* Both are exact up to 2^53 and 10^22, so that the quotient is the nearest double. */
    decimal128 size = v->number < 0 ? -v->number : v->number;
    if (size < (decimal128)1 << 53 && v->scale <= 22)
        return (double)v->number / (double)decimal_power(v->scale);
    char text[DECIMAL_TEXT + 1];
    text[decimal_text(v->number, v->scale, text)] = 0;
    return strtod(text, NULL);
}

static int real_order(double a, double b, int *ret)
{
    if (isnan(a) || isnan(b))
        return 0;
    *ret = (a > b) - (a < b);
    return 1;
}

static int is_numeric(enum value_kind k)
{
    return k == VALUE_NUMBER || k == VALUE_REAL;
}

static int64_t micros_of(const struct value *v)
{
    return v->kind == VALUE_DATE ? v->at * MICROS_PER_DAY : v->at;
}

static int same_order(const struct value *a, const struct value *b, int *ret)
{
    if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT)
        *ret = slice_compare(a->text, b->text);
    else if (a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER)
        *ret = number_order(a, b);
    else if (is_numeric(a->kind) && is_numeric(b->kind))
        return real_order(value_real(a), value_real(b), ret);
    else if (a->kind == VALUE_BOOL && b->kind == VALUE_BOOL)
        *ret = (a->at > b->at) - (a->at < b->at);
    else if (a->kind >= VALUE_DATE && b->kind >= VALUE_DATE)
        *ret = (micros_of(a) > micros_of(b)) - (micros_of(a) < micros_of(b));
    else
        return 0;
    return 1;
}

int value_order(const struct value *a, const struct value *b, int *ret)
{
    struct value read;
    if (a->kind == VALUE_TEXT && b->kind > VALUE_NULL && b->kind != VALUE_TEXT) {
        read = value_as(b->kind, a);
        return same_order(&read, b, ret);
    }
    if (b->kind == VALUE_TEXT && a->kind > VALUE_NULL && a->kind != VALUE_TEXT) {
        read = value_as(a->kind, b);
        return same_order(a, &read, ret);
    }
    return same_order(a, b, ret);
}

static struct value null_value(void)
{
    return (struct value){.kind = VALUE_NULL};
}

static struct value of_micros(enum value_kind kind, int64_t micros)
{
    struct value v = {.kind = kind, .at = micros};
    if (kind == VALUE_DATE)
        v.at = micros / MICROS_PER_DAY - (micros % MICROS_PER_DAY < 0);
    return v;
}

static struct value text_as(enum value_kind kind, struct slice text)
{
    struct value v = {.kind = kind};
    int64_t micros;
    int32_t days;
    if (is_numeric(kind))
        return value_number(text, &v) ? v : null_value();
    if (kind == VALUE_BOOL) {
        v.at = slice_equal(text, SLICE_LIT("true"));
        return v.at || slice_equal(text, SLICE_LIT("false")) ? v : null_value();
    }
    if (date_parse(text, &days))
        return kind == VALUE_DATE ? (struct value){.kind = VALUE_DATE, .at = days}
                                  : of_micros(VALUE_TIME, days * MICROS_PER_DAY);
    /* A time stays one next to a date: cutting it would make it equal to its whole day. */
    return timestamp_parse(text, &micros) ? of_micros(VALUE_TIME, micros) : null_value();
}

struct value value_as(enum value_kind kind, const struct value *v)
{
    if (v->kind == VALUE_TEXT && kind != VALUE_TEXT)
        return text_as(kind, v->text);
    if (v->kind == kind || (is_numeric(kind) && is_numeric(v->kind)))
        return *v;
    if (v->kind >= VALUE_DATE && kind >= VALUE_DATE && kind != VALUE_ANY)
        return of_micros(kind, micros_of(v));
    return null_value();
}

static int multiply(decimal128 a, decimal128 b, decimal128 *ret)
{
    return !__builtin_mul_overflow(a, b, ret) && *ret < decimal_power(DECIMAL_DIGITS) &&
           *ret > -decimal_power(DECIMAL_DIGITS);
}

static struct value quotient(const struct value *a, const struct value *b)
{
    struct value v = {.kind = VALUE_NUMBER};
    v.scale = a->scale > QUOTIENT_SCALE ? a->scale : QUOTIENT_SCALE;
    int up = v.scale - a->scale + b->scale;
    decimal128 n;
    if (b->number == 0 || up > DECIMAL_DIGITS || !multiply(a->number, decimal_power(up), &n))
        return null_value();
    decimal128 rest = n % b->number, half = b->number < 0 ? -b->number : b->number;
    v.number = n / b->number;
    rest = rest < 0 ? -rest : rest;
    if (rest >= half - rest)
        v.number += (n < 0) == (b->number < 0) ? 1 : -1;
    return v;
}

static struct value sum(const struct value *a, const struct value *b)
{
    struct value v = {.kind = VALUE_NUMBER, .scale = a->scale > b->scale ? a->scale : b->scale};
    decimal128 x, y;
    if (!decimal_rescale(a->number, a->scale, v.scale, &x) ||
        !decimal_rescale(b->number, b->scale, v.scale, &y) || !decimal_add(x, y, &v.number))
        return null_value();
    return v;
}

static struct value real_arithmetic(char operator, double a, double b)
{
    double r = operator== '+' ? a + b : operator== '-' ? a - b : operator== '*' ? a * b : a / b;
    if (operator== '/' && b == 0)
        return null_value();
    return (struct value){.kind = VALUE_REAL, .real = r};
}

struct value value_arithmetic(char operator, const struct value * left, const struct value *right)
{
    struct value a = value_as(VALUE_NUMBER, left), b = value_as(VALUE_NUMBER, right);
    if (a.kind == VALUE_NULL || b.kind == VALUE_NULL)
        return null_value();
    if (a.kind == VALUE_REAL || b.kind == VALUE_REAL)
        return real_arithmetic(operator, value_real(&a), value_real(&b));
    struct value v = {.kind = VALUE_NUMBER, .scale = a.scale + b.scale};
    switch (operator) {
    case '-':
        b.number = -b.number;
        return sum(&a, &b);
    case '+':
        return sum(&a, &b);
    case '/':
        return quotient(&a, &b);
    default:
        return v.scale <= DECIMAL_DIGITS && multiply(a.number, b.number, &v.number) ? v
                                                                                    : null_value();
    }
}

struct value value_round(const struct value *from, int digits)
{
    struct value v = *from;
    if (v.kind == VALUE_REAL) {
        double p = pow(10, digits);
        v.real = round(v.real * p) / p;
    }
    if (v.kind != VALUE_NUMBER || v.scale <= digits)
        return v;
    decimal128 p = decimal_power(v.scale - digits), rest = v.number % p;
    v.number /= p;
    if ((rest < 0 ? -rest : rest) >= p - (rest < 0 ? -rest : rest))
        v.number += rest < 0 ? -1 : 1;
    v.scale = digits;
    return v;
}
