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

/* -- Children ---------------------------------------------------------------------------------- */

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

static int too_many(struct error *err)
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
    return into->n_nodes > 4 * SHAPE_COLUMNS ? too_many(err) : 0;
}

/* -- Paths ------------------------------------------------------------------------------------- */

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

/* "." is the record's own text, which only XML has. */
static struct shape_node *path_node(struct shape *s, struct slice path)
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
    struct shape_node *n = path_node(s, whole);
    if (!n || !shape_items(s, n))
        return error_memory(err);
    n->explode = 1;
    s->exploded = n->items;
    return 0;
}

static int node_path(const struct shape *s, const struct shape_node *n, struct buffer *out)
{
    if (!n->parent)
        return 0;
    TRY(node_path(s, n->parent, out));
    int is_items = n->parent->items == n;
    if (!is_items && out->len)
        TRY(buffer_putc(out, separator(s)));
    return buffer_slice(out, n->name);
}

int shape_path(const struct shape *s, const struct shape_node *node, char *out, size_t cap)
{
    struct buffer b = {0};
    int r = node_path(s, node, &b);
    size_t n = b.len < cap ? b.len : cap - 1;
    if (n)
        memcpy(out, b.data, n);
    out[n] = 0;
    buffer_done(&b);
    return r;
}

/* -- Columns ----------------------------------------------------------------------------------- */

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
    int r = node_path(s, is_list ? node->parent : node, &b);
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
        return too_many(err);
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
        struct shape_node *node = name.ptr ? path_node(s, name) : NULL;
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
