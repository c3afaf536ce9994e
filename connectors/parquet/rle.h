/* The hybrid of run lengths and bit packing (Encodings.md, "RLE = 3"): definition and repetition
 * levels, dictionary codes, booleans of V2 pages. */
#ifndef SLUICE_CONNECTORS_PARQUET_RLE_H
#define SLUICE_CONNECTORS_PARQUET_RLE_H

#include "core/buffer.h"

/* Bits that hold 0..max. */
static inline int bit_width(uint32_t max)
{
    return max ? 32 - __builtin_clz(max) : 0;
}

/* Appends n values of `width` bits; 0 or ERR_MEMORY. */
int rle_put(struct buffer *b, const uint32_t *values, size_t n, int width);
/* The same for levels, one byte each. */
int rle_put_levels(struct buffer *b, const uint8_t *values, size_t n, int width);

/* n values of `width` bits packed without runs. */
int bits_put(struct buffer *b, const uint32_t *values, size_t n, int width);

/* Reads bit by bit through a hybrid block; nothing is decoded before it is asked for, as a run of
 * two bytes may stand for 2^31 values. */
struct rle_reader {
    const uint8_t *at, *end;
    int width;         /* 0..32; 0: all values are 0 */
    uint64_t run_left; /* of `value` */
    uint32_t value;
    uint64_t packed_left; /* values in `packed`, from bit `bit` on */
    const uint8_t *packed, *packed_end;
    size_t bit;
};

void rle_reader_init(struct rle_reader *r, struct slice bytes, int width);
/* The next n values; 1, or 0 when the bytes end early or are wrong. */
int rle_read(struct rle_reader *r, size_t n, uint32_t *ret);
/* The same as bytes, for widths up to 8. */
int rle_read_bytes(struct rle_reader *r, size_t n, uint8_t *ret);

/* Unpacks n values of `width` (0..32) bits from bit `bit` of the bytes on; those past `end` are 0.
 */
void bits_get(const uint8_t *bytes, const uint8_t *end, size_t bit, int width, size_t n,
              uint32_t *ret);

#endif
