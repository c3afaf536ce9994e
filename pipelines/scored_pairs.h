/* Every compared pair as rows: rec_a, rec_b, weight in bits (null: certain, by a rule),
 * probability; in order of the records. What `eval --pairs` reads. */
#ifndef SLUICE_PIPELINES_SCORED_PAIRS_H
#define SLUICE_PIPELINES_SCORED_PAIRS_H

#include "core/stream.h"
#include "pipelines/witness.h"

/* A stream over m->evidence, made batch by batch; what `m` borrows must outlive it. */
int scored_pairs(const struct matched *m, struct stream **ret, struct error *err);

#endif
