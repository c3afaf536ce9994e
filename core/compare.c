/* The order of values, the one that sorts tables and chooses minima. */
#include "core/batch.h"

static int compare_i64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* NaN comes after every number. */
static int compare_real(double a, double b)
{
    if (a != a || b != b)
        return (a != a) - (b != b);
    return a < b ? -1 : a > b;
}

static int compare_lists(const struct field *f, const struct column *a, int64_t i,
                         const struct column *b, int64_t j)
{
    int32_t first_a, first_b, n_a = column_list(a, i, &first_a), n_b = column_list(b, j, &first_b);
    for (int32_t k = 0; k < n_a && k < n_b; k++) {
        int order = value_compare(&f->children[0], &a->children[0], first_a + k, &b->children[0],
                                  first_b + k);
        if (order)
            return order;
    }
    return compare_i64(n_a, n_b);
}

static int compare_structs(const struct field *f, const struct column *a, int64_t i,
                           const struct column *b, int64_t j)
{
    for (int k = 0; k < f->n_children; k++) {
        int order = value_compare(&f->children[k], &a->children[k], i, &b->children[k], j);
        if (order)
            return order;
    }
    return 0;
}

static int compare_decimals(decimal128 a, decimal128 b)
{
    return a < b ? -1 : a > b;
}

int value_compare(const struct field *f, const struct column *a, int64_t i, const struct column *b,
                  int64_t j)
{
    if (column_null(a, i) || column_null(b, j))
        return column_null(b, j) - column_null(a, i);
    switch (f->type) {
    case TYPE_BOOL:
        return column_bool(a, i) - column_bool(b, j);
    case TYPE_INT32:
    case TYPE_DATE:
        return compare_i64(column_i32(a, i), column_i32(b, j));
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
        return compare_i64(column_i64(a, i), column_i64(b, j));
    case TYPE_FLOAT32:
        return compare_real((double)((const float *)a->values)[i],
                            (double)((const float *)b->values)[j]);
    case TYPE_FLOAT64:
        return compare_real(column_f64(a, i), column_f64(b, j));
    case TYPE_DECIMAL:
        return compare_decimals(column_decimal(a, i), column_decimal(b, j));
    case TYPE_LIST:
        return compare_lists(f, a, i, b, j);
    case TYPE_STRUCT:
        return compare_structs(f, a, i, b, j);
    default:
        return slice_compare(column_text(f, a, i), column_text(f, b, j));
    }
}
