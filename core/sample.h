/* A sample of a stream's rows, the same for the same rows in the same order: a row is in it by the
 * hash of its number and the seed. Rows keep their order. Memory: `n` rows and what is being sorted
 * out, about two batches of them. */
#ifndef SLUICE_CORE_SAMPLE_H
#define SLUICE_CORE_SAMPLE_H

#include "core/stream.h"

/* Of every 100 rows about `percent`. Takes `from` over, also on failure. */
int stream_sample_share(struct stream *from, double percent, uint64_t seed, struct stream **ret,
                        struct error *err);
/* n rows exactly, or all there are. */
int stream_sample_rows(struct stream *from, int64_t n, uint64_t seed, struct stream **ret,
                       struct error *err);

/* The last n rows; up to n rows and a batch are held. */
int stream_tail(struct stream *from, int64_t n, struct stream **ret, struct error *err);

#endif
