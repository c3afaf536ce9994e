/* Looking things up in the lake: the rows of a table about one customer or one source record. Reads
 * what the conditions leave of the table; rows are few. */
#ifndef SLUICE_PIPELINES_LOOKUP_H
#define SLUICE_PIPELINES_LOOKUP_H

#include "schemas/project.h"

#include "core/rows.h"

/* Rows found, in order, and the batches that hold them. */
struct found {
    struct batch **batches;
    int n_batches;
    struct row_ref *rows;
    size_t n;
};

/* A condition: text column = value. */
struct equals {
    const char *column;
    struct slice value;
};

/* The rows of `table` that meet all conditions, sorted by column `order` (NULL: as they stand).
 * ERR_INPUT when the lake has no such table, ERR_DATA when the table has no such column. */
int lookup(const struct project *p, const char *table, const struct equals *conditions, int n,
           const char *order, struct found *ret, struct error *err);
/* In an older version of the table, as the rows stand. */
int lookup_version(const struct project *p, const char *table, int64_t version,
                   const struct equals *conditions, int n, struct found *ret, struct error *err);
void found_done(struct found *f);

/* Column index by name in what was found; -1 when absent or nothing was found. */
int found_column(const struct found *f, const char *name);

/* "billing:4711" into source and key at the first colon: 1 or 0. */
int record_name(struct slice text, struct slice *ret_source, struct slice *ret_key);

#endif
