/* SQL values: conversions and order as DuckDB has them. What cannot be converted is null. */
#ifndef SLUICE_TRANSFORM_SPLINK_VALUE_H
#define SLUICE_TRANSFORM_SPLINK_VALUE_H

#include "transform/splink/sql.h"

static inline int sql_is_null(const struct sql_value *v)
{
    return v->type == SQL_NULL;
}
static inline struct sql_value sql_number(double x)
{
    return (struct sql_value){.type = SQL_NUMBER, .number = x};
}
static inline struct sql_value sql_bool(int yes)
{
    return (struct sql_value){.type = SQL_BOOL, .boolean = yes != 0};
}
static inline struct sql_value sql_text_value(struct slice s)
{
    return (struct sql_value){.type = SQL_TEXT, .text = s};
}

/* 1, or 0 when the value is none. */
int sql_to_number(const struct sql_value *v, double *ret);
int sql_to_time(const struct sql_value *v, int64_t *ret_micros);
/* The value as text, made in the arena where it is not text already; ptr NULL when it has none
 * (null, a list) or memory is out. */
struct slice sql_to_text(const struct sql_value *v, struct arena *a);
/* Whole text as a number, blanks around it allowed; 1 or 0. */
int sql_parse_number(struct slice text, double *ret);
/* Text in place as the number it is, or null. */
void sql_as_number(struct sql_value *v);

/* Order: 1 with -1, 0, 1 in *ret, or 0 when the answer is null. Texts by bytes; text against a
 * number or a time is converted. */
int sql_compare(const struct sql_value *a, const struct sql_value *b, int *ret);
/* Bytes that are equal when values are, with their type; null has none. For dictionaries. */
int sql_value_key(const struct sql_value *v, struct buffer *out);

#endif
