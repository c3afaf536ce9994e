/* A growable byte buffer with a ceiling. `{0}` is an empty one with no ceiling. The owner calls
 * buffer_done, or takes the memory with buffer_take. Growth doubles; failure leaves it unharmed. */
#ifndef SLUICE_CORE_BUFFER_H
#define SLUICE_CORE_BUFFER_H

#include "core/slice.h"

struct buffer {
    uint8_t *data;
    size_t len, cap, limit; /* limit 0: none */
};

void buffer_init(struct buffer *b, size_t limit);
void buffer_done(struct buffer *b);
static inline void buffer_reset(struct buffer *b)
{
    b->len = 0;
}

/* Room for `extra` more bytes. 0, or ERR_MEMORY (no struct error: hot path). */
int buffer_grow(struct buffer *b, size_t extra);

static inline int buffer_reserve(struct buffer *b, size_t extra)
{
    return extra <= b->cap - b->len ? 0 : buffer_grow(b, extra);
}

static inline int buffer_append(struct buffer *b, const void *bytes, size_t len)
{
    if (len > b->cap - b->len && buffer_grow(b, len) < 0)
        return -71;
    if (len)
        memcpy(b->data + b->len, bytes, len);
    b->len += len;
    return 0;
}

static inline int buffer_putc(struct buffer *b, char c)
{
    return buffer_append(b, &c, 1);
}

static inline int buffer_slice(struct buffer *b, struct slice s)
{
    return buffer_append(b, s.ptr, s.len);
}

static inline struct slice buffer_view(const struct buffer *b)
{
    return slice_of((const char *)b->data, b->len);
}

int buffer_string(struct buffer *b, const char *string);
int buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
int buffer_zeros(struct buffer *b, size_t n);

/* The malloc'ed memory; the buffer is left empty. */
void *buffer_take(struct buffer *b);

#endif
