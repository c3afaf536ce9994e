/* Training without labels: u from random pairs; m, h and the shares of the classes by expectation
 * and maximisation over the candidates, as shares of all pairs. Works on counts of patterns, so a
 * round costs what the distinct patterns cost. Sums run in one order: the same for any threads. */
#ifndef SLUICE_TRANSFORM_MATCH_TRAIN_H
#define SLUICE_TRANSFORM_MATCH_TRAIN_H

#include "transform/match/candidates.h"
#include "transform/match/model.h"
#include "transform/match/twins.h"

struct training_pair {
    uint64_t pattern;
    int32_t m, h; /* frequency parts, 1/1024 bit */
};

struct training_group { /* pairs of one pattern and nearly one frequency part */
    uint64_t pattern;
    double m, h; /* nats */
    double count;
};

struct labelled_group {
    struct training_group group;
    int same; /* its pairs are known to be, or not to be, of one person */
};

struct training_set {
    struct training_group *groups; /* by pattern */
    size_t n;
    struct labelled_group *labelled;
    size_t n_labelled;
    double n_all_pairs; /* of the table, candidates or not */
};

/* u of every level and state, from random pairs (all pairs of a small table). */
/* `cluster`: by rank, clusters whose pairs are none of strangers; looked at in small tables, where
 * what repeats is seen among the random pairs. NULL: not known yet. */
int train_u(struct match_model *model, const struct encoded *e, const struct twins *twins,
            const uint32_t *cluster, struct pool *pool, struct error *err);

/* Groups pairs; sorts `pairs` in place. `weight`: how many pairs each stands for. */
int training_group_pairs(struct training_pair *pairs, size_t n, double weight, double n_all_pairs,
                         struct training_set *ret);
void training_set_done(struct training_set *t);

struct label_set;
/* Compares a deterministic sample of the candidates, less the pairs of `labels` (NULL: none). */
int training_sample(const struct encoded *e, const struct twins *twins,
                    const struct match_model *model, const struct candidates *c,
                    const struct label_set *labels, struct pool *pool, struct training_set *ret,
                    struct error *err);

enum em_pairs { EM_SEEDS, EM_ALL };
/* Fits model's m, h and lambdas; returns the rounds taken. */
int em_run(struct match_model *model, const struct training_set *t, enum em_pairs which);

#endif
