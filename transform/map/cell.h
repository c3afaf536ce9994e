/* A source's cell as text, whatever its type: utf8 and dictionaries as they are, lists by element,
 * the rest as value_text writes it (into the arena). White space at the ends is cut off. */
#ifndef SLUICE_TRANSFORM_MAP_CELL_H
#define SLUICE_TRANSFORM_MAP_CELL_H

#include "core/batch.h"

struct cell_source {
    const struct field *field;
    const struct column *column;
};

static inline struct cell_source cell_source(const struct batch *b, int column)
{
    return (struct cell_source){&b->schema->fields[column], &b->columns[column]};
}

/* How many values the cell holds: 0 for a null, the list's length, else 1. */
int32_t cell_count(struct cell_source s, int64_t row);
/* The i-th of them, trimmed; ptr NULL when it is null or empty. 0 or ERR_MEMORY. */
int cell_value(struct cell_source s, int64_t row, int32_t i, struct arena *a, struct slice *ret);
/* The first that is not empty. */
int cell_first(struct cell_source s, int64_t row, struct arena *a, struct slice *ret);
/* The i-th as it is, untrimmed, for raw; ptr NULL for a null alone. */
int cell_raw(struct cell_source s, int64_t row, int32_t i, struct arena *a, struct slice *ret);

#endif
