/* A user's rules as matching uses them: `certain` conjunctions make pairs that always join,
 * `never` rules keep records apart whatever their score. */
#ifndef SLUICE_TRANSFORM_MATCH_RULES_H
#define SLUICE_TRANSFORM_MATCH_RULES_H

#include "transform/match/cluster.h"

enum { NEVER_MAX = 8 };

struct never_check {
    const struct match_column *column;
    int64_t apart;   /* days; 0: any difference */
    uint64_t *dates; /* by value, when apart is set */
};

struct rules {
    const struct match_table *table;
    const struct encoded *e;
    struct never_check never[NEVER_MAX];
    int n_never;
    struct edge *certain; /* consecutive records of one key, weight WEIGHT_CERTAIN */
    size_t n_certain;
};

/* A field that no column has is ERR_CONFIG. `given` may be NULL. */
int rules_init(struct rules *r, const struct match_rules *given, const struct match_table *t,
               const struct encoded *e, struct error *err);
void rules_done(struct rules *r);
/* Records that a person decided are one customer, as certain pairs. */
int rules_add_links(struct rules *r, const struct match_decision *decisions, size_t n,
                    struct error *err);
/* For cluster_options.allowed; arg is the struct rules. */
int rules_allow(void *arg, const uint32_t *a, uint32_t n_a, const uint32_t *b, uint32_t n_b);

#endif
