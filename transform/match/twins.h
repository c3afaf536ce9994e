/* Twins: crowds of records that are the same in everything compared (a block bomb). One of them
 * stands for all while the model is trained and candidates are sought; the others join its cluster
 * at the end, when equal records score as one person. */
#ifndef SLUICE_TRANSFORM_MATCH_TWINS_H
#define SLUICE_TRANSFORM_MATCH_TWINS_H

#include "transform/match/encode.h"

enum { TWINS_MIN = 20 };

struct scorer;

struct twins {
    uint32_t n;
    uint8_t *skip;  /* by rank: 1 for all but the first of a crowd */
    uint32_t *kept; /* ranks that are not skipped, ascending */
    uint32_t n_kept;
    uint32_t *first; /* by rank: the first of its crowd, else itself */
};

/* Counts of values are those of the kept records from here on. 0 or ERR_MEMORY. */
int twins_find(struct twins *t, struct encoded *e);
/* A record that someone spoke of stands for itself. */
static inline void twins_release(struct twins *t, uint32_t rank)
{
    t->skip[rank] = 0;
    t->first[rank] = rank;
}
void twins_join(const struct twins *t, const struct scorer *s, uint32_t *cluster);
void twins_done(struct twins *t);

#endif
