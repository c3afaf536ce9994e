/* A match plan as rows: one a rule. */
#ifndef SLUICE_PIPELINES_PLAN_ROWS_H
#define SLUICE_PIPELINES_PLAN_ROWS_H

#include "core/stream.h"
#include "transform/match/plan.h"

/* rule, pairs, new_pairs, expected_matches, new_matches, not_compared, blocks, largest,
 * largest_blocks ("key: records; …"). */
int plan_rows(const struct match_plan *p, struct stream **ret, struct error *err);

#endif
