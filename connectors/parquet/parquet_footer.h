/* The end of a Parquet file as it is written: page indexes and FileMetaData. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_FOOTER_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_FOOTER_H

#include "connectors/parquet/parquet_column.h"
#include "core/file.h"

struct parquet_group {
    int64_t n_rows;
    struct parquet_chunk *chunks; /* one per leaf */
    struct parquet_group *next;
};

struct parquet_footer {
    const struct schema *schema;
    const struct parquet_group *groups;
    int n_groups, n_leaves;
    int64_t n_rows;
};

/* Writes page indexes, footer, its length and the magic. */
int parquet_footer_write(const struct parquet_footer *f, struct file_out *file, struct error *err);

#endif
