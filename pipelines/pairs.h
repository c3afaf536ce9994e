/* The pairs that a match compared, as rows: id_l, id_r, match_probability, match_weight (bits). */
#ifndef SLUICE_PIPELINES_PAIRS_H
#define SLUICE_PIPELINES_PAIRS_H

#include "core/stream.h"
#include "pipelines/witness.h"

/* Those of at least the probability, by falling weight. `m` has evidence; the rows are copies. */
int pairs_rows(const struct matched *m, double least, struct stream **ret, struct error *err);

#endif
