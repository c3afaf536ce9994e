/* Judging a result: against a truth, and against another result. Files of rows, joined by the row's
 * own id. Truth is who each row is, or pairs of row ids. */
#ifndef SLUICE_PIPELINES_JUDGE_JUDGE_H
#define SLUICE_PIPELINES_JUDGE_JUDGE_H

#include <jansson.h>

#include "core/arena.h"
#include "core/stream.h"
#include "transform/match/evaluate.h"

/* The columns to use; "" finds them: the id is a column that both files have (or the first that is
 * no result of ours), the cluster `customer_id`, `cluster_id` or the one other column; a truth of
 * two columns whose values are both row ids holds pairs. */
struct judge_columns {
    struct slice id, cluster, truth_id, truth_cluster;
};

struct judge_files { /* all taken over, also on failure */
    struct stream *result;
    struct stream *truth; /* NULL: only compared with `other` */
    struct stream *pairs; /* compared pairs with their probability (match --pairs), or NULL */
    struct stream *other; /* another result, or NULL */
};

enum {
    JUDGE_THRESHOLDS = 11,
    JUDGE_SHOWN = 10, /* at most so many of each kind of example */
    JUDGE_NAMES = 8,  /* ids of a cluster */
};

/* Pairs at a probability or above, as if each were joined and nothing else were. */
struct judge_threshold {
    double at;
    int64_t found, right;
    struct agreement_rates rates;
};

/* What became of the true pairs that the result does not join, and what candidates lost. */
struct judge_blocking {
    int64_t compared;            /* true pairs among the compared ones */
    int64_t joined_unseen;       /* true, never compared, yet joined by way of other records */
    int64_t lost;                /* true, never compared, not joined */
    int64_t scored_low;          /* compared, probability below .5, not joined */
    int64_t kept_apart;          /* compared, .5 or above, not joined */
    struct agreement_rates best; /* of a perfect scorer of the compared pairs */
};

struct judge_cluster { /* with wrong pairs in it; or a true one in pieces */
    struct slice name;
    int64_t size, wrong; /* wrong pairs; for a true cluster: missed pairs */
    int64_t parts;       /* true clusters in it, 0 unknown; for a true one: pieces found */
    struct slice ids[JUDGE_NAMES];
    int n_ids;
};

struct judge_missed {     /* missed pairs that differ in the same columns */
    struct slice differs; /* column names with commas; "" none */
    struct slice missing; /* those that half of the pairs or more lack in one record */
    int64_t n;
    struct slice a, b; /* one of them */
};

struct judge_difference { /* a pair that one of two results joins */
    struct slice a, b;
    int right; /* 1 true, 0 false, -1 unknown */
};

struct judge_comparison {
    struct evaluation other;                     /* against the truth, when there is one */
    int64_t pairs_here, pairs_there, pairs_both; /* joined, among the records of both */
    int64_t right_here, right_there;             /* of those only here, only there */
    int64_t same, split, merged, mixed; /* clusters of the one result, as the other has them */
    int64_t only_here_records, only_there_records;
    struct judge_difference here[JUDGE_SHOWN], there[JUDGE_SHOWN]; /* joined only here, there */
    int n_here, n_there;
};

struct judge_note { /* a row that could not be used */
    struct slice id;
    int64_t line;
};

struct judgement {
    int has_truth, has_pairs, has_other;
    struct evaluation e;
    int64_t unknown;  /* truth rows whose id the result does not have */
    int64_t unjudged; /* result rows whose id the truth does not have */
    int64_t repeated; /* truth rows that say again what another says */
    struct judge_note unknown_first[5], unjudged_first[5];
    char id[64], cluster[64], truth[130]; /* the columns that were used */
    struct judge_threshold thresholds[JUDGE_THRESHOLDS];
    int64_t foreign_pairs; /* rows of `pairs` whose ids the result does not have */
    struct judge_blocking blocking;
    struct judge_cluster worst[JUDGE_SHOWN], torn[JUDGE_SHOWN];
    int n_worst, n_torn;
    struct judge_missed missed[JUDGE_SHOWN];
    int n_missed;
    int64_t missed_looked_at, missed_groups;
    struct judge_comparison comparison;
    struct arena texts;
};

/* ERR_DATA: an id twice in a result, a truth that contradicts itself (both with their lines), no id
 * in common. *ret is set in any case: judgement_done. */
int judge(struct judge_files *files, const struct judge_columns *columns, struct judgement *ret,
          struct error *err);
void judgement_done(struct judgement *j);

/* The figures as rows: measure, value. */
int judgement_rows(const struct judgement *j, struct stream **ret, struct error *err);
/* All of it for 80 columns, and as an object (NULL: out of memory). */
int judgement_text(const struct judgement *j, struct buffer *out);
json_t *judgement_json(const struct judgement *j);

#endif
