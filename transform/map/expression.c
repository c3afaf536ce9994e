#include "transform/map/expression_node.h"

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

static struct slice value_of(const struct operand *o, const struct slice *values)
{
    if (o->kind != OPERAND_COLUMN)
        return o->text;
    struct slice v = values[o->column];
    return v.len ? v : (struct slice){0};
}

static int order_of(const struct operand *a, const struct operand *b, struct slice x,
                    struct slice y)
{
    int order;
    int numbers = a->kind != OPERAND_STRING && b->kind != OPERAND_STRING;
    if (numbers && number_compare(x, y, &order))
        return order;
    return slice_compare(x, y);
}

static int compare_true(const struct node *n, const struct operand *against,
                        enum comparison comparison, const struct slice *values)
{
    struct slice x = value_of(&n->of, values), y = value_of(against, values);
    if (!x.ptr || !y.ptr)
        return comparison == COMPARE_DIFFERENT;
    int order = order_of(&n->of, against, x, y);
    switch (comparison) {
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

static struct slice behind(struct slice s, size_t n)
{
    return slice_of(s.ptr + n, s.len - n);
}

/* Going back to the last % alone is enough: linear in practice, len(text) × len(pattern) at most.
 */
static int like(struct slice text, struct slice pattern)
{
    struct slice retry_text = {0}, retry_pattern = {0};
    uint32_t rune;
    int can_retry = 0;
    while (text.len || pattern.len) {
        if (pattern.len && pattern.ptr[0] == '%') {
            pattern = behind(pattern, 1);
            retry_pattern = pattern;
            retry_text = text;
            can_retry = 1;
        } else if (pattern.len && text.len && pattern.ptr[0] == '_') {
            pattern = behind(pattern, 1);
            text = behind(text, slice_utf8_next(text, &rune));
        } else if (pattern.len && text.len && pattern.ptr[0] == text.ptr[0]) {
            pattern = behind(pattern, 1);
            text = behind(text, 1);
        } else if (can_retry && retry_text.len) {
            retry_text = behind(retry_text, slice_utf8_next(retry_text, &rune));
            text = retry_text;
            pattern = retry_pattern;
        } else {
            return 0;
        }
    }
    return 1;
}

static int in_true(const struct node *n, const struct slice *values)
{
    for (int i = 0; i < n->n_against; i++)
        if (compare_true(n, &n->against[i], COMPARE_EQUAL, values))
            return 1;
    return 0;
}

static int node_true(const struct node *n, const struct slice *values)
{
    struct slice v;
    switch (n->kind) {
    case NODE_OR:
        return node_true(n->left, values) || node_true(n->right, values);
    case NODE_AND:
        return node_true(n->left, values) && node_true(n->right, values);
    case NODE_NOT:
        return !node_true(n->left, values);
    case NODE_COMPARE:
        return compare_true(n, n->against, n->comparison, values);
    case NODE_NULL:
        return !value_of(&n->of, values).ptr;
    case NODE_IN:
        return in_true(n, values);
    case NODE_LIKE:
        v = value_of(&n->of, values);
        return v.ptr && like(v, n->against->text);
    }
    return 0;
}

int expression_true(const struct expression *e, const struct slice *values)
{
    return node_true(e->root, values);
}
