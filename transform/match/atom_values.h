/* The atoms of one value of a comparison, before they are numbered. */
#ifndef SLUICE_TRANSFORM_MATCH_ATOM_VALUES_H
#define SLUICE_TRANSFORM_MATCH_ATOM_VALUES_H

#include "transform/match/encode.h"
#include "transform/match/phonetic.h"

enum { VALUE_ATOMS_MAX = 24 };

/* What an atom is; part of its hash, so that equal text of different kinds stays apart. */
enum atom_kind {
    ATOM_NAME = 1,
    ATOM_SOUND,
    ATOM_PREFIX,
    ATOM_DATE,
    ATOM_YEAR,
    ATOM_MONTH_DAY,
    ATOM_POSTCODE,
    ATOM_DISTRICT,
    ATOM_EMAIL,
    ATOM_USER,
    ATOM_PHONE,
    ATOM_WORD,
    ATOM_VALUE,
    ATOM_ADDRESS
};

struct value_atoms { /* texts point into the value, or at `sound` */
    int n;
    uint8_t kind[VALUE_ATOMS_MAX], group[VALUE_ATOMS_MAX];
    struct slice text[VALUE_ATOMS_MAX];
    char sound[PHONETIC_MAX];
};

void value_atoms(const struct encoded *e, int k, uint32_t value, struct value_atoms *ret);
/* The hash of one of them; of comparison k. */
uint64_t value_atom_hash(const struct value_atoms *d, int i, int k);
/* What an atom of this kind is called: "sounds like"; "" for the whole value. */
const char *atom_kind_words(enum atom_kind kind);

#endif
