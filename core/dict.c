#include "core/dict.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/hash.h"

enum { FIRST_SLOTS = 64, TOGETHER = 32 };

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
    arena_done(&d->arena);
    *d = (struct dict){0};
}

static uint32_t hash_of(const struct dict *d, struct slice s)
{
    return (uint32_t)hash_seeded(s.ptr, s.len, d->seed);
}

/* The order in which strings may come without a table: by length, then by bytes. */
static int compare_short_first(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.ptr, b.ptr, a.len) : 0;
}

/* The slot that holds s, or the empty one where it belongs. */
static uint32_t probe(const struct dict *d, struct slice s, uint32_t hash)
{
    uint32_t mask = d->n_slots - 1, at = hash & mask;
    while (d->slots[at].next) {
        if (d->slots[at].hash == hash && slice_equal(d->strings[d->slots[at].next - 1], s))
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static void put_slot(struct dict_slot *slots, uint32_t mask, struct dict_slot slot)
{
    uint32_t at = slot.hash & mask;
    while (slots[at].next)
        at = (at + 1) & mask;
    slots[at] = slot;
}

static int grow_slots(struct dict *d)
{
    if (d->n_slots > UINT32_MAX / 2)
        return ERR_MEMORY;
    uint32_t n = d->n_slots * 2;
    struct dict_slot *slots = calloc(n, sizeof *slots);
    if (!slots)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < d->n_slots; i++)
        if (d->slots[i].next)
            put_slot(slots, n - 1, d->slots[i]);
    free(d->slots);
    d->slots = slots;
    d->n_slots = n;
    return 0;
}

/* Puts what came in ascending order into the slots. */
static int make_table(struct dict *d)
{
    while (d->n > d->n_slots / 2)
        TRY(grow_slots(d)); /* still empty */
    for (uint32_t code = 0; code < d->n; code++)
        put_slot(d->slots, d->n_slots - 1,
                 (struct dict_slot){hash_of(d, d->strings[code]), code + 1});
    d->hashed = 1;
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
    d->cap = cap;
    return 0;
}

static int64_t append(struct dict *d, struct slice s)
{
    if (d->n == d->cap)
        TRY(grow_strings(d));
    struct slice copy = arena_copy(&d->arena, s);
    if (!copy.ptr)
        return ERR_MEMORY;
    d->strings[d->n++] = copy;
    return d->n - 1;
}

static int64_t add_hashed(struct dict *d, struct slice s, uint32_t hash)
{
    uint32_t at = probe(d, s, hash);
    if (d->slots[at].next)
        return d->slots[at].next - 1;
    if (d->n >= d->n_slots / 2) {
        TRY(grow_slots(d));
        at = probe(d, s, hash);
    }
    int64_t code = append(d, s);
    if (code >= 0)
        d->slots[at] = (struct dict_slot){hash, (uint32_t)code + 1};
    return code;
}

int64_t dict_add(struct dict *d, struct slice s)
{
    if (!d->hashed) {
        int order = d->n ? compare_short_first(s, d->strings[d->n - 1]) : 1;
        if (order >= 0)
            return order ? append(d, s) : d->n - 1;
        TRY(make_table(d));
    }
    return add_hashed(d, s, hash_of(d, s));
}

/* Slots first, then the strings that they point to. */
static int add_together(struct dict *d, const struct slice *s, size_t n, uint32_t *ret)
{
    uint32_t hash[TOGETHER], mask = d->n_slots - 1;
    for (size_t i = 0; i < n; i++) {
        hash[i] = hash_of(d, s[i]);
        __builtin_prefetch(&d->slots[hash[i] & mask]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct dict_slot *slot = &d->slots[hash[i] & mask];
        if (slot->next && slot->hash == hash[i])
            __builtin_prefetch(&d->strings[slot->next - 1]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct dict_slot *slot = &d->slots[hash[i] & mask];
        if (slot->next && slot->hash == hash[i])
            __builtin_prefetch(d->strings[slot->next - 1].ptr);
    }
    for (size_t i = 0; i < n; i++) {
        int64_t code = add_hashed(d, s[i], hash[i]);
        if (code < 0)
            return (int)code;
        ret[i] = (uint32_t)code;
    }
    return 0;
}

int dict_add_all(struct dict *d, const struct slice *s, size_t n, uint32_t *ret)
{
    size_t i = 0;
    for (; i < n && !d->hashed; i++) {
        int64_t code = dict_add(d, s[i]);
        if (code < 0)
            return (int)code;
        ret[i] = (uint32_t)code;
    }
    for (; i < n; i += TOGETHER)
        TRY(add_together(d, s + i, n - i < TOGETHER ? n - i : TOGETHER, ret + i));
    return 0;
}

static int64_t find_ascending(const struct dict *d, struct slice s)
{
    uint32_t low = 0, high = d->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_short_first(s, d->strings[middle]);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return DICT_NONE;
}

int64_t dict_find(const struct dict *d, struct slice s)
{
    if (!d->n)
        return DICT_NONE;
    if (!d->hashed)
        return find_ascending(d, s);
    uint32_t at = probe(d, s, hash_of(d, s));
    return d->slots[at].next ? (int64_t)d->slots[at].next - 1 : DICT_NONE;
}
