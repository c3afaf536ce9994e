#include "connectors/parquet/parquet_format.h"

/* Bytes that hold 10^precision - 1 and a sign. */
static int decimal_width(int precision)
{
    static const uint8_t widths[39] = {0,  1,  1,  2,  2,  3,  3,  4,  4,  4,  5,  5,  6,
                                       6,  6,  7,  7,  8,  8,  9,  9,  9,  10, 10, 11, 11,
                                       11, 12, 12, 13, 13, 13, 14, 14, 15, 15, 16, 16, 16};
    return widths[precision];
}

enum parquet_type parquet_physical(const struct field *f, int *ret_width)
{
    *ret_width = 0;
    switch (f->type) {
    case TYPE_BOOL:
        return PARQUET_BOOLEAN;
    case TYPE_INT32:
    case TYPE_DATE:
        *ret_width = 4;
        return PARQUET_INT32;
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
        *ret_width = 8;
        return PARQUET_INT64;
    case TYPE_FLOAT32:
        *ret_width = 4;
        return PARQUET_FLOAT;
    case TYPE_FLOAT64:
        *ret_width = 8;
        return PARQUET_DOUBLE;
    case TYPE_DECIMAL:
        *ret_width = f->precision <= 9 ? 4 : f->precision <= 18 ? 8 : decimal_width(f->precision);
        return f->precision <= 9    ? PARQUET_INT32
               : f->precision <= 18 ? PARQUET_INT64
                                    : PARQUET_FIXED;
    default:
        return PARQUET_BYTE_ARRAY;
    }
}

int parquet_is_map(const struct field *f)
{
    return f->type == TYPE_LIST && f->children[0].type == TYPE_STRUCT &&
           f->children[0].n_children == 2 &&
           slice_equal(f->children[0].name, SLICE_LIT("key_value"));
}

struct walk {
    struct arena *arena;
    struct parquet_leaf *leaves;
    int n, top, map_depth;
    int path[PARQUET_MAX_LEVELS];
    struct error *err;
};

static int count_leaves(const struct field *f)
{
    if (f->type != TYPE_LIST && f->type != TYPE_STRUCT)
        return 1;
    int n = 0;
    for (int i = 0; i < f->n_children; i++)
        n += count_leaves(&f->children[i]);
    return n;
}

static int add_leaf(struct walk *w, const struct field *f, int depth, int max_def, int max_rep)
{
    int *path = ARENA_ARRAY(w->arena, int, (size_t)depth);
    if (!path)
        return error_memory(w->err);
    memcpy(path, w->path, (size_t)(depth - 1) * sizeof *path);
    struct parquet_leaf leaf = {.field = f,
                                .top = w->top,
                                .max_def = max_def,
                                .max_rep = max_rep,
                                .depth = depth,
                                .path = path,
                                .map_depth = w->map_depth};
    leaf.is_key = leaf.map_depth == depth - 2 && leaf.map_depth && path[depth - 2] == 0;
    leaf.max_def -= leaf.is_key;
    leaf.type = parquet_physical(f, &leaf.width);
    w->leaves[w->n++] = leaf;
    return 0;
}

static int walk_field(struct walk *w, const struct field *f, int depth, int def, int rep);

/* The entries are repeated themselves: the struct has no level of its own. */
static int walk_map(struct walk *w, const struct field *f, int depth, int def, int rep)
{
    const struct field *entry = &f->children[0];
    w->map_depth = depth;
    w->path[depth - 1] = 0;
    for (int i = 0; i < entry->n_children; i++) {
        w->path[depth] = i;
        TRY(walk_field(w, &entry->children[i], depth + 2, def + 2, rep + 1));
    }
    w->map_depth = 0;
    return 0;
}

static int walk_field(struct walk *w, const struct field *f, int depth, int def, int rep)
{
    int is_list = f->type == TYPE_LIST;
    if (depth >= PARQUET_MAX_LEVELS || def + 2 >= PARQUET_MAX_LEVELS)
        return error_set(w->err, ERR_DATA, "column '%s' is nested too deep for Parquet",
                         f->name.ptr);
    if (!is_list && f->type != TYPE_STRUCT)
        return add_leaf(w, f, depth, def + 1, rep);
    if (!f->n_children)
        return error_set(w->err, ERR_DATA,
                         "column '%s' is a struct without fields, which Parquet "
                         "cannot hold",
                         f->name.ptr);
    if (parquet_is_map(f))
        return walk_map(w, f, depth, def, rep);
    for (int i = 0; i < f->n_children; i++) {
        w->path[depth - 1] = i;
        TRY(walk_field(w, &f->children[i], depth + 1, def + 1 + is_list, rep + is_list));
    }
    return 0;
}

int parquet_leaves(const struct schema *schema, struct arena *a, struct parquet_leaf **ret,
                   int *ret_n, struct error *err)
{
    int n = 0;
    for (int i = 0; i < schema->n_fields; i++)
        n += count_leaves(&schema->fields[i]);
    struct walk w = {
        .arena = a, .leaves = ARENA_ARRAY(a, struct parquet_leaf, (size_t)n + 1), .err = err};
    if (!w.leaves)
        return error_memory(err);
    for (w.top = 0; w.top < schema->n_fields; w.top++)
        TRY(walk_field(&w, &schema->fields[w.top], 1, 0, 0));
    *ret = w.leaves;
    *ret_n = w.n;
    return 0;
}
