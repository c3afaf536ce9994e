/* Parquet files (apache/parquet-format), written and read. The writer: one row group per up to 1 Mi
 * rows or 128 MiB raw, dictionary then plain, zstd level 3, V1 data pages, statistics, page index,
 * strict lists; a structural subset of what every reader takes. Row groups are encoded column by
 * column on the pool; at most one row group is held. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_H

#include "connectors/format.h"

struct parquet_writer;

/* Minimum and maximum of a column over the file, for a table's log; as text by value_text; cut to
 * 32 characters with the maximum rounded up, or absent. */
struct parquet_column_stats {
    int64_t null_count;
    int has_bounds;
    char min[72], max[72];
};

struct parquet_options {
    const char *compression; /* NULL: zstd */
    int64_t row_group_rows;  /* 0: 1 Mi */
    struct pool *pool;
    const struct slice *bloom; /* columns to get a bloom filter */
    int n_bloom;
    int shared;   /* file mode 0666 & ~umask */
    int unsynced; /* the caller syncs the file */
};

/* Opens `path` through core/file.h: invisible until finish. */
int parquet_writer_open(const char *path, const struct schema *schema,
                        const struct parquet_options *options, struct parquet_writer **ret,
                        struct error *err);
/* Does not take the batch over. */
int parquet_writer_write(struct parquet_writer *w, const struct batch *b, struct error *err);
/* Publishes the file. `ret_stats` (schema->n_fields of them), `ret_rows`, `ret_bytes` may be NULL.
 */
int parquet_writer_finish(struct parquet_writer *w, struct parquet_column_stats *ret_stats,
                          int64_t *ret_rows, int64_t *ret_bytes, struct error *err);
void parquet_writer_free(struct parquet_writer *w);

extern const struct format parquet_format;

#endif
