/* Blocks: the records that share an atom, or two atoms of different groups, when they are 2 to
 * BLOCK_MAX. Keys are hashed, put into buckets by their upper bits and sorted bucket by bucket, in
 * as many waves as the memory asks for. Memory: 8 bytes a key of a wave, then 8 bytes a membership
 * that is kept. Deterministic for any number of threads. */
#ifndef SLUICE_TRANSFORM_MATCH_BLOCKS_H
#define SLUICE_TRANSFORM_MATCH_BLOCKS_H

#include "transform/match/atoms.h"

enum { BLOCK_MAX = 50 };

struct blocks {
    uint32_t n;        /* blocks */
    uint32_t *members; /* of each block: how many, then their ranks, ascending */
    size_t n_members;  /* numbers in all */
    uint32_t *of_from; /* by rank, + 1: into of */
    uint32_t *of;      /* where the blocks of each record start in members */
    int64_t n_keys;
};

struct blocks_options {
    size_t wave_keys;    /* keys sorted at a time */
    const uint8_t *skip; /* by rank: 1 leaves a record out; NULL none */
    int coarse_only;     /* no conjunctions with an atom that is a block by itself */
};

int blocks_build(const struct atoms *a, const struct blocks_options *o, struct pool *pool,
                 struct blocks *ret, struct error *err);
void blocks_done(struct blocks *b);

#endif
