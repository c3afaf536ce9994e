/* What a run that died left in the lake: tables that stand beyond the last run's row. Internal to
 * run*.c. */
#ifndef SLUICE_PIPELINES_RUN_RECOVER_H
#define SLUICE_PIPELINES_RUN_RECOVER_H

#include "pipelines/run_job.h"

/* Puts the tables back to the versions that the last run names, where a run of another key has
 * committed since; what a dead run of this very key committed is kept, and so is what others wrote
 * (an optimize). Plain tables have no earlier version: they are left. ERR_DATA when tables stand of
 * runs but the `run` table that would name their versions is gone. */
int run_recover(struct run *r, struct error *err);

#endif
