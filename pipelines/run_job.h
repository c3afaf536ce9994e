/* A run at work, and the steps that each do their part of it. Internal to run*.c. */
#ifndef SLUICE_PIPELINES_RUN_JOB_H
#define SLUICE_PIPELINES_RUN_JOB_H

#include "pipelines/lake.h"
#include "pipelines/run.h"
#include "pipelines/stage.h"

struct run {
    const struct run_options *o;
    const struct project *project;
    struct arena arena;
    struct run_row last, now;
    struct stage stage;
    struct steps steps;
    const char *previous;     /* the table that says who was who: customer_xref */
    int64_t previous_version; /* that the last run left; -1: none */
    int lock;
};

/* A line for the user. */
void run_say(const struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
int64_t run_clock(void); /* the real time, in µs */

/* Each leaves its results and what it found in the stage; the caller marks it done. */
int run_map(struct run *r, struct error *err);
int run_match(struct run *r, struct error *err);
int run_merge(struct run *r, struct error *err);
/* Commits every table, then the row of the run. */
int run_write(struct run *r, struct error *err);
/* The tables that a run writes, 0, 1, …; NULL behind the last. One may come twice. */
const char *run_table(int i);
/* Says which tables would be written. */
int run_write_plan(struct run *r, struct error *err);

#endif
