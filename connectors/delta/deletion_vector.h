/* The rows of a data file that a table no longer has (delta-io/delta PROTOCOL.md, "Deletion
 * Vectors"): a bitmap of row numbers, in the log itself or in a file, as a RoaringBitmapArray of
 * the portable 64-bit format (RoaringBitmap/RoaringFormatSpec).
 *
 * Held as ranges: 16 bytes for each run of deleted rows, at most 32 for a byte of the vector. */
#ifndef SLUICE_CONNECTORS_DELTA_DELETION_VECTOR_H
#define SLUICE_CONNECTORS_DELTA_DELETION_VECTOR_H

#include "core/batch.h"

struct deletion_vector;

/* The vector that a `deletionVector` object of the log describes, given as JSON; `folder` is the
 * table's. ERR_DATA: it is broken, or another than the log says (size, checksum, number of rows);
 * ERR_INPUT: its file cannot be read. */
int deletion_vector_read(const char *folder, struct slice descriptor, struct deletion_vector **ret,
                         struct error *err);
void deletion_vector_free(struct deletion_vector *v); /* NULL is fine */

/* Leaves the deleted rows out of the next batch of the file's rows, which are given all and in
 * order. Takes *b over and puts what is left in its place, which may be no row; after a failure *b
 * stays the caller's. */
int deletion_vector_apply(struct deletion_vector *v, struct batch **b, struct error *err);

#endif
