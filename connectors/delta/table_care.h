/* Care of Delta tables: small files into few, and files that nothing needs any more deleted.
 * Neither changes a row; both may be killed anywhere, and run beside writers. */
#ifndef SLUICE_CONNECTORS_DELTA_TABLE_CARE_H
#define SLUICE_CONNECTORS_DELTA_TABLE_CARE_H

#include "core/pool.h"
#include "core/slice.h"

struct error;

enum vacuum_act { VACUUM_LOOK, VACUUM_DELETE };

struct vacuum_options {
    enum vacuum_act act;
    int64_t
        retain; /* ms; -1: what the table says (delta.deletedFileRetentionDuration), or a week */
    void (*each)(void *arg, const char *path, int64_t bytes); /* of what goes; may be NULL */
    void *arg;
};

struct vacuum_done {
    int64_t retain;                 /* ms that were kept */
    int64_t files, bytes;           /* data files that go, or went */
    int64_t temporaries;            /* leftovers of killed writers */
    int64_t kept_files;             /* data files that stay */
    int64_t first_version, version; /* versions that can still be read */
};

/* A file goes when it is older than `retain` and no version of that time has it. Leftovers of
 * killed writers (".TABLE.tmp-PID-N", ".NAME.tmp-PID-N") go when they are a day old, or as old as
 * `retain`, and no process of that id runs here. ERR_CONFIG for a plain table. */
int table_vacuum(const char *folder, const struct vacuum_options *options, struct vacuum_done *ret,
                 struct error *err);

struct optimize_options {
    enum optimize_act { OPTIMIZE_LOOK, OPTIMIZE_WRITE } act;
    int64_t target;           /* bytes of a file; 0: 128 MiB */
    const struct slice *sort; /* columns to sort by; none: rows stay in their order */
    int n_sort;
    struct pool *pool;
    int64_t memory;
};

struct optimize_done {
    int64_t partitions; /* that are written again */
    int64_t before, after, bytes_before, bytes_after;
    int64_t version; /* of the table */
};

/* Files of less than half of `target` become one per target's bytes, partition by partition, when
 * there are two of them at least; one commit of dataChange false. With nothing to do, no commit.
 * A writer that removes one of the files meanwhile makes it begin again; ERR_BUSY after some
 * tries. */
int table_optimize(const char *folder, const struct optimize_options *options,
                   struct optimize_done *ret, struct error *err);

#endif
