/* A Delta table as it was at an earlier version, by a new commit: files that came since are removed
 * and those that went are added again; no data file is touched, and all versions between can still
 * be read. What applications committed since counts as not committed, so that they may do it
 * again. */
#ifndef SLUICE_CONNECTORS_DELTA_TABLE_RESTORE_H
#define SLUICE_CONNECTORS_DELTA_TABLE_RESTORE_H

#include "core/error.h"
#include "core/slice.h"

#include <stdint.h>

/* Before the table's first commit: restored to that, it has no rows. */
enum { RESTORE_EMPTY = -1 };

/* *ret_version (may be NULL): the table's version after it; with nothing to change, no commit.
 * ERR_INPUT when a file of that version has been vacuumed, or the table never had the version;
 * ERR_CONFIG for a plain table. */
int table_restore(const char *folder, int64_t version, int64_t *ret_version, struct error *err);

/* Calls fn for each application that committed after `version`, with its newest transaction; stops
 * when fn returns other than 0, and returns that. */
int table_commits_since(const char *folder, int64_t version,
                        int (*fn)(void *arg, struct slice app, int64_t app_version), void *arg,
                        struct error *err);

#endif
