/* Atoms: the small facts of a record that two records of one person may share: a name token, its
 * sound, its first letters; parts of a date; a postcode; a user part of an e-mail. Made once per
 * distinct value; a record's atoms are those of its values, gathered when asked for. Atoms of one
 * group (the same token, the same date) say the same thing, and are never combined with each other.
 * Memory: 5 bytes an atom of a value, 12 an atom, 4 a record with an address; while numbering, 8
 * more an atom. The same for any number of threads. */
#ifndef SLUICE_TRANSFORM_MATCH_ATOMS_H
#define SLUICE_TRANSFORM_MATCH_ATOMS_H

#include "core/buffer.h"
#include "transform/match/census.h"
#include "transform/match/encode.h"

enum { ATOMS_MAX = 96 }; /* of one record */

struct record_atom {
    uint32_t atom;
    uint32_t group;
};

struct atoms {
    const struct encoded *e;
    const struct atom_census *census; /* whose df counts; NULL: the records' own */
    int used[COMPARISONS_MAX];        /* comparisons that have atoms */
    int n_used;
    uint32_t *from[COMPARISONS_MAX]; /* by value: its atoms in list */
    uint32_t *list[COMPARISONS_MAX]; /* less those that one record alone holds */
    uint8_t *group[COMPARISONS_MAX]; /* of each atom within its value */
    int number, street;              /* comparisons that together make an address, or -1 */
    uint32_t *address;               /* by rank: its atom + 1, 0 none; NULL without addresses */
    uint64_t *hash;                  /* by atom: of its contents */
    uint32_t *df;                    /* by atom: records that hold it, or what the census says */
    uint32_t n;
    uint32_t n_records; /* what df is of */
};

/* census: NULL, or frozen frequencies; an atom it does not know counts as rare. */
int atoms_init(struct atoms *a, const struct encoded *e, const struct atom_census *census,
               uint32_t n_records, struct pool *pool, struct error *err);
void atoms_done(struct atoms *a);

/* The distinct atoms of a record that are not its alone; how many. */
int atoms_gather(const struct atoms *a, uint32_t rank, struct record_atom out[ATOMS_MAX]);

/* Asks for what atoms_gather will look at: far ahead, then nearer. */
static inline void atoms_prefetch(const struct atoms *a, uint32_t far, uint32_t near)
{
    for (int i = 0; i < a->n_used; i++) {
        int k = a->used[i];
        const struct comparison *f = &a->e->comparisons[k];
        if (f->offsets)
            continue;
        if (f->codes[far] != MATCH_MISSING)
            __builtin_prefetch(a->from[k] + f->codes[far]);
        if (f->codes[near] != MATCH_MISSING)
            __builtin_prefetch(a->list[k] + a->from[k][f->codes[near]]);
    }
}

/* An atom of a record in words: "family name 'smith'", "year of date 1960". */
int atoms_say(const struct atoms *a, uint32_t rank, uint32_t atom, struct buffer *out);

#endif
