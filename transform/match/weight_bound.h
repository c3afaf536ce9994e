/* The most that a pair can still reach while some of its comparisons are to be made. The same
 * person's sum alone is bounded: what a household takes away only lowers the weight. */
#ifndef SLUICE_TRANSFORM_MATCH_WEIGHT_BOUND_H
#define SLUICE_TRANSFORM_MATCH_WEIGHT_BOUND_H

#include "transform/match/weights.h"

struct weight_bound {
    const struct weights *weights;
    int32_t plain[COMPARISONS_MAX];    /* the most of the levels without a frequency */
    int32_t frequent[COMPARISONS_MAX]; /* of those with one, less the frequency */
    uint32_t early;                    /* bits: comparisons worth making before one looks */
};

void weight_bound_init(struct weight_bound *b, const struct weights *w);

/* At least weights_sum(…).all.m once the comparisons of `left` (bits; none of names) are in the
 * pattern. */
int32_t weight_bound(const struct weight_bound *b, const struct agreement *g, uint32_t left,
                     uint32_t x, uint32_t y);

#endif
