/* The lake as the main job sees it: its tables by name, the `run` table, the lock. */
#ifndef SLUICE_PIPELINES_LAKE_H
#define SLUICE_PIPELINES_LAKE_H

#include "connectors/delta/table.h"
#include "schemas/project.h"

struct expression;

/* A commit of a run to a table: who commits, so that nothing is committed twice. */
struct lake_commit {
    const char *key; /* of the run */
    int64_t run;
    struct pool *pool;
    int64_t memory;
};

/* Writes a stream (taken over) into a table of the lake, by the rules that the project or sluice
 * has for it. */
int lake_write(const struct project *p, const char *table, struct stream *rows,
               const struct lake_commit *by, struct table_commit *ret, struct error *err);
/* A table's rows at a version (-1: the newest); *ret NULL, and 0, when there is no such table yet.
 */
int lake_read(const struct project *p, const char *table, int64_t version, struct stream **ret,
              struct error *err);
/* The same, less what `where` cannot be true for: rows that it is false for may still come. `where`
 * is bound to the stream's schema here; it and the arena must outlive the stream. */
int lake_read_where(const struct project *p, const char *table, int64_t version,
                    struct expression *where, struct arena *a, struct stream **ret,
                    struct error *err);
/* "lake/TABLE", malloc'ed; NULL when out of memory. */
char *lake_path(const struct project *p, const char *table);

/* Takes the lake for one run: ERR_BUSY when another has it. The lock goes with the descriptor. */
int lake_lock(const struct project *p, int *ret_fd, struct error *err);

/* A row of the `run` table. Strings in the arena. */
struct run_row {
    int64_t run;               /* 1, 2, … */
    struct slice key;          /* digest of project file and landed files */
    int64_t as_of;             /* AS_OF_NONE: unknown */
    int64_t started, finished; /* µs, the real time */
    struct slice model;        /* digest */
    int64_t records, rejects, customers, events, orphans;
    struct slice totals, tables; /* JSON: by step; {"customer": 4, …} */
};

/* The last run; run 0 when there was none. */
int run_last(const struct project *p, struct arena *a, struct run_row *ret, struct error *err);
/* All runs, oldest first: *ret in the arena. */
int run_rows(const struct project *p, struct arena *a, struct run_row **ret, int *ret_n,
             struct error *err);
int run_append(const struct project *p, const struct run_row *row, const struct lake_commit *by,
               struct error *err);

#endif
