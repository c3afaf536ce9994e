/* Statistics of a data file as Delta has them in an `add`: numRecords, minValues, maxValues,
 * nullCount. */
#ifndef SLUICE_CONNECTORS_DELTA_FILE_STATS_H
#define SLUICE_CONNECTORS_DELTA_FILE_STATS_H

#include "connectors/parquet/parquet.h"

/* *ret malloc'ed. */
int file_stats_text(const struct schema *s, const struct parquet_column_stats *stats, int64_t rows,
                    char **ret, struct error *err);

/* The bounds of a column in such a text as row_key bytes, appended to `min` and `max`: 1, or 0 when
 * they are not known well enough to leave a file unread. Strings, whole numbers and dates only. */
int file_stats_bounds(struct slice stats, const struct field *f, struct buffer *min,
                      struct buffer *max);

#endif
