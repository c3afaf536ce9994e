/* The dictionary of a column chunk: distinct values, coded from 0 in order of first arrival, kept
 * as the dictionary page will store them (PLAIN). Open addressing, seeded, so that hostile values
 * cannot pile up; codes do not depend on the seed. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_DICTIONARY_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_DICTIONARY_H

#include "core/buffer.h"

/* A byte string with its first eight bytes, most significant first and zero-filled: comparing two
 * prefixes as numbers orders the strings unless they are equal. */
struct parquet_text {
    const char *ptr;
    size_t len;
    uint64_t prefix;
};

struct parquet_slot {
    uint32_t hash, code; /* code + 1; 0: empty */
};

struct parquet_entry {
    uint64_t key; /* the prefix of a text, or the number itself */
    uint32_t at, len;
    uint32_t seen; /* the page it was last in */
};

struct parquet_dictionary {
    struct buffer bytes;   /* PLAIN */
    struct buffer entries; /* struct parquet_entry */
    struct parquet_slot *slots;
    uint32_t n, n_slots;
    int width; /* bytes of a number */
    uint64_t seed[2];
};

int parquet_dictionary_init(struct parquet_dictionary *d, int width); /* 0 or ERR_MEMORY */
void parquet_dictionary_reset(struct parquet_dictionary *d);
void parquet_dictionary_done(struct parquet_dictionary *d);

/* Codes of n values. `fresh` gets the indices of those that are in page `page` for the first time,
 * *ret_fresh how many. 0 or ERR_MEMORY. */
int parquet_code_texts(struct parquet_dictionary *d, const struct parquet_text *values, size_t n,
                       uint32_t page, uint32_t *ret_codes, uint32_t *fresh, size_t *ret_fresh);
int parquet_code_ints(struct parquet_dictionary *d, const int64_t *values, size_t n,
                      uint32_t *ret_codes);

static inline const struct parquet_entry *parquet_entry(const struct parquet_dictionary *d,
                                                        uint32_t code)
{
    return (const struct parquet_entry *)(const void *)d->entries.data + code;
}

#endif
