/* Evaluation, a node at a time over up to 1024 rows. */
#include <stdlib.h>

#include "schemas/expression_node.h"

enum { ROWS = 1024 };

struct evaluation {
    const struct expression *e;
    const struct batch *batch;        /* or */
    const struct slice *const *texts; /* per column of the expression */
    int64_t first;
    int n;
    struct arena arena; /* of these rows */
};

static int values_of(struct evaluation *x, const struct node *n, struct value *ret);
static int mask_of(struct evaluation *x, const struct node *n, uint8_t *ret);

static struct value text_value(struct slice s)
{
    return (struct value){.kind = s.len ? VALUE_TEXT : VALUE_NULL, .text = s};
}

static void load_numbers(const struct field *f, const struct column *c, int64_t first, int n,
                         struct value *ret)
{
    for (int i = 0; i < n; i++) {
        ret[i].kind = VALUE_NUMBER;
        ret[i].scale = f->type == TYPE_DECIMAL ? f->scale : 0;
        ret[i].number = f->type == TYPE_DECIMAL ? column_decimal(c, first + i)
                        : f->type == TYPE_INT32 ? (decimal128)column_i32(c, first + i)
                                                : (decimal128)column_i64(c, first + i);
    }
}

static void load_reals(const struct field *f, const struct column *c, int64_t first, int n,
                       struct value *ret)
{
    for (int i = 0; i < n; i++) {
        double v = f->type == TYPE_FLOAT64 ? column_f64(c, first + i)
                                           : (double)((const float *)c->values)[first + i];
        ret[i] = (struct value){.kind = VALUE_REAL, .real = v};
    }
}

static void load_points(const struct field *f, const struct column *c, int64_t first, int n,
                        struct value *ret)
{
    for (int i = 0; i < n; i++) {
        ret[i].kind = f->type == TYPE_BOOL   ? VALUE_BOOL
                      : f->type == TYPE_DATE ? VALUE_DATE
                                             : VALUE_TIME;
        ret[i].at = f->type == TYPE_BOOL   ? column_bool(c, first + i)
                    : f->type == TYPE_DATE ? column_i32(c, first + i)
                                           : column_i64(c, first + i);
    }
}

static void load(const struct evaluation *x, int column, struct value *ret)
{
    if (!x->batch) {
        for (int i = 0; i < x->n; i++)
            ret[i] = text_value(x->texts[column][x->first + i]);
        return;
    }
    const struct field *f = &x->e->schema->fields[x->e->indexes[column]];
    const struct column *c = &x->batch->columns[x->e->indexes[column]];
    if (f->type == TYPE_DECIMAL || f->type == TYPE_INT32 || f->type == TYPE_INT64)
        load_numbers(f, c, x->first, x->n, ret);
    else if (f->type == TYPE_FLOAT32 || f->type == TYPE_FLOAT64)
        load_reals(f, c, x->first, x->n, ret);
    else if (f->type == TYPE_BOOL || f->type == TYPE_DATE || f->type == TYPE_TIMESTAMP)
        load_points(f, c, x->first, x->n, ret);
    else
        for (int i = 0; i < x->n; i++)
            ret[i] = column_null(c, x->first + i) || f->type == TYPE_LIST || f->type == TYPE_STRUCT
                         ? (struct value){.kind = VALUE_NULL}
                         : text_value(column_text(f, c, x->first + i));
    for (int i = 0; c->validity && i < x->n; i++)
        if (column_null(c, x->first + i))
            ret[i].kind = VALUE_NULL;
}

static struct value *new_values(struct evaluation *x)
{
    return ARENA_ARRAY(&x->arena, struct value, (size_t)x->n);
}

static int arithmetic(struct evaluation *x, const struct node *n, struct value *ret)
{
    struct value *right = new_values(x);
    if (!right)
        return ERR_MEMORY;
    TRY(values_of(x, n->left, ret));
    TRY(values_of(x, n->right, right));
    for (int i = 0; i < x->n; i++)
        ret[i] = value_arithmetic(n->operator, & ret[i], &right[i]);
    return 0;
}

static int call(struct evaluation *x, const struct node *n, struct value *ret)
{
    struct value **args = ARENA_ARRAY(&x->arena, struct value *, (size_t)n->n_args);
    struct value *row = ARENA_ARRAY(&x->arena, struct value, (size_t)n->n_args);
    if (!args || !row)
        return ERR_MEMORY;
    for (int k = 0; k < n->n_args; k++) {
        args[k] = new_values(x);
        if (!args[k])
            return ERR_MEMORY;
        TRY(values_of(x, n->args[k], args[k]));
    }
    for (int i = 0; i < x->n; i++) {
        for (int k = 0; k < n->n_args; k++)
            row[k] = args[k][i];
        TRY(expression_call(n, row, &x->arena, &ret[i]));
    }
    return 0;
}

static int values_of(struct evaluation *x, const struct node *n, struct value *ret)
{
    switch (n->kind) {
    case NODE_COLUMN:
        load(x, n->column, ret);
        return 0;
    case NODE_LITERAL:
        for (int i = 0; i < x->n; i++)
            ret[i] = n->literal;
        return 0;
    case NODE_ARITHMETIC:
        return arithmetic(x, n, ret);
    default:
        return call(x, n, ret);
    }
}

/* Two columns of text are compared as numbers where both say one. */
static int texts_order(const struct value *a, const struct value *b, int *ret)
{
    if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT && number_compare(a->text, b->text, ret))
        return 1;
    return value_order(a, b, ret);
}

static void compare_all(const struct evaluation *x, const struct node *n, const struct value *a,
                        const struct value *b, uint8_t *ret)
{
    int both = n->left->kind == NODE_COLUMN && n->right->kind == NODE_COLUMN, order;
    for (int i = 0; i < x->n; i++) {
        int known = both ? texts_order(&a[i], &b[i], &order) : value_order(&a[i], &b[i], &order);
        ret[i] = (uint8_t)(known ? comparison_true(n->comparison, order)
                                 : n->comparison == COMPARE_DIFFERENT);
    }
}

static int compare(struct evaluation *x, const struct node *n, uint8_t *ret)
{
    if (x->batch && n->left->kind == NODE_COLUMN && n->right->kind == NODE_LITERAL) {
        int at = x->e->indexes[n->left->column];
        if (expression_fast(n, &x->e->schema->fields[at], &x->batch->columns[at], x->first, x->n,
                            ret))
            return 0;
    }
    struct value *a = new_values(x), *b = new_values(x);
    if (!a || !b)
        return ERR_MEMORY;
    TRY(values_of(x, n->left, a));
    TRY(values_of(x, n->right, b));
    compare_all(x, n, a, b, ret);
    return 0;
}

static int in_list(struct evaluation *x, const struct node *n, uint8_t *ret)
{
    struct value *a = new_values(x), *b = new_values(x);
    int order;
    if (!a || !b)
        return ERR_MEMORY;
    TRY(values_of(x, n->left, a));
    memset(ret, 0, (size_t)x->n);
    for (int k = 0; k < n->n_args; k++) {
        if (n->args[k]->kind != NODE_LITERAL)
            TRY(values_of(x, n->args[k], b));
        for (int i = 0; i < x->n; i++) {
            const struct value *v = n->args[k]->kind == NODE_LITERAL ? &n->args[k]->literal : &b[i];
            if (!ret[i])
                ret[i] = value_order(&a[i], v, &order) && order == 0;
        }
    }
    return 0;
}

/* A list or struct is null or not, though its value cannot be looked at. */
static int is_null(struct evaluation *x, const struct node *n, uint8_t *ret)
{
    if (x->batch && n->left->kind == NODE_COLUMN) {
        int at = x->e->indexes[n->left->column];
        enum type_id type = x->e->schema->fields[at].type;
        if (type == TYPE_LIST || type == TYPE_STRUCT) {
            for (int i = 0; i < x->n; i++)
                ret[i] = (uint8_t)column_null(&x->batch->columns[at], x->first + i);
            return 0;
        }
    }
    struct value *a = new_values(x);
    if (!a)
        return ERR_MEMORY;
    TRY(values_of(x, n->left, a));
    for (int i = 0; i < x->n; i++)
        ret[i] = a[i].kind == VALUE_NULL;
    return 0;
}

static struct slice behind(struct slice s, size_t n)
{
    return slice_of(s.ptr + n, s.len - n);
}

/* Going back to the last % alone is enough: len(text) × len(pattern) at most. */
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

static int text_fits(const struct node *n, struct slice text)
{
    struct slice what = n->literal.text;
    switch (n->kind) {
    case NODE_LIKE:
        return like(text, what);
    case NODE_STARTS:
        return slice_starts(text, what);
    case NODE_ENDS:
        return slice_ends(text, what);
    case NODE_CONTAINS:
        return !what.len || memmem(text.ptr, text.len, what.ptr, what.len) != NULL;
    default:
        return pattern_found(n->pattern, text);
    }
}

static int test_texts(struct evaluation *x, const struct node *n, uint8_t *ret)
{
    struct value *a = new_values(x);
    if (!a)
        return ERR_MEMORY;
    TRY(values_of(x, n->left, a));
    for (int i = 0; i < x->n; i++)
        ret[i] = a[i].kind == VALUE_TEXT && text_fits(n, a[i].text);
    return 0;
}

/* Of what the left side leaves open alone is the right side asked. */
static int both_sides(struct evaluation *x, const struct node *n, uint8_t *ret)
{
    uint8_t decides = n->kind == NODE_OR;
    TRY(mask_of(x, n->left, ret));
    int open = 0;
    for (int i = 0; i < x->n; i++)
        open |= ret[i] != decides;
    if (!open)
        return 0;
    uint8_t *right = arena_alloc(&x->arena, (size_t)x->n);
    if (!right)
        return ERR_MEMORY;
    TRY(mask_of(x, n->right, right));
    for (int i = 0; i < x->n; i++)
        ret[i] = decides ? ret[i] | right[i] : ret[i] & right[i];
    return 0;
}

static int mask_of(struct evaluation *x, const struct node *n, uint8_t *ret)
{
    switch (n->kind) {
    case NODE_OR:
    case NODE_AND:
        return both_sides(x, n, ret);
    case NODE_NOT:
        TRY(mask_of(x, n->left, ret));
        for (int i = 0; i < x->n; i++)
            ret[i] = !ret[i];
        return 0;
    case NODE_COMPARE:
        return compare(x, n, ret);
    case NODE_NULL:
        return is_null(x, n, ret);
    case NODE_IN:
        return in_list(x, n, ret);
    default:
        return test_texts(x, n, ret);
    }
}

static int next_rows(struct evaluation *x, int64_t first, int64_t n_rows, uint8_t *ret)
{
    arena_reset(&x->arena);
    x->first = first;
    x->n = n_rows - first < ROWS ? (int)(n_rows - first) : ROWS;
    return mask_of(x, x->e->root, ret);
}

int expression_filter(const struct expression *e, const struct batch *b, int32_t *rows,
                      int64_t *ret_n)
{
    struct evaluation x = {.e = e, .batch = b};
    uint8_t mask[ROWS];
    int64_t n = 0;
    int code = 0;
    arena_init(&x.arena, 0);
    for (int64_t first = 0; first < b->n_rows && code == 0; first += ROWS) {
        code = next_rows(&x, first, b->n_rows, mask);
        for (int i = 0; i < x.n && code == 0; i++) {
            rows[n] = (int32_t)(first + i);
            n += mask[i];
        }
    }
    arena_done(&x.arena);
    *ret_n = n;
    return code;
}

int expression_texts(const struct expression *e, const struct slice *const *values, int64_t n,
                     uint8_t *ret)
{
    struct evaluation x = {.e = e, .texts = values};
    int code = 0;
    arena_init(&x.arena, 0);
    for (int64_t first = 0; first < n && code == 0; first += ROWS)
        code = next_rows(&x, first, n, ret + first);
    arena_done(&x.arena);
    return code;
}

int expression_true(const struct expression *e, const struct slice *values)
{
    const struct slice **columns = calloc((size_t)e->n_columns + 1, sizeof *columns);
    uint8_t is_true = 0;
    if (!columns)
        return ERR_MEMORY;
    for (int i = 0; i < e->n_columns; i++)
        columns[i] = &values[i];
    int code = expression_texts(e, columns, 1, &is_true);
    free(columns);
    return code < 0 ? code : is_true;
}
