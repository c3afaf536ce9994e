/* The rows of one row group, batch by batch. With a filter, the columns that it looks at are read
 * first; of the others only what lies between the first and the last row that passes in a batch,
 * and nothing where none does (late materialisation: Abadi et al., "Materialization Strategies in a
 * Column-Oriented DBMS", 2007). Then only rows that pass come out. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_GROUP_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_GROUP_H

#include "connectors/parquet/parquet_skip.h"

/* The file being read; groups share it, on any thread. */
struct parquet_file {
    struct parquet_source bytes;
    struct arena arena;
    struct parquet_meta meta;
    struct parquet_tree tree;
    int *wanted; /* per top field: the column it becomes, or -1 */
};

/* Some of the columns, read together. */
struct parquet_part {
    struct schema *schema; /* of them; NULL: there are none */
    int *field, *column;   /* of each: the file's top field, and its place among all columns */
};

/* How a file's columns are read: the filter's first, then the others. Without a filter, or with one
 * that the file's columns alone cannot answer, all are the others. */
struct parquet_parts {
    const struct expression *filter; /* NULL: none */
    struct parquet_part looked_at, others;
    struct schema *schema; /* of all; borrowed */
};

int parquet_parts_make(struct parquet_parts *p, const struct parquet_file *file,
                       struct schema *schema, const struct expression *where, struct arena *a,
                       struct error *err);
void parquet_parts_done(struct parquet_parts *p);

struct parquet_group {
    const struct parquet_file *file;
    const struct parquet_parts *parts;
    struct read_options options;         /* ret_skipped is ours */
    struct pool *pool;                   /* columns side by side; NULL: one after the other */
    struct parquet_leaf_reader *readers; /* one per leaf */
    int64_t *at;                         /* per top field: the row its readers are at */
    struct parquet_skip skip;            /* which rows are read */
    struct arena arena;
    int keep;       /* the range of them that is being read */
    int64_t n_rows; /* of the group */
    int64_t row;    /* where the next batch begins */
    int64_t batch_rows;
    int64_t rows_in;             /* rows seen so far, those that were skipped too */
    struct read_skipped skipped; /* likewise */
};

/* Everything is borrowed and must outlive the group. One that is set up can be started many times,
 * on one file. */
int parquet_group_init(struct parquet_group *g, const struct parquet_file *file,
                       const struct parquet_parts *parts, const struct read_options *options,
                       struct error *err);
void parquet_group_done(struct parquet_group *g);
int parquet_group_start(struct parquet_group *g, int number, struct error *err);
/* 1 and a batch, from row *ret_row of the group on when no filter is in use; 0 at the end. */
int parquet_group_next(struct parquet_group *g, struct batch **ret, int64_t *ret_row,
                       struct error *err);

/* Bytes of a group's wanted columns, as the file says. */
int64_t parquet_group_bytes(const struct parquet_file *file, int number);

#endif
