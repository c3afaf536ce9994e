/* An expression held against a schema: are the columns there, and do the types go together? */
#include "schemas/expression_node.h"
#include "schemas/expression_range.h"

struct binding {
    struct expression *e;
    const struct schema *schema;
    struct error *err;
};

static const char *kind_name(enum value_kind k)
{
    static const char *const names[] = {"null", "true or false", "a number", "a number",
                                        "text", "a date",        "a time",   "a value"};
    return names[k];
}

static int is_numeric(enum value_kind k)
{
    return k == VALUE_NUMBER || k == VALUE_REAL;
}

enum value_kind expression_kind(const struct field *f)
{
    switch (f->type) {
    case TYPE_BOOL:
        return VALUE_BOOL;
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_DECIMAL:
        return VALUE_NUMBER;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        return VALUE_REAL;
    case TYPE_DATE:
        return VALUE_DATE;
    case TYPE_TIMESTAMP:
        return VALUE_TIME;
    case TYPE_LIST:
    case TYPE_STRUCT:
        return VALUE_NULL;
    default:
        return VALUE_TEXT;
    }
}

/* May both be compared, some rows at least? */
static int go_together(enum value_kind a, enum value_kind b)
{
    if (a == b || a == VALUE_ANY || b == VALUE_ANY || a == VALUE_TEXT || b == VALUE_TEXT)
        return 1;
    return (is_numeric(a) && is_numeric(b)) || (a >= VALUE_DATE && b >= VALUE_DATE);
}

/* A text written next to a typed value is one of that type, or a mistake. */
static int fit_literal(const struct binding *b, struct node *n, enum value_kind to)
{
    if (n->kind != NODE_LITERAL || n->literal.kind != VALUE_TEXT || to == VALUE_TEXT ||
        to == VALUE_ANY)
        return 0;
    struct value v = value_as(to, &n->literal);
    if (v.kind == VALUE_NULL)
        return error_set(b->err, ERR_CONFIG, "character %zu: '%.*s' is not %s%s", n->at + 1,
                         (int)n->literal.text.len, n->literal.text.ptr, kind_name(to),
                         to == VALUE_DATE   ? ": write 2026-03-01"
                         : to == VALUE_TIME ? ": write 2026-03-01T12:00:00Z"
                                            : "");
    n->literal = v;
    n->type = v.kind;
    return 0;
}

static int pair(const struct binding *b, struct node *x, struct node *y)
{
    TRY(fit_literal(b, x, y->type));
    TRY(fit_literal(b, y, x->type));
    if (go_together(x->type, y->type))
        return 0;
    return error_set(b->err, ERR_CONFIG, "character %zu: %s is compared with %s", y->at + 1,
                     kind_name(x->type), kind_name(y->type));
}

static int need(const struct binding *b, struct node *n, enum value_kind wanted, const char *who)
{
    TRY(fit_literal(b, n, wanted));
    if (wanted == VALUE_ANY || go_together(n->type, wanted))
        if (wanted != VALUE_TEXT || n->type == VALUE_TEXT || n->type == VALUE_ANY)
            return 0;
    return error_set(b->err, ERR_CONFIG, "character %zu: %s takes %s, not %s", n->at + 1, who,
                     kind_name(wanted), kind_name(n->type));
}

static int bind_column(const struct binding *b, struct node *n)
{
    struct slice name = b->e->columns[n->column];
    enum value_kind kind = expression_kind(&b->schema->fields[b->e->indexes[n->column]]);
    if (kind == VALUE_NULL)
        return error_set(b->err, ERR_CONFIG,
                         "character %zu: column '%.*s' is a list or holds columns, and can only be "
                         "null or not",
                         n->at + 1, (int)name.len, name.ptr);
    n->type = kind;
    return 0;
}

static int bind_node(const struct binding *b, struct node *n);

static int bind_call(const struct binding *b, struct node *n)
{
    const struct function *f = &expression_functions[n->function];
    for (int i = 0; i < n->n_args; i++) {
        TRY(bind_node(b, n->args[i]));
        TRY(need(b, n->args[i], i ? (f->of == VALUE_ANY ? VALUE_ANY : VALUE_NUMBER) : f->of,
                 f->name));
    }
    n->type = f->gives;
    if (n->function == FUNCTION_COALESCE) {
        n->type = n->args[0]->type;
        for (int i = 1; i < n->n_args; i++)
            TRY(pair(b, n->args[0], n->args[i]));
    }
    return 0;
}

static int bind_value(const struct binding *b, struct node *n)
{
    switch (n->kind) {
    case NODE_COLUMN:
        return bind_column(b, n);
    case NODE_LITERAL:
        n->type = n->literal.kind;
        return 0;
    case NODE_ARITHMETIC:
        TRY(bind_node(b, n->left));
        TRY(bind_node(b, n->right));
        TRY(need(b, n->left, VALUE_NUMBER, "arithmetic"));
        n->type = VALUE_NUMBER;
        return need(b, n->right, VALUE_NUMBER, "arithmetic");
    default:
        return bind_call(b, n);
    }
}

static int bind_node(const struct binding *b, struct node *n)
{
    switch (n->kind) {
    case NODE_OR:
    case NODE_AND:
        TRY(bind_node(b, n->left));
        return bind_node(b, n->right);
    case NODE_NOT:
        return bind_node(b, n->left);
    case NODE_COMPARE:
        TRY(bind_node(b, n->left));
        TRY(bind_node(b, n->right));
        return pair(b, n->left, n->right);
    case NODE_NULL:
        return n->left->kind == NODE_COLUMN ? 0 : bind_node(b, n->left);
    case NODE_IN:
        TRY(bind_node(b, n->left));
        for (int i = 0; i < n->n_args; i++) {
            TRY(bind_node(b, n->args[i]));
            TRY(pair(b, n->left, n->args[i]));
        }
        return 0;
    case NODE_LIKE:
    case NODE_STARTS:
    case NODE_ENDS:
    case NODE_CONTAINS:
    case NODE_MATCHES:
        TRY(bind_node(b, n->left));
        return need(b, n->left, VALUE_TEXT, "a test of text");
    default:
        return bind_value(b, n);
    }
}

/* The first place that names the column, for the message. */
static size_t place_of(const struct node *n, int column)
{
    size_t at = n->kind == NODE_COLUMN && n->column == column ? n->at : SIZE_MAX;
    const struct node *below[2] = {n->left, n->right};
    for (int i = 0; i < 2 && at == SIZE_MAX; i++)
        at = below[i] ? place_of(below[i], column) : at;
    for (int i = 0; i < n->n_args && at == SIZE_MAX; i++)
        at = place_of(n->args[i], column);
    return at;
}

int expression_bind(struct expression *e, const struct schema *schema, struct arena *a,
                    struct error *err)
{
    struct binding b = {.e = e, .schema = schema, .err = err};
    e->indexes = ARENA_ARRAY(a, int, (size_t)e->n_columns + 1);
    if (!e->indexes)
        return error_memory(err);
    for (int i = 0; i < e->n_columns; i++) {
        e->indexes[i] = schema_find(schema, e->columns[i]);
        if (e->indexes[i] < 0) {
            struct error why = {0};
            schema_no_field(schema, e->columns[i], &why);
            return error_set(err, ERR_CONFIG, "character %zu: %s", place_of(e->root, i) + 1,
                             why.text);
        }
    }
    e->schema = schema;
    return bind_node(&b, e->root);
}
