/* Can an expression be true of any row, as far as statistics of the rows tell? For leaving files,
 * row groups and pages unread. Errs to the side of yes. */
#ifndef SLUICE_SCHEMAS_EXPRESSION_RANGE_H
#define SLUICE_SCHEMAS_EXPRESSION_RANGE_H

#include "schemas/expression.h"
#include "schemas/expression_value.h"

/* What is known of a column's values. Bounds hold for all that is neither null nor NaN, and need
 * not be values themselves. */
struct expression_range {
    struct value low, high; /* VALUE_NULL: unknown */
    int64_t nulls, rows;    /* nulls -1: unknown */
};

struct expression_facts {
    const struct expression_range *ranges; /* per column of the expression */
    /* Is no value of the column equal to this one, for sure? NULL: never known. */
    int (*absent)(void *arg, int column, const struct value *v);
    void *arg;
};

/* 1 or 0. The expression is bound. */
int expression_possible(const struct expression *e, const struct expression_facts *facts);

/* The kind of a bound column's values; VALUE_NULL when it is a list or struct. */
enum value_kind expression_kind(const struct field *f);

#endif
