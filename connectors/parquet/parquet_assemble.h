/* Leaves read back into rows: levels and dense values of so many rows, then columns built from them
 * (the inverse of parquet_levels.h). */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_ASSEMBLE_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_ASSEMBLE_H

#include "connectors/parquet/parquet_pages.h"
#include "core/batch.h"

enum { PARQUET_LEVELS_AHEAD = 1024, PARQUET_LEVELS_LIMIT = 1 << 26 };

struct parquet_leaf_reader {
    struct parquet_pages pages;
    uint8_t ahead_def[PARQUET_LEVELS_AHEAD], ahead_rep[PARQUET_LEVELS_AHEAD];
    int ahead, n_ahead; /* of one page, read and not yet taken */

    struct buffer def, rep; /* of the rows read; rep is empty when the leaf is in no list */
    struct parquet_dense dense;
};

void parquet_leaf_reader_done(struct parquet_leaf_reader *r);
/* The next `n_rows` rows of the chunk. */
int parquet_leaf_read(struct parquet_leaf_reader *r, int64_t n_rows, struct error *err);

/* The column that `node` becomes, from its leaves' readers (readers[i] is leaf i), which have read
 * the same rows; memory is the arena's. */
int parquet_assemble(const struct parquet_node *node, struct parquet_leaf_reader *readers,
                     struct arena *arena, struct column *ret, struct error *err);

#endif
