/* The account of a search for candidates: what was made, what was kept, what was left out, so that
 * nothing is dropped in silence. Part of match_result; plain values, nothing to free. */
#ifndef SLUICE_TRANSFORM_MATCH_ACCOUNT_H
#define SLUICE_TRANSFORM_MATCH_ACCOUNT_H

#include <stdint.h>

enum { ACCOUNT_SIZES = 6, ACCOUNT_LARGEST = 8 };

struct dropped_block { /* a block left out because it is over the limit */
    char key[160];     /* in words: "family_name 'smith' + birth_date year '1960'" */
    int64_t records;
};

struct match_account {
    int64_t records;     /* that were looked at */
    int64_t twins;       /* left out: equal to another in everything, which stands for them */
    int64_t without;     /* of the records: share no block with any other */
    int64_t keys;        /* made: an atom or two of a record */
    int64_t keys_pruned; /* not made: too common, or past the limit of a record */
    int64_t keys_alone;  /* made, and no other record has it */
    int64_t blocks[ACCOUNT_SIZES]; /* of 2, to 4, to 8, to 16, to 32, more records */
    int64_t memberships;           /* records in those blocks, repeats counted */
    int64_t blocks_large;          /* over the limit, left out */
    int64_t memberships_large;
    struct dropped_block largest[ACCOUNT_LARGEST]; /* of those, by falling size */
    int n_largest;
    uint32_t block_limit, key_limit, best; /* records a block, keys a record (0: any), best K */
    int64_t pairs;                         /* candidates */
    int64_t spilled;                       /* bytes of temporary files */
};

#endif
