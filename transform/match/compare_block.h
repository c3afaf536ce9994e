/* Comparing pairs a block at a time, one comparison after the other: what a comparison looks at
 * (masks, strings) is asked for some pairs ahead, so that a pair waits for no memory. The levels
 * are those of compare_records. */
#ifndef SLUICE_TRANSFORM_MATCH_COMPARE_BLOCK_H
#define SLUICE_TRANSFORM_MATCH_COMPARE_BLOCK_H

#include "transform/match/compare.h"

enum { PAIR_BLOCK = 128 };

/* About 12 KB: stays in the first caches together with the records' rows. */
struct pair_block {
    uint32_t n;
    uint32_t a[PAIR_BLOCK], b[PAIR_BLOCK]; /* ranks */
    struct agreement agreement[PAIR_BLOCK];
};

static inline void pair_block_reset(struct pair_block *p)
{
    p->n = 0;
}

/* There must be room. */
static inline void pair_block_add(struct pair_block *p, const struct encoded *e, uint32_t a,
                                  uint32_t b)
{
    p->a[p->n] = a;
    p->b[p->n] = b;
    p->agreement[p->n].pattern = 0;
    __builtin_prefetch(e->rows + (size_t)a * ROW);
    __builtin_prefetch(e->rows + (size_t)b * ROW);
    p->n++;
}

void compare_block(struct comparer *c, struct pair_block *p);

/* Comparisons that are made of every pair, and what gives a pair up before the others: `left` are
 * bits of those that it would still take. */
struct nearness {
    uint32_t early;
    int (*is_far)(const void *arg, const struct pair_block *p, uint32_t i, uint32_t left);
    const void *arg;
};

/* As compare_block, but of pairs that are far the pattern stays without what was left. */
void compare_block_near(struct comparer *c, struct pair_block *p, const struct nearness *near,
                        uint8_t ret_far[PAIR_BLOCK]);

/* The parts of compare_block: given, family and extra; then each comparison after them. */
void compare_block_names(struct comparer *c, struct pair_block *p);
void compare_block_field(struct comparer *c, int k, struct pair_block *p);

#endif
