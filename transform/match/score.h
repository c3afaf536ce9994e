/* Scoring: the log-odds of a pair, in integers of 1/1024 bit, and the edges worth keeping. */
#ifndef SLUICE_TRANSFORM_MATCH_SCORE_H
#define SLUICE_TRANSFORM_MATCH_SCORE_H

#include "transform/match/candidates.h"
#include "transform/match/weights.h"

/* Bounds in nats, as weights. */
enum {
    WEIGHT_CLIP = 17728,      /* 12: one pair says no more */
    WEIGHT_UNKNOWN = -8864,   /* -6: a pair never compared */
    WEIGHT_EDGE = -7387,      /* -5: below, a pair is as good as unknown */
    WEIGHT_CERTAIN = 1 << 30, /* of an edge that a rule made: joined before all others */
    SOFTPLUS_STEPS = 1024     /* table of log2(1 + 2^x), 16 bits to each side */
};

struct edge {
    uint32_t a, b; /* ranks, a < b */
    int32_t weight;
};

struct scorer {
    const struct encoded *e;
    const struct match_model *model;
    const struct alias_set *aliases;
    struct weights weights;
    int32_t softplus[SOFTPLUS_STEPS + 1];
};

/* A pair's account: what each class gets. */
struct pair_score {
    struct agreement agreement;
    struct frequency_part frequency;
    int32_t same, household; /* prior and weights, against unrelated */
    int32_t weight;          /* log-odds of the same person */
};

int scorer_init(struct scorer *s, const struct encoded *e, const struct match_model *model,
                const struct alias_set *aliases);
void scorer_done(struct scorer *s);

void score_pair(const struct scorer *s, struct comparer *c, uint32_t a, uint32_t b,
                struct pair_score *ret);
static inline int32_t weight_clip(int32_t w)
{
    return w > WEIGHT_CLIP ? WEIGHT_CLIP : w < -WEIGHT_CLIP ? -WEIGHT_CLIP : w;
}

/* Scores all candidates; the edges above WEIGHT_EDGE in order of (a, b). */
int score_candidates(const struct scorer *s, const struct candidates *c, struct pool *pool,
                     struct edge **ret, size_t *ret_n, struct error *err);
/* Scores given pairs again, in place. */
void score_edges(const struct scorer *s, struct edge *edges, size_t n, struct pool *pool);
int edges_sort(struct edge *edges, size_t n); /* by (a, b); 0 or ERR_MEMORY */

double weight_probability(int32_t weight); /* logistic */
double weight_odds(int32_t weight);        /* 2^bits */

#endif
