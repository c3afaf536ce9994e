/* Aliases: pairs of different values of one column that mean the same, learned from clusters. A
 * set is a hash table from a pair of codes to a level; looked up while comparing. */
#ifndef SLUICE_TRANSFORM_MATCH_ALIAS_H
#define SLUICE_TRANSFORM_MATCH_ALIAS_H

#include "core/buffer.h"
#include "core/error.h"

struct alias_set {
    uint64_t *keys; /* smaller code << 32 | larger, + 1; 0 empty */
    uint8_t *levels;
    uint32_t n, n_slots;
};

void alias_set_done(struct alias_set *s);
int alias_add(struct alias_set *s, uint32_t x, uint32_t y, int level); /* 0 or ERR_MEMORY */
/* The level of the pair, or 0. */
int alias_find(const struct alias_set *s, uint32_t x, uint32_t y);

#endif
