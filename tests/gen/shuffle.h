/* A permutation of 0..n-1 that can be asked for any one place, and back, with nothing held: four
 * rounds of Feistel on the next power of four, walked until it falls below n. */
#ifndef GEN_SHUFFLE_H
#define GEN_SHUFFLE_H

#include <stdint.h>

struct shuffle {
    uint64_t n, key;
    int half; /* bits of a half */
};

struct shuffle shuffle_of(uint64_t n, uint64_t key);
uint64_t shuffle_at(const struct shuffle *s, uint64_t place);
/* The place at which `value` comes. */
uint64_t shuffle_find(const struct shuffle *s, uint64_t value);

#endif
