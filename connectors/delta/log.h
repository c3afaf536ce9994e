/* A Delta log: the state of a table at a version, replayed from its commits, and new commits put
 * behind it (delta-io/delta PROTOCOL.md, reader version 3, writer version 2).
 *
 * A state holds about 400 bytes a live file. A commit is a file that appears by link(2) under the
 * next version's name: one writer wins, the others replay what won and try again. */
#ifndef SLUICE_CONNECTORS_DELTA_LOG_H
#define SLUICE_CONNECTORS_DELTA_LOG_H

#include "core/batch.h"
#include "core/dict.h"

struct log_file {               /* an `add` that lives */
    struct slice uri;           /* as in the log, relative to the table's folder */
    const struct slice *values; /* partition values, in the order of the state's; ptr NULL: null */
    int n_values;
    int64_t size, rows;  /* rows -1: unknown */
    struct slice stats;  /* JSON, or ptr NULL */
    struct slice tags;   /* the same */
    struct slice vector; /* of its deleted rows, JSON, or ptr NULL */
    int live;
    int64_t modified, removed; /* ms; removed: when it died */
};

struct log_state {
    char *folder;          /* of the table */
    int64_t version;       /* -1: there is no table */
    int reader, writer;    /* protocol; 0 before it is known */
    char *writer_features; /* what a writer must know, for a message; NULL */
    char *id;
    char *schema_text;
    struct schema *schema;   /* NULL before there is metadata */
    int *required;           /* by column: may not be null */
    const char *rules;       /* a column whose values only other engines can check, or NULL */
    struct slice *partition; /* columns */
    struct schema *physical; /* the columns as the files name them; NULL: as the table does */
    struct slice *partition_physical; /* the partition columns so; the same when not mapped */
    int mapped, by_id; /* columns have other names in files; and are found by number */
    int n_partition;
    int append_only;
    char *metadata;         /* the action as JSON, to change */
    struct log_file *files; /* dead ones too */
    int n_files, cap_files;
    struct dict uris; /* uri → its last place in files */
    int *last;        /* by code of uris; -1 none */
    struct dict apps;
    int64_t *app_versions; /* by code of apps */
    int64_t *app_times;    /* lastUpdated, ms; -1 none */
    uint32_t cap_uris, cap_apps, cap_times;
    int64_t checkpoint_interval; /* commits between checkpoints */
    int64_t deleted_kept;        /* ms that a removed file is remembered, and kept by a vacuum */
    struct arena arena;
};

/* The state at `version`, or the newest for -1. A folder without a log gives version -1 and 0.
 * ERR_DATA when the log is broken or needs a reader that knows more. */
int log_open(const char *folder, int64_t version, struct log_state **ret, struct error *err);
void log_free(struct log_state *s);
/* Replays commits that have come since; returns how many, or a negative code. */
int log_advance(struct log_state *s, struct error *err);
/* Is there a log, maybe without a commit yet? Its folder is made before a table's first file, so
 * that a Delta table that is half made is not taken for a plain one. */
int log_exists(const char *folder);
/* The newest version by the names in the folder, or -1. */
int log_newest(const char *folder, int64_t *ret, struct error *err);
/* The version in "00000000000000000012SUFFIX", or -1. */
int64_t log_version_of(const char *name, const char *suffix);
int log_has_commit(const char *folder, int64_t version);

/* The version of an application's last transaction, or INT64_MIN. */
int64_t log_app_version(const struct log_state *s, struct slice app);
/* May this writer write to the table? ERR_DATA naming what it would have to know. `removes`: 1 when
 * rows go, which a table may forbid. */
enum log_change { LOG_ADDS, LOG_REMOVES };
int log_check_writer(const struct log_state *s, enum log_change change, struct error *err);

/* Publishes `actions` (lines) as version + 1. 1: it is; 0: another was faster, see log_advance;
 * negative: failed. The state is not advanced. */
int log_publish(const struct log_state *s, struct slice actions, struct error *err);

/* Applies the lines of one commit. For the checkpoint reader and tests. */
int log_apply(struct log_state *s, struct slice lines, const char *path, struct error *err);

/* "FOLDER/_delta_log/00000000000000000012.json", malloc'ed; NULL when out of memory. */
char *log_path(const char *folder, int64_t version, const char *suffix);

#endif
