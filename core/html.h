/* HTML pages that stand alone: one file, no scripts, nothing fetched from elsewhere, readable on a
 * phone, on a desktop in light and dark, and on paper. What comes from data goes through html_text
 * or html_cell, which escape it; html_raw and html_printf are for markup of our own (never with
 * text from data among the arguments).
 *
 * A writer that ran out of memory stays quiet until html_end or html_failed says so, so that
 * markup need not be checked line by line. */
#ifndef SLUICE_CORE_HTML_H
#define SLUICE_CORE_HTML_H

#include "core/buffer.h"
#include "core/error.h"

struct html {
    struct buffer out;
    int failed;
};

/* The head of a page with its style sheet, its heading, and a line below it ("" for none). */
void html_begin(struct html *h, const char *title, const char *lead);
/* Ends the page. 0, or ERR_MEMORY when anything before did not fit. The bytes are in h->out. */
int html_end(struct html *h);
void html_done(struct html *h);

void html_raw(struct html *h, const char *markup);
void html_printf(struct html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Text of anybody's, escaped; characters that no page may hold become U+FFFD. */
void html_text(struct html *h, struct slice text);

/* A part of the page with a heading and its own place in the list of contents. */
void html_section(struct html *h, const char *id, const char *heading);
void html_section_end(struct html *h);
/* A paragraph of ours in small print. */
void html_note(struct html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Figures at the top: a number and what it is. */
void html_figures(struct html *h);
void html_figure(struct html *h, const char *label, const char *value);
void html_figures_end(struct html *h);

/* A table that scrolls sideways by itself where it is too wide. heads end in NULL; one that starts
 * with '#' is of numbers, and stands right. */
void html_table(struct html *h, const char *const *heads);
void html_row(struct html *h);
void html_row_class(struct html *h, const char *class_name);
void html_cell(struct html *h, struct slice text);
void html_cell_class(struct html *h, const char *class_name, struct slice text);
void html_number(struct html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_table_end(struct html *h);

/* 1234567 as "1,234,567". */
const char *html_count(int64_t n, char out[32]);

#endif
