/* A dictionary: distinct strings, numbered from 0 in order of first arrival. Open addressing over a
 * seeded hash, which each slot holds beside the code: a lookup reads one slot and one string on
 * average. Strings are copied into its arena. As long as every new string is longer than the last,
 * or as long and greater (names of rows often are), there is no table: nothing is hashed, and a
 * lookup is a binary search. One writer at a time; concurrent dict_find is fine between writes.
 * Also serves as the hash table: keep values in an array indexed by code. */
#ifndef SLUICE_CORE_DICT_H
#define SLUICE_CORE_DICT_H

#include "core/arena.h"

struct dict_slot {
    uint32_t hash;
    uint32_t next; /* code + 1, 0 empty */
};

struct dict {
    struct slice *strings; /* by code */
    uint32_t n, cap;
    struct dict_slot *slots;
    uint32_t n_slots;
    int hashed; /* the strings are in the slots; 0: they ascend and are not */
    uint64_t seed[2];
    struct arena arena;
};

enum { DICT_NONE = -1 };

int dict_init(struct dict *d); /* 0 or ERR_MEMORY */
void dict_done(struct dict *d);
/* The code of s, added if new; negative ERR_MEMORY. */
int64_t dict_add(struct dict *d, struct slice s);
/* The codes of n strings, added in order where new: the same as one by one, but memory is asked for
 * ahead. 0 or ERR_MEMORY. */
int dict_add_all(struct dict *d, const struct slice *s, size_t n, uint32_t *ret);
/* The code of s or DICT_NONE. */
int64_t dict_find(const struct dict *d, struct slice s);
static inline struct slice dict_get(const struct dict *d, uint32_t code)
{
    return d->strings[code];
}

#endif
