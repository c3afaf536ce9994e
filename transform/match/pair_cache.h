/* What was found of pairs of values lately: a small table per thread from a pair of codes and the
 * set they belong to, to a number below 2^CACHE_VALUE_BITS. A new pair takes the place of the one
 * in its slot. It only saves work: what is found does not depend on it. */
#ifndef SLUICE_TRANSFORM_MATCH_PAIR_CACHE_H
#define SLUICE_TRANSFORM_MATCH_PAIR_CACHE_H

#include <stdint.h>

enum { CACHE_BITS = 14, CACHE_CODE_BITS = 24, CACHE_VALUE_BITS = 11 };

struct pair_cache {
    uint64_t slot[1 << CACHE_BITS]; /* key << CACHE_VALUE_BITS | value; 0 empty */
};

/* 0: such codes are not kept. `set`: 0..15. */
static inline uint64_t pair_cache_key(int set, uint32_t x, uint32_t y)
{
    if ((x | y) >> CACHE_CODE_BITS)
        return 0;
    return ((uint64_t)(unsigned)set << 48 | (uint64_t)x << CACHE_CODE_BITS | y) + 1;
}

static inline uint64_t *pair_cache_slot(struct pair_cache *c, uint64_t key)
{
    return &c->slot[key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - CACHE_BITS)];
}

/* The pair's number, or -1. */
static inline int pair_cache_find(struct pair_cache *c, uint64_t key)
{
    uint64_t found = *pair_cache_slot(c, key);
    return key && found >> CACHE_VALUE_BITS == key ? (int)(found & ((1 << CACHE_VALUE_BITS) - 1))
                                                   : -1;
}

static inline void pair_cache_put(struct pair_cache *c, uint64_t key, int value)
{
    if (key)
        *pair_cache_slot(c, key) = key << CACHE_VALUE_BITS | (unsigned)value;
}

#endif
