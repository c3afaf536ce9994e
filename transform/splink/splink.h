/* Models of Splink 4 and 5 (Fellegi and Sunter's model as its settings file holds it): read, used
 * as they are, and written from ours. A pair is scored once, by the first rule that brings it;
 * weights are the file's; clusters are the connected components of pairs at the threshold, .95
 * unless the rules say another. Household, aliases and average linkage are not Splink's, and play
 * no part. */
#ifndef SLUICE_TRANSFORM_SPLINK_SPLINK_H
#define SLUICE_TRANSFORM_SPLINK_SPLINK_H

#include "transform/match/match.h"
#include "transform/splink/model.h"

/* Is it settings of Splink's, rather than a model of ours? By its keys; 1 or 0. */
int splink_is_model(struct slice json);

/* match_records with a Splink model. */
int splink_match(const struct match_table *t, const struct splink_model *m,
                 const struct match_options *options, struct match_result *ret, struct error *err);

/* match_explain with a Splink model. The table holds all records: frequencies are counted in it. */
int splink_explain(const struct match_table *t, const struct splink_model *m, uint32_t a,
                   uint32_t b, struct buffer *out, struct error *err);

/* Our model as settings that Splink 5 on DuckDB loads and predicts with. What Splink has no word
 * for (the household class, aliases, comparisons that depend on others) is left out, and said in
 * `warnings`, a line each. */
int splink_model_write(const struct match_model *m, const char *path, struct buffer *warnings,
                       struct error *err);

#endif
