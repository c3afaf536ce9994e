#include "connectors/nested/shape.h"

#include "core/buffer.h"
#include "core/hash.h"

enum { FEW_CHILDREN = 8 };

static char separator(const struct shape *s)
{
    return s->style == SHAPE_XML ? '/' : '.';
}

static int is_plain(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == '"' || name.ptr[i] == '\\')
            return 0;
    return 1;
}

static struct shape_node *node_new(struct shape *s, struct slice name, struct shape_node *parent)
{
    struct shape_node *n = ARENA_NEW(&s->arena, struct shape_node);
    if (!n)
        return NULL;
    n->name = arena_copy(&s->arena, name);
    if (!n->name.ptr)
        return NULL;
    n->parent = parent;
    n->column = -1;
    n->plain = is_plain(n->name);
    n->id = s->n_nodes++;
    return n;
}

int shape_init(struct shape *s, enum shape_style style, struct error *err)
{
    *s = (struct shape){.style = style};
    arena_init(&s->arena, (size_t)1 << 30);
    hash_new_seed(s->seed);
    s->root = node_new(s, SLICE_LIT(""), NULL);
    return s->root ? 0 : error_memory(err);
}

void shape_done(struct shape *s)
{
    arena_done(&s->arena);
    *s = (struct shape){0};
}

static uint32_t slot_of(const struct shape *s, const struct shape_node *node, struct slice name)
{
    return (uint32_t)hash_seeded(name.ptr, name.len, s->seed) & (node->n_slots - 1);
}

static void slot_put(const struct shape *s, struct shape_node *node, struct shape_node *child)
{
    uint32_t i = slot_of(s, node, child->name);
    while (node->slots[i])
        i = (i + 1) & (node->n_slots - 1);
    node->slots[i] = child;
}

static int slots_grow(struct shape *s, struct shape_node *node)
{
    uint32_t n = node->n_slots ? node->n_slots * 2 : 4 * FEW_CHILDREN;
    struct shape_node **slots = ARENA_ARRAY(&s->arena, struct shape_node *, n);
    if (!slots)
        return ERR_MEMORY;
    node->slots = slots;
    node->n_slots = n;
    for (struct shape_node *c = node->first; c; c = c->next)
        slot_put(s, node, c);
    return 0;
}

static struct shape_node *child_exact(const struct shape *s, const struct shape_node *node,
                                      struct slice name)
{
    if (!node->n_slots) {
        for (struct shape_node *c = node->first; c; c = c->next)
            if (name_equal(c->name, name))
                return c;
        return NULL;
    }
    uint32_t i = slot_of(s, node, name);
    while (node->slots[i] && !slice_equal(node->slots[i]->name, name))
        i = (i + 1) & (node->n_slots - 1);
    return node->slots[i];
}

/* The name behind its prefix; that of an attribute keeps its @. ptr is NULL when it has none. */
static struct slice local_name(struct slice name, char room[256])
{
    const char *colon = name.len ? memchr(name.ptr, ':', name.len) : NULL;
    if (!colon)
        return slice_of(NULL, 0);
    struct slice local = slice_of(colon + 1, name.len - (size_t)(colon + 1 - name.ptr));
    if (name.ptr[0] != '@')
        return local;
    if (local.len > 254)
        return slice_of(NULL, 0);
    room[0] = '@';
    memcpy(room + 1, local.ptr, local.len);
    return slice_of(room, local.len + 1);
}

static struct shape_node *child_local(const struct shape *s, const struct shape_node *node,
                                      struct slice name)
{
    char room[256];
    struct slice local = local_name(name, room);
    return local.ptr ? child_exact(s, node, local) : NULL;
}

struct shape_node *shape_child(const struct shape *s, const struct shape_node *node,
                               struct slice name, struct shape_node **hint)
{
    struct shape_node *c = *hint;
    if (!c || !name_equal(c->name, name)) {
        c = child_exact(s, node, name);
        if (!c && s->closed && s->style == SHAPE_XML)
            c = child_local(s, node, name);
    }
    if (c)
        *hint = c->next;
    return c;
}

struct shape_node *shape_grow(struct shape *s, struct shape_node *node, struct slice name)
{
    struct shape_node *c = child_exact(s, node, name);
    if (c)
        return c;
    c = node_new(s, name, node);
    if (!c)
        return NULL;
    if (name.len && memchr(name.ptr, separator(s), name.len))
        s->odd_names = 1;
    if (node->last)
        node->last->next = c;
    else
        node->first = c;
    node->last = c;
    node->n_children++;
    if (node->n_slots && node->n_children * 2 <= node->n_slots)
        slot_put(s, node, c);
    else if (node->n_children > FEW_CHILDREN && slots_grow(s, node) < 0)
        return NULL;
    return c;
}

struct shape_node *shape_items(struct shape *s, struct shape_node *node)
{
    if (!node->items)
        node->items = node_new(s, SLICE_LIT("[]"), node);
    return node->items;
}

static void move_last(struct shape_node *parent, struct shape_node *n)
{
    struct shape_node **link = &parent->first;
    while (*link != n)
        link = &(*link)->next;
    *link = n->next;
    parent->last->next = n;
    parent->last = n;
    n->next = NULL;
}

void shape_seen(struct shape_node *n, unsigned kinds)
{
    int is_child = n->parent && n->parent->items != n;
    if (!n->kinds && kinds && is_child && n->parent->last != n)
        move_last(n->parent, n);
    n->kinds |= kinds;
}

static int merge_node(struct shape *into, struct shape_node *a, const struct shape_node *b)
{
    shape_seen(a, b->kinds);
    if (b->items) {
        if (!shape_items(into, a))
            return ERR_MEMORY;
        TRY(merge_node(into, a->items, b->items));
    }
    for (const struct shape_node *c = b->first; c; c = c->next) {
        struct shape_node *mine = shape_grow(into, a, c->name);
        if (!mine)
            return ERR_MEMORY;
        TRY(merge_node(into, mine, c));
    }
    return 0;
}

int shape_too_many(struct error *err)
{
    return error_set(err, ERR_DATA,
                     "there are more than %d different paths; name the ones to take with --columns",
                     SHAPE_COLUMNS);
}

int shape_merge(struct shape *into, const struct shape *from, struct error *err)
{
    int r = merge_node(into, into->root, from->root);
    if (r == ERR_MEMORY)
        return error_memory(err);
    return into->n_nodes > 4 * SHAPE_COLUMNS ? shape_too_many(err) : 0;
}

/* Walks one part of a path, made of a key and any number of []. */
static struct shape_node *path_part(struct shape *s, struct shape_node *at, struct slice part)
{
    int lists = 0;
    while (slice_ends(part, SLICE_LIT("[]"))) {
        part.len -= 2;
        lists++;
    }
    if (part.len)
        at = shape_grow(s, at, part);
    while (at && lists--)
        at = shape_items(s, at);
    return at;
}

struct shape_node *shape_at(struct shape *s, struct slice path)
{
    struct shape_node *at = s->root;
    struct slice rest = path, part;
    if (s->style == SHAPE_XML && slice_equal(path, SLICE_LIT(".")))
        return at;
    while (at && slice_cut(&rest, separator(s), &part))
        at = path_part(s, at, part);
    return at;
}

int shape_explode(struct shape *s, const char *path, struct error *err)
{
    if (!path || !*path)
        return 0;
    struct slice whole = slice_str(path);
    if (slice_ends(whole, SLICE_LIT("[]")))
        whole.len -= 2;
    if (!whole.len || memchr(whole.ptr, '[', whole.len))
        return error_set(err, ERR_CONFIG,
                         "'%s' cannot give a row per element: only one list of the record can",
                         path);
    struct shape_node *n = shape_at(s, whole);
    if (!n || !shape_items(s, n))
        return error_memory(err);
    n->explode = 1;
    s->exploded = n->items;
    return 0;
}

int shape_node_path(const struct shape *s, const struct shape_node *n, struct buffer *out)
{
    if (!n->parent)
        return 0;
    TRY(shape_node_path(s, n->parent, out));
    int is_items = n->parent->items == n;
    if (!is_items && out->len)
        TRY(buffer_putc(out, separator(s)));
    return buffer_slice(out, n->name);
}

int shape_path(const struct shape *s, const struct shape_node *node, char *out, size_t cap)
{
    struct buffer b = {0};
    int r = shape_node_path(s, node, &b);
    size_t n = b.len < cap ? b.len : cap - 1;
    if (n)
        memcpy(out, b.data, n);
    out[n] = 0;
    buffer_done(&b);
    return r;
}
