/* Which columns a tree of paths has. */
#include "connectors/nested/shape.h"

static struct shape_node *nearest_items(struct shape_node *n)
{
    for (; n && n->parent; n = n->parent)
        if (n->parent->items == n)
            return n;
    return NULL;
}

static int column_find(const struct shape *s, struct slice name)
{
    for (int i = 0; i < s->n_columns; i++)
        if (slice_equal(s->columns[i].name, name))
            return i;
    return -1;
}

static int stands_in(const struct shape_node *n, const struct shape_node *above)
{
    while (n && n != above)
        n = n->parent;
    return n && above;
}

static void column_add(struct shape *s, struct shape_node *node, struct slice name)
{
    struct shape_column *c = &s->columns[s->n_columns];
    *c = (struct shape_column){.name = name, .node = node, .list = nearest_items(node)};
    c->exploded = c->list && c->list == s->exploded;
    c->inside = c->list && !c->exploded && stands_in(c->list, s->exploded);
    node->column = s->n_columns++;
}

/* Two paths can spell the same name when keys hold the separator; they then share a column. */
static int column_add_path(struct shape *s, struct shape_node *node, struct error *err)
{
    struct buffer b = {0};
    int is_list = node->parent && node->parent->items == node && node != s->exploded;
    int r = shape_node_path(s, is_list ? node->parent : node, &b);
    if (!node->parent)
        r = buffer_putc(&b, '.');
    struct slice name = r < 0 ? slice_of(NULL, 0) : arena_copy(&s->arena, buffer_view(&b));
    buffer_done(&b);
    if (!name.ptr)
        return error_memory(err);
    int same = s->odd_names ? column_find(s, name) : -1;
    if (same >= 0) {
        node->column = same;
        return 0;
    }
    if (s->n_columns >= SHAPE_COLUMNS)
        return shape_too_many(err);
    column_add(s, node, name);
    return 0;
}

static int discover_json(struct shape *s, struct shape_node *n, struct error *err);

static int discover_children(struct shape *s, struct shape_node *n, struct error *err)
{
    for (struct shape_node *c = n->first; c; c = c->next)
        TRY(discover_json(s, c, err));
    return 0;
}

/* What is not to be taken apart is one column of text. Its children are cut off. */
static int discover_text(struct shape *s, struct shape_node *n, struct error *err)
{
    n->first = n->last = n->items = NULL;
    n->n_children = n->n_slots = 0;
    return column_add_path(s, n, err);
}

static int discover_list(struct shape *s, struct shape_node *n, struct error *err)
{
    struct shape_node *items = n->items;
    unsigned kinds = items->kinds & ~(unsigned)SHAPE_NULL;
    if (n->explode && kinds == SHAPE_OBJECT && items->first)
        return discover_children(s, items, err);
    if (n->explode || !(kinds & ~(unsigned)SHAPE_SCALAR))
        return column_add_path(s, items, err);
    return discover_text(s, n, err);
}

static int discover_json(struct shape *s, struct shape_node *n, struct error *err)
{
    unsigned kinds = n->kinds & ~(unsigned)SHAPE_NULL;
    if (!n->kinds) /* named for exploding, never seen */
        return 0;
    if (n->explode)
        return discover_list(s, n, err);
    if (kinds == SHAPE_ARRAY && n->items)
        return discover_list(s, n, err);
    if (kinds == SHAPE_OBJECT && n->first)
        return discover_children(s, n, err);
    return discover_text(s, n, err);
}

/* Moves what was seen in a repeated element to its items node. */
static int repeated_to_items(struct shape *s, struct shape_node *n)
{
    if (!shape_items(s, n))
        return ERR_MEMORY;
    struct shape_node *items = n->items;
    items->kinds = n->kinds & ~(unsigned)SHAPE_REPEATED;
    items->first = n->first;
    items->last = n->last;
    items->n_children = n->n_children;
    items->slots = n->slots;
    items->n_slots = n->n_slots;
    for (struct shape_node *c = items->first; c; c = c->next)
        c->parent = items;
    n->first = n->last = NULL;
    n->n_children = n->n_slots = 0;
    return 0;
}

static int discover_xml(struct shape *s, struct shape_node *n, struct error *err)
{
    if (n->parent && !n->kinds)
        return 0;
    if ((n->kinds & SHAPE_REPEATED) || n->explode) {
        if (repeated_to_items(s, n) < 0)
            return error_memory(err);
        n = n->items;
    }
    if ((n->kinds & SHAPE_SCALAR) || (n->parent && !n->first))
        TRY(column_add_path(s, n, err));
    for (struct shape_node *c = n->first; c; c = c->next)
        TRY(discover_xml(s, c, err));
    return 0;
}

/* Tells every items node which columns get one entry per element. */
static int columns_align(struct shape *s, struct error *err)
{
    for (int i = 0; i < s->n_columns; i++)
        if (s->columns[i].list)
            s->columns[i].list->n_aligned++;
    for (int i = 0; i < s->n_columns; i++) {
        struct shape_node *list = s->columns[i].list;
        if (!list)
            continue;
        if (!list->aligned) {
            list->aligned = ARENA_ARRAY(&s->arena, int, (size_t)list->n_aligned);
            if (!list->aligned)
                return error_memory(err);
            list->n_aligned = 0;
        }
        list->aligned[list->n_aligned++] = i;
    }
    return 0;
}

int shape_discover(struct shape *s, struct error *err)
{
    s->columns = ARENA_ARRAY(&s->arena, struct shape_column, SHAPE_COLUMNS);
    if (!s->columns)
        return error_memory(err);
    if (s->style == SHAPE_XML)
        TRY(discover_xml(s, s->root, err));
    else
        TRY(discover_children(s, s->root, err));
    return columns_align(s, err);
}

int shape_name(struct shape *s, const struct slice *paths, int n, struct error *err)
{
    s->closed = 1;
    s->columns = ARENA_ARRAY(&s->arena, struct shape_column, (size_t)(n > 0 ? n : 1));
    if (!s->columns)
        return error_memory(err);
    for (int i = 0; i < n; i++) {
        if (!paths[i].len)
            return error_set(err, ERR_USAGE, "a column has an empty path");
        struct slice name = arena_copy(&s->arena, paths[i]);
        struct shape_node *node = name.ptr ? shape_at(s, name) : NULL;
        if (!node)
            return error_memory(err);
        if (node->column >= 0)
            return error_set(err, ERR_USAGE, "column '%s' is named twice", name.ptr);
        column_add(s, node, name);
        int whole_key = s->style == SHAPE_JSON && node->parent != s->root;
        struct shape_node *alias = whole_key ? shape_grow(s, s->root, name) : node;
        if (!alias)
            return error_memory(err);
        if (alias->column < 0 && !s->columns[i].list)
            alias->column = i;
    }
    return columns_align(s, err);
}
