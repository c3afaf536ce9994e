/* What of a row group need not be read, as no row of it can pass a filter: by the chunks'
 * statistics, bloom filters, and page indexes (PageIndex.md, BloomFilter.md). */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_SKIP_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_SKIP_H

#include "connectors/parquet/parquet_assemble.h"

/* Where the data pages of a chunk are. */
struct parquet_page_places {
    int64_t *at, *first_row; /* n of them, in order; NULL: not known */
    int n;
};

struct parquet_rows {
    int64_t from, end;
};

/* Of one row group. Memory is the arena's. */
struct parquet_skip {
    struct parquet_rows *keep; /* in order, apart; none: the group is skipped */
    int n_keep;
    struct parquet_page_places *places; /* per leaf */
};

/* The rows to be read of a group: all, when there is no filter. `wanted` as in columns.h says which
 * top fields are read; skipped pages are counted for those. */
int parquet_skip_plan(const struct parquet_source *source, const struct parquet_tree *tree,
                      const struct parquet_group_meta *g, const struct read_options *options,
                      const int *wanted, struct arena *a, struct parquet_skip *ret,
                      struct error *err);

/* Takes a leaf's reader from row `from` of its group, where it is, to row `to`. */
int parquet_skip_to(struct parquet_leaf_reader *r, const struct parquet_page_places *places,
                    int64_t n_rows, int64_t from, int64_t to, struct error *err);

#endif
