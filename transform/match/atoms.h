/* Atoms: the small facts of a record that two records of one person may share: a name token, its
 * sound, its first letters; parts of a date; a postcode; a user part of an e-mail. Made once per
 * distinct value; a record's atoms are those of its values. Atoms of one group (the same token, the
 * same date) say the same thing, and are never combined with each other. */
#ifndef SLUICE_TRANSFORM_MATCH_ATOMS_H
#define SLUICE_TRANSFORM_MATCH_ATOMS_H

#include "transform/match/encode.h"

enum { ATOMS_MAX = 96 }; /* of one record */

struct record_atom {
    uint32_t atom;
    uint32_t group;
};

struct atoms {
    const struct encoded *e;
    uint32_t *from[COMPARISONS_MAX]; /* by value; NULL: a comparison without atoms */
    uint32_t *list[COMPARISONS_MAX];
    uint8_t *group[COMPARISONS_MAX]; /* of each atom within its value */
    int number, street;              /* comparisons that together make an address, or -1 */
    uint64_t *hash;                  /* by atom: of its contents */
    uint32_t *df;                    /* by atom: records that hold it */
    uint32_t n;
    uint64_t *slots_key;
    uint32_t *slots_atom;
    uint32_t n_slots;
    /* by record, atoms that some other record holds too: list_from[r] .. list_from[r + 1] */
    uint64_t *list_from;
    struct record_atom *lists;
};

int atoms_init(struct atoms *a, const struct encoded *e, struct pool *pool, struct error *err);
void atoms_done(struct atoms *a);
/* The distinct atoms of a record that are not its alone; their number in *ret_n. */
static inline const struct record_atom *atoms_of(const struct atoms *a, uint32_t rank, int *ret_n)
{
    *ret_n = (int)(a->list_from[rank + 1] - a->list_from[rank]);
    return a->lists + a->list_from[rank];
}

#endif
