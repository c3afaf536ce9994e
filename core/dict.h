/* A dictionary: distinct strings, numbered from 0 in order of first arrival. Open addressing over a
 * seeded hash; strings are copied into its arena. A lookup is one probe and one compare on average.
 * One writer at a time; concurrent dict_find is fine between writes. Also serves as the hash table:
 * keep values in an array indexed by code. */
#ifndef SLUICE_CORE_DICT_H
#define SLUICE_CORE_DICT_H

#include "core/arena.h"

struct dict {
    struct slice *strings; /* by code */
    uint32_t n, cap;
    uint32_t *slots; /* code + 1, 0 empty */
    uint32_t *hashes;
    uint32_t n_slots;
    uint64_t seed[2];
    struct arena arena;
};

enum { DICT_NONE = -1 };

int dict_init(struct dict *d); /* 0 or ERR_MEMORY */
void dict_done(struct dict *d);
/* The code of s, added if new; negative ERR_MEMORY. */
int64_t dict_add(struct dict *d, struct slice s);
/* The code of s or DICT_NONE. */
int64_t dict_find(const struct dict *d, struct slice s);
static inline struct slice dict_get(const struct dict *d, uint32_t code)
{
    return d->strings[code];
}

#endif
