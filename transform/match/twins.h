/* Twins: crowds of records that are the same in everything compared (a block bomb). One of them
 * stands for all while candidates are sought; the others join its cluster at the end, when equal
 * records score as one person. */
#ifndef SLUICE_TRANSFORM_MATCH_TWINS_H
#define SLUICE_TRANSFORM_MATCH_TWINS_H

#include "transform/match/score.h"

enum { TWINS_MIN = 20 };

struct twins {
    uint32_t n;      /* records; skip and first may be NULL when there is no crowd */
    uint8_t *skip;   /* by rank: 1 for all but the first of a crowd */
    uint32_t *first; /* by rank: the first of its crowd, else itself */
};

int twins_find(struct twins *t, const struct encoded *e); /* 0 or ERR_MEMORY */
void twins_join(const struct twins *t, const struct scorer *s, uint32_t *cluster);
void twins_done(struct twins *t);

#endif
