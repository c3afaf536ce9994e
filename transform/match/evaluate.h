/* How right a clustering is: pairwise and B-cubed precision, recall and F1, clusters exactly right.
 * From counts of (found, true) cells, never from pairs: O(n log n) time, 8 bytes a record. */
#ifndef SLUICE_TRANSFORM_MATCH_EVALUATE_H
#define SLUICE_TRANSFORM_MATCH_EVALUATE_H

#include "core/error.h"

#include <stddef.h>
#include <stdint.h>

#define EVALUATE_SKIP UINT32_MAX /* a record that is not judged */

struct agreement_rates {
    double precision, recall, f1; /* 1 where there is nothing to find */
};

struct evaluation {
    int64_t records; /* judged */
    int64_t pairs_found, pairs_true, pairs_both;
    struct agreement_rates pairwise, bcubed;
    int64_t clusters_found, clusters_true, clusters_exact;
    int64_t largest_found, largest_true;
    int has_clusters; /* 0: truth was pairs, so only `pairwise`, pairs_* and *_found are set */
};

/* Cluster codes per record, any numbers; EVALUATE_SKIP in either leaves a record out. */
int evaluate_clusters(const uint32_t *found, const uint32_t *truth, size_t n,
                      struct evaluation *ret, struct error *err);

struct true_pair {
    uint32_t a, b; /* records; a pair given twice or of one record counts once or not at all */
};
/* Truth as pairs: every other pair of records counts as false. Sorts `pairs` in place. */
int evaluate_pairs(const uint32_t *found, size_t n, struct true_pair *pairs, size_t n_pairs,
                   struct evaluation *ret, struct error *err);

#endif
