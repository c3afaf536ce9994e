/* The account of a pair: what each comparison says for one person and for one household, their
 * sums, and the chances of the three classes. An explainer holds a table encoded under a model; it
 * borrows all three. Tables are small here (a few records of interest). */
#ifndef SLUICE_TRANSFORM_MATCH_EXPLAIN_H
#define SLUICE_TRANSFORM_MATCH_EXPLAIN_H

#include "transform/match/score.h"

enum { ACCOUNT_VALUE = 64 };

struct account_step {      /* weights in 1/1024 bit */
    char field[64];        /* the column */
    const char *agreement; /* "one edit" */
    int compared;          /* 0: a value is missing, so it says nothing */
    int exact;
    int32_t same, household;
    char a[ACCOUNT_VALUE], b[ACCOUNT_VALUE]; /* as compared: normalised; lists with blanks */
};

enum account_rule { ACCOUNT_NO_RULE, ACCOUNT_CERTAIN, ACCOUNT_NEVER };

struct pair_account {
    int32_t prior_same, prior_household; /* before anything is compared */
    struct account_step steps[COMPARISONS_MAX];
    int n;
    /* what evidence of one household counts less for standing together; mostly 0 */
    int32_t together_same, together_household;
    int32_t same, household, weight; /* sums against unrelated; log-odds of the same person */
    double p_same, p_household, p_unrelated;
    enum account_rule rule; /* one that decides whatever the weight is */
};

struct explainer;
/* rules may be NULL. ERR_DATA when the model knows none of the columns. */
int explainer_new(const struct match_table *t, const struct match_model *m,
                  const struct match_rules *rules, struct explainer **ret, struct error *err);
void explainer_free(struct explainer *x); /* NULL is fine */
/* Of two records of the table, by index; ERR_USAGE when they are one or not there. */
int explainer_pair(struct explainer *x, uint32_t a, uint32_t b, struct pair_account *ret,
                   struct error *err);

#endif
