/* Flatbuffers, as far as Arrow's messages need them. Written front to back: a table stands before
 * what it points to, so offsets are filled in when their target is written. Read in place with
 * every offset checked: what is out of bounds sets `bad` in the document and reads as absent, so
 * callers check `bad` once, after they have read what they want. */
#ifndef SLUICE_CONNECTORS_ARROW_FLATBUFFER_H
#define SLUICE_CONNECTORS_ARROW_FLATBUFFER_H

#include "core/buffer.h"

/* A field of a table, in order of ids. size 0: absent (its default). */
struct fb_slot {
    uint8_t size; /* 1, 2, 4 or 8; offsets are 4, their value is filled in later */
    int64_t value;
    size_t at; /* set by fb_put_table: where the value stands */
};

enum { FB_SLOTS = 8 };

int fb_put_root(struct buffer *b, size_t *ret_at);
int fb_put_table(struct buffer *b, size_t at, struct fb_slot *slots, int n);
int fb_put_string(struct buffer *b, size_t at, struct slice s);
/* The head of a vector whose n elements of `width` bytes come next; *ret_first is the place of the
 * first, room for which is made and zeroed. */
int fb_put_vector(struct buffer *b, size_t at, size_t n, size_t width, size_t *ret_first);

struct fb_doc {
    const uint8_t *bytes;
    size_t len;
    int bad;
};

struct fb_table {
    struct fb_doc *doc; /* NULL: absent; everything in it reads as absent */
    size_t at, vtable;
    size_t vtable_len, table_len;
};

struct fb_vector {
    struct fb_doc *doc;
    size_t first, n; /* n 0 when absent */
};

struct fb_table fb_root(struct fb_doc *doc);
int64_t fb_int(const struct fb_table *t, int id, size_t size, int64_t absent); /* sign-extended */
struct fb_table fb_get_table(const struct fb_table *t, int id);
struct slice fb_get_string(const struct fb_table *t, int id); /* ptr NULL when absent */
/* Elements of `width` bytes each, all within bounds. */
struct fb_vector fb_get_vector(const struct fb_table *t, int id, size_t width);
struct fb_table fb_vector_table(const struct fb_vector *v, size_t i); /* of a vector of width 4 */
const uint8_t *fb_vector_bytes(const struct fb_vector *v, size_t i, size_t width);

/* Little-endian loads from anywhere. */
static inline int32_t load_i32(const uint8_t *p)
{
    int32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline int64_t load_i64(const uint8_t *p)
{
    int64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

#endif
