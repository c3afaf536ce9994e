/* Exact decimals: an __int128 of units of 10^-scale. Money is never a float. */
#ifndef SLUICE_CORE_DECIMAL_H
#define SLUICE_CORE_DECIMAL_H

#include "core/batch.h"

enum { DECIMAL_DIGITS = 38, DECIMAL_TEXT = 48 };

/* "-1234.50" with at most `scale` digits after the point (more are fine when zero), exponent not
 * taken. 1 and the value, or 0: not a number, or does not fit exactly. */
int decimal_parse(struct slice text, int scale, decimal128 *ret);
/* The same with another decimal mark and grouping marks to skip (0 for none), so "1.234,50" with
 * ',' and '.'. Grouping marks are taken only between groups of three digits (two for the Indian
 * system). */
int decimal_parse_marks(struct slice text, int scale, char point, char group, decimal128 *ret);
/* Writes all digits of the scale; returns the length. No terminating zero. */
size_t decimal_text(decimal128 v, int scale, char out[DECIMAL_TEXT]);
/* 10^n, n 0..38. */
decimal128 decimal_power(int n);
/* To another scale: 1, or 0 when digits would be lost or it overflows. */
int decimal_rescale(decimal128 v, int from, int to, decimal128 *ret);
/* Sum with overflow told: 1, or 0. */
int decimal_add(decimal128 a, decimal128 b, decimal128 *ret);
/* Decimal digits of |v|; 0 has 1. */
int decimal_digits(decimal128 v);

#endif
