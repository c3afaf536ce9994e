/* The dialect of a CSV text: what separates, quotes and escapes, how lines end, and where the data
 * start. Found from the first 64 KiB alone; what a layout says is kept. */
#ifndef SLUICE_CONNECTORS_CSV_DIALECT_H
#define SLUICE_CONNECTORS_CSV_DIALECT_H

#include "connectors/csv_split.h"
#include "schemas/layout.h"

struct csv_dialect {
    struct csv_marks marks;
    int skip;   /* lines before the header */
    int header; /* rows of header */
};

/* `whole`: the head is all of the text. Returns how sure (0..100) it is that this is CSV at all. */
int csv_dialect_detect(const struct layout *layout, struct slice head, int whole,
                       struct csv_dialect *ret);

/* '\n' unless nearly all lines end in a lone '\r'. */
int csv_newline(struct slice head);

/* For csv_header.c: does the first of these rows name the columns? 1 or 0. `cells` is row after
 * row, `widths` their numbers of cells. */
struct csv_sample {
    struct slice *cells;
    unsigned char *quoted; /* by cell: it stood in quotes */
    int *firsts, *widths;  /* of row r: its first cell, and how many */
    int *lines;            /* physical line that row r starts on, from 0 */
    int n_rows, n_cells;
};
int csv_header_guess(const struct csv_sample *sample, int first_row, int width);
/* How many rows below the header's first name columns too (units, a second line of names): they
 * hold words in columns whose cells below are numbers, dates and the like. */
int csv_header_more(const struct csv_sample *sample, int first_row, int width);
/* What a cell looks like; "" is CELL_EMPTY. */
enum csv_cell_kind {
    CELL_EMPTY,
    CELL_NUMBER,
    CELL_DATE,
    CELL_EMAIL,
    CELL_URL,
    CELL_WORD, /* letters, digits and simple signs */
    CELL_TEXT, /* several words */
    CELL_OTHER
};
enum csv_cell_kind csv_cell_kind(struct slice cell);

#endif
