/* What two records share, as bits: a part is a fact of one comparison (a date, its year). */
#ifndef SLUICE_TRANSFORM_MATCH_PLAN_PARTS_H
#define SLUICE_TRANSFORM_MATCH_PLAN_PARTS_H

#include "transform/match/encode.h"

enum { PARTS_MAX = 3 * COMPARISONS_MAX + 1 };

struct plan_parts {
    const struct encoded *e;
    int n;
    char name[PARTS_MAX][96];
    int first[COMPARISONS_MAX]; /* the comparison's first part */
    int across;                 /* a name found in another field */
};

void plan_parts_init(struct plan_parts *p, const struct encoded *e);
uint64_t plan_parts_of(const struct plan_parts *p, uint32_t a, uint32_t b);

#endif
