/* A run of the engine while it is made; the files match*.c share it, and nobody else. Stages return
 * 0 or a negative code with `err` set. */
#ifndef SLUICE_TRANSFORM_MATCH_MATCH_RUN_H
#define SLUICE_TRANSFORM_MATCH_MATCH_RUN_H

#include "transform/match/block_rules.h"
#include "transform/match/guards.h"
#include "transform/match/labels.h"
#include "transform/match/twins.h"

/* What one run holds. */
struct run {
    const struct match_table *table;
    const struct match_options *options;
    struct match_result *result;
    struct encoded e;
    struct twins twins;
    struct rules rules;
    struct guards guards;
    struct candidates candidates;
    struct block_rules by_rule; /* n_rules 0: none given */
    int64_t n_by_rule;          /* pairs that came by them alone */
    struct match_model *model;
    struct label_set labels;
    struct alias_set aliases[COMPARISONS_MAX];
    struct scorer scorer;
    struct edge *edges;
    size_t n_edges;
    uint32_t *cluster; /* by rank */
};

/* match_pairs.c: which pairs are compared, their scores, the clusters that they make. */
int run_find_candidates(struct run *r, struct error *err);
int run_rules_alone(const struct run *r);
int run_find_by_rules(struct run *r, struct error *err);
int run_find_pairs(struct run *r, struct error *err);
struct cluster_options run_cluster_options(struct run *r);
int run_weigh(struct run *r, struct error *err);
int run_score_and_cluster(struct run *r, struct error *err);
int run_score_again(struct run *r, struct error *err);

/* match_learn.c: weights, aliases and clean sources, learned until they settle. */
int run_declare_clean(struct run *r, struct error *err);
int run_resolve(struct run *r, struct error *err);

/* match_result.c: what is written from a run. */
int run_write_result(struct run *r, struct error *err);

/* match_say.c: what a run tells those who asked for it. No values: messages reach logs. */
void run_warn(struct match_result *r, const char *text);
void run_warn_of_blocks(struct run *r);
void run_warn_of_account(const struct run *run);
void run_stage(const struct run *r, const char *name);
void run_warn_unlearned(struct run *r);
void run_warn_of_columns(struct run *r);
void run_warn_of_generic(struct run *r);
void run_warn_of_guards(struct run *r);

#endif
