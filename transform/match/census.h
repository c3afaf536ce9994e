/* A census of atoms: how many records hold each frequent atom, as a model keeps it. Candidates by a
 * given census do not depend on which other records are there, but for those that share a block.
 * Atoms that are not listed are rare: blocks by themselves. Compact as text: hashes of 48 bits in
 * ascending order, their differences and the counts as varints, in base64; 8 to 10 letters an atom.
 */
#ifndef SLUICE_TRANSFORM_MATCH_CENSUS_H
#define SLUICE_TRANSFORM_MATCH_CENSUS_H

#include "core/arena.h"
#include "core/buffer.h"

enum { CENSUS_RARE = 2 }; /* df of an atom that is not listed */

struct census_atom {
    uint64_t hash; /* upper 48 bits of an atom's hash */
    uint32_t df;
};

struct atom_census {
    uint32_t n_records; /* counted */
    uint32_t largest;   /* of a block; atoms above it are listed */
    uint32_t n;
    const struct census_atom *atoms; /* by hash */
};

static inline uint64_t census_hash(uint64_t hash)
{
    return hash >> 16;
}

uint32_t census_df(const struct atom_census *c, uint64_t hash); /* of an atom's whole hash */

/* The census of atoms whose df is above `largest`; arrays in the arena. 0 or ERR_MEMORY. */
int census_take(const uint64_t *hash, const uint32_t *df, uint32_t n_atoms, uint32_t n_records,
                uint32_t largest, struct arena *arena, struct atom_census *ret);
int census_copy(const struct atom_census *from, struct arena *arena, struct atom_census *ret);

int census_text(const struct atom_census *c, struct buffer *out); /* 0 or ERR_MEMORY */
/* 0; ERR_DATA when it is not such a text, ERR_MEMORY. n_records and largest are the caller's. */
int census_parse(struct slice text, struct arena *arena, struct atom_census *ret);

#endif
