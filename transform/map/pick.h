/* Picking: what a mapping takes from a row, before it is standardised: the first non-empty column,
 * several joined, a constant, a piece of it, what a value map makes of it. */
#ifndef SLUICE_TRANSFORM_MAP_PICK_H
#define SLUICE_TRANSFORM_MAP_PICK_H

#include "transform/map/block.h"

/* One value a row, into out[0 … b->n - 1]; ptr NULL: none. */
int pick_texts(struct block *b, const struct feed *f, struct slice *out);

enum { PICK_VALUES = 64 };

/* All values of a row, for list fields: every non-empty one of every column; at most PICK_VALUES.
 */
int pick_values(struct block *b, const struct feed *f, int row, struct slice out[PICK_VALUES],
                int *ret_n);

#endif
