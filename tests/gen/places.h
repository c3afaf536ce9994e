/* Places in Great Britain as an address needs them: towns with their postcode areas and dialling
 * codes, streets. A block is one postcode: a stretch of one street with a few households. */
#ifndef GEN_PLACES_H
#define GEN_PLACES_H

#include "tests/gen/chance.h"
#include "tests/gen/names.h"
#include "tests/gen/text.h"

struct town {
    const char *name, *county, *area; /* area: the letters of its postcodes */
    int districts;                    /* postcode districts 1 .. n */
    const char *dial;                 /* dialling code without the 0 */
};

extern const struct town towns[];
extern const int n_towns;

struct address {
    int town, house;
    char flat[12];          /* "Flat 3", or "" */
    char street[NAME_SIZE]; /* "High", "St Mary's" */
    const char *kind;       /* "Street" */
    char postcode[10];      /* "LS6 2AB" */
};

/* The address of household `place` (0 .. 10) of a block. */
void address_of(uint64_t seed, const struct ranks *towns_by_size, uint64_t block, int place,
                struct address *ret);
/* "Rd" for "Road"; the kind itself where there is no short form. */
const char *street_kind_short(const char *kind);
/* A telephone at home: ten digits after the 0. */
void landline_of(int town, struct chance *c, char ret_number[12]);

#endif
