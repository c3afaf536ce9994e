/* dedupe: rows of any columns → the same rows in the same order with the customer each belongs to,
 * with no configuration: what the columns mean is found from their names and contents, and the
 * match model is trained on the rows themselves. */
#ifndef SLUICE_PIPELINES_DEDUPE_H
#define SLUICE_PIPELINES_DEDUPE_H

#include "core/stream.h"
#include "transform/match/match.h"

struct dedupe_as { /* --as column=meaning, --id column */
    struct slice column;
    enum meaning meaning;
};

struct dedupe_options {
    const struct dedupe_as *as;
    int n_as;
    const struct match_rules *rules; /* NULL: defaults */
    enum match_effort effort;
    const struct match_model *model; /* NULL: trained */
    int64_t memory;                  /* bytes that may be held; 0: most of what there is */
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
    char warnings[8][200];
    int n_warnings;
    struct arena arena; /* the caller's to end */
};

/* Takes `rows` over, also on failure; all of them are held in memory. */
int dedupe_rows(struct stream *rows, const struct dedupe_options *options,
                struct dedupe_report *ret_report, struct stream **ret, struct error *err);

#endif
