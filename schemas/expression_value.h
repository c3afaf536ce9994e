/* A value in an expression, and what can be done with two of them. Plain values; text is borrowed.
 */
#ifndef SLUICE_SCHEMAS_EXPRESSION_VALUE_H
#define SLUICE_SCHEMAS_EXPRESSION_VALUE_H

#include "core/batch.h"

enum value_kind {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_NUMBER, /* exact: number / 10^scale */
    VALUE_REAL,
    VALUE_TEXT,
    VALUE_DATE, /* days */
    VALUE_TIME, /* microseconds */
    VALUE_ANY,  /* as a type: not known before the rows are */
};

struct value {
    enum value_kind kind;
    int scale;
    union {
        decimal128 number;
        double real;
        struct slice text;
        int64_t at; /* bool, date, time */
    };
};

/* A text as a number of any scale: 1, or 0 when it is none or has more than 38 digits. */
int value_number(struct slice text, struct value *ret);
/* 1 and the order, or 0 when they do not compare: a null, NaN, text that is no number, … */
int value_order(const struct value *a, const struct value *b, int *ret);
/* '+', '-', '*' or '/'; null when one is, past 38 digits, or divided by zero. A quotient has six
 * digits behind the point or its dividend's, rounded half away from zero. */
struct value value_arithmetic(char operator, const struct value * a, const struct value *b);
/* As a number, date or time, as far as it says one; else null. */
struct value value_as(enum value_kind kind, const struct value *v);
struct value value_round(const struct value *v, int digits);

/* The nearest double of a number or a real. */
double value_real(const struct value *v);

#endif
