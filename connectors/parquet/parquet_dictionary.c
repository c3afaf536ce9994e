#define XXH_INLINE_ALL
#include "connectors/parquet/parquet_dictionary.h"

#include <stdlib.h>
#include <xxhash.h>

#include "core/error.h"
#include "core/hash.h"

enum { FIRST_SLOTS = 1024 };

static int make_slots(struct parquet_dictionary *d, uint32_t n)
{
    struct parquet_slot *slots = calloc(n, sizeof *slots);
    if (!slots)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < d->n_slots; i++) {
        struct parquet_slot old = d->slots[i];
        uint32_t at = old.hash & (n - 1);
        while (old.code && slots[at].code)
            at = (at + 1) & (n - 1);
        if (old.code)
            slots[at] = old;
    }
    free(d->slots);
    d->slots = slots;
    d->n_slots = n;
    return 0;
}

int parquet_dictionary_init(struct parquet_dictionary *d, int width)
{
    *d = (struct parquet_dictionary){.width = width};
    hash_new_seed(d->seed);
    return make_slots(d, FIRST_SLOTS);
}

void parquet_dictionary_reset(struct parquet_dictionary *d)
{
    buffer_reset(&d->bytes);
    buffer_reset(&d->entries);
    memset(d->slots, 0, d->n_slots * sizeof *d->slots);
    d->n = 0;
}

void parquet_dictionary_done(struct parquet_dictionary *d)
{
    buffer_done(&d->bytes);
    buffer_done(&d->entries);
    free(d->slots);
    *d = (struct parquet_dictionary){0};
}

static uint32_t fold(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;
    uint64_t mixed = (uint64_t)product ^ (uint64_t)(product >> 64);
    return (uint32_t)(mixed ^ mixed >> 32);
}

/* Up to 16 bytes are hashed from the prefix and the last eight bytes; longer strings by XXH3. */
static uint32_t hash_text(const struct parquet_dictionary *d, const struct parquet_text *t)
{
    uint64_t tail = 0;
    if (t->len > 16)
        return (uint32_t)XXH3_64bits_withSeed(t->ptr, t->len, d->seed[0]);
    if (t->len > 8)
        memcpy(&tail, t->ptr + t->len - 8, 8);
    return fold(t->prefix ^ d->seed[0], (tail + t->len) ^ d->seed[1]);
}

static int same_text(const struct parquet_dictionary *d, const struct parquet_entry *e,
                     const struct parquet_text *t)
{
    return e->key == t->prefix && e->len == t->len &&
           (t->len <= 8 || memcmp(d->bytes.data + e->at, t->ptr, t->len) == 0);
}

static int grow_if_full(struct parquet_dictionary *d)
{
    return d->n < d->n_slots / 2 ? 0 : make_slots(d, d->n_slots * 4);
}

static int add_text(struct parquet_dictionary *d, const struct parquet_text *t)
{
    uint32_t len = (uint32_t)t->len;
    TRY(buffer_append(&d->bytes, &len, sizeof len));
    struct parquet_entry e = {.key = t->prefix, .at = (uint32_t)d->bytes.len, .len = len};
    TRY(buffer_append(&d->bytes, t->ptr, t->len));
    TRY(buffer_append(&d->entries, &e, sizeof e));
    d->n++;
    return 0;
}

int parquet_code_texts(struct parquet_dictionary *d, const struct parquet_text *values, size_t n,
                       uint32_t page, uint32_t *ret_codes, uint32_t *fresh, size_t *ret_fresh)
{
    size_t n_fresh = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t hash = hash_text(d, &values[i]), at = hash & (d->n_slots - 1);
        struct parquet_slot s;
        for (; (s = d->slots[at]).code; at = (at + 1) & (d->n_slots - 1))
            if (s.hash == hash && same_text(d, parquet_entry(d, s.code - 1), &values[i]))
                break;
        if (!s.code) {
            TRY(add_text(d, &values[i]));
            s.code = d->n;
            d->slots[at] = (struct parquet_slot){.hash = hash, .code = d->n};
            TRY(grow_if_full(d));
        }
        struct parquet_entry *e = (struct parquet_entry *)(void *)d->entries.data + s.code - 1;
        ret_codes[i] = s.code - 1;
        fresh[n_fresh] = (uint32_t)i;
        n_fresh += e->seen != page;
        e->seen = page;
    }
    *ret_fresh = n_fresh;
    return 0;
}

static int add_int(struct parquet_dictionary *d, int64_t v)
{
    struct parquet_entry e = {.key = (uint64_t)v};
    TRY(buffer_append(&d->bytes, &v, (size_t)d->width));
    TRY(buffer_append(&d->entries, &e, sizeof e));
    d->n++;
    return 0;
}

int parquet_code_ints(struct parquet_dictionary *d, const int64_t *values, size_t n,
                      uint32_t *ret_codes)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t v = (uint64_t)values[i];
        uint32_t hash = fold(v ^ d->seed[0], d->seed[1] | 1), at = hash & (d->n_slots - 1);
        struct parquet_slot s;
        for (; (s = d->slots[at]).code; at = (at + 1) & (d->n_slots - 1))
            if (s.hash == hash && parquet_entry(d, s.code - 1)->key == v)
                break;
        if (!s.code) {
            TRY(add_int(d, values[i]));
            s.code = d->n;
            d->slots[at] = (struct parquet_slot){.hash = hash, .code = d->n};
            TRY(grow_if_full(d));
        }
        ret_codes[i] = s.code - 1;
    }
    return 0;
}
