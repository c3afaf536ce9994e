/* The report of a match: one self-contained HTML page that says how the columns were taken, what
 * each agreement weighs, how the pairs scored, how large blocks and customers are, and shows the
 * largest and the weakest customers and the unclear pairs. Holds values of the records: written
 * private. Same run, same bytes. */
#ifndef SLUICE_PIPELINES_MATCH_PAGE_H
#define SLUICE_PIPELINES_MATCH_PAGE_H

#include "core/html.h"
#include "pipelines/dedupe.h"
#include "pipelines/witness.h"

struct match_page {
    const struct matched *m; /* with evidence */
    const char *title, *lead;
    const struct dedupe_column *columns; /* how each was taken; NULL: canonical ones */
    int n_columns;
};

int match_page_write(const struct match_page *p, const char *path, struct error *err);

/* Its parts, each a section or more. */
void match_page_weights(const struct match_page *p, struct html *h);
void match_page_scores(const struct match_page *p, struct html *h);
void match_page_sizes(const struct match_page *p, struct html *h);
void match_page_bridges(const struct match_page *p, struct html *h);
/* 0 or ERR_MEMORY. */
int match_page_customers(const struct match_page *p, struct html *h);
int match_page_unclear(const struct match_page *p, struct html *h);

/* The probability above which pairs speak for joining, and the band that is for a person. */
double match_page_threshold(const struct match_page *p);
void match_page_band(const struct match_page *p, double ret[2]);

#endif
