#include "core/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/error.h"

void buffer_init(struct buffer *b, size_t limit)
{
    *b = (struct buffer){.limit = limit};
}

void buffer_done(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){.limit = b->limit};
}

int buffer_grow(struct buffer *b, size_t extra)
{
    size_t limit = b->limit ? b->limit : SIZE_MAX / 2;
    if (b->len > limit || extra > limit - b->len)
        return ERR_MEMORY;
    size_t need = b->len + extra;
    if (need <= b->cap)
        return 0;
    size_t cap = b->cap > limit / 2 ? limit : b->cap * 2;
    if (cap < need)
        cap = need;
    if (cap < 64)
        cap = limit < 64 ? limit : 64;
    uint8_t *data = realloc(b->data, cap);
    if (!data)
        return ERR_MEMORY;
    b->data = data;
    b->cap = cap;
    return 0;
}

int buffer_string(struct buffer *b, const char *string)
{
    return buffer_append(b, string, strlen(string));
}

int buffer_printf(struct buffer *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    int code = len < 0 ? ERR_BUG : buffer_reserve(b, (size_t)len + 1);
    if (code == 0) {
        vsnprintf((char *)b->data + b->len, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
    return code;
}

int buffer_zeros(struct buffer *b, size_t n)
{
    TRY(buffer_reserve(b, n));
    if (n)
        memset(b->data + b->len, 0, n);
    b->len += n;
    return 0;
}

void *buffer_take(struct buffer *b)
{
    void *data = b->data;
    *b = (struct buffer){.limit = b->limit};
    return data;
}
