/* The plan's rows of the automatic candidates; see plan.h. */
#ifndef SLUICE_TRANSFORM_MATCH_PLAN_AUTOMATIC_H
#define SLUICE_TRANSFORM_MATCH_PLAN_AUTOMATIC_H

#include "transform/match/plan.h"

enum { PLAN_AUTOMATIC_ROWS = 13 };

/* Adds at most PLAN_AUTOMATIC_ROWS rows: the conjunctions that bring the most, and the rest. */
int plan_automatic(const struct plan_input *in, struct match_plan *p);

#endif
