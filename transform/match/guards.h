/* Guards: what keeps two clusters apart whatever their linkage says.
 *
 * - two records of one source that holds nobody twice (clean.h);
 * - the user's `never` rules (rules.h) and decisions that two records are not one customer;
 * - two people: a record of each whose given names and birth dates both differ clearly (names that
 *   share less than half of their letters, dates three digits and more), unless a pair that differs
 *   so scores above -5 nats, both differences counted. A third record that is
 *   near both does not join them;
 * - strong identifiers in conflict: each side holds a value of an id column, none near any of the
 *   other's, unless a pair of records that disagree scores OVERWHELMING with the disagreement
 *   counted. How strong an id is comes from the data: it is when each of its values is on few
 *   records, and at most STRONG_DIFFER of what the model takes for matches disagree in it.
 *
 * Costs a look at two dates and two ids per pair of records of two clusters about to join; only a
 * pair that might be kept apart is compared. What a rule or a person calls certain is
 * kept apart by the first of these alone. Refusals are counted; the same for any threads. */
#ifndef SLUICE_TRANSFORM_MATCH_GUARDS_H
#define SLUICE_TRANSFORM_MATCH_GUARDS_H

#include "transform/match/rules.h"

struct strong_id {
    int comparison;
    double differ; /* share of matches that disagree, as the model has learned */
};

struct guards {
    struct rules *rules;
    const struct scorer *scorer;
    struct strong_id ids[COMPARISONS_MAX];
    int n_ids;
    uint32_t *apart_from; /* by rank, + 1: into apart; NULL: no decisions that part records */
    uint32_t *apart;      /* ranks that a record was parted from, ascending */
    int64_t refused_id, refused_people, refused_decided; /* joins, since guards_reset */
};

/* `scorer` may change what it points to between uses. */
int guards_init(struct guards *g, struct rules *rules, const struct scorer *scorer,
                const struct match_decision *decisions, size_t n, struct error *err);
void guards_done(struct guards *g);
/* Looks for strong identifiers anew, and forgets what was refused. */
void guards_reset(struct guards *g);
/* For cluster_options.allowed; arg is the struct guards. */
int guards_allow(void *arg, enum join_reason why, const uint32_t *a, uint32_t n_a,
                 const uint32_t *b, uint32_t n_b);
/* Lines about what was refused; returns how many. */
int guards_say(const struct guards *g, char ret_lines[][200], int most);

#endif
