#include "connectors/xml/glance.h"

#include "connectors/xml/frame.h"

enum { GLANCE_DEPTH = 64 };

struct glance {
    struct xml_record *record;
    const char *at, *end;
    struct {
        struct shape_node *node, *hint;
        uint64_t object;
    } open[GLANCE_DEPTH];
    int depth;
};

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* A child or attribute of the innermost element: known in this form? */
static struct shape_node *known(struct glance *g, struct slice name, unsigned kind)
{
    int top = g->depth - 1;
    struct xml_record *r = g->record;
    struct shape_node *n = shape_child(r->learn, g->open[top].node, name, &g->open[top].hint);
    if (!n || !(n->kinds & kind))
        return NULL;
    if (xml_record_met(r, n, g->open[top].object) && !(n->kinds & SHAPE_REPEATED))
        return NULL;
    return n;
}

/* Behind the value of an attribute whose name was read, or NULL. */
static const char *skip_value(const char *p, const char *end)
{
    while (p < end && is_space(*p))
        p++;
    if (p == end || *p++ != '=')
        return NULL;
    while (p < end && is_space(*p))
        p++;
    if (p == end || (*p != '"' && *p != '\''))
        return NULL;
    const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));
    return close ? close + 1 : NULL;
}

/* The attributes up to the tag's end: 1 when there is nothing new. g->at is behind the tag. */
static int glance_attributes(struct glance *g, int *ret_closed)
{
    char room[XML_NAME];
    for (;;) {
        const char *p = g->at;
        while (p < g->end && is_space(*p))
            p++;
        *ret_closed = p < g->end && *p == '/';
        p += *ret_closed;
        if (p < g->end && *p == '>') {
            g->at = p + 1;
            return 1;
        }
        struct slice name = xml_name(slice_of(p, (size_t)(g->end - p)));
        if (*ret_closed || !name.len || name.len > XML_NAME - 2)
            return 0;
        room[0] = '@';
        memcpy(room + 1, name.ptr, name.len);
        if (!known(g, slice_of(room, name.len + 1), SHAPE_SCALAR))
            return 0;
        g->at = skip_value(p + name.len, g->end);
        if (!g->at)
            return 0;
    }
}

/* The name at p; mostly it is the one that is expected. */
static struct slice glance_name(const struct glance *g, const char *p)
{
    const struct shape_node *hint = g->depth ? g->open[g->depth - 1].hint : NULL;
    size_t left = (size_t)(g->end - p);
    if (hint && hint->name.len < left && name_equal(hint->name, slice_of(p, hint->name.len))) {
        char next = p[hint->name.len];
        if (next == '>' || next == ' ')
            return slice_of(p, hint->name.len);
    }
    return xml_name(slice_of(p, left));
}

static int glance_start(struct glance *g)
{
    struct slice name = glance_name(g, g->at + 1);
    struct xml_record *r = g->record;
    int closed;
    if (!name.len || g->depth == GLANCE_DEPTH)
        return 0;
    struct shape_node *node = g->depth ? known(g, name, SHAPE_OBJECT) : r->learn->root;
    if (!node)
        return 0;
    g->at = name.ptr + name.len;
    g->open[g->depth].node = node;
    g->open[g->depth].hint = node->first;
    g->open[g->depth++].object = ++r->object;
    if (!glance_attributes(g, &closed))
        return 0;
    g->depth -= closed;
    return 1;
}

static int glance_text(struct glance *g, const char *end)
{
    struct shape_node *node = g->open[g->depth - 1].node;
    if (!(node->kinds & SHAPE_SCALAR))
        for (const char *p = g->at; p < end; p++)
            if (!is_space(*p))
                return 0;
    g->at = end;
    return 1;
}

static int glance_special(struct glance *g)
{
    struct slice rest = slice_of(g->at, (size_t)(g->end - g->at));
    int is_data = slice_starts(rest, SLICE_LIT("<![CDATA["));
    const char *until = is_data ? "]]>" : slice_starts(rest, SLICE_LIT("<!--")) ? "-->" : NULL;
    if (!until || (is_data && !(g->open[g->depth - 1].node->kinds & SHAPE_SCALAR)))
        return 0;
    const char *end = memmem(rest.ptr, rest.len, until, 3);
    g->at = end ? end + 3 : g->end;
    return end != NULL;
}

/* At a <. */
static int glance_markup(struct glance *g)
{
    char next = g->at + 1 < g->end ? g->at[1] : 0;
    if (next == '!' || next == '?')
        return g->depth && glance_special(g);
    if (next != '/')
        return glance_start(g);
    const char *close = memchr(g->at, '>', (size_t)(g->end - g->at));
    g->at = close ? close + 1 : g->end;
    return g->depth-- > 0;
}

int xml_glance(struct xml_record *r, struct slice text)
{
    struct glance g = {.record = r, .at = text.ptr, .end = text.ptr + text.len};
    do {
        const char *next = g.at < g.end ? memchr(g.at, '<', (size_t)(g.end - g.at)) : NULL;
        if (!next || (g.depth && !glance_text(&g, next)))
            return 1;
        if (!glance_markup(&g))
            return 1;
    } while (g.depth);
    return 0;
}
