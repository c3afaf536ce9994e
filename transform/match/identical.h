/* Rows that no comparison can tell apart, because every column has one value: the same person's
 * row many times over, or rows that say nothing of who they are. */
#ifndef SLUICE_TRANSFORM_MATCH_IDENTICAL_H
#define SLUICE_TRANSFORM_MATCH_IDENTICAL_H

#include "transform/match/encode.h"

/* Puts records that are equal in every column with a meaning into one cluster, when one of the
 * columns filled names or reaches someone (a whole name, e-mail, phone or id). cluster: by rank,
 * each alone. Returns how many joined another, or ERR_MEMORY. */
int64_t identical_join(const struct match_table *t, const struct encoded *e, uint32_t *cluster);

#endif
