/* Scoring pairs by a Splink model: the level of each comparison, its weight, and what the values'
 * frequency adds. One scorer a thread: it remembers the levels of pairs of values it has seen. */
#ifndef SLUICE_TRANSFORM_SPLINK_SCORE_H
#define SLUICE_TRANSFORM_SPLINK_SCORE_H

#include "transform/splink/data.h"

struct splink_scorer {
    const struct splink_data *data;
    struct sql_scope scope;
    struct splink_view view;
    struct arena scratch;
    struct sql_memo *memos;
    struct splink_seen *seen; /* levels by values, a table for each comparison */
};

int splink_scorer_init(struct splink_scorer *s, const struct splink_data *d);
void splink_scorer_done(struct splink_scorer *s);

/* Looks at a pair from now on: l < r. */
void splink_scorer_pair(struct splink_scorer *s, uint32_t l, uint32_t r);
/* The level of comparison k, -1 when none holds, or ERR_MEMORY. */
int splink_scorer_level(struct splink_scorer *s, int k);
/* What the frequency of the values adds to a level, in bits. */
double splink_scorer_frequency(const struct splink_scorer *s, const struct splink_level *level);
/* The weight of the pair in bits: 1, 0 when a comparison has no level (the weight is null), or
 * ERR_MEMORY. Terms are added in the order of the comparisons. */
int splink_scorer_weight(struct splink_scorer *s, double *ret);
/* Does a rule's filter hold? 1, 0 or ERR_MEMORY. */
int splink_scorer_filter(struct splink_scorer *s, const struct splink_rule *rule);

#endif
