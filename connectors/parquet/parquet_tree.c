#include "connectors/parquet/parquet_tree.h"

struct growing {
    const struct parquet_meta *meta;
    struct arena *arena;
    struct error *err;
    int at, n_leaves;
};

static int damaged(struct growing *g)
{
    return error_set(g->err, ERR_DATA, "the schema of the Parquet file is damaged");
}

static int refuse(struct growing *g, const struct parquet_element *e, const char *what)
{
    return error_set(g->err, ERR_DATA, "column '%.*s' %s", (int)e->name.len, e->name.ptr, what);
}

static int is_decimal(const struct parquet_element *e)
{
    return e->converted == PARQUET_DECIMAL || e->logical == PARQUET_LOGICAL_DECIMAL;
}

static int leaf_decimal(struct growing *g, const struct parquet_element *e, struct parquet_node *n,
                        struct field *f)
{
    int is_int = e->type == PARQUET_INT32 || e->type == PARQUET_INT64;
    if (!is_int && e->type != PARQUET_BYTE_ARRAY && e->type != PARQUET_FIXED)
        return damaged(g);
    if (e->precision > 38)
        return refuse(g, e, "is a decimal of more than 38 digits, which is not read");
    if (e->precision < 1 || e->scale < 0 || e->scale > e->precision)
        return damaged(g);
    f->type = TYPE_DECIMAL;
    f->precision = e->precision;
    f->scale = e->scale;
    n->conversion = is_int ? PARQUET_INT_DECIMAL : PARQUET_BYTES_DECIMAL;
    return 0;
}

static int is_unsigned(const struct parquet_element *e)
{
    return e->logical == PARQUET_LOGICAL_INTEGER
               ? e->is_unsigned
               : e->converted >= PARQUET_UINT_8 && e->converted <= PARQUET_UINT_64;
}

static int is_narrow(const struct parquet_element *e)
{
    return e->logical == PARQUET_LOGICAL_INTEGER
               ? e->bits < 32
               : e->converted == PARQUET_UINT_8 || e->converted == PARQUET_UINT_16;
}

static void leaf_int32(const struct parquet_element *e, struct parquet_node *n, struct field *f)
{
    f->type = TYPE_INT32;
    if (e->converted == PARQUET_DATE || e->logical == PARQUET_LOGICAL_DATE) {
        f->type = TYPE_DATE;
    } else if (e->converted == PARQUET_TIME_MILLIS || e->logical == PARQUET_LOGICAL_TIME) {
        f->type = TYPE_UTF8;
        n->conversion = PARQUET_TIME_TEXT;
    } else if (is_unsigned(e) && !is_narrow(e)) {
        f->type = TYPE_INT64;
        n->conversion = PARQUET_UNSIGNED;
    }
}

static void leaf_int64(const struct parquet_element *e, struct parquet_node *n, struct field *f)
{
    int is_time = e->converted == PARQUET_TIME_MICROS || e->logical == PARQUET_LOGICAL_TIME;
    int is_stamp = e->logical == PARQUET_LOGICAL_TIMESTAMP ||
                   e->converted == PARQUET_TIMESTAMP_MILLIS ||
                   e->converted == PARQUET_TIMESTAMP_MICROS;
    int millis = e->logical ? e->unit == 1 : e->converted == PARQUET_TIMESTAMP_MILLIS;
    f->type = TYPE_INT64;
    if (is_time) {
        f->type = TYPE_UTF8;
        n->conversion = PARQUET_TIME_TEXT;
    } else if (is_stamp) {
        f->type = TYPE_TIMESTAMP;
        n->conversion = millis                       ? PARQUET_FROM_MILLIS
                        : e->logical && e->unit == 3 ? PARQUET_FROM_NANOS
                                                     : PARQUET_AS_IS;
    } else if (is_unsigned(e)) {
        f->type = TYPE_DECIMAL;
        f->precision = 20;
        n->conversion = PARQUET_UNSIGNED;
    }
}

static int is_text(const struct parquet_element *e)
{
    return e->converted == PARQUET_UTF8 || e->converted == PARQUET_ENUM ||
           e->converted == PARQUET_JSON || e->logical == PARQUET_LOGICAL_STRING ||
           e->logical == PARQUET_LOGICAL_ENUM || e->logical == PARQUET_LOGICAL_JSON;
}

static int leaf_fixed(struct growing *g, const struct parquet_element *e, struct parquet_node *n,
                      struct field *f)
{
    if (e->width < 1 || e->width > 1 << 20)
        return damaged(g);
    f->type = TYPE_BINARY;
    n->conversion = PARQUET_FIXED_BYTES;
    if (e->logical == PARQUET_LOGICAL_UUID && e->width == 16) {
        f->type = TYPE_UTF8;
        n->conversion = PARQUET_UUID_TEXT;
    } else if (e->logical == PARQUET_LOGICAL_FLOAT16 && e->width == 2) {
        f->type = TYPE_FLOAT32;
        n->conversion = PARQUET_HALF;
    }
    return 0;
}

static int leaf_type(struct growing *g, const struct parquet_element *e, struct parquet_node *n,
                     struct field *f)
{
    n->conversion = PARQUET_AS_IS;
    if (is_decimal(e))
        return leaf_decimal(g, e, n, f);
    switch (e->type) {
    case PARQUET_BOOLEAN:
        f->type = TYPE_BOOL;
        n->conversion = PARQUET_BOOL;
        return 0;
    case PARQUET_INT32:
        leaf_int32(e, n, f);
        return 0;
    case PARQUET_INT64:
        leaf_int64(e, n, f);
        return 0;
    case PARQUET_INT96:
        f->type = TYPE_TIMESTAMP;
        n->conversion = PARQUET_FROM_INT96;
        return 0;
    case PARQUET_FLOAT:
        f->type = TYPE_FLOAT32;
        return 0;
    case PARQUET_DOUBLE:
        f->type = TYPE_FLOAT64;
        return 0;
    case PARQUET_BYTE_ARRAY:
        f->type = is_text(e) ? TYPE_UTF8 : TYPE_BINARY;
        return 0;
    case PARQUET_FIXED:
        return leaf_fixed(g, e, n, f);
    default:
        return damaged(g);
    }
}

/* Where a part of the schema stands: levels of its parent and around it. */
struct standing {
    int def, context_def, rep, depth;
};

static int grow(struct growing *g, struct standing s, struct parquet_node *n, struct field *f);
static int grow_bare(struct growing *g, const struct parquet_element *e, struct standing s,
                     struct parquet_node *n, struct field *f);

static int is_list(const struct parquet_element *e)
{
    return e->converted == PARQUET_LIST || e->converted == PARQUET_MAP ||
           e->converted == PARQUET_MAP_KEY_VALUE || e->logical == PARQUET_LOGICAL_LIST ||
           e->logical == PARQUET_LOGICAL_MAP;
}

static int room_for(struct growing *g, struct parquet_node *n, struct field *f, int n_children)
{
    struct field *fields = ARENA_ARRAY(g->arena, struct field, (size_t)n_children + 1);
    n->children = ARENA_ARRAY(g->arena, struct parquet_node, (size_t)n_children + 1);
    if (!n->children || !fields)
        return error_memory(g->err);
    n->n_children = f->n_children = n_children;
    f->children = fields;
    return 0;
}

/* The fields of f's children, while they are being made. */
static struct field *growing_children(const struct field *f)
{
    return (struct field *)(uintptr_t)f->children;
}

static int grow_struct(struct growing *g, const struct parquet_element *e, struct standing s,
                       struct parquet_node *n, struct field *f)
{
    n->kind = PARQUET_NODE_STRUCT;
    f->type = TYPE_STRUCT;
    if (e->n_children < 1)
        return refuse(g, e, "is a group without fields");
    if (e->n_children > g->meta->n_elements - g->at)
        return damaged(g);
    TRY(room_for(g, n, f, e->n_children));
    s.depth++;
    for (int i = 0; i < e->n_children; i++)
        TRY(grow(g, s, &n->children[i], &growing_children(f)[i]));
    return 0;
}

/* Is the repeated group itself the element of the list? */
static int group_is_element(const struct parquet_element *list, const struct parquet_element *e)
{
    int is_tuple = e->name.len == list->name.len + 6 && slice_starts(e->name, list->name) &&
                   slice_ends(e->name, SLICE_LIT("_tuple"));
    return e->type >= 0 || e->n_children != 1 || is_tuple ||
           slice_equal(e->name, SLICE_LIT("array"));
}

/* A repeated element below `list` (or by itself): n becomes the list, its child the element. */
static int grow_repeated(struct growing *g, const struct parquet_element *list,
                         const struct parquet_element *e, struct standing s, struct parquet_node *n,
                         struct field *f)
{
    n->kind = PARQUET_NODE_LIST;
    f->type = TYPE_LIST;
    TRY(room_for(g, n, f, 1));
    struct field *child = growing_children(f);
    s.def++;
    s.context_def = s.def;
    s.rep++;
    s.depth++;
    TRY(list && !group_is_element(list, e) ? grow(g, s, &n->children[0], child)
                                           : grow_bare(g, e, s, &n->children[0], child));
    child->name = SLICE_LIT("item"); /* as everywhere here; what the file says means nothing */
    return 0;
}

static int grow_list(struct growing *g, const struct parquet_element *e, struct standing s,
                     struct parquet_node *n, struct field *f)
{
    const struct parquet_element *repeated = &g->meta->elements[g->at];
    if (e->n_children != 1 || g->at >= g->meta->n_elements ||
        repeated->repetition != PARQUET_REPEATED)
        return grow_struct(g, e, s, n, f);
    g->at++;
    return grow_repeated(g, e, repeated, s, n, f);
}

/* An element without regard to its repetition; g->at is behind it. */
static int grow_bare(struct growing *g, const struct parquet_element *e, struct standing s,
                     struct parquet_node *n, struct field *f)
{
    if (s.depth > PARQUET_MAX_LEVELS)
        return refuse(g, e, "is nested too deep");
    n->def = s.def;
    n->context_def = s.context_def;
    n->rep = s.rep;
    n->out = f;
    n->first_leaf = g->n_leaves;
    if (e->type < 0) {
        TRY(is_list(e) ? grow_list(g, e, s, n, f) : grow_struct(g, e, s, n, f));
        n->end_leaf = g->n_leaves;
        return 0;
    }
    n->kind = PARQUET_NODE_LEAF;
    n->element = e;
    g->n_leaves++;
    n->end_leaf = g->n_leaves;
    n->max_def = s.def;
    n->max_rep = s.rep;
    return leaf_type(g, e, n, f);
}

static int grow(struct growing *g, struct standing s, struct parquet_node *n, struct field *f)
{
    if (g->at >= g->meta->n_elements)
        return damaged(g);
    const struct parquet_element *e = &g->meta->elements[g->at++];
    f->name = e->name.ptr ? e->name : SLICE_LIT("");
    if (slice_utf8_valid(f->name) != f->name.len)
        return damaged(g);
    if (e->repetition == PARQUET_REPEATED) { /* a list without a word about it */
        n->def = s.def;
        n->context_def = s.context_def;
        n->rep = s.rep;
        n->out = f;
        n->first_leaf = g->n_leaves;
        TRY(grow_repeated(g, NULL, e, s, n, f));
        n->end_leaf = g->n_leaves;
        return 0;
    }
    s.def += e->repetition == PARQUET_OPTIONAL;
    return grow_bare(g, e, s, n, f);
}

int parquet_tree_make(const struct parquet_meta *meta, struct arena *a, struct parquet_tree *ret,
                      struct error *err)
{
    struct growing g = {.meta = meta, .arena = a, .err = err, .at = 1};
    struct parquet_node root = {0};
    struct field f = {0};
    if (meta->elements[0].type >= 0 || meta->elements[0].n_children < 0 ||
        meta->elements[0].n_children > meta->n_elements - 1)
        return damaged(&g);
    TRY(room_for(&g, &root, &f, meta->elements[0].n_children));
    for (int i = 0; i < root.n_children; i++)
        TRY(grow(&g, (struct standing){0}, &root.children[i], &growing_children(&f)[i]));
    if (g.at != meta->n_elements)
        return damaged(&g);
    *ret = (struct parquet_tree){.n_fields = root.n_children,
                                 .n_leaves = g.n_leaves,
                                 .fields = root.children,
                                 .out = f.children};
    return 0;
}
