/* Completion: pairs that no block brought together but that clustering asks about are scored too:
 * all pairs inside a cluster, and all pairs between a cluster and its best neighbours. */
#ifndef SLUICE_TRANSFORM_MATCH_COMPLETE_H
#define SLUICE_TRANSFORM_MATCH_COMPLETE_H

#include "transform/match/cluster.h"

enum { COMPLETE_MEMBERS = 30, COMPLETE_NEIGHBOURS = 6, COMPLETE_INSIDE = 100 };

/* Adds edges (in order, each pair once) to *edges, which grows. */
int complete_edges(const struct scorer *s, const uint32_t *cluster, struct pool *pool,
                   struct edge **edges, size_t *n_edges, struct error *err);

#endif
