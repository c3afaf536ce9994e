/* The match engine: records to customers, without labels (see matching-recipe in the design).
 * Stages, one file each: encode, candidates, compare, train, score, cluster, identify. */
#ifndef SLUICE_TRANSFORM_MATCH_MATCH_H
#define SLUICE_TRANSFORM_MATCH_MATCH_H

#include "core/batch.h"
#include "core/dict.h"
#include "core/pool.h"
#include "core/progress.h"
#include "schemas/meaning.h"
#include "schemas/project.h"
#include "transform/match/account.h"

#define MATCH_MISSING UINT32_MAX

/* Room for one line of every kind, and for one of every blocking rule: none crowds another out. */
enum { MATCH_WARNINGS = 64 };

/* One column over all records: codes into `values` (MATCH_MISSING where empty). A list column
 * (several e-mails) has offsets (n + 1); else offsets is NULL and record i has codes[i]. */
struct match_column {
    struct slice name;
    enum meaning meaning;
    struct dict values;
    uint32_t *offsets;
    uint32_t *codes;
};

struct match_table {
    uint32_t n; /* records */
    struct match_column *columns;
    int n_columns;
    uint32_t *source;     /* per record a small source number, or NULL */
    const uint64_t *tie;  /* per record a hash of its own id, for an order among equal ones that
                             no order of arrival changes; NULL: their index */
    const uint8_t *clean; /* by source number: it is known to hold nobody twice; NULL: not known */
    /* the total order of records: (source, key) rank; NULL: their index */
    const uint32_t *order;
    /* the rows themselves, for a Splink model, which compares values as they were written; else
     * none */
    struct batch *const *batches;
    int n_batches;
};

enum match_effort { MATCH_FULL, MATCH_LOW };

/* What a person said of two records (indexes of the table). */
struct match_label {
    uint32_t a, b;
    int same;
};
struct match_labels {
    const struct match_label *list;
    size_t n;
    double weight; /* how many pairs each counts for in training; 0: 1 */
};

/* A person's decision about two records: +1 they are one customer, -1 they are not. */
struct match_decision {
    uint32_t a, b;
    int says;
};

struct match_options {
    const struct match_rules *rules; /* certain, never, threshold, review; NULL: defaults */
    enum match_effort effort;
    enum one_to_one one_to_one; /* AUTO looks only where a model is trained */
    struct pool *pool;
    struct progress *progress;
    const struct match_model *model;        /* NULL: train */
    const struct match_labels *labels;      /* to train with; NULL: none */
    struct match_evidence *evidence;        /* filled when it is not NULL; see evidence.h */
    const struct match_decision *decisions; /* kept whatever the scores say; of two that contradict
                                               each other, the one that parts */
    size_t n_decisions;
    uint64_t memory;       /* bytes this process may hold; 0: most of what there is */
    const char *temporary; /* folder for what does not fit; NULL: $TMPDIR, else /tmp */
};

struct match_pair { /* of records a < b */
    uint32_t a, b;
    int32_t weight; /* log-odds of being the same person, 1/1024 bit */
};

/* A link that two groups of one cluster hung by; see bridges.h. */
enum match_bridge_kind { BRIDGE_BY_RULE, BRIDGE_WEAK, BRIDGE_LOOSE };
struct match_bridge {
    uint32_t a, b;  /* the records that it links */
    int32_t weight; /* of their pair by itself, whatever a rule says */
    enum match_bridge_kind kind;
    int cut;              /* 1: the groups are customers of their own now; 0: left as they are */
    uint32_t n_a, n_b;    /* records of a's group, and of b's */
    int64_t pairs, agree; /* between the two groups; those above the threshold */
};

struct match_result {
    uint32_t *cluster;  /* per record: the smallest record index of its cluster */
    float *probability; /* per record: logistic of its linkage score to the rest; 1 alone */
    struct match_pair
        *review; /* pairs whose probability is within rules->review, by falling weight */
    size_t n_review;
    struct match_model *model;    /* trained or given; the caller's */
    struct match_bridge *bridges; /* the cut ones first, then the largest */
    size_t n_bridges;
    int64_t n_candidates;
    struct match_account account; /* of the search for them */
    uint8_t *clean;     /* by source number: a cluster has at most one record of it; NULL: none */
    uint32_t n_sources; /* of clean */
    char warnings[MATCH_WARNINGS][200]; /* what could not be learned, what was capped */
    int n_warnings;
};

int match_records(const struct match_table *t, const struct match_options *options,
                  struct match_result *ret, struct error *err);
void match_result_done(struct match_result *r);

/* Models: JSON, written beside the project; deterministic bytes. */
struct match_model;
int match_model_read(const char *path, struct match_model **ret, struct error *err);
int match_model_write(const struct match_model *m, const char *path, struct error *err);
void match_model_free(struct match_model *m);
void match_model_digest(const struct match_model *m, char ret_hex[65]);

#endif
