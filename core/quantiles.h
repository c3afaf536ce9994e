/* Quantiles of numbers in constant memory: a histogram whose cells are as wide as 1/4096 of their
 * power of two, so that a quantile's value is right to 1 part in 8192 (whole numbers below 8192
 * exactly) and counts are exact; the idea is DDSketch's (Masson, Rim and Lee, VLDB 2019) with the
 * bits of a double in place of the logarithm. 6 MiB are reserved, of which the pages that are hit
 * are used: some 32 KiB for each power of two. Order does not matter. Values under 2^-32 count as
 * zero, past 2^63 as 2^63; NaN is not counted. */
#ifndef SLUICE_CORE_QUANTILES_H
#define SLUICE_CORE_QUANTILES_H

#include <stdint.h>

struct quantiles {
    int64_t *cells; /* negative from the largest, zero, positive */
    int64_t n;
    int low, high; /* cells that were hit */
};

int quantiles_init(struct quantiles *q); /* 0 or ERR_MEMORY */
void quantiles_done(struct quantiles *q);
void quantiles_add(struct quantiles *q, double value, int64_t times);
/* The value that at least p (0..1) of all are not above; 0 when there is none. */
double quantiles_at(const struct quantiles *q, double p);
/* How many stand in cells whole below, or above, that of `value`. */
int64_t quantiles_below(const struct quantiles *q, double value);
int64_t quantiles_above(const struct quantiles *q, double value);

#endif
