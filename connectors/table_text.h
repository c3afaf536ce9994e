/* Rows as an aligned table for a terminal. Widths come from the first TABLE_ROWS rows, which are
 * held; later rows stream. With a width to fit, the widest columns are cut (…) and columns that
 * have no room are counted below the table; without one nothing is cut. Numbers stand right, nulls
 * are empty. Control and bidirectional characters are shown escaped, so that data cannot drive the
 * terminal. */
#ifndef SLUICE_CONNECTORS_TABLE_TEXT_H
#define SLUICE_CONNECTORS_TABLE_TEXT_H

#include "connectors/format.h"

enum { TABLE_ROWS = 1000 };

extern const struct format table_format;

/* Text made safe to show, behind what is in `out`; *ret_width is its columns on a terminal. Stops
 * with … before it takes more than `most` of them (0: never). 0 or ERR_MEMORY. */
int table_cell(struct slice text, int most, struct buffer *out, int *ret_width);

/* Widths that fit `total` with two spaces between: shrinks the widest, none below `least` or its
 * own width. Returns how many columns have room. */
int table_fit(int *widths, int n, int total, int least);

#endif
