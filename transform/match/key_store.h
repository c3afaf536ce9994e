/* A store of 64-bit numbers in buckets: many writers put, then each bucket is read whole. What is
 * over the memory it is given goes to a temporary file. A bucket gives back all that was put in
 * it, in no particular order. */
#ifndef SLUICE_TRANSFORM_MATCH_KEY_STORE_H
#define SLUICE_TRANSFORM_MATCH_KEY_STORE_H

#include "core/spill.h"

enum { STORE_BLOCK = 256 }; /* numbers written at a time: 2 KiB */

struct store_limits {
    uint64_t memory;    /* bytes kept in memory */
    uint64_t temporary; /* bytes of the temporary file, at most; 0: any */
    const char *folder; /* of it; NULL: $TMPDIR, else /tmp */
};

struct key_store;

struct key_writer { /* one thread at a time */
    struct key_store *store;
    uint64_t *open;   /* by bucket: a block that is not full */
    uint16_t *filled; /* by bucket */
    uint32_t **full;  /* by bucket: numbers of full blocks */
    uint32_t *n_full, *cap_full;
    uint16_t *last; /* by bucket: how many are in the last full block, after sealing */
    struct error error;
    int failed;
};

int key_store_new(int buckets, int writers, const struct store_limits *limits,
                  struct key_store **ret, struct error *err);
void key_store_free(struct key_store *s); /* NULL is fine */
struct key_writer *key_store_writer(struct key_store *s, int i);
void key_writer_flush(struct key_writer *w, uint32_t bucket); /* a full block */
/* After the last put; the first error of any writer. */
int key_store_seal(struct key_store *s, struct error *err);
uint64_t key_store_count(const struct key_store *s, uint32_t bucket);
int key_store_read(const struct key_store *s, uint32_t bucket, uint64_t *out, struct error *err);
uint64_t key_store_spilled(const struct key_store *s); /* bytes in the file */

static inline void key_writer_put(struct key_writer *w, uint32_t bucket, uint64_t number)
{
    w->open[(size_t)bucket * STORE_BLOCK + w->filled[bucket]++] = number;
    if (w->filled[bucket] == STORE_BLOCK)
        key_writer_flush(w, bucket);
}

#endif
