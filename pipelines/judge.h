/* Judging a result against a truth: two files of rows, joined by the row's own id. */
#ifndef SLUICE_PIPELINES_JUDGE_H
#define SLUICE_PIPELINES_JUDGE_H

#include "core/stream.h"
#include "transform/match/evaluate.h"

/* The columns to use; "" finds them: the id is a column that both files have (or the first that is
 * no result of ours), the cluster `customer_id`, `cluster_id` or the one other column; a truth of
 * two columns whose values are both row ids holds pairs. */
struct judge_columns {
    struct slice id, cluster, truth_id, truth_cluster;
};

struct judgement {
    struct evaluation e;
    int64_t unknown;                      /* truth rows whose id the result does not have */
    int64_t unjudged;                     /* result rows whose id the truth does not have */
    char id[64], cluster[64], truth[130]; /* the columns that were used */
};

/* Takes both streams over, also on failure. ERR_DATA: an id twice in the result, no id in common.
 */
int judge(struct stream *result, struct stream *truth, const struct judge_columns *columns,
          struct judgement *ret, struct error *err);

/* The figures as rows: measure, value. */
int judgement_rows(const struct judgement *j, struct stream **ret, struct error *err);

#endif
