/* Rows that a run tells once: the run's number beside them, and without those told before. */
#ifndef SLUICE_PIPELINES_RUN_COLUMN_H
#define SLUICE_PIPELINES_RUN_COLUMN_H

#include "core/stream.h"

#include <stdint.h>

/* Puts a column `run` behind the others. Takes `from` over, also on failure. */
int run_column(struct stream *from, int64_t run, struct stream **ret, struct error *err);

/* Only rejects that `before` (rejects of earlier runs; read whole and closed; NULL: none) does not
 * have: one is known by all its columns but `at`, as the same row is met among newer ones every
 * night. As many as come more often than before are kept. Takes `from` over, also on failure. */
int rejects_unmet(struct stream *from, struct stream *before, struct stream **ret,
                  struct error *err);

#endif
