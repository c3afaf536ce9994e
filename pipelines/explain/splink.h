/* Explanations by a Splink model. Frequencies are counted in all the records that were matched, so
 * all of them are looked at. */
#ifndef SLUICE_PIPELINES_EXPLAIN_SPLINK_H
#define SLUICE_PIPELINES_EXPLAIN_SPLINK_H

#include "pipelines/explain/explain.h"

/* Two records of a table, by index: words, or an object with the lines as "account". */
int explain_splink_pair(const struct match_table *t, const struct match_model *m, uint32_t a,
                        uint32_t b, struct explanation *out, struct error *err);
/* Two records of the lake, each named "source:key". */
int explain_splink_lake(const struct project *p, const struct match_model *m,
                        const struct slice names[2], struct explanation *out, struct error *err);

#endif
