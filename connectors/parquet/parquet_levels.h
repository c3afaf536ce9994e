/* Rows of a nested column shredded into definition and repetition levels, and which values of the
 * leaf they are (S. Melnik et al., Dremel, VLDB 2010). Every field is optional here: a field adds
 * one definition level when it is there, a list one more when it has elements. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_LEVELS_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_LEVELS_H

#include "connectors/parquet/parquet_format.h"
#include "core/batch.h"

/* Of some rows: `n_slots` levels (def, rep a byte each) and `n_values` rows of `leaf`. */
struct parquet_shreds {
    struct buffer def, rep; /* rep is empty when the leaf is in no list */
    struct buffer rows;     /* int32_t each; empty when the values are first, first + 1, … */
    const struct column *leaf;
    int64_t first, n_slots, n_values;
};

/* Rows first … first + n of the top column; 0 or ERR_MEMORY. Memory is kept from call to call. */
int parquet_shred(const struct parquet_leaf *leaf, const struct field *top_field,
                  const struct column *top, int64_t first, int64_t n, struct parquet_shreds *ret);
void parquet_shreds_done(struct parquet_shreds *s);

#endif
