/* Clustering: average linkage on log-odds. Clusters join in order of falling score until none is
 * above the stop; a pair of records that was never compared counts as unlikely. Works within the
 * connected components of the edges, in parallel; O(E log E). */
#ifndef SLUICE_TRANSFORM_MATCH_CLUSTER_H
#define SLUICE_TRANSFORM_MATCH_CLUSTER_H

#include "transform/match/score.h"

/* What lies between two clusters. */
struct linkage {
    int64_t sum; /* weights of the known pairs */
    uint32_t known;
    int32_t best, second;
};

/* The score of joining two clusters with `total` pairs between them. */
int32_t linkage_score(const struct linkage *l, uint64_t total);

/* Adds one known pair; best and second start at INT32_MIN. */
void linkage_add(struct linkage *l, int32_t weight);

/* What joins two clusters: a rule or a person said so, or their score. */
enum join_reason { JOIN_CERTAIN, JOIN_SCORED };

struct cluster_options {
    int32_t stop; /* join while the score is above; 0 */
    /* May these two clusters join? Members are ranks. NULL: any may. */
    int (*allowed)(void *arg, enum join_reason why, const uint32_t *a, uint32_t n_a,
                   const uint32_t *b, uint32_t n_b);
    void *arg;
};

/* edges: by (a, b), each pair once. Writes per rank the smallest rank of its cluster. */
int cluster_edges(const struct edge *edges, size_t n_edges, uint32_t n,
                  const struct cluster_options *o, struct pool *pool, uint32_t *ret_cluster,
                  struct error *err);

/* Members by cluster: list[from[i] .. from[i + 1]) for i-th cluster in order of its label. */
struct cluster_lists {
    uint32_t n; /* clusters */
    uint32_t *from, *list;
    uint32_t *index; /* by rank: the cluster's number */
};
int cluster_lists_init(struct cluster_lists *l, const uint32_t *cluster, uint32_t n);
void cluster_lists_done(struct cluster_lists *l);

#endif
