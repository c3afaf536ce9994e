/* Blocks: the records that share a key (keys.h), when they are 2 to `largest`. Keys are made in one
 * pass over the records, put into buckets by their upper bits and sorted bucket by bucket; what
 * each yields is written to the buckets of its records. Memory: 8 bytes a key, then 13 a membership
 * that is kept, as far as the limits allow; the rest goes to temporary files. The same for any
 * number of threads and any limits. */
#ifndef SLUICE_TRANSFORM_MATCH_BLOCKS_H
#define SLUICE_TRANSFORM_MATCH_BLOCKS_H

#include "transform/match/account.h"
#include "transform/match/key_store.h"
#include "transform/match/keys.h"

enum { BLOCK_MAX = 50 }; /* the most that `largest` can be */

struct blocks_options {
    struct key_rules rules;
    const uint8_t *skip; /* by rank: 1 leaves a record out; NULL none */
    struct store_limits limits;
};

/* Records are looked at by ranges of so many ranks. */
enum { RANGE_BITS = 12, RANGE = 1 << RANGE_BITS };

struct blocks {
    uint32_t n_records;
    const uint32_t *members; /* of each block: how many, then their ranks, ascending */
    uint64_t n_members;      /* numbers in all */
    /* by range: a rank's low bits and, below them, the place in members of a block it is in */
    struct key_store *memberships;
    uint32_t n_ranges;
    uint32_t *mapped;
    size_t mapped_size;
    struct spill *spill; /* what members lie in when there was no memory for them */
};

/* Fills what the account says of keys and blocks. */
int blocks_build(const struct atoms *a, const struct blocks_options *o, struct pool *pool,
                 struct match_account *account, struct blocks *ret, struct error *err);
void blocks_done(struct blocks *b);

static inline uint32_t membership_record(uint64_t m) /* within its range */
{
    return (uint32_t)(m >> (64 - RANGE_BITS));
}
static inline uint64_t membership_block(uint64_t m)
{
    return m << RANGE_BITS >> RANGE_BITS;
}

/* Marks (by rank, 1) every record that shares a key with a marked one in `changed`: whose
 * candidates may be others since those records came, went or changed. Call it on a table that
 * holds what was and what is; with a census, so that the keys of a record are its own. */
int blocks_touched(const struct atoms *a, const struct key_rules *rules, const uint8_t *changed,
                   struct pool *pool, uint8_t *ret_touched, struct error *err);

#endif
