#include "connectors/xml/record.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_ROOM = 1024 };

void xml_record_done(struct xml_record *r)
{
    buffer_done(&r->text);
    free(r->met);
}

/* Text never grows by being unescaped: with room for the record, it stays where it is. */
int xml_record_room(struct xml_record *r, size_t len)
{
    buffer_reset(&r->text);
    return buffer_reserve(&r->text, len + 1);
}

static void record_begin(struct xml_record *r)
{
    r->news = r->wants_text = 0;
    r->code = NULL;
    r->surprise = NULL;
    r->out_of_memory = 0;
    buffer_reset(&r->text);
    if (r->rows)
        maker_begin(r->rows);
}

static void fault(struct xml_record *r, const char *code, const char *problem)
{
    if (r->code)
        return;
    r->code = code;
    snprintf(r->problem, sizeof r->problem, "%s", problem);
}

static void check(struct xml_record *r, int code)
{
    if (code == ERR_MEMORY)
        r->out_of_memory = 1;
    else if (code == ERR_DATA)
        fault(r, "too-large", "a list has too many elements");
}

static void surprised(struct xml_record *r, const struct shape_node *node, struct slice name)
{
    if (r->surprise)
        return;
    r->surprise = node;
    size_t n = name.len < sizeof r->surprise_name ? name.len : sizeof r->surprise_name - 1;
    if (n)
        memcpy(r->surprise_name, name.ptr, n);
    r->surprise_name[n] = 0;
}

static void mark(struct xml_record *r, struct shape_node *n, unsigned kind)
{
    if ((n->kinds & kind) == kind)
        return;
    if (r->grow)
        shape_seen(n, kind);
    else
        r->news = 1;
}

int xml_record_met(struct xml_record *r, const struct shape_node *n, uint64_t object)
{
    size_t id = (size_t)n->id;
    if (id >= r->n_met) {
        size_t more = id * 2 + 64;
        uint64_t *met = realloc(r->met, more * sizeof *met);
        if (!met) {
            r->out_of_memory = 1;
            return 0;
        }
        memset(met + r->n_met, 0, (more - r->n_met) * sizeof *met);
        r->met = met;
        r->n_met = more;
    }
    int before = r->met[id] == object;
    r->met[id] = object;
    return before;
}

static struct shape_node *learn_child(struct xml_record *r, struct xml_open *parent,
                                      struct slice name)
{
    struct shape_node *n = shape_child(r->learn, parent->node, name, &parent->hint);
    if (!n && !r->grow) {
        r->news = 1;
        return NULL;
    }
    if (!n)
        n = shape_grow(r->learn, parent->node, name);
    if (!n) {
        r->out_of_memory = 1;
        return NULL;
    }
    mark(r, n, xml_record_met(r, n, parent->object) ? SHAPE_OBJECT | SHAPE_REPEATED : SHAPE_OBJECT);
    return n;
}

static struct shape_node *row_child(struct xml_record *r, struct xml_open *parent,
                                    struct slice name)
{
    const struct shape *shape = r->rows->shape;
    struct shape_node *n = shape_child(shape, parent->node, name, &parent->hint);
    if (!n) {
        if (!shape->closed)
            surprised(r, parent->node, name);
        return NULL;
    }
    if (n->items) {
        maker_list(r->rows, n->items);
        return n;
    }
    if (!maker_met(r->rows, n, parent->object))
        return n;
    if (!shape->closed) {
        surprised(r, n, slice_of(NULL, 0));
    } else if (!r->code) {
        fault(r, "repeated-element", "");
        snprintf(r->problem, sizeof r->problem,
                 "'%.*s' stands more than once; write '%.*s[]' to take all of them",
                 (int)(name.len < 100 ? name.len : 100), name.ptr,
                 (int)(name.len < 100 ? name.len : 100), name.ptr);
    }
    return n;
}

static void set_value(struct xml_record *r, const struct shape_node *n, struct slice text)
{
    check(r, maker_set(r->rows, n, text));
}

/* As much of the name as there is room for. */
static size_t add_name(const xmlChar *name, size_t n, char room[NAME_ROOM])
{
    size_t len = name ? strlen((const char *)name) : 0;
    if (len > NAME_ROOM - n)
        len = NAME_ROOM - n;
    if (len)
        memcpy(room + n, name, len);
    return n + len;
}

/* "prefix:name" as written, behind `at` for attributes. The slice may be libxml2's own. */
static struct slice full_name(const xmlChar *prefix, const xmlChar *name, const char *at,
                              char room[NAME_ROOM])
{
    if (!prefix && !*at)
        return slice_str((const char *)name);
    size_t n = 0;
    if (*at)
        room[n++] = *at;
    n = add_name(prefix, n, room);
    if (prefix && n < NAME_ROOM)
        room[n++] = ':';
    return slice_of(room, add_name(name, n, room));
}

/* libxml2 leaves every & of an attribute's value as &#38; when it replaces no entities. */
static struct slice attribute_value(struct xml_record *r, const xmlChar *from, const xmlChar *to)
{
    struct slice amp = SLICE_LIT("&#38;"), raw = slice_of((const char *)from, (size_t)(to - from));
    char *text = arena_alloc(&r->rows->scratch, raw.len + 1), *out = text;
    if (!text) {
        r->out_of_memory = 1;
        return slice_of("", 0);
    }
    while (raw.len) {
        size_t skip = *raw.ptr == '&' && slice_starts(raw, amp) ? amp.len : 1;
        *out++ = *raw.ptr;
        raw = slice_of(raw.ptr + skip, raw.len - skip);
    }
    return slice_of(text, (size_t)(out - text));
}

static void on_attributes(struct xml_record *r, struct xml_open *o, int n,
                          const xmlChar **attributes)
{
    char room[NAME_ROOM];
    for (int i = 0; i < n; i++) {
        const xmlChar **a = attributes + 5 * (size_t)i; /* name, prefix, URI, value, its end */
        struct slice name = full_name(a[1], a[0], "@", room);
        struct shape_node *child = r->learn ? learn_child(r, o, name) : row_child(r, o, name);
        if (!child)
            continue;
        if (r->learn)
            mark(r, child, SHAPE_SCALAR);
        else if (child->column >= 0)
            set_value(r, child, attribute_value(r, a[3], a[4]));
    }
}

/* Opens what the element is to its parent: a child, an element of a list, or nothing. */
static void open_element(struct xml_record *r, struct xml_open *o, struct slice name)
{
    struct xml_open *parent = o - 1;
    o->node = o->list = NULL;
    if (!parent->node)
        return;
    o->node = r->learn ? learn_child(r, parent, name) : row_child(r, parent, name);
    if (o->node && r->rows && o->node->items)
        o->node = o->list = o->node->items;
}

void xml_on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                  int n_spaces, const xmlChar **spaces, int n_attributes, int n_defaulted,
                  const xmlChar **attributes)
{
    struct xml_record *r = ctx;
    char room[NAME_ROOM];
    (void)uri, (void)n_spaces, (void)spaces, (void)n_defaulted;
    r->after_cr = 0;
    if (r->depth++ == 0)
        return;
    if (r->depth - 2 >= RECORD_DEPTH) {
        fault(r, "too-deep", "the record is nested too deeply");
        return;
    }
    struct xml_open *o = &r->open[r->depth - 2];
    if (r->depth == 2) {
        record_begin(r);
        *o = (struct xml_open){.node = r->learn ? r->learn->root : r->rows->shape->root};
    } else {
        open_element(r, o, full_name(prefix, name, "", room));
    }
    o->text = r->text.len;
    o->has_text = 0;
    if (!o->node)
        return;
    o->hint = o->node->first;
    o->object = r->rows ? maker_object(r->rows) : ++r->object;
    r->wants_text += r->rows && o->node->column >= 0;
    on_attributes(r, o, n_attributes, attributes);
}

static int is_blank(const xmlChar *text, int len)
{
    return slice_trim(slice_of((const char *)text, (size_t)len)).len == 0;
}

void xml_on_text(void *ctx, const xmlChar *text, int len)
{
    struct xml_record *r = ctx;
    if (r->depth < 2 || r->depth - 2 >= RECORD_DEPTH)
        return;
    struct xml_open *o = &r->open[r->depth - 2];
    r->after_cr = 0;
    if (r->wants_text) {
        if (buffer_append(&r->text, text, (size_t)len) < 0)
            r->out_of_memory = 1;
    } else if (o->node && !o->has_text && !is_blank(text, len)) {
        o->has_text = 1;
        if (r->learn)
            mark(r, o->node, SHAPE_SCALAR);
        else if (!r->rows->shape->closed)
            surprised(r, o->node, slice_of(NULL, 0));
    }
}

/* libxml2 leaves CDATA's line ends as they are, and may give it in pieces. */
void xml_on_cdata(void *ctx, const xmlChar *text, int len)
{
    struct xml_record *r = ctx;
    const char *p = (const char *)text, *end = p + len;
    if (r->after_cr && p < end && *p == '\n')
        p++;
    while (p < end) {
        const char *cr = memchr(p, '\r', (size_t)(end - p));
        const char *stop = cr ? cr : end;
        if (stop > p)
            xml_on_text(r, (const xmlChar *)p, (int)(stop - p));
        if (cr)
            xml_on_text(r, (const xmlChar *)"\n", 1);
        p = cr ? cr + 1 + (cr + 1 < end && cr[1] == '\n') : end;
    }
    r->after_cr = len > 0 && text[len - 1] == '\r';
}

static void close_element(struct xml_record *r, const struct xml_open *o)
{
    if (!o->node || !r->rows)
        return;
    if (o->node->column >= 0) {
        struct slice text = slice_of((const char *)r->text.data + o->text, r->text.len - o->text);
        set_value(r, o->node, text);
        r->wants_text--;
    }
    if (o->list)
        check(r, maker_element(r->rows, o->list));
}

void xml_on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_record *r = ctx;
    (void)name, (void)prefix, (void)uri;
    r->after_cr = 0;
    r->depth--;
    if (r->depth < 1 || r->depth - 1 >= RECORD_DEPTH)
        return;
    close_element(r, &r->open[r->depth - 1]);
    if (r->depth == 1)
        r->whole(r->arg);
}
