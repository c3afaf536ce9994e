/* A model's weights as tables: what a pair's levels and the frequency of its values add to both
 * classes, without a branch a comparison. Made once for a model and its records. */
#ifndef SLUICE_TRANSFORM_MATCH_WEIGHTS_H
#define SLUICE_TRANSFORM_MATCH_WEIGHTS_H

#include "transform/match/model.h"

struct weights {
    const struct encoded *e;
    int n_fields;
    int given; /* the comparison whose level may be "swapped", or -1 */
    struct frequency_part prior;
    struct frequency_table frequency;
    uint8_t depends[COMPARISONS_MAX];       /* enum dependency */
    uint32_t parents[COMPARISONS_MAX];      /* bit per comparison */
    uint16_t agree[COMPARISONS_MAX];        /* bit per level: agrees, as a parent */
    uint16_t uses[COMPARISONS_MAX][STATES]; /* bit per level: frequency adds to it */
    struct frequency_part level[COMPARISONS_MAX][STATES][LEVELS];
};

int weights_init(struct weights *w, const struct match_model *model, const struct encoded *e);
void weights_done(struct weights *w);

/* What the values' frequency adds, and all: prior, levels and frequency. a, b: the pair's ranks. */
struct weight_sums {
    struct frequency_part frequency, all;
};
struct weight_sums weights_sum(const struct weights *w, const struct agreement *g, uint32_t a,
                               uint32_t b);
/* The same of the levels in `part` of the pattern alone; states are those of the whole. */
struct weight_sums weights_sum_of(const struct weights *w, const struct agreement *g, uint64_t part,
                                  uint32_t a, uint32_t b);

#endif
