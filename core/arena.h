/* An arena: memory that is freed all at once. Allocation is a pointer bump; blocks double from 4
 * KiB. A ceiling bounds the whole; past it, allocation fails as when memory is out. One thread at a
 * time. */
#ifndef SLUICE_CORE_ARENA_H
#define SLUICE_CORE_ARENA_H

#include "core/slice.h"

struct arena {
    struct arena_block *blocks;
    char *at, *end;
    size_t used, limit; /* bytes taken from the system; the ceiling, 0 for none */
};

void arena_init(struct arena *a, size_t limit);
void arena_done(struct arena *a);  /* frees everything */
void arena_reset(struct arena *a); /* empties, keeps the largest block */

/* `size` bytes aligned to 16, uninitialised; NULL when memory or the ceiling is out. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_zalloc(struct arena *a, size_t size);
/* A copy; its ptr[len] is 0, so it also serves as a C string. ptr is NULL on failure. */
struct slice arena_copy(struct arena *a, struct slice s);
char *arena_string(struct arena *a, struct slice s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Takes over a malloc'ed block, to be freed with the arena; 0, or -1 (and frees it) when out. */
int arena_adopt(struct arena *a, void *malloced, size_t size);

/* Moves all of `from` into `into`; `from` is left empty. */
void arena_merge(struct arena *into, struct arena *from);

#define ARENA_NEW(arena, type) ((type *)arena_zalloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, n) ((type *)arena_array((arena), sizeof(type), (n)))
/* Zeroed; NULL on overflow too. */
void *arena_array(struct arena *a, size_t size, size_t n);

#endif
