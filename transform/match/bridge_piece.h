/* One cluster while its bridges are sought; see bridges.h. */
#ifndef SLUICE_TRANSFORM_MATCH_BRIDGE_PIECE_H
#define SLUICE_TRANSFORM_MATCH_BRIDGE_PIECE_H

#include "transform/match/bridges.h"

enum bridge_fixed { FREE, FIXED_BY_RULE, FIXED_BY_PERSON };

struct bridge_edge {
    struct edge
        edge; /* ranks; weight: the pair's own score, WEIGHT_CERTAIN where a person said so */
    enum bridge_fixed fixed;
};

struct bridge_piece {
    const struct bridges_input *in;
    const uint32_t *nodes; /* ranks, ascending */
    uint32_t n;
    const uint32_t *local; /* by rank: place in nodes */
    struct bridge_edge *edges;
    size_t n_edges;
    uint32_t *part;       /* by place: the smallest place of its part; all 0 at first */
    uint32_t *scratch;    /* by rank; room for a clustering */
    struct buffer *found; /* struct match_bridge */
};

/* What lies between two groups of records, or inside one. */
struct bridge_tally {
    int64_t pairs, known, agree, sum; /* agree: above the stop; sum: of clipped weights */
};

static inline void bridge_tally_add(struct bridge_tally *t, int32_t weight, int32_t stop)
{
    t->known++;
    t->agree += weight > stop;
    t->sum += weight_clip(weight);
}

/* The mean, where a pair that is not known counts as unlikely, is at most `most`. */
static inline int bridge_tally_below(const struct bridge_tally *t, int32_t most)
{
    return t->sum + WEIGHT_UNKNOWN * (t->pairs - t->known) <= (int64_t)most * t->pairs;
}

uint32_t bridge_root(uint32_t *parent, uint32_t i);

/* Each parts the piece further and lists what it found. 0 or ERR_MEMORY. */
int bridge_cut_rules(struct bridge_piece *p);
int bridge_cut_weak(struct bridge_piece *p);

#endif
