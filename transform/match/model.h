/* The model: three classes of pairs (the same person, the same household or relatives, unrelated),
 * and for each comparison the share of every level in each: m, h, u. A comparison that depends on
 * another (a place on its postcode) has a table per state of its parent. Weights are integers of
 * 1/1024 bit; a = prior + sum of m weights, b the same for the household, and the log-odds of the
 * same person against everything else are a - log2(1 + 2^b). */
#ifndef SLUICE_TRANSFORM_MATCH_MODEL_H
#define SLUICE_TRANSFORM_MATCH_MODEL_H

#include "transform/match/census.h"
#include "transform/match/compare.h"

enum { STATES = 3, BIT = 1024 };

#define NATS_TO_WEIGHT 1477.3197218702985 /* 1024 / ln 2 */

/* What the state of a comparison hangs on. */
enum dependency {
    DEPENDS_NONE,
    DEPENDS_PARENT, /* agree, differ, missing of the parents */
    DEPENDS_GIVEN,  /* gender: the same of the given name; one m */
    DEPENDS_NAMES,  /* e-mail: both names agree, one, neither; one m */
};

enum state { STATE_AGREE, STATE_DIFFER, STATE_MISSING };

/* How the household class sees a comparison. */
enum household {
    HOUSEHOLD_SAME_AS_U,
    HOUSEHOLD_LEARNED, /* family name, address, phone, e-mail */
    HOUSEHOLD_GIVEN,   /* .98 u + .02 exact */
    HOUSEHOLD_DATE,    /* .97 u + .03 exact: twins */
    HOUSEHOLD_RELATED, /* text of things: another of the same make or subject; learned */
    HOUSEHOLD_SHARED,  /* categories (origin): more alike than strangers; learned from u on */
};

struct field_model {
    enum compare_kind kind;
    enum meaning meaning;
    char name[64]; /* the column's */
    enum household household;
    enum dependency depends;
    uint32_t parents; /* bit per comparison */
    int frequency;    /* 1: exact values weigh by their frequency */
    double m[STATES][LEVELS], h[STATES][LEVELS], u[STATES][LEVELS];
    double base_m[STATES][LEVELS], base_h[STATES][LEVELS]; /* of a small table: leant on */
    double drawn_u[STATES][LEVELS];                        /* random pairs, matches among them */
    double seen_m[LEVELS], seen_u[LEVELS]; /* evidence: expected matches, random pairs */
    uint32_t filled;                       /* records with a value, of those trained on */
    /* natural logarithms of what a level adds, less the part that frequency gives */
    double log_m[STATES][LEVELS], log_h[STATES][LEVELS];
    int32_t weight_m[STATES][LEVELS], weight_h[STATES][LEVELS];
};

/* The part of the weights that the values' frequency gives, for both classes. */
struct frequency_part {
    int32_t m, h;
};

struct frequency_entry {
    struct slice value;
    double share;
};
struct alias_entry {
    struct slice a, b;
    int level;
};

/* A column that training saw: what it was taken for, and why it is not compared; "" when it is. */
struct column_entry {
    struct slice name;
    enum meaning meaning;
    struct slice why_not;
};

struct match_model {
    struct splink_model *splink; /* a model of Splink's in place of all below, or NULL */
    int n_fields;
    struct field_model fields[COMPARISONS_MAX];
    double lambda_m, lambda_h; /* shares of all pairs */
    double drawn_share;        /* of all pairs that were drawn for u */
    uint32_t n_records;        /* trained on */
    int learned;               /* 0: built-in priors, too few records */
    int household_frequency;   /* 0: no given name, so no frequency in the household class */
    enum match_effort effort;  /* that it was trained with */
    int rounds;                /* of the last training; 0: none */
    uint32_t labels_same, labels_different; /* labelled pairs that it was trained with */
    double label_weight;                    /* how many pairs each of them counted for */
    int32_t prior_m, prior_h;               /* weights */
    struct arena arena;                     /* of the entries below */
    struct frequency_entry *frequent[COMPARISONS_MAX];
    uint32_t n_frequent[COMPARISONS_MAX];
    double rest_share[COMPARISONS_MAX]; /* of a value that is not among the frequent; 0: count */
    struct alias_entry *aliases[COMPARISONS_MAX];
    uint32_t n_aliases[COMPARISONS_MAX];
    struct column_entry *columns;
    uint32_t n_columns;
    struct atom_census census; /* how common atoms are, for candidates; n_records 0: none */
};

/* Is the level possible for a kind? */
int model_level_valid(enum compare_kind kind, int level);
/* Where training of m starts: shares by level. */
void model_start_m(enum compare_kind kind, double ret[LEVELS]);
/* The same for h of a field. */
void model_start_h(const struct field_model *f, double ret[LEVELS]);
static inline int model_learns_h(const struct field_model *f)
{
    return f->household == HOUSEHOLD_LEARNED || f->household == HOUSEHOLD_SHARED ||
           f->household == HOUSEHOLD_RELATED;
}
/* Counts with a prior of `prior` + `share` times their sum of the starting shares. */
void model_fit_levels(const double start[LEVELS], const double counts[LEVELS], double prior,
                      double share, double ret[LEVELS]);
/* The bound on disagreement: the levels (bits) that may hold at most the returned share of m; 1: no
 * bound. */
double model_cap(enum compare_kind kind, unsigned *ret_levels);
void model_cap_disagreement(const struct field_model *f, double m[LEVELS]);
/* m of a field from counts by state, with the bounds on disagreement. */
void model_fit_m(struct field_model *f, double counts[STATES][LEVELS], double prior, double share);
/* Fields, dependencies and starting m and h for the comparisons of `e`; u flat. `n`: records that
 * count, crowds of equal ones as one. */
void model_init(struct match_model *model, const struct encoded *e, uint32_t n);
/* Where the table is too small to learn from: what hangs on what, and, once u is known (flat, in
 * every state), the shares of dependent parts of addresses. */
void model_small_depend(struct match_model *model);
void model_small_settle(struct match_model *model);
/* m and h of a field of a small table from counts, leaning on what it settled on. Adds up m's
 * states where there is one m for all. */
void model_small_fit(struct field_model *f, double m[STATES][LEVELS], double h[STATES][LEVELS],
                     double prior, double share);
/* Logarithms and integer weights from m, h, u and the lambdas. */
void model_weigh(struct match_model *model);

/* The state of comparison k in a pattern of levels. */
int model_state(const struct match_model *model, int k, uint64_t pattern);
/* Does the level count as agreement where others depend on the comparison? 1 or 0. */
int model_agrees(const struct field_model *f, int level);
/* Does frequency replace u here? */
int model_uses_frequency(const struct field_model *f, int state, int level);
/* Too many contradictions for the first rounds of training. */
int model_contradicts(const struct match_model *model, uint64_t pattern);

/* A comparison that says a name, date, gender or id differs clearly. */
int model_is_disagreement(const struct field_model *f, int level);

/* Weights of exact values, by code: what -ln u is replaced with. NULL: no frequency. */
/* The records that a value's share is of: those with a value. In a table too small to learn from,
 * two equal rows would make a name look common: there its shares are taken as if the rest of
 * MODEL_MIN_RECORDS records had other values. */
double frequency_total(const struct comparison *c, uint32_t n_records);

struct frequency_table {
    struct frequency_part *by[COMPARISONS_MAX];
};
int frequency_table_init(struct frequency_table *t, const struct match_model *model,
                         const struct encoded *e);
void frequency_table_done(struct frequency_table *t);

/* What frequency adds to a pair whose given and family names are swapped. */
int32_t frequency_of_swap(const struct frequency_table *t, const struct encoded *e, uint32_t a,
                          uint32_t b);
struct frequency_part frequency_of_field(const struct frequency_table *t,
                                         const struct match_model *model, const struct encoded *e,
                                         const struct agreement *g, int k, uint32_t a, uint32_t b);
struct frequency_part frequency_of_pair(const struct frequency_table *t,
                                        const struct match_model *model, const struct encoded *e,
                                        const struct agreement *g, uint32_t a, uint32_t b);

#endif
