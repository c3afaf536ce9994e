/* The comparisons that most filters are made of: a column with a literal of its own type. */
#include "core/decimal.h"
#include "schemas/expression_node.h"

/* order = (value > literal) - (value < literal), looked up in what the comparison wants of each. */
struct wanted {
    uint8_t of[3];
};

static struct wanted wanted_of(enum comparison c)
{
    struct wanted w;
    for (int order = -1; order <= 1; order++)
        w.of[order + 1] = (uint8_t)comparison_true(c, order);
    return w;
}

static void compare_i32(const int32_t *v, int n, int64_t with, struct wanted w, uint8_t *ret)
{
    for (int i = 0; i < n; i++)
        ret[i] = w.of[(v[i] > with) - (v[i] < with) + 1];
}

static void compare_i64(const int64_t *v, int n, int64_t with, struct wanted w, uint8_t *ret)
{
    for (int i = 0; i < n; i++)
        ret[i] = w.of[(v[i] > with) - (v[i] < with) + 1];
}

static void compare_decimals(const struct column *c, int64_t first, int n, decimal128 with,
                             struct wanted w, uint8_t *ret)
{
    for (int i = 0; i < n; i++) {
        decimal128 v = column_decimal(c, first + i);
        ret[i] = w.of[(v > with) - (v < with) + 1];
    }
}

/* NaN is no value. */
static void compare_reals(const struct field *f, const struct column *c, int64_t first, int n,
                          double with, struct wanted w, uint8_t *ret)
{
    uint8_t of_nan = w.of[0] && w.of[2];
    for (int i = 0; i < n; i++) {
        double v = f->type == TYPE_FLOAT64 ? column_f64(c, first + i)
                                           : (double)((const float *)c->values)[first + i];
        ret[i] = v == v ? w.of[(v > with) - (v < with) + 1] : of_nan;
    }
}

static void equal_texts(const struct column *c, int64_t first, int n, struct slice with,
                        uint8_t *ret)
{
    for (int i = 0; i < n; i++)
        ret[i] = (uint8_t)slice_equal(column_slice(c, first + i), with);
}

static void compare_texts(const struct column *c, int64_t first, int n, struct slice with,
                          struct wanted w, uint8_t *ret)
{
    for (int i = 0; i < n; i++) {
        struct slice v = column_slice(c, first + i);
        int order = slice_compare(v, with);
        /* An empty text is null. */
        ret[i] = v.len ? w.of[(order > 0) - (order < 0) + 1] : w.of[0] && w.of[2];
    }
}

static int texts(const struct node *n, const struct column *c, int64_t first, int n_rows,
                 uint8_t *ret)
{
    struct slice with = n->right->literal.text;
    if (n->right->literal.kind != VALUE_TEXT || !with.len)
        return 0;
    if (n->comparison == COMPARE_EQUAL)
        equal_texts(c, first, n_rows, with, ret);
    else
        compare_texts(c, first, n_rows, with, wanted_of(n->comparison), ret);
    return 1;
}

/* The literal in units of the column's last digit. */
static int in_units(const struct field *f, const struct value *v, decimal128 *ret)
{
    int scale = f->type == TYPE_DECIMAL ? f->scale : 0;
    if (v->kind != VALUE_NUMBER || !decimal_rescale(v->number, v->scale, scale, ret))
        return 0;
    return f->type == TYPE_DECIMAL || (*ret >= INT64_MIN && *ret <= INT64_MAX);
}

static int values(const struct node *n, const struct field *f, const struct column *c,
                  int64_t first, int n_rows, uint8_t *ret)
{
    const struct value *v = &n->right->literal;
    struct wanted w = wanted_of(n->comparison);
    decimal128 units;
    switch (f->type) {
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_DECIMAL:
        if (!in_units(f, v, &units))
            return 0;
        if (f->type == TYPE_INT32)
            compare_i32((const int32_t *)c->values + first, n_rows, (int64_t)units, w, ret);
        else if (f->type == TYPE_INT64)
            compare_i64((const int64_t *)c->values + first, n_rows, (int64_t)units, w, ret);
        else
            compare_decimals(c, first, n_rows, units, w, ret);
        return 1;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        if (v->kind != VALUE_NUMBER)
            return 0;
        compare_reals(f, c, first, n_rows, value_real(v), w, ret);
        return 1;
    case TYPE_DATE:
        if (v->kind != VALUE_DATE)
            return 0;
        compare_i32((const int32_t *)c->values + first, n_rows, v->at, w, ret);
        return 1;
    case TYPE_TIMESTAMP:
        if (v->kind != VALUE_TIME)
            return 0;
        compare_i64((const int64_t *)c->values + first, n_rows, v->at, w, ret);
        return 1;
    case TYPE_UTF8:
        return texts(n, c, first, n_rows, ret);
    default:
        return 0;
    }
}

int expression_fast(const struct node *n, const struct field *f, const struct column *c,
                    int64_t first, int n_rows, uint8_t *ret)
{
    if (!values(n, f, c, first, n_rows, ret))
        return 0;
    uint8_t of_null = n->comparison == COMPARE_DIFFERENT;
    for (int i = 0; c->validity && i < n_rows; i++)
        if (column_null(c, first + i))
            ret[i] = of_null;
    return 1;
}
