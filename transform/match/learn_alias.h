/* Learning from clusters: which different values of a name, place or occupation keep meeting in
 * one cluster (aliases), and how often each level is seen within clusters (m). */
#ifndef SLUICE_TRANSFORM_MATCH_LEARN_ALIAS_H
#define SLUICE_TRANSFORM_MATCH_LEARN_ALIAS_H

#include "transform/match/cluster.h"

/* Fills aliases[k] for each comparison; returns how many pairs were learned or a negative code. */
int64_t learn_aliases(const struct encoded *e, const uint32_t *cluster,
                      struct alias_set aliases[COMPARISONS_MAX], struct error *err);

struct label_set;
/* m of every level from all pairs inside clusters, but labelled pairs by their labels; h of the
 * alias levels becomes u. */
int learn_m(struct match_model *model, const struct encoded *e, const struct alias_set *aliases,
            const uint32_t *cluster, const struct label_set *labels, struct pool *pool,
            struct error *err);

#endif
