/* One connected component of the edges, clustered by average linkage; see cluster.h. */
#ifndef SLUICE_TRANSFORM_MATCH_COMPONENT_H
#define SLUICE_TRANSFORM_MATCH_COMPONENT_H

#include "transform/match/cluster.h"

/* nodes: ranks, ascending; edges: all between them; local: by rank, its place in nodes. Writes the
 * smallest rank of its cluster for each node. 0 or ERR_MEMORY. */
int component_cluster(const uint32_t *nodes, uint32_t n, const struct edge *edges, uint32_t n_edges,
                      const uint32_t *local, const struct cluster_options *o,
                      uint32_t *ret_cluster);

#endif
