/* Bridges: what holds a cluster together where its records do not. Every cluster of two records and
 * more is looked at after the last clustering:
 *
 * - by rule: without its `certain` rules, it falls into groups that nothing else joins. When all
 *   rule links between two groups of two and more run through one record (a loyalty id typed
 *   wrong), and no other pair between them speaks for joining (none above the stop, -5 nats in the
 *   mean), it is cut there. Groups that a rule alone holds otherwise stay, and are reported;
 * - weak: a link of its maximum spanning tree, weak itself, parts it into two groups of two and
 *   more that each hold together well inside and have few agreeing pairs between them (the bounds
 *   stand in bridge_weak.c): it is cut there. What a rule holds is not;
 * - loose: it has more than BRIDGE_COMPLETE records, and less than one in ten of its pairs is known
 *   to agree: it stays, and is reported with its weakest link.
 *
 * What a person decided is never cut. Costs O(E log E) in the edges inside clusters, and scores the
 * pairs that clustering did not ask about in clusters of up to BRIDGE_COMPLETE records; what
 * happens to a cluster follows from its own records alone. The same for any order of input. */
#ifndef SLUICE_TRANSFORM_MATCH_BRIDGES_H
#define SLUICE_TRANSFORM_MATCH_BRIDGES_H

#include "transform/match/cluster.h"

enum { BRIDGE_COMPLETE = 64 };

struct bridges_input {
    const struct scorer *scorer;
    const struct edge *edges; /* all that clustering saw, by (a, b), each pair once */
    size_t n_edges;
    const struct match_decision *decisions;
    size_t n_decisions;
    const struct cluster_options *options; /* that the clusters were made by */
};

/* Cuts clusters (by rank: the smallest rank of each) in place, and lists what was cut and what
 * hangs by little: the cut ones first, then the largest. *ret is the caller's. 0 or ERR_MEMORY. */
int bridges_cut(const struct bridges_input *in, uint32_t *cluster, struct match_bridge **ret,
                size_t *ret_n);

/* Lines about them for warnings; returns how many. */
int bridges_say(const struct match_bridge *list, size_t n, char ret_lines[][200], int most);

#endif
