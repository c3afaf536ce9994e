/* A batch: up to 64 Ki rows in columns, laid out as Arrow lays them out (columnar format 1.x), so
 * that Arrow streams are copied buffers. A batch owns one arena that holds every buffer, and a
 * reference to its schema; batch_free frees all of it. Values are immutable once built; columns may
 * be taken out, put in and reordered in place by the batch's owner.
 *
 * Layout: validity is a bitmap, least significant bit first, NULL when no value is null. offsets
 * has length + 1 entries (utf8, binary, list), starting at 0. Values under a null are zero or
 * empty. There is no array offset: row 0 is at the start of every buffer. */
#ifndef SLUICE_CORE_BATCH_H
#define SLUICE_CORE_BATCH_H

#include "core/buffer.h"
#include "core/type.h"

enum { BATCH_ROWS = 65536 };

__extension__ typedef __int128 decimal128;

struct column {
    int64_t length, null_count;
    uint8_t *validity; /* bit set: a value. NULL: none is null */
    int32_t *offsets;
    void *values;            /* fixed width, bits, or the bytes of utf8 and binary */
    struct column *children; /* as the field's children */
};

struct batch {
    struct schema *schema;
    int64_t n_rows;
    struct column *columns; /* schema->n_fields of them */
    struct arena arena;
};

void batch_free(struct batch *b); /* NULL is fine */

/* Keeps and reorders columns: new column i is old column keep[i]. `schema` has those fields
 * (renamed or not), and is referenced. Buffers stay where they are. */
int batch_select(struct batch *b, struct schema *schema, const int *keep, struct error *err);

/* Rows first, first + 1, … of `n`, copied. */
int batch_slice(const struct batch *b, int64_t first, int64_t n, struct batch **ret,
                struct error *err);

/* The rows named by `rows` (n of them, any order, repeats allowed), copied. */
int batch_take(const struct batch *b, const int32_t *rows, int64_t n, struct batch **ret,
               struct error *err);

/* Bytes of memory that the batch holds. */
size_t batch_bytes(const struct batch *b);

/* All rows of `parts` (same schema) in one batch; parts stay the caller's. Fails past 2 GiB a
 * column. */
int batch_concat(struct batch *const *parts, int n_parts, struct batch **ret, struct error *err);

/* Are two batches equal in schema, length and every value? For tests and round trips. */
int batch_equal(const struct batch *a, const struct batch *b);

static inline int bit_get(const uint8_t *bits, int64_t i)
{
    return bits[i >> 3] >> (i & 7) & 1;
}

static inline void bit_set(uint8_t *bits, int64_t i)
{
    bits[i >> 3] = (uint8_t)(bits[i >> 3] | 1 << (i & 7));
}

static inline int column_null(const struct column *c, int64_t row)
{
    return c->validity && !bit_get(c->validity, row);
}

/* utf8 or binary; the empty slice for a null (ask column_null first). */
static inline struct slice column_slice(const struct column *c, int64_t row)
{
    int32_t from = c->offsets[row];
    return slice_of((const char *)c->values + from, (size_t)(c->offsets[row + 1] - from));
}

static inline int32_t column_i32(const struct column *c, int64_t row)
{
    return ((const int32_t *)c->values)[row];
}

static inline int64_t column_i64(const struct column *c, int64_t row)
{
    return ((const int64_t *)c->values)[row];
}

static inline double column_f64(const struct column *c, int64_t row)
{
    return ((const double *)c->values)[row];
}

static inline decimal128 column_decimal(const struct column *c, int64_t row)
{
    decimal128 v;
    memcpy(&v, (const char *)c->values + 16 * row, 16);
    return v;
}

static inline int column_bool(const struct column *c, int64_t row)
{
    return bit_get(c->values, row);
}

/* Elements of a list: children[0] rows from *ret_first, returns how many. 0 for a null. */
static inline int32_t column_list(const struct column *c, int64_t row, int32_t *ret_first)
{
    *ret_first = c->offsets[row];
    return c->offsets[row + 1] - c->offsets[row];
}

/* The string of a utf8 or dictionary column. */
static inline struct slice column_text(const struct field *f, const struct column *c, int64_t row)
{
    return f->type == TYPE_DICT ? column_slice(&c->children[0], column_i32(c, row))
                                : column_slice(c, row);
}

/* The order of two values of one type: nulls first, text and binary by bytes, numbers and times by
 * value, false before true; lists and structs element by element. Negative, 0, positive. */
int value_compare(const struct field *f, const struct column *a, int64_t i, const struct column *b,
                  int64_t j);

/* Any value as text, as CSV and tables show it: decimals in full, dates 2026-03-01, timestamps
 * 2026-03-01T12:00:00.000000Z (fraction left out when zero), bool true/false, lists and structs as
 * JSON. A null appends nothing. Returns 0 or ERR_MEMORY. */
int value_text(const struct field *f, const struct column *c, int64_t row, struct buffer *out);
/* The same as JSON: null, numbers bare (decimals too, digits kept), the rest quoted. */
int value_json(const struct field *f, const struct column *c, int64_t row, struct buffer *out);

#endif
