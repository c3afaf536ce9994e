/* A job: one batch of a source's rows made canonical, on any thread, with its own rejects and
 * totals. Jobs share nothing but the plan. */
#ifndef SLUICE_TRANSFORM_MAP_JOB_H
#define SLUICE_TRANSFORM_MAP_JOB_H

#include "core/reject.h"
#include "core/totals.h"
#include "transform/map/plan.h"

/* What became of a row that map made, once all rows with its key are known. */
enum verdict { VERDICT_STAYS, VERDICT_DUPLICATE, VERDICT_CONFLICT };

struct job {
    const struct plan *plan;
    struct batch *in;        /* the job's; freed by job_run */
    struct batch *out;       /* canonical rows */
    struct batch *places;    /* __file … __raw of them */
    uint64_t *content;       /* a hash of each one's content */
    unsigned char *verdicts; /* of each; NULL while all stay */
    struct rejects *rejects;
    struct totals totals;
    int code; /* 0, or what job_run failed with */
    struct error err;
};

/* Takes the batch over, also on failure. NULL when out of memory. */
struct job *job_new(const struct plan *plan, struct batch *in);
void job_free(struct job *j);
void job_run(void *job); /* sets code */

/* Marks a row; the totals follow. 0 or ERR_MEMORY. */
int job_judge(struct job *j, int64_t row, enum verdict verdict);
/* Adds the conflicting rows to the rejects, in order. 0 or ERR_MEMORY. */
int job_reject_conflicts(struct job *j);
/* The rows that stay, taken out of the job; NULL when none do. */
int job_take(struct job *j, struct batch **ret, struct error *err);

#endif
