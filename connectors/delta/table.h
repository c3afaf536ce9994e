/* Lake tables: a folder of Parquet files, with a Delta log (delta-io/delta PROTOCOL.md) or plain.
 * Reading sees one version; writing publishes in one atomic step at the end (link(2) of the log
 * entry; a plain table's folder is exchanged). */
#ifndef SLUICE_CONNECTORS_DELTA_TABLE_H
#define SLUICE_CONNECTORS_DELTA_TABLE_H

#include "connectors/format.h"
#include "schemas/project.h"

struct table_write_options {
    const struct table_rules *rules; /* format, mode, key, partition, sort */
    struct pool *pool;
    struct slice app; /* Delta txn appId and version: a commit is never applied twice; "" none */
    int64_t app_version;
    int64_t memory; /* bytes before sorting spills; 0: 1 GiB */
};

struct table_commit {
    int64_t version; /* the table's version after it; plain tables 0 */
    int64_t rows, files, bytes;
    int64_t emptied; /* rows whose empty partition value became null, as Delta has it */
    int already;     /* nothing was done: app_version was committed before */
};

/* A sink whose finish is the commit. `ret_commit` (may be NULL) is filled by finish; it, the rules
 * and the pool must outlive the sink. Modes merge and overwrite-partitions need a Delta table
 * (ERR_CONFIG). The same rows and the same table give the same files. */
int table_write(const char *folder, const struct schema *schema,
                const struct table_write_options *options, struct table_commit *ret_commit,
                struct sink **ret, struct error *err);

/* The rows of a table: its newest version, or `version` ≥ 0. Columns are in the order of the
 * table's schema, where a computed partition column (month) stands last; those of a plain table's
 * folders are text, behind the others. ERR_INPUT when there is no table there. */
int table_read(const char *folder, int64_t version, const struct read_options *options,
               struct stream **ret, struct error *err);
/* The newest version that was committed at or before a time (µs). ERR_INPUT: the log begins later.
 */
int table_version_at(const char *folder, int64_t micros, int64_t *ret, struct error *err);
int table_exists(const char *folder);
/* Newest version, or -1. */
int64_t table_version(const char *folder, struct error *err);

#endif
