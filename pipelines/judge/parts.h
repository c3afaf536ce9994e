/* Judging at work: what the parts of judge.h share. Records are numbered in the order of the
 * result's rows. */
#ifndef SLUICE_PIPELINES_JUDGE_PARTS_H
#define SLUICE_PIPELINES_JUDGE_PARTS_H

#include "core/dict.h"
#include "pipelines/judge/judge.h"
#include "pipelines/sheet.h"

struct judging {
    const struct judge_columns *columns;
    struct sheet result, truth, other;
    struct stream *pairs;           /* or NULL */
    struct dict ids;                /* row ids of the result, numbered as records */
    struct dict clusters, entities; /* names of clusters here and there */
    struct buffer found_codes;      /* u32 per record, also `found` */
    struct buffer truth_codes;      /* u32 per record, EVALUATE_SKIP unknown */
    struct buffer truth_rows;       /* u32 per record: which row says it */
    struct buffer true_list;        /* struct true_pair; sorted, each once, a < b */
    int by_pairs;                   /* the truth is true_list, else truth_codes */
    int id, cluster;                /* columns of the result */
    struct judgement *j;
};

static inline const uint32_t *judging_found(const struct judging *g)
{
    return (const uint32_t *)(const void *)g->found_codes.data;
}
static inline const uint32_t *judging_truth(const struct judging *g)
{
    return (const uint32_t *)(const void *)g->truth_codes.data;
}
static inline struct slice judging_id(const struct judging *g, uint32_t record)
{
    return dict_get(&g->ids, record);
}
/* A copy in the judgement's arena; "" when memory is out, which *failed then says. */
struct slice judging_keep(const struct judging *g, struct slice text, int *failed);

/* Is the record judged at all? With pairs as truth all are. */
static inline int judging_judged(const struct judging *g, uint32_t record)
{
    return g->by_pairs || judging_truth(g)[record] != EVALUATE_SKIP;
}
int judging_is_true(const struct judging *g, uint32_t a, uint32_t b);

/* A customer of more records than this has too many pairs to look at one by one. */
enum { JUDGE_ENUMERATED = 5000 };

/* Calls fn for every true pair of judged records, a < b, in a fixed order, until it returns other
 * than 0 (which is returned). O(true pairs); customers over JUDGE_ENUMERATED are left out. */
int judging_each_true(const struct judging *g, int (*fn)(void *arg, uint32_t a, uint32_t b),
                      void *arg);

/* The parts; they fill g->j. */
int judge_pairs(struct judging *g, struct error *err);    /* thresholds and blocking */
int judge_clusters(struct judging *g, struct error *err); /* worst and torn */
int judge_missed_pairs(struct judging *g, struct error *err);
int judge_other(struct judging *g, struct error *err);

/* Finding columns. */
int judge_is_cluster_name(struct slice name);
int judge_find_id(const struct sheet *s, const struct sheet *other, struct slice name, int *ret,
                  struct error *err);
int judge_find_cluster(const struct sheet *s, int id, struct slice name, int *ret,
                       struct error *err);

#endif
