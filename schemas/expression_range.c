#include "schemas/expression_range.h"

#include "schemas/expression_node.h"

static int possible(const struct expression_facts *f, const struct node *n);

/* Are the values in the order of the bounds when they are compared with v? Text next to a number
 * is not: it is then read as one. */
static int same_order(const struct value *bound, const struct value *v)
{
    int order;
    if (bound->kind == VALUE_NULL || (bound->kind == VALUE_TEXT) != (v->kind == VALUE_TEXT))
        return 0;
    return value_order(bound, v, &order);
}

/* Can a value of the range be below (sign -1) or above (1) v? */
static int may_be_beyond(const struct expression_range *r, const struct value *v, int sign)
{
    const struct value *bound = sign < 0 ? &r->low : &r->high;
    int order;
    return !same_order(bound, v) || !value_order(bound, v, &order) || order * sign > 0;
}

static int may_be_equal(const struct expression_facts *f, int column, const struct value *v)
{
    const struct expression_range *r = &f->ranges[column];
    int order;
    if (same_order(&r->low, v) && value_order(&r->low, v, &order) && order > 0)
        return 0;
    if (same_order(&r->high, v) && value_order(&r->high, v, &order) && order < 0)
        return 0;
    return !f->absent || !f->absent(f->arg, column, v);
}

static enum comparison turned(enum comparison c)
{
    static const enum comparison other[] = {COMPARE_EQUAL,    COMPARE_DIFFERENT, COMPARE_MORE,
                                            COMPARE_AT_LEAST, COMPARE_LESS,      COMPARE_AT_MOST};
    return other[c];
}

static int all_null(const struct expression_range *r)
{
    return r->nulls >= 0 && r->nulls == r->rows;
}

static int possible_compare(const struct expression_facts *f, const struct node *n)
{
    const struct node *of = n->left, *with = n->right;
    enum comparison c = n->comparison;
    if (of->kind == NODE_LITERAL && with->kind == NODE_COLUMN) {
        of = n->right;
        with = n->left;
        c = turned(c);
    }
    if (of->kind != NODE_COLUMN || with->kind != NODE_LITERAL || c == COMPARE_DIFFERENT)
        return 1;
    const struct expression_range *r = &f->ranges[of->column];
    const struct value *v = &with->literal;
    if (all_null(r))
        return 0;
    if (c == COMPARE_EQUAL)
        return may_be_equal(f, of->column, v);
    int sign = c == COMPARE_LESS || c == COMPARE_AT_MOST ? -1 : 1;
    if (may_be_beyond(r, v, sign))
        return 1;
    return (c == COMPARE_AT_MOST || c == COMPARE_AT_LEAST) && may_be_equal(f, of->column, v);
}

static int possible_in(const struct expression_facts *f, const struct node *n)
{
    if (n->left->kind != NODE_COLUMN)
        return 1;
    if (all_null(&f->ranges[n->left->column]))
        return 0;
    for (int i = 0; i < n->n_args; i++)
        if (n->args[i]->kind != NODE_LITERAL ||
            may_be_equal(f, n->left->column, &n->args[i]->literal))
            return 1;
    return 0;
}

/* What stands before the first % or _. */
static struct slice like_prefix(struct slice pattern)
{
    size_t n = 0;
    while (n < pattern.len && pattern.ptr[n] != '%' && pattern.ptr[n] != '_')
        n++;
    return slice_of(pattern.ptr, n);
}

/* Can a value begin so? Not when all are less than the prefix, or greater than all it begins. */
static int may_begin(const struct expression_range *r, struct slice prefix)
{
    if (r->high.kind == VALUE_TEXT && slice_compare(r->high.text, prefix) < 0)
        return 0;
    if (r->low.kind != VALUE_TEXT || r->low.text.len < prefix.len)
        return r->low.kind != VALUE_TEXT || slice_compare(r->low.text, prefix) <= 0;
    return slice_compare(slice_of(r->low.text.ptr, prefix.len), prefix) <= 0;
}

static int possible_text(const struct expression_facts *f, const struct node *n)
{
    if (n->left->kind != NODE_COLUMN)
        return 1;
    const struct expression_range *r = &f->ranges[n->left->column];
    if (all_null(r))
        return 0;
    if (n->kind == NODE_STARTS)
        return may_begin(r, n->literal.text);
    return n->kind != NODE_LIKE || may_begin(r, like_prefix(n->literal.text));
}

/* Null is an empty text too: nulls alone do not tell unless the least text is longer. */
static int possible_null(const struct expression_facts *f, const struct node *n)
{
    if (n->left->kind != NODE_COLUMN)
        return 1;
    const struct expression_range *r = &f->ranges[n->left->column];
    if (r->nulls != 0)
        return 1;
    enum value_kind kind = r->low.kind;
    return kind == VALUE_NULL || (kind == VALUE_TEXT && r->low.text.len == 0);
}

static int possible_not(const struct expression_facts *f, const struct node *n)
{
    return n->kind != NODE_NULL || n->left->kind != NODE_COLUMN ||
           !all_null(&f->ranges[n->left->column]);
}

static int possible(const struct expression_facts *f, const struct node *n)
{
    switch (n->kind) {
    case NODE_OR:
        return possible(f, n->left) || possible(f, n->right);
    case NODE_AND:
        return possible(f, n->left) && possible(f, n->right);
    case NODE_NOT:
        return possible_not(f, n->left);
    case NODE_COMPARE:
        return possible_compare(f, n);
    case NODE_NULL:
        return possible_null(f, n);
    case NODE_IN:
        return possible_in(f, n);
    default:
        return possible_text(f, n);
    }
}

int expression_possible(const struct expression *e, const struct expression_facts *facts)
{
    return possible(facts, e->root);
}
