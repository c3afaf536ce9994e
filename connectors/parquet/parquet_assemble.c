#include "connectors/parquet/parquet_assemble.h"

void parquet_leaf_reader_done(struct parquet_leaf_reader *r)
{
    parquet_pages_done(&r->pages);
    buffer_done(&r->def);
    buffer_done(&r->rep);
    parquet_dense_done(&r->dense);
}

static int damaged(const struct parquet_node *n, struct error *err)
{
    return error_set(err, ERR_DATA, "column '%.*s' of the Parquet file has damaged levels",
                     (int)n->out->name.len, n->out->name.ptr);
}

/* How many of the levels ahead belong to the rows wanted; a row of a list ends where the next one
 * begins. */
static int levels_to_take(const struct parquet_leaf_reader *r, int64_t n_rows, int64_t *rows)
{
    int n = r->n_ahead - r->ahead, i = 0;
    if (!r->pages.leaf->max_rep) {
        n = n < n_rows - *rows ? n : (int)(n_rows - *rows);
        *rows += n;
        return n;
    }
    for (; i < n; i++)
        if (r->ahead_rep[r->ahead + i] == 0) {
            if (*rows == n_rows)
                break;
            ++*rows;
        }
    return i;
}

static int take_levels(struct parquet_leaf_reader *r, int n, struct error *err)
{
    const struct parquet_node *leaf = r->pages.leaf;
    const uint8_t *def = r->ahead_def + r->ahead;
    size_t n_values = 0;
    for (int i = 0; i < n; i++)
        n_values += def[i] == leaf->max_def;
    if (buffer_append(&r->def, def, (size_t)n) < 0 ||
        (leaf->max_rep && buffer_append(&r->rep, r->ahead_rep + r->ahead, (size_t)n) < 0))
        return error_memory(err);
    r->ahead += n;
    if (leaf->max_rep && r->def.len > PARQUET_LEVELS_LIMIT)
        return error_set(err, ERR_DATA, "column '%.*s' has rows of more than %d elements",
                         (int)leaf->out->name.len, leaf->out->name.ptr, PARQUET_LEVELS_LIMIT);
    return parquet_values_read(&r->pages.values, n_values, &r->dense, err);
}

int parquet_leaf_read(struct parquet_leaf_reader *r, int64_t n_rows, struct error *err)
{
    int64_t rows = 0;
    size_t width = type_width(r->pages.leaf->out->type);
    buffer_reset(&r->def);
    buffer_reset(&r->rep);
    parquet_dense_reset(&r->dense);
    if (buffer_reserve(&r->dense.fixed, (size_t)n_rows * width) < 0)
        return error_memory(err);
    for (;;) {
        if (r->ahead == r->n_ahead) {
            if (rows == n_rows && !r->pages.leaf->max_rep)
                return 0;
            int n = parquet_levels_read(&r->pages, PARQUET_LEVELS_AHEAD, r->ahead_def, r->ahead_rep,
                                        err);
            TRY(n);
            r->ahead = 0;
            r->n_ahead = n;
            if (!n)
                return rows == n_rows ? 0 : damaged(r->pages.leaf, err);
        }
        int n = levels_to_take(r, n_rows, &rows);
        if (n && !rows)
            return damaged(r->pages.leaf, err); /* it begins in the middle of a row */
        TRY(take_levels(r, n, err));
        if (r->ahead < r->n_ahead)
            return 0;
    }
}

/* Levels of a node's first leaf. */
struct levels {
    const uint8_t *def, *rep; /* rep NULL: all 0 */
    size_t n;
};

static struct levels levels_of(const struct parquet_node *n, const struct parquet_leaf_reader *r)
{
    const struct parquet_leaf_reader *first = &r[n->first_leaf];
    return (struct levels){.def = first->def.data,
                           .rep = first->pages.leaf->max_rep ? first->rep.data : NULL,
                           .n = first->def.len};
}

/* Is there an instance of the node at this slot? */
static int begins(const struct parquet_node *n, const struct levels *l, size_t i)
{
    return (!l->rep || l->rep[i] <= n->rep) && l->def[i] >= n->context_def;
}

/* Length and validity; *ret_flags (in the arena) a byte for each instance. */
static int make_validity(const struct parquet_node *n, const struct levels *l, struct arena *arena,
                         struct column *c, uint8_t **ret_flags)
{
    uint8_t *flags = arena_alloc(arena, l->n + 1);
    int64_t length = 0, valid = 0;
    if (!flags)
        return ERR_MEMORY;
    for (size_t i = 0; i < l->n; i++) {
        flags[length] = l->def[i] >= n->def;
        if (begins(n, l, i))
            valid += flags[length++];
    }
    c->length = length;
    c->null_count = length - valid;
    *ret_flags = flags;
    if (valid == length)
        return 0;
    c->validity = arena_zalloc(arena, (size_t)length / 8 + 1);
    if (!c->validity)
        return ERR_MEMORY;
    for (int64_t i = 0; i < length; i++)
        c->validity[i / 8] = (uint8_t)(c->validity[i / 8] | flags[i] << i % 8);
    return 0;
}

/* The buffer's memory becomes the arena's; never NULL when it succeeds. */
static void *hand_over(struct arena *arena, struct buffer *b)
{
    size_t len = b->cap;
    void *data = buffer_take(b);
    if (!data)
        return arena_zalloc(arena, 8);
    return arena_adopt(arena, data, len) < 0 ? NULL : data;
}

static int spread_fixed(struct parquet_leaf_reader *r, size_t width, const uint8_t *flags,
                        struct arena *arena, struct column *c)
{
    if (!c->null_count) {
        c->values = hand_over(arena, &r->dense.fixed);
        return c->values ? 0 : ERR_MEMORY;
    }
    uint8_t *to = arena_zalloc(arena, (size_t)c->length * width + 8);
    const uint8_t *from = r->dense.fixed.data;
    c->values = to;
    if (!to)
        return ERR_MEMORY;
    for (int64_t i = 0; i < c->length; i++)
        if (flags[i]) {
            memcpy(to + (size_t)i * width, from, width);
            from += width;
        }
    return 0;
}

static int spread_bools(struct parquet_leaf_reader *r, const uint8_t *flags, struct arena *arena,
                        struct column *c)
{
    uint8_t *to = arena_zalloc(arena, (size_t)c->length / 8 + 8);
    const uint8_t *from = r->dense.fixed.data;
    c->values = to;
    if (!to)
        return ERR_MEMORY;
    for (int64_t i = 0; i < c->length; i++)
        if (flags[i])
            to[i / 8] = (uint8_t)(to[i / 8] | *from++ << i % 8);
    return 0;
}

static int spread_bytes(struct parquet_leaf_reader *r, const uint8_t *flags, struct arena *arena,
                        struct column *c)
{
    c->values = hand_over(arena, &r->dense.bytes);
    if (!c->null_count && r->dense.offsets.len) {
        c->offsets = hand_over(arena, &r->dense.offsets);
        return c->values && c->offsets ? 0 : ERR_MEMORY;
    }
    c->offsets = arena_zalloc(arena, 4 * ((size_t)c->length + 1));
    if (!c->values || !c->offsets)
        return ERR_MEMORY;
    const int32_t *from = (const int32_t *)(const void *)r->dense.offsets.data;
    int32_t at = 0;
    for (int64_t i = 0; i < c->length; i++) {
        if (flags[i])
            at = *++from;
        c->offsets[i + 1] = at;
    }
    return 0;
}

static int make_leaf(const struct parquet_node *n, struct parquet_leaf_reader *r,
                     struct arena *arena, struct column *c, const uint8_t *flags)
{
    struct parquet_leaf_reader *leaf = &r[n->first_leaf];
    if (n->out->type == TYPE_BOOL)
        return spread_bools(leaf, flags, arena, c);
    if (n->out->type == TYPE_UTF8 || n->out->type == TYPE_BINARY)
        return spread_bytes(leaf, flags, arena, c);
    return spread_fixed(leaf, type_width(n->out->type), flags, arena, c);
}

/* Elements are the slots that go no deeper than the list and have one. */
static int make_offsets(const struct parquet_node *n, const struct levels *l, struct arena *arena,
                        struct column *c)
{
    c->offsets = arena_zalloc(arena, 4 * ((size_t)c->length + 1));
    if (!c->offsets)
        return ERR_MEMORY;
    int64_t row = -1;
    int32_t elements = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (begins(n, l, i))
            c->offsets[++row] = elements;
        elements += (!l->rep || l->rep[i] <= n->rep + 1) && l->def[i] > n->def && row >= 0;
    }
    c->offsets[c->length] = elements;
    return 0;
}

int parquet_assemble(const struct parquet_node *node, struct parquet_leaf_reader *readers,
                     struct arena *arena, struct column *ret, struct error *err)
{
    struct levels l = levels_of(node, readers);
    struct column c = {0};
    uint8_t *flags;
    int code = make_validity(node, &l, arena, &c, &flags);
    if (code == 0 && node->kind == PARQUET_NODE_LEAF)
        code = make_leaf(node, readers, arena, &c, flags);
    if (code == 0 && node->kind == PARQUET_NODE_LIST)
        code = make_offsets(node, &l, arena, &c);
    c.children = ARENA_ARRAY(arena, struct column, (size_t)node->n_children + 1);
    if (code < 0 || !c.children)
        return error_memory(err);
    for (int i = 0; i < node->n_children; i++) {
        TRY(parquet_assemble(&node->children[i], readers, arena, &c.children[i], err));
        int64_t want = node->kind == PARQUET_NODE_LIST ? c.offsets[c.length] : c.length;
        if (c.children[i].length != want)
            return damaged(node, err);
    }
    *ret = c;
    return 0;
}
