/* dedupe: rows of any columns → the same rows in the same order with the customer each belongs to,
 * with no configuration: what the columns mean is found from their names and contents, and the
 * match model is trained on the rows themselves. */
#ifndef SLUICE_PIPELINES_DEDUPE_H
#define SLUICE_PIPELINES_DEDUPE_H

#include "core/stream.h"
#include "pipelines/witness.h"
#include "transform/match/plan.h"

struct dedupe_as { /* --as column=meaning, --id column */
    struct slice column;
    enum meaning meaning;
};

struct dedupe_options {
    const struct dedupe_as *as;
    int n_as;
    const struct match_rules *rules; /* NULL: defaults */
    enum match_effort effort;
    enum one_to_one one_to_one;
    const struct match_model *model;     /* NULL: trained */
    const struct match_witness *witness; /* or NULL */
    int64_t memory;                      /* bytes that may be held; 0: most of what there is */
    struct pool *pool;
    struct progress *progress;
};

struct dedupe_column {
    struct slice name;
    enum meaning meaning;
    const char *why;
};

struct dedupe_report {
    struct dedupe_column *columns; /* all of the input's, in order; in the arena */
    int n_columns;
    int64_t rows, customers, candidates, largest;
    const char
        *clean; /* the sources of which a customer has at most one row: "'a' and 'b'"; NULL */
    char warnings[MATCH_WARNINGS][200];
    int n_warnings;
    struct arena arena; /* the caller's to end */
};

/* Takes `rows` over, also on failure; all of them are held in memory. */
int dedupe_rows(struct stream *rows, const struct dedupe_options *options,
                struct dedupe_report *ret_report, struct stream **ret, struct error *err);
/* The plan instead of the rows: which pairs would be compared. Takes `rows` over. */
int dedupe_plan(struct stream *rows, const struct dedupe_options *options,
                struct dedupe_report *ret_report, struct match_plan *ret, struct error *err);

/* What rows are made into before they are matched; valid while `fn` runs. */
struct dedupe_view {
    const struct match_table *table;
    const struct match_column *key; /* names each row: row i has code i; NULL: no column does */
};

/* Readies rows as dedupe_rows does and, in place of matching them, shows them to `fn`. */
int dedupe_look(struct stream *rows, const struct dedupe_options *options,
                int (*fn)(void *arg, const struct dedupe_view *view, struct error *err), void *arg,
                struct dedupe_report *ret_report, struct error *err);

#endif
