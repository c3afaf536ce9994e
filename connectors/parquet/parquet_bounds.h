/* Least and greatest value of a page, a chunk or a file, in Parquet's order of the type: signed
 * numbers, unsigned bytes. NaN counts for nothing. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_BOUNDS_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_BOUNDS_H

#include "connectors/parquet/parquet_format.h"
#include "core/batch.h"

struct parquet_bounds {
    int set;
    decimal128 min, max; /* numbers; floats by their bits, see parquet_bounds_real */
    double real_min, real_max;
    struct buffer min_bytes, max_bytes; /* byte arrays */
};

void parquet_bounds_ints(struct parquet_bounds *b, const int64_t *values, size_t n);
void parquet_bounds_reals(struct parquet_bounds *b, const double *values, size_t n);
int parquet_bounds_wide(struct parquet_bounds *b, decimal128 v);
/* 0 or ERR_MEMORY. */
int parquet_bounds_bytes(struct parquet_bounds *b, struct slice min, struct slice max);
int parquet_bounds_merge(struct parquet_bounds *into, const struct parquet_bounds *from,
                         const struct parquet_leaf *leaf);
void parquet_bounds_reset(struct parquet_bounds *b);
void parquet_bounds_done(struct parquet_bounds *b);

/* As the format stores it, byte arrays cut to `limit` bytes. A cut maximum is rounded up, or left
 * whole when it cannot be. *ret_exact says whether it was cut. 0 or ERR_MEMORY. */
int parquet_bounds_min(const struct parquet_bounds *b, const struct parquet_leaf *leaf,
                       size_t limit, struct buffer *ret, int *ret_exact);
int parquet_bounds_max(const struct parquet_bounds *b, const struct parquet_leaf *leaf,
                       size_t limit, struct buffer *ret, int *ret_exact);
/* Order of two least (sign -1) or greatest (sign 1) values: negative, 0, positive. */
int parquet_bounds_compare(const struct parquet_bounds *a, const struct parquet_bounds *b,
                           const struct parquet_leaf *leaf, int greatest);

/* A decimal of the leaf's width, most significant byte first. */
void parquet_put_decimal(decimal128 v, int width, uint8_t *to);

#endif
