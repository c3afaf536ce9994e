#include "core/dict.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/hash.h"

enum { FIRST_SLOTS = 64 };

int dict_init(struct dict *d)
{
    *d = (struct dict){0};
    hash_new_seed(d->seed);
    arena_init(&d->arena, 0);
    d->slots = calloc(FIRST_SLOTS, sizeof *d->slots);
    d->n_slots = d->slots ? FIRST_SLOTS : 0;
    return d->slots ? 0 : ERR_MEMORY;
}

void dict_done(struct dict *d)
{
    free(d->strings);
    free(d->slots);
    free(d->hashes);
    arena_done(&d->arena);
    *d = (struct dict){0};
}

static uint32_t hash_of(const struct dict *d, struct slice s)
{
    return (uint32_t)hash_seeded(s.ptr, s.len, d->seed);
}

/* The slot that holds s, or the empty one where it belongs. */
static uint32_t probe(const struct dict *d, struct slice s, uint32_t hash)
{
    uint32_t mask = d->n_slots - 1, at = hash & mask;
    while (d->slots[at]) {
        uint32_t code = d->slots[at] - 1;
        if (d->hashes[code] == hash && slice_equal(d->strings[code], s))
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static int grow_slots(struct dict *d)
{
    if (d->n_slots > UINT32_MAX / 2)
        return ERR_MEMORY;
    uint32_t n = d->n_slots * 2, mask = n - 1;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (!slots)
        return ERR_MEMORY;
    for (uint32_t code = 0; code < d->n; code++) {
        uint32_t at = d->hashes[code] & mask;
        while (slots[at])
            at = (at + 1) & mask;
        slots[at] = code + 1;
    }
    free(d->slots);
    d->slots = slots;
    d->n_slots = n;
    return 0;
}

static int grow_strings(struct dict *d)
{
    if (d->cap > UINT32_MAX / 4)
        return ERR_MEMORY;
    uint32_t cap = d->cap ? d->cap * 2 : 32;
    struct slice *strings = realloc(d->strings, cap * sizeof *strings);
    if (!strings)
        return ERR_MEMORY;
    d->strings = strings;
    uint32_t *hashes = realloc(d->hashes, cap * sizeof *hashes);
    if (!hashes)
        return ERR_MEMORY;
    d->hashes = hashes;
    d->cap = cap;
    return 0;
}

int64_t dict_add(struct dict *d, struct slice s)
{
    uint32_t hash = hash_of(d, s);
    uint32_t at = probe(d, s, hash);
    if (d->slots[at])
        return d->slots[at] - 1;
    if (d->n == d->cap)
        TRY(grow_strings(d));
    if (d->n >= d->n_slots / 2) {
        TRY(grow_slots(d));
        at = probe(d, s, hash);
    }
    struct slice copy = arena_copy(&d->arena, s);
    if (!copy.ptr)
        return ERR_MEMORY;
    d->strings[d->n] = copy;
    d->hashes[d->n] = hash;
    d->slots[at] = ++d->n;
    return d->n - 1;
}

int64_t dict_find(const struct dict *d, struct slice s)
{
    if (!d->n)
        return DICT_NONE;
    uint32_t at = probe(d, s, hash_of(d, s));
    return d->slots[at] ? (int64_t)d->slots[at] - 1 : DICT_NONE;
}
