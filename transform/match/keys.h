/* Keys: what puts a record into blocks. An atom that few records hold is a key by itself; two
 * common atoms of different groups are one together. A key whose block would surely be over the
 * limit is not made: two atoms of df x and y meet by chance in x y / n records. */
#ifndef SLUICE_TRANSFORM_MATCH_KEYS_H
#define SLUICE_TRANSFORM_MATCH_KEYS_H

#include "transform/match/atoms.h"

enum { KEYS_MAX = ATOMS_MAX * (ATOMS_MAX + 1) / 2 };

struct key_rules {
    uint32_t largest;    /* records of a block, at most */
    int coarse_only;     /* no conjunctions with an atom that is a block by itself */
    uint32_t per_record; /* keys at most, the finest first; 0: any number */
};

/* All keys of a record into out, how many; what was not made is added to *pruned. */
int record_keys(const struct atoms *a, const struct key_rules *rules, uint32_t rank,
                uint64_t out[KEYS_MAX], int64_t *pruned);

/* The atoms of the record's key, the second UINT32_MAX when there is one; 0 when it has no such
 * key. */
int key_atoms(const struct atoms *a, const struct key_rules *rules, uint32_t rank, uint64_t key,
              uint64_t mask, uint32_t ret[2]);

#endif
