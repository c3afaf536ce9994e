/* link: two files with columns of their own → who is who across them, with no configuration. What
 * each column means is found as dedupe finds it, and which is which by name, meaning and values. */
#ifndef SLUICE_PIPELINES_LINK_FILES_H
#define SLUICE_PIPELINES_LINK_FILES_H

#include "pipelines/dedupe.h"

enum link_result {
    LINK_PAIRS, /* id_a, id_b, probability: a row of each file in every row */
    LINK_IDS    /* customer_id, match_probability, file (a, b), id: every row of both files */
};

struct link_options {
    const struct dedupe_as *as; /* for columns of either file */
    int n_as;
    struct slice id[2];         /* each file's own id; empty: found, else the row's number from 1 */
    enum one_to_one one_to_one; /* YES but for the files of `duplicates` */
    int duplicates[2];          /* file a, b may hold somebody twice */
    enum link_result result;
    enum match_effort effort;
    struct pool *pool;
    struct progress *progress;
};

struct link_column {
    struct slice name[2]; /* empty: this file has none */
    enum meaning meaning; /* MEANING_UNKNOWN: not compared */
    const char *why;
};

struct link_report {
    struct link_column *columns; /* in the arena; those compared first */
    int n_columns;
    int64_t rows[2], linked[2]; /* rows, and rows that have one in the other file */
    int64_t pairs;
    int clean[2]; /* file a, b: at most one row of it in a group */
    char warnings[MATCH_WARNINGS][200];
    int n_warnings;
    struct arena arena; /* the caller's to end */
};

/* Takes both streams over, also on failure; all rows are held in memory. */
int link_files(struct stream *files[2], const struct link_options *options,
               struct link_report *ret_report, struct stream **ret, struct error *err);

#endif
