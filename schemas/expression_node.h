/* The parsed form of an expression: between its parser, the check of types, and evaluation. */
#ifndef SLUICE_SCHEMAS_EXPRESSION_NODE_H
#define SLUICE_SCHEMAS_EXPRESSION_NODE_H

#include "schemas/expression.h"
#include "schemas/expression_value.h"
#include "schemas/pattern.h"

enum node_kind {
    NODE_OR,
    NODE_AND,
    NODE_NOT,
    NODE_COMPARE,
    NODE_NULL,
    NODE_IN,
    NODE_LIKE,
    NODE_STARTS,
    NODE_ENDS,
    NODE_CONTAINS,
    NODE_MATCHES,
    NODE_LAST_CONDITION = NODE_MATCHES,
    NODE_COLUMN,
    NODE_LITERAL,
    NODE_ARITHMETIC,
    NODE_CALL,
};

enum comparison {
    COMPARE_EQUAL,
    COMPARE_DIFFERENT,
    COMPARE_LESS,
    COMPARE_AT_MOST,
    COMPARE_MORE,
    COMPARE_AT_LEAST
};

enum function_id {
    FUNCTION_ABS,
    FUNCTION_COALESCE,
    FUNCTION_DATE,
    FUNCTION_DAY,
    FUNCTION_LENGTH,
    FUNCTION_LOWER,
    FUNCTION_MONTH,
    FUNCTION_NUMBER,
    FUNCTION_ROUND,
    FUNCTION_TEXT,
    FUNCTION_TIMESTAMP,
    FUNCTION_TRIM,
    FUNCTION_UPPER,
    FUNCTION_YEAR,
    FUNCTIONS
};

struct function {
    const char *name;
    int least, most;           /* arguments */
    enum value_kind of, gives; /* VALUE_ANY: anything; as the arguments */
};
extern const struct function expression_functions[FUNCTIONS];

struct node {
    enum node_kind kind;
    size_t at; /* in the expression's text */
    enum comparison comparison;
    char operator;
    enum function_id function;
    struct node *left, *right; /* right: NULL for not, is null, functions and tests of text */
    struct node **args;        /* in: the list; functions: all */
    int n_args;
    int column;           /* of the expression */
    struct value literal; /* also what text is tested against */
    struct pattern *pattern;
    enum value_kind type;
};

/* Is the order of what `order` says as the comparison wants it? */
static inline int comparison_true(enum comparison c, int order)
{
    switch (c) {
    case COMPARE_EQUAL:
        return order == 0;
    case COMPARE_DIFFERENT:
        return order != 0;
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_AT_MOST:
        return order <= 0;
    case COMPARE_MORE:
        return order > 0;
    case COMPARE_AT_LEAST:
        return order >= 0;
    }
    return 0;
}

/* What a function gives of its arguments (expression_call.c); text may be put into the arena. */
int expression_call(const struct node *n, const struct value *args, struct arena *a,
                    struct value *ret);

/* A column against a literal, by the column's own values: 1 when `ret` was filled, 0 when the pair
 * is not one of the simple ones (expression_fast.c). */
int expression_fast(const struct node *n, const struct field *f, const struct column *c,
                    int64_t first, int n_rows, uint8_t *ret);

#endif
