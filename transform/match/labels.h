/* Labelled pairs in training: what a person said of two records. Each takes the place of its
 * unlabelled self: it counts with a fixed responsibility (1 for the same, 0 for different, whose
 * household and unrelated shares stay the model's) and the set's weight, 1 unless told otherwise.
 * At weight 1 the estimates stay right although a steward labels the unclear pairs alone: which
 * pairs were labelled depends only on what is compared (Little and Rubin, missing at random). */
#ifndef SLUICE_TRANSFORM_MATCH_LABELS_H
#define SLUICE_TRANSFORM_MATCH_LABELS_H

#include "transform/match/cluster.h"
#include "transform/match/train.h"

struct label_pair {
    uint64_t key; /* ranks, the lower << 32 | the higher */
    int same;
};

struct label_set {
    struct label_pair *pairs; /* by key, each once */
    size_t n, n_same;
    double weight;
};

/* Labelled pairs that count as much as what training found by itself; and, in a file too small to
 * learn from, as much as the built-in weights, which fewer than these move not at all: pairs of one
 * customer are not independent of each other, and on a labelled set of 159 records 57 of them made
 * it worse. */
enum { LABELS_TRUSTED = 100, LABELS_TRUSTED_SMALL = 200 };

/* The share of `all` expected matches, `labelled` of which a person made, that the prior guards:
 * the unlabelled ones, and the labelled ones while they are few. */
static inline double label_guarded(double all, double labelled)
{
    return all > 0 ? 1 - labelled / all * labelled / (labelled + LABELS_TRUSTED) : 1;
}

/* `given` may be NULL: an empty set. Pairs of one record with itself are left out. 0 or ERR_MEMORY.
 */
int label_set_init(struct label_set *s, const struct match_labels *given, const struct encoded *e);
void label_set_done(struct label_set *s);

int label_set_holds(const struct label_set *s, uint32_t a, uint32_t b); /* ranks, any order */

/* Compares the labelled pairs and gives them to training. 0 or ERR_MEMORY. */
int label_set_train(const struct label_set *s, const struct encoded *e, struct match_model *model,
                    struct training_set *t);

/* Corrects counts of levels that were taken from all pairs inside clusters (of at most
 * `members_max`): a labelled pair counts by its label, wherever it lies. counts[k][state][level].
 * Returns by how many pairs the sum changes. */
double label_set_correct(const struct label_set *s, struct comparer *c,
                         const struct match_model *model, const struct cluster_lists *lists,
                         uint32_t members_max, double counts[COMPARISONS_MAX][STATES][LEVELS]);

#endif
