/* Match tables from canonical records: which fields take part, as what. */
#ifndef SLUICE_TRANSFORM_MATCH_TABLE_H
#define SLUICE_TRANSFORM_MATCH_TABLE_H

#include "core/batch.h"
#include "transform/match/match.h"

/* Record i of the table is row i of the batches, in order; columns are named after the fields.
 * Fields the batches do not have, or never fill, are left out. Dictionaries and codes are the
 * table's. */
int match_table_from_records(struct batch *const *batches, int n_batches, struct match_table *ret,
                             struct error *err);
void match_table_done(struct match_table *t);

#endif
