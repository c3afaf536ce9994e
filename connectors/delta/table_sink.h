/* The sink of a Delta table, as its parts share it: table_write.c opens and fills it, table_plan.c
 * settles its columns, table_publish.c publishes, table_merge.c does what mode merge needs. */
#ifndef SLUICE_CONNECTORS_DELTA_TABLE_SINK_H
#define SLUICE_CONNECTORS_DELTA_TABLE_SINK_H

#include "connectors/delta/conform.h"
#include "connectors/delta/data_files.h"
#include "connectors/delta/log.h"
#include "connectors/delta/sorter.h"
#include "connectors/delta/table.h"
#include "connectors/delta/table_files.h"

struct merge;

/* A computed partition column that the input has too: its values must be what they are made of. */
struct computed {
    enum partition_kind kind;
    int from, column; /* of the input */
};

/* What the table will look like. */
struct table_plan {
    struct schema *schema;   /* its columns, and new ones behind them */
    struct slice *partition; /* names of the partition columns */
    int *partition_columns;
    int n_partition;
    int *order; /* columns to sort by: the partition, then the sort columns */
    int n_order;
    int *key;
    int n_key;
};

struct table_sink {
    struct sink sink;
    char *folder, *temporary; /* temporary: beside the table, for spills and unplaced files */
    const struct table_rules *rules;
    struct table_write_options options;
    struct table_commit *ret;
    struct table_commit done;
    struct log_state *log; /* NULL: a plain table */
    struct table_plan plan;
    struct conformer *conformer;
    struct computed *computed; /* parts that the input has too, to compare; ends in kind 0 */
    struct sorter *sorter;     /* NULL: rows go to files as they come */
    struct merge *merge;       /* NULL: another mode */
    struct data_files files;
    int already;
    const char *going; /* by file of the log: the rows only move out of it, and nothing changes */
    int n_going;
    struct arena arena;
};

static inline int is_delta(const struct table_sink *t)
{
    return t->log != NULL;
}

/* From the input's columns, the rules and the table that is there: plan and conformer. ERR_DATA or
 * ERR_CONFIG when they do not go together. */
int table_plan_make(struct table_sink *t, const struct schema *input, struct error *err);
/* Does the batch of the input agree with the computed parts? */
int table_plan_check(const struct table_sink *t, const struct batch *b, struct error *err);
/* Has a column that the table requires a null? */
int table_plan_required(const struct table_sink *t, const struct batch *b, struct error *err);
/* The metaData action that the plan needs with the table as it is in the log now (none: nothing
 * appended). ERR_DATA when the plan does not go with it. */
int table_plan_metadata(const struct table_sink *t, int64_t now, struct buffer *out,
                        struct error *err);

/* Which live files go, by mode: by index in log->files. */
typedef int removes_fn(const struct table_sink *t, const struct log_file *f, int index);

/* Publishes t->files and the removal of what `removes` (or NULL) says, unless the application's
 * version is in the log already. 1: done; 0: another writer was faster and the log was advanced;
 * negative: failed. */
int table_publish_once(struct table_sink *t, removes_fn *removes, struct error *err);
/* The same, again until it is done. */
int table_publish(struct table_sink *t, removes_fn *removes, struct error *err);
/* Has the application's version been committed? Then t->already is set. */
int table_is_applied(struct table_sink *t);

int table_merge_new(struct table_sink *t, struct merge **ret, struct error *err);
void table_merge_free(struct merge *m);
/* Notes the keys of the batch's rows; the batch goes to t->sorter after. */
int table_merge_note(struct table_sink *t, const struct batch *b, struct error *err);
int table_merge_finish(struct table_sink *t, struct error *err);

/* What a sink holds, but for itself. */
void table_sink_done(struct table_sink *t);
/* t->temporary: beside the table, so that files can be linked into it, and hidden, so that nobody
 * reads them. */
int table_make_temporary(struct table_sink *t, struct error *err);
/* "lake/event" from "lake/event//", malloc'ed. */
char *table_clean_folder(const char *folder);

int plain_check(const char *folder, const struct table_rules *rules, struct error *err);
int plain_finish(struct table_sink *t, struct error *err);

/* Writes the rows of a sorted stream (taken over) into t->files. */
int table_fill(struct table_sink *t, struct stream *rows, struct error *err);

#endif
