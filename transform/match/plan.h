/* The plan of a match: which pairs would be compared, by rule, before any is. User rules are
 * counted exactly (block_rules.h). Automatic candidates are told apart by what their two records
 * share: a pair of facts ("family name + birth year"), taken in the order in which each brings the
 * most pairs that none before it did; large tables by an even sample, scaled.
 *
 * Expected matches: the mean probability of a sample of the rule's pairs, by the model that is
 * given; without one by the built-in shares of levels, with chance agreement from the table itself:
 * an estimate, good for comparing rules. */
#ifndef SLUICE_TRANSFORM_MATCH_PLAN_H
#define SLUICE_TRANSFORM_MATCH_PLAN_H

#include "transform/match/block_rules.h"

enum plan_kind { PLAN_RULE, PLAN_AUTOMATIC };

struct plan_block {
    char key[160];
    uint32_t n;
};

struct plan_row {
    enum plan_kind kind;
    char rule[200];
    int64_t pairs, new_pairs, lost, blocks; /* blocks -1: not told apart */
    double expected, new_expected;          /* matches among pairs and new_pairs; negative: none */
    struct plan_block largest[LARGEST_BLOCKS];
    int n_largest;
};

struct match_plan {
    struct plan_row *rows;
    int n_rows;
    int64_t pairs;    /* that would be compared, each once */
    uint32_t records; /* that would be looked at; crowds of equal ones as one */
    uint32_t limit;   /* blocks of user rules above it are refined; 0 no user rules */
    int64_t cut;      /* records with more keys than are used */
    int64_t scaled;   /* automatic pairs stand for so many; 1: each was looked at */
    int from_model;   /* expected matches: 1 by the model given, 0 built-in weights */
};

struct plan_input {
    const struct encoded *e;
    struct block_rules *rules;           /* NULL: no user rules */
    const struct candidates *candidates; /* NULL: they would not be compared */
    int64_t n_candidates;
    const struct scorer *scorer;
    struct pool *pool;
    uint32_t n_kept;
};

int plan_make(const struct plan_input *in, struct match_plan *ret, struct error *err);

/* Plans instead of matching; options as of match_records. */
int match_plan(const struct match_table *t, const struct match_options *options,
               struct match_plan *ret, struct error *err);
void match_plan_done(struct match_plan *p);

#endif
