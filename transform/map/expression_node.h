/* The parsed form of an expression: between its parser and its evaluation. */
#ifndef SLUICE_TRANSFORM_MAP_EXPRESSION_NODE_H
#define SLUICE_TRANSFORM_MAP_EXPRESSION_NODE_H

#include "transform/map/expression.h"

enum node_kind { NODE_OR, NODE_AND, NODE_NOT, NODE_COMPARE, NODE_NULL, NODE_IN, NODE_LIKE };

enum comparison {
    COMPARE_EQUAL,
    COMPARE_DIFFERENT,
    COMPARE_LESS,
    COMPARE_AT_MOST,
    COMPARE_MORE,
    COMPARE_AT_LEAST
};

struct operand {
    enum { OPERAND_NUMBER, OPERAND_STRING, OPERAND_COLUMN } kind;
    struct slice text;
    int column; /* of the expression */
};

struct node {
    enum node_kind kind;
    struct node *left, *right; /* or, and; not: left */
    enum comparison comparison;
    struct operand of;       /* what is tested */
    struct operand *against; /* compare, like: one; in: n */
    int n_against;
};

#endif
