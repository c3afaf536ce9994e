/* Two hashes. hash_fixed (XXH3 64, seed 0) for partitioning, ids and anything whose value shows in
 * a result: the same everywhere for ever. hash_seeded (SipHash-1-3) for tables fed by outsiders.
 * And SHA-256 for digests of contents. */
#ifndef SLUICE_CORE_HASH_H
#define SLUICE_CORE_HASH_H

#include "core/slice.h"

uint64_t hash_fixed(const void *bytes, size_t len);
uint64_t hash_seeded(const void *bytes, size_t len, const uint64_t seed[2]);
/* Mixes two hashes into one; not symmetric. */
uint64_t hash_pair(uint64_t a, uint64_t b);
/* Random seeds from the system (getrandom), for hash_seeded. */
void hash_new_seed(uint64_t ret_seed[2]);

struct sha256;                   /* incremental; opaque */
struct sha256 *sha256_new(void); /* NULL when out of memory */
void sha256_add(struct sha256 *h, const void *bytes, size_t len);
void sha256_hex(struct sha256 *h, char ret_hex[65]); /* ends it: only sha256_free may follow */
void sha256_free(struct sha256 *h);
void sha256_of(const void *bytes, size_t len, char ret_hex[65]);

#endif
