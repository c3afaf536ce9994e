/* Text of bounded length, built in place and always terminated; what does not fit is cut. */
#ifndef GEN_TEXT_H
#define GEN_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
    char *at, *end; /* end: the last byte, kept for the terminator */
};

static inline struct text text_on(char *buffer, size_t size)
{
    buffer[0] = 0;
    return (struct text){buffer, buffer + size - 1};
}

static inline void text_char(struct text *t, char c)
{
    if (t->at < t->end) {
        *t->at++ = c;
        *t->at = 0;
    }
}

static inline void text_add(struct text *t, const char *s)
{
    size_t n = strlen(s), room = (size_t)(t->end - t->at);
    if (n > room)
        n = room;
    memcpy(t->at, s, n);
    t->at += n;
    *t->at = 0;
}

/* At least `width` digits, with zeros in front. */
static inline void text_uint(struct text *t, uint64_t n, int width)
{
    char digits[20];
    int i = 20;
    do {
        digits[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    while (20 - i < width && i > 0)
        digits[--i] = '0';
    while (i < 20)
        text_char(t, digits[i++]);
}

static inline void text_set(char *buffer, size_t size, const char *s)
{
    struct text t = text_on(buffer, size);
    text_add(&t, s);
}

#define TEXT_SET(array, s) text_set(array, sizeof(array), s)
#define TEXT_ON(array) text_on(array, sizeof(array))

#endif
