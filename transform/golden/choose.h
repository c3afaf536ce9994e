/* Choosing: the candidates of one attribute of one customer, best first by the attribute's chain of
 * rules, which ends in the members' order (source, key), so that the same records give the same
 * choice in any order. Sorting costs O(n log n) of the candidates. */
#ifndef SLUICE_TRANSFORM_GOLDEN_CHOOSE_H
#define SLUICE_TRANSFORM_GOLDEN_CHOOSE_H

#include "core/rows.h"
#include "transform/golden/plan.h"

/* One value (or group of values) that a member offers. */
struct candidate {
    uint32_t member;  /* index */
    int32_t element;  /* of the list, or 0 */
    uint64_t hash;    /* of the value: equal values, equal hashes */
    uint32_t value;   /* number of the distinct value, below choice.n_values */
    uint32_t same;    /* candidates with this value, itself included */
    int64_t score[8]; /* by rule of the chain, higher wins */
};

enum decided { DECIDED_ONLY = -1, DECIDED_AGREE = -2, DECIDED_ORDER = -3 }; /* or a rule's index */

/* Scratch space, and the last choice made: candidates[0] has won. */
struct choice {
    struct candidate *candidates;
    size_t n, cap;
    uint32_t n_values; /* distinct ones */
    struct buffer text;
    int decided;
};

void choice_done(struct choice *c);

/* 0, or ERR_MEMORY. No candidate: n is 0. */
int choose(const struct golden_plan *plan, const struct attribute *a, const struct row_ref *members,
           size_t n, struct choice *ret);

/* The rule by which `loser` lost: a rule's name, "same value", "order". */
const char *choice_why(const struct attribute *a, const struct choice *c, size_t loser);
/* The name of what decided: "only", "agree", "order", or the rule's. */
const char *choice_rule(const struct attribute *a, const struct choice *c);

/* Where a candidate's value in column i of its attribute lies. */
struct cell {
    const struct field *field;
    const struct column *column;
    int64_t row;
};
struct cell candidate_cell(const struct golden_plan *plan, const struct attribute *a,
                           const struct row_ref *members, const struct candidate *c, int i);
int cell_empty(const struct cell *c); /* null, or empty text */

#endif
