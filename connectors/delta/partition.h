/* Partitions: what `source,month(at)` says, values as text, and hive-style folders.
 *
 * A part is a column as it is, or year, month or date of a date or timestamp: a string (2026,
 * 2026-03, 2026-03-01) in a column of its own that is named year, month or date. */
#ifndef SLUICE_CONNECTORS_DELTA_PARTITION_H
#define SLUICE_CONNECTORS_DELTA_PARTITION_H

#include "core/batch.h"

enum partition_kind { PARTITION_COLUMN, PARTITION_YEAR, PARTITION_MONTH, PARTITION_DATE };

struct partition_part {
    enum partition_kind kind;
    struct slice from; /* the column it is made of */
    struct slice name; /* the column it is: `from`, or "month" */
};

/* *ret (in the arena) and their number; "" has none. ERR_CONFIG when it is not understood or names
 * a part twice. */
int partition_parse(struct slice text, struct arena *a, struct partition_part **ret, int *ret_n,
                    struct error *err);
/* May the column be what a computed part is made of, or a partition column? Else ERR_DATA. */
int partition_check(const struct partition_part *part, const struct field *from, struct error *err);
/* The text of year, month or date of a value. 0 or ERR_MEMORY. */
int partition_compute(enum partition_kind kind, const struct field *f, const struct column *c,
                      int64_t row, struct buffer *out);

/* A value as Delta's partitionValues hold it: numbers and dates as text, timestamps in ISO 8601.
 */
int partition_text(const struct field *f, const struct column *c, int64_t row, struct buffer *out);
/* Appends "name=value", both escaped as hive does; value.ptr NULL is
 * __HIVE_DEFAULT_PARTITION__. 0 or ERR_MEMORY. */
int partition_folder(struct slice name, struct slice value, struct buffer *out);
/* The name and value of a folder "name=value" in the arena: 1, or 0 when it is no such thing. A
 * null's value.ptr is NULL. */
int partition_of_folder(struct slice folder, struct arena *a, struct slice *ret_name,
                        struct slice *ret_value);

/* A path as a URI reference, and back. Decoding returns 1, or 0 for a path that may not be in a
 * table: absolute, with a scheme, an empty, "." or ".." component, a zero byte or a bad escape.
 * Negative: no memory. */
int path_encode(struct slice path, struct buffer *out);
int path_decode(struct slice uri, struct buffer *out);

#endif
