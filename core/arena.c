#include "core/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 4096, LAST_BLOCK = 1 << 20 };

/* A block is its header and then its bytes; an adopted one points elsewhere. */
struct arena_block {
    struct arena_block *next;
    void *adopted;
    size_t size, pad; /* a multiple of 16 in all: what follows is aligned */
};

void arena_init(struct arena *a, size_t limit)
{
    *a = (struct arena){.limit = limit};
}

static void block_free(struct arena_block *b)
{
    free(b->adopted);
    free(b);
}

void arena_done(struct arena *a)
{
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        block_free(b);
    }
    *a = (struct arena){.limit = a->limit};
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = NULL;
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        if (b->adopted || (keep && keep->size >= b->size)) {
            block_free(b);
        } else {
            if (keep)
                block_free(keep);
            keep = b;
        }
    }
    size_t limit = a->limit;
    *a = (struct arena){.limit = limit};
    if (keep) {
        keep->next = NULL;
        a->blocks = keep;
        a->at = (char *)(keep + 1);
        a->end = a->at + keep->size;
        a->used = keep->size;
    }
}

static int fits(const struct arena *a, size_t size)
{
    return !a->limit || (size <= a->limit && a->used <= a->limit - size);
}

/* A new block with room for `size` bytes; it becomes current unless the current one has more room
 * left. */
static void *block_alloc(struct arena *a, size_t size)
{
    size_t grown = a->used < FIRST_BLOCK ? FIRST_BLOCK : a->used;
    size_t room = grown > LAST_BLOCK ? LAST_BLOCK : grown;
    if (size > room / 2)
        room = size;
    if (!fits(a, room))
        room = size;
    if (!fits(a, room) || room > SIZE_MAX - sizeof(struct arena_block))
        return NULL;
    struct arena_block *b = malloc(sizeof *b + room);
    if (!b)
        return NULL;
    *b = (struct arena_block){.next = a->blocks, .size = room};
    a->blocks = b;
    a->used += room;
    char *start = (char *)(b + 1);
    if (room - size >= (size_t)(a->end - a->at)) {
        a->at = start + size;
        a->end = start + room;
    }
    return start;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + 15) & ~(size_t)15;
    if (size <= (size_t)(a->end - a->at)) {
        char *p = a->at;
        a->at += size;
        return p;
    }
    return block_alloc(a, size);
}

void *arena_zalloc(struct arena *a, size_t size)
{
    void *p = arena_alloc(a, size);
    if (p)
        memset(p, 0, size);
    return p;
}

void *arena_array(struct arena *a, size_t size, size_t n)
{
    if (n && size > SIZE_MAX / 2 / n)
        return NULL;
    return arena_zalloc(a, size * n);
}

struct slice arena_copy(struct arena *a, struct slice s)
{
    char *p = arena_string(a, s);
    return slice_of(p, p ? s.len : 0);
}

char *arena_string(struct arena *a, struct slice s)
{
    char *p = arena_alloc(a, s.len + 1);
    if (!p)
        return NULL;
    if (s.len)
        memcpy(p, s.ptr, s.len);
    p[s.len] = 0;
    return p;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *p = len < 0 ? NULL : arena_alloc(a, (size_t)len + 1);
    if (p)
        vsnprintf(p, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    return p;
}

int arena_adopt(struct arena *a, void *malloced, size_t size)
{
    if (!malloced)
        return 0;
    struct arena_block *b = fits(a, size) ? malloc(sizeof *b) : NULL;
    if (!b) {
        free(malloced);
        return -1;
    }
    *b = (struct arena_block){.next = a->blocks, .adopted = malloced};
    a->blocks = b;
    a->used += size;
    return 0;
}

void arena_merge(struct arena *into, struct arena *from)
{
    struct arena_block **last = &into->blocks;
    while (*last)
        last = &(*last)->next;
    *last = from->blocks;
    into->used += from->used;
    *from = (struct arena){.limit = from->limit};
}
