/* Candidates: for each record its best K others, by the blocks they share (a block of s among n
 * counts ln(n / s)). A pair is a candidate when it is in the best of either end. */
#ifndef SLUICE_TRANSFORM_MATCH_CANDIDATES_H
#define SLUICE_TRANSFORM_MATCH_CANDIDATES_H

#include "transform/match/blocks.h"

enum { CANDIDATES_MAX = 40 };

struct candidates {
    uint32_t n, k;
    uint32_t *best; /* n * k: ascending ranks */
    uint8_t *count; /* by rank */
};

/* Pairs that `e` keeps apart (clean sources) are none. */
int candidates_find(const struct blocks *b, const struct encoded *e, uint32_t k, struct pool *pool,
                    struct candidates *ret, struct error *err);
void candidates_done(struct candidates *c);

/* The partners of `rank` in the pairs that it owns: each pair has one owner. At most k. */
uint32_t candidates_owned(const struct candidates *c, uint32_t rank, uint32_t *out);
int64_t candidates_count(const struct candidates *c, struct pool *pool); /* or ERR_MEMORY */

#endif
