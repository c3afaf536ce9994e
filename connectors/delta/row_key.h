/* Values as bytes: two values are equal when, and only when, their bytes are, and flat ones compare
 * by memcmp as their values do (nulls first, NaN last). Bytes of columns put one after another
 * compare as the rows do. For sorting, merge keys, and telling whether a row changed. */
#ifndef SLUICE_CONNECTORS_DELTA_ROW_KEY_H
#define SLUICE_CONNECTORS_DELTA_ROW_KEY_H

#include "core/batch.h"

/* Appends the bytes of one value. 0 or ERR_MEMORY. */
int row_key_put(const struct field *f, const struct column *c, int64_t row, struct buffer *out);
/* Of some columns of a row, by index; NULL columns: all n. */
int row_key_columns(const struct batch *b, int64_t row, const int *columns, int n,
                    struct buffer *out);
/* Of a value that is written as text (builder_text): 1; 0: it is not of the type, or null. */
int row_key_text(const struct field *f, struct slice text, struct buffer *out);
/* Can rows be sorted by such a column? Lists and structs have equality alone. */
int row_key_sortable(const struct field *f);

#endif
