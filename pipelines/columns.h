/* The columns of rows in memory as dictionaries and codes: what meanings are told from and matches
 * are made of. Distinct values are kept once; a cell costs four bytes. */
#ifndef SLUICE_PIPELINES_COLUMNS_H
#define SLUICE_PIPELINES_COLUMNS_H

#include "core/batch.h"
#include "core/pool.h"
#include "schemas/meaning.h"
#include "transform/match/match.h"

struct coded_columns {
    struct match_column *columns; /* in the order of the schema; meanings not set */
    int n_columns;
    uint32_t n; /* rows */
};

/* Codes every column, columns side by side on the pool. Empty text is missing. */
int columns_code(struct batch *const *batches, int n_batches, const struct schema *schema,
                 struct pool *pool, struct coded_columns *ret, struct error *err);
void columns_done(struct coded_columns *c);

/* Looks at a column's distinct values (at most some ten thousand of them, evenly spread). */
void columns_look(const struct coded_columns *c, int column, struct meaning_stats *ret);

#endif
