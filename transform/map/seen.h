/* Keys that have been seen, each with a number. What is kept of a key is 128 bits of hash, half of
 * them seeded at random, so that no one can make two keys look the same; 32 bytes or less a key. */
#ifndef SLUICE_TRANSFORM_MAP_SEEN_H
#define SLUICE_TRANSFORM_MAP_SEEN_H

#include "core/slice.h"

struct seen_key {
    uint64_t hash[2], value;
};

struct seen {
    struct seen_key *keys; /* open addressing; hash[0] 0: free */
    size_t n, cap;
    uint64_t seed[2];
};

void seen_init(struct seen *s);
void seen_done(struct seen *s);

/* The number of a key that was seen before is put in *ret, and 0 returned; else the key gets
 * `value`, and 1 is returned. ERR_MEMORY. */
int seen_add(struct seen *s, struct slice key, uint64_t value, uint64_t *ret);

#endif
