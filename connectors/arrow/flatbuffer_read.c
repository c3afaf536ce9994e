#include "connectors/arrow/flatbuffer.h"

static int within(struct fb_doc *doc, size_t at, size_t len)
{
    if (at <= doc->len && len <= doc->len - at)
        return 1;
    doc->bad = 1;
    return 0;
}

static uint16_t load_u16(const uint8_t *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint32_t load_u32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static struct fb_table absent(void)
{
    return (struct fb_table){0};
}

static struct fb_table bad(struct fb_doc *doc)
{
    doc->bad = 1;
    return absent();
}

static struct fb_table table_at(struct fb_doc *doc, size_t at)
{
    if (!within(doc, at, 4))
        return absent();
    int64_t vtable = (int64_t)at - load_i32(doc->bytes + at);
    if (vtable < 0 || !within(doc, (size_t)vtable, 4))
        return bad(doc);
    struct fb_table t = {.doc = doc,
                         .at = at,
                         .vtable = (size_t)vtable,
                         .vtable_len = load_u16(doc->bytes + vtable),
                         .table_len = load_u16(doc->bytes + vtable + 2)};
    if (t.vtable_len < 4 || !within(doc, t.vtable, t.vtable_len) || !within(doc, t.at, t.table_len))
        return bad(doc);
    return t;
}

struct fb_table fb_root(struct fb_doc *doc)
{
    return within(doc, 0, 4) ? table_at(doc, load_u32(doc->bytes)) : absent();
}

/* Where the field's `size` inline bytes stand, or 0 (never a field's place) when absent. */
static size_t field_at(const struct fb_table *t, int id, size_t size)
{
    size_t entry = 4 + 2 * (size_t)id;
    if (!t->doc || entry + 2 > t->vtable_len)
        return 0;
    size_t offset = load_u16(t->doc->bytes + t->vtable + entry);
    if (!offset)
        return 0;
    if (offset > t->table_len || size > t->table_len - offset) {
        t->doc->bad = 1;
        return 0;
    }
    return t->at + offset;
}

int64_t fb_int(const struct fb_table *t, int id, size_t size, int64_t absent_value)
{
    size_t at = field_at(t, id, size);
    if (!at)
        return absent_value;
    const uint8_t *p = t->doc->bytes + at;
    switch (size) {
    case 1:
        return (int8_t)*p;
    case 2:
        return (int16_t)load_u16(p);
    case 4:
        return load_i32(p);
    default:
        return load_i64(p);
    }
}

/* The target of the offset field `id`, or 0. */
static size_t target_of(const struct fb_table *t, int id)
{
    size_t at = field_at(t, id, 4);
    return at ? at + load_u32(t->doc->bytes + at) : 0;
}

struct fb_table fb_get_table(const struct fb_table *t, int id)
{
    size_t target = target_of(t, id);
    return target ? table_at(t->doc, target) : absent();
}

struct fb_vector fb_get_vector(const struct fb_table *t, int id, size_t width)
{
    size_t target = target_of(t, id);
    if (!target || !within(t->doc, target, 4))
        return (struct fb_vector){0};
    size_t n = load_u32(t->doc->bytes + target);
    if (!within(t->doc, target + 4, n * width))
        return (struct fb_vector){0};
    return (struct fb_vector){.doc = t->doc, .first = target + 4, .n = n};
}

struct slice fb_get_string(const struct fb_table *t, int id)
{
    struct fb_vector v = fb_get_vector(t, id, 1);
    return v.doc ? slice_of((const char *)v.doc->bytes + v.first, v.n) : slice_of(NULL, 0);
}

struct fb_table fb_vector_table(const struct fb_vector *v, size_t i)
{
    if (i >= v->n)
        return absent();
    size_t at = v->first + 4 * i;
    return table_at(v->doc, at + load_u32(v->doc->bytes + at));
}

const uint8_t *fb_vector_bytes(const struct fb_vector *v, size_t i, size_t width)
{
    return v->doc->bytes + v->first + i * width;
}
