/* How far one model lies from another: what a person looks at before a new one takes an old one's
 * place, and what labels changed. */
#ifndef SLUICE_TRANSFORM_MATCH_MODEL_DRIFT_H
#define SLUICE_TRANSFORM_MATCH_MODEL_DRIFT_H

#include "transform/match/model.h"

#define DRIFT_NOTABLE .25 /* bits */

struct weight_move {
    const struct match_model *after;
    int k, state, level; /* of `after` */
    double before_bits, after_bits;
};

struct model_drift {
    int weights, moved;          /* compared; by more than DRIFT_NOTABLE */
    int fields, fields_moved;    /* comparisons in both; with such a weight */
    int fields_new, fields_gone; /* in one of the two alone */
    double prior;                /* bits that the prior rose by */
    struct weight_move largest;  /* by its size; weights == 0: none */
};

/* Comparisons are the same when their kind, meaning and column's name are. `say` is called for each
 * weight that moved notably; NULL: for none. Weights that go by frequency are compared without that
 * part. */
void model_drift(const struct match_model *before, const struct match_model *after,
                 void (*say)(void *arg, const struct weight_move *move), void *arg,
                 struct model_drift *ret);

#endif
