/* Candidates: for each record its best K others, by the blocks they share (a block of s among n
 * counts ln(n / s)). A pair is a candidate when it is in the best of either end. */
#ifndef SLUICE_TRANSFORM_MATCH_CANDIDATES_H
#define SLUICE_TRANSFORM_MATCH_CANDIDATES_H

#include "transform/match/blocks.h"

enum { CANDIDATES_MAX = 40 };

struct candidates {
    uint32_t n, k;
    uint32_t *best;             /* n * k: ascending ranks */
    uint8_t *count;             /* by rank */
    uint32_t stride;            /* bytes of owned for a record */
    uint8_t *owned;             /* a bit for each of best: the pair is this record's */
    int64_t n_pairs, n_without; /* pairs, each once; records that have none */
};

struct find_options {
    const struct encoded *e; /* pairs that it keeps apart (clean sources) are none */
    uint32_t k;
    uint32_t n_counted; /* the n of a block's weight */
};

int candidates_find(const struct blocks *b, const struct find_options *o, struct pool *pool,
                    struct candidates *ret, struct error *err);
void candidates_done(struct candidates *c);

/* The partners of `rank` in the pairs that it owns: each pair has one owner. At most k. */
uint32_t candidates_owned(const struct candidates *c, uint32_t rank, uint32_t *out);

#endif
