/* Numbers as people write them in options and settings, free of locale. Each returns 1, or 0 (and
 * leaves *ret alone) when the whole text is not one or does not fit. */
#ifndef SLUICE_CORE_NUMBER_H
#define SLUICE_CORE_NUMBER_H

#include "core/slice.h"

/* "12", "-3". */
int integer_parse(struct slice text, int64_t *ret);
/* "0.25", "-3", ".5": at most 15 digits, so that the result is the nearest double. */
int real_parse(struct slice text, double *ret);
/* "512", "64K", "512M", "4G", "1T", also "64KB" and "64KiB": powers of 1024. */
int size_parse(struct slice text, int64_t *ret);

#endif
