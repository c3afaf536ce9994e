/* Compared pairs as rows: id_l, id_r, match_weight in bits (null: certain, by a rule),
 * match_probability; in order of the records. What `eval --pairs` reads. */
#ifndef SLUICE_PIPELINES_SCORED_PAIRS_H
#define SLUICE_PIPELINES_SCORED_PAIRS_H

#include "core/stream.h"
#include "pipelines/witness.h"

/* A stream of those of at least a probability, over m->evidence, made batch by batch; what `m`
 * borrows must outlive it. */
int scored_pairs(const struct matched *m, double least, struct stream **ret, struct error *err);

#endif
