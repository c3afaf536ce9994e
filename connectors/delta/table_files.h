/* Data files of a table as rows of the table: partition values, columns that came later and types
 * that grew are put in. */
#ifndef SLUICE_CONNECTORS_DELTA_TABLE_FILES_H
#define SLUICE_CONNECTORS_DELTA_TABLE_FILES_H

#include "connectors/delta/deletion_vector.h"
#include "connectors/delta/log.h"
#include "connectors/format.h"
#include "core/pool.h"
#include "core/stream.h"

/* A file and its partition values. Plain data; all borrowed. */
struct table_file {
    const char *path;
    const struct slice *partition; /* names */
    const struct slice *values;    /* ptr NULL: null */
    int n_partition;
    /* Of a log's file: the columns' names in the table where the file has others, as many as the
     * schema's and in its order; and the rows that are deleted. The stream takes the vector. */
    struct schema *names; /* NULL: as they are */
    struct deletion_vector *vector;
    const struct schema *by_id; /* all of the table's columns, when files tell them by number */
};

/* Rows of the file with the columns of `schema`. The partition values must outlive the
 * stream. */
int table_file_open(const struct table_file *file, const struct schema *schema, struct pool *pool,
                    struct stream **ret, struct error *err);
/* The same for a file of a log, by its number; the log must outlive the stream. */
int table_log_file_open(const struct log_state *log, int number, const struct schema *schema,
                        struct pool *pool, struct stream **ret, struct error *err);

/* The same with a filter that rows may be left out by: options->pool, where and ret_skipped count.
 */
int table_file_read(const struct table_file *file, const struct schema *schema,
                    const struct read_options *options, struct stream **ret, struct error *err);
int table_log_file_read(const struct log_state *log, int number, const struct schema *schema,
                        const struct read_options *options, struct stream **ret, struct error *err);

/* The files of a plain table: those in `folder` and in folders "name=value" below it whose name
 * ends in .parquet, in order of their paths; nothing that begins with '_' or '.'. */
struct plain_files {
    struct table_file *files;
    int n_files;
    struct arena arena;
};
/* ERR_DATA when the files' folders do not name the same partition columns. */
int plain_files_find(const char *folder, struct plain_files *ret, struct error *err);
void plain_files_done(struct plain_files *p);

#endif
