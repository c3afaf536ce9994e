/* Clean sources: those that hold nobody twice. Found from the scored pairs: in a clean source
 * hardly any record's best partner, where each is the other's best, is in the same source. What is
 * known to be clean then has no pairs of its own among the candidates, and a cluster has at most
 * one record of each. */
#ifndef SLUICE_TRANSFORM_MATCH_CLEAN_H
#define SLUICE_TRANSFORM_MATCH_CLEAN_H

#include "transform/match/score.h"

struct clean_sources {
    uint32_t n;                /* sources; numbers from 0 */
    uint32_t *within, *across; /* by source: pairs that are best for both ends */
    uint8_t *clean;            /* by source */
    uint32_t n_clean;
};

/* All sources of `e` taken as clean, or none of them, without a look. */
int clean_sources_init(struct clean_sources *c, const struct encoded *e);
void clean_sources_done(struct clean_sources *c);
enum clean_certainty { CLEAN_PERHAPS, CLEAN_SURE };
/* Counts the likely pairs of two lists (`more`: NULL) and decides; 1 when at least two sources are
 * clean. */
int clean_sources_find(struct clean_sources *c, const struct scorer *scorer,
                       const struct edge *edges, size_t n_edges, const struct edge *more,
                       size_t n_more, enum clean_certainty certainty);
/* A copy of the likely pairs within the clean sources; returns how many. */
int64_t clean_within(const struct clean_sources *c, const struct encoded *e,
                     const struct edge *edges, size_t n_edges, struct edge **ret);

/* Sets e->clean by c->clean. */
int encode_clean(struct encoded *e, const struct clean_sources *c);
/* For cluster_options: no two records of one clean source. */
int clean_allow(const struct encoded *e, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                uint32_t n_b);
/* Pairs of records that may be one: all less those within clean sources. */
double clean_pairs(const struct encoded *e, const uint32_t *kept, uint32_t n_kept);

#endif
