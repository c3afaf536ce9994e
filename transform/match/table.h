/* Tables for matching, built from batches: canonical records by their field names, or any string
 * columns with their meanings. Every distinct value is copied once; batches may go afterwards.
 * Records are numbered in the order of the batches. */
#ifndef SLUICE_TRANSFORM_MATCH_TABLE_H
#define SLUICE_TRANSFORM_MATCH_TABLE_H

#include "core/batch.h"
#include "transform/match/match.h"

/* Columns are found by canonical name (schemas/canonical.h); ids become one column a name,
 * "ids.NAME"; other columns are there for rules alone. `region`: where numbers without a country
 * are from; canonical phones carry theirs. */
int match_table_from_records(struct batch *const *batches, int n_batches, struct slice region,
                             struct match_table *ret, struct error *err);

struct table_column {
    int field; /* of the batches' schema: utf8, dictionary, a list of them, or any flat type */
    enum meaning meaning;
};
int match_table_from_columns(struct batch *const *batches, int n_batches,
                             const struct table_column *columns, int n_columns,
                             struct match_table *ret, struct error *err);

void match_table_done(struct match_table *t); /* {0} is fine */

#endif
