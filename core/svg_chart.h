/* Charts as inline SVG in a page (html.h). Colours and sizes of letters are the style sheet's, so
 * that a chart follows light, dark, paper and small screens. */
#ifndef SLUICE_CORE_SVG_CHART_H
#define SLUICE_CORE_SVG_CHART_H

#include "core/html.h"

/* A table cell with a bar from 0 to `value` on an axis from `low` to `high` (low ≤ 0 ≤ high, not
 * both 0); below zero in the other colour. A line marks zero when it is not at the left end. */
void svg_bar_cell(struct html *h, double value, double low, double high);
/* The same for counts, on a logarithmic axis from 1 (a hair) to `most`. */
void svg_count_cell(struct html *h, int64_t count, int64_t most);

struct svg_histogram {
    const int64_t *counts; /* of bin i: values in [first + i * width, first + (i + 1) * width) */
    int n;
    double first, width;
    double tick;        /* labels at its multiples; on a phone every other */
    double limit;       /* a dashed line here */
    double band[2];     /* and a shaded band; none when both are 0 */
    const char *x_name; /* with its unit */
    const char *y_name;
};
/* Bars over a logarithmic axis of counts, those above the limit in the one colour and those below
 * in the other. */
void svg_histogram(struct html *h, const struct svg_histogram *g);

/* "▇ what it is" for a legend; colour is a class: for, against, band, limit. */
void svg_legend(struct html *h);
void svg_legend_item(struct html *h, const char *colour, const char *words);
void svg_legend_end(struct html *h);

#endif
