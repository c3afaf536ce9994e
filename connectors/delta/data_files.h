/* Data files: rows of a table to Parquet files, one partition after another, the partition columns
 * left out. Files are written in a folder of their own, and get their names in
 * the table once they are wanted: part-00000-HASH.parquet, the hash over the file's bytes and what
 * the caller salts it with, so that the same rows have the same names and no file is ever written
 * over. A name, once given, is not taken back: another writer of the same rows may have committed
 * it. */
#ifndef SLUICE_CONNECTORS_DELTA_DATA_FILES_H
#define SLUICE_CONNECTORS_DELTA_DATA_FILES_H

#include "core/pool.h"
#include "core/stream.h"

struct data_file {
    struct slice *values; /* of the partition columns; ptr NULL: null */
    char *temporary;      /* where it was written */
    char *folder;         /* "source=a/month=2026-03", or "" */
    char *path;           /* relative to the table's folder, once placed */
    char digest[65];
    int64_t rows, bytes;
    char *stats; /* JSON for `add` */
    int number;
};

struct data_files {
    struct schema *schema; /* the table's */
    struct schema *stored; /* without the partition columns */
    const int *partition;  /* columns of `schema` */
    int n_partition;
    int *keep;
    const char *temporary; /* folder, must exist */
    struct pool *pool;
    struct data_file *files;
    int n_files, cap_files, started; /* started: temporaries ever named */
    struct parquet_writer *open;
    struct data_file next; /* the open one */
    int64_t open_rows, open_bytes;
    int64_t file_rows; /* a file ends after so many; 0: of the usual size */
    struct buffer key; /* of the open one's partition */
    struct arena arena;
};

/* All borrowed. */
int data_files_init(struct data_files *d, const struct schema *schema, const int *partition,
                    int n_partition, const char *temporary, struct pool *pool, struct error *err);
void data_files_done(struct data_files *d);  /* removes the temporaries */
void data_files_reset(struct data_files *d); /* the same, and ready for other rows */

/* The rows of one partition; takes the batch over, also on failure. Another partition than the last
 * one's begins a file. */
int data_files_write(struct data_files *d, struct batch *b, struct error *err);
/* Ends the last file. With `at_least_one`, a table of no rows has a file of none. */
int data_files_finish(struct data_files *d, struct error *err);
int data_files_empty(struct data_files *d, struct error *err);

/* Gives a file its name in the table's folder, which must exist. With the salt of an earlier try
 * that must not be repeated, another name. */
int data_file_place(struct data_file *f, const char *table, struct slice salt, struct error *err);
/* Syncs the placed files and the folders that lead to them, several at a time: before a commit. */
int data_files_sync(struct data_files *d, const char *table, struct error *err);

#endif
