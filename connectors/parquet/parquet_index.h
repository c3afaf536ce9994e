/* Page indexes and bloom filters of a column chunk, as they are read: PageIndex.md, BloomFilter.md.
 * What is damaged or missing is not known; nothing here fails but for memory and the file. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_INDEX_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_INDEX_H

#include "connectors/parquet/parquet_skip.h"
#include "schemas/expression_range.h"

/* Where the pages are; ret->at NULL when that is not known. */
int parquet_places_read(const struct parquet_source *source, const struct parquet_chunk_meta *c,
                        int64_t n_rows, struct arena *a, struct parquet_page_places *ret,
                        struct error *err);
/* The range of each of the pages in `places`; *ret NULL when not known. */
int parquet_page_ranges(const struct parquet_source *source, const struct parquet_node *leaf,
                        const struct parquet_chunk_meta *c, int64_t n_rows,
                        const struct parquet_page_places *places, struct arena *a,
                        struct expression_range **ret, struct error *err);
/* The range of a whole chunk. 0 or ERR_MEMORY. */
int parquet_chunk_range(const struct parquet_node *leaf, const struct parquet_chunk_meta *c,
                        int64_t n_rows, struct arena *a, struct expression_range *ret);
/* Is the value in none of the chunk's rows, by its bloom filter? */
int parquet_bloom_absent(const struct parquet_source *source, const struct parquet_node *leaf,
                         const struct parquet_chunk_meta *c, const struct value *v);

#endif
