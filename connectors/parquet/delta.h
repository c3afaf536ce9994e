/* The DELTA_* encodings and BYTE_STREAM_SPLIT (Encodings.md), turned into PLAIN. */
#ifndef SLUICE_CONNECTORS_PARQUET_DELTA_H
#define SLUICE_CONNECTORS_PARQUET_DELTA_H

#include "core/buffer.h"

/* All return 1, 0 when the bytes are wrong (or stand for more than the buffer's limit), or
 * ERR_MEMORY. `ret` is appended to; `max` values at most are believed. */
int delta_ints(struct slice bytes, int width, size_t max, struct buffer *ret);
int delta_length_bytes(struct slice bytes, size_t max, struct buffer *ret);
/* `width`: of a fixed-length value, which is stored without its length; 0 for byte arrays. */
int delta_bytes(struct slice bytes, int width, size_t max, struct buffer *ret);
int byte_stream_split(struct slice bytes, int width, struct buffer *ret);

#endif
