/* The main job: pull, map, match, merge, write, one after another, each leaving a staged result.
 *
 * Results are staged in the project's .sluice/stage/LAKE-KEY/, KEY being a digest of what they
 * follow from: the project file, what has landed, the number of the run, sluice itself. What is
 * done stands in note.json, written after the results, so what it names is done, and a run after a
 * crash goes on from the first step that is not. Tables are committed one by one, each once a run
 * (the run's number stands in the table's log); the row of the `run` table comes last and names the
 * versions that belong together: that is when the run has happened. One run per lake at a time. */
#ifndef SLUICE_PIPELINES_RUN_H
#define SLUICE_PIPELINES_RUN_H

#include "pipelines/steps.h"

enum run_step { RUN_PULL, RUN_MAP, RUN_MATCH, RUN_MERGE, RUN_WRITE, RUN_STEPS };
const char *run_step_name(enum run_step step);
int run_step_parse(const char *name, enum run_step *ret, struct error *err);

struct run_options {
    const struct project *project;
    struct pool *pool;
    struct progress *progress;
    enum run_step start, stop;
    enum match_effort effort;
    int64_t as_of;     /* AS_OF_NONE: the newest business time in the records */
    int64_t memory;    /* for sorting before a table is written; 0: the default */
    const char *stats; /* a file for the totals of every step, as JSON; NULL: none */
    void (*say)(void *arg, const char *text); /* a line for the user; NULL: nothing */
    void *say_arg;
};

/* 0 also when there was nothing to do, and it was said. */
int run_project(const struct run_options *options, struct error *err);
/* Says what would be read and written; touches nothing. */
int run_plan(const struct run_options *options, struct error *err);

#endif
