/* Reader of roaring bitmaps in the portable format (RoaringBitmap/RoaringFormatSpec), 32 bits and
 * 64. What it gives are ranges of set bits, ascending and not touching. */
#ifndef SLUICE_CONNECTORS_DELTA_ROARING_H
#define SLUICE_CONNECTORS_DELTA_ROARING_H

#include "core/buffer.h"
#include "core/error.h"

struct roaring_range {
    int64_t first, end; /* of rows; end is the one behind the last */
};

struct roaring_ranges {
    struct roaring_range *list; /* malloc'ed */
    size_t n, cap;
    int64_t bits; /* set in all */
};

/* The 64-bit format: a count of 32-bit bitmaps, and each behind its upper half. ERR_DATA: not such
 * a bitmap, bits out of order, a bit past 2^63, or bytes behind it; *ret is to be done with then
 * too. */
int roaring_read(struct slice bytes, struct roaring_ranges *ret, struct error *err);
void roaring_done(struct roaring_ranges *r);

#endif
