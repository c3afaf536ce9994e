/* train: records → a match model, without labels or with a steward's. Labels are judged by training
 * again without a part of them and looking whether the part comes out as it was labelled; where
 * that is no better than without any, they are not used. */
#ifndef SLUICE_PIPELINES_TRAIN_TRAIN_H
#define SLUICE_PIPELINES_TRAIN_TRAIN_H

#include "pipelines/dedupe.h"
#include "pipelines/train/label_file.h"

/* Labels that are enough to judge by; and in how many parts, each judged by a model trained with
 * the others (TRAIN_FOLDS_LARGE above TRAIN_LARGE records). */
enum { TRAIN_JUDGE_LABELS = 40, TRAIN_FOLDS = 5, TRAIN_FOLDS_LARGE = 2, TRAIN_LARGE = 100000 };

struct train_options {
    struct dedupe_options rows;      /* how plain rows are read; effort, pool, progress for all */
    const struct project *project;   /* NULL: none; its rules and its region */
    struct stream *labels;           /* read with places; taken over; NULL: none */
    struct label_options label_file; /* but `ids` */
    double label_weight;             /* 0: 1 */
    /* Called once the labels are read and before anything is trained: may refuse. NULL: goes on. */
    int (*judge_labels)(void *arg, const struct label_list *l, struct error *err);
    void *arg;
};

struct label_rates { /* over the labels */
    int64_t same_right, same, different_wrong, different;
};

struct train_report {
    struct match_model *model;      /* the caller's: match_model_free */
    struct match_model *unlabelled; /* without the labels; NULL where none were used */
    int refused; /* the labels came out no better than none, and `model` was trained without them */
    struct dedupe_report rows; /* columns of plain rows; the arena is the caller's to end */
    int64_t records, customers, candidates;
    struct label_list labels; /* `list` is freed: the counts and columns */
    int folds;                /* 0: too few labels to judge by */
    struct label_rates before, after;
    char warnings[MATCH_WARNINGS][200];
    int n_warnings;
};

/* Are rows of this schema records of the project? `p` may be NULL. */
int train_is_canonical(const struct schema *s, const struct project *p);

/* Takes `records` over, also on failure. Rows with `source` and `key` are canonical records when
 * there is a project, else plain rows as dedupe reads them. ret_report is the caller's to end by
 * train_report_done, on failure too. */
int train_model(struct stream *records, struct train_options *options,
                struct train_report *ret_report, struct error *err);
void train_report_done(struct train_report *r);

#endif
