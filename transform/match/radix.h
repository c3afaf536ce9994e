/* Radix sorts of the few arrays that grow with the table. Stable; a second array of the same size
 * is taken while sorting. */
#ifndef SLUICE_TRANSFORM_MATCH_RADIX_H
#define SLUICE_TRANSFORM_MATCH_RADIX_H

#include "core/error.h"

#include <stddef.h>
#include <stdint.h>

struct keyed {
    uint64_t key;
    uint32_t value;
};

/* By key; equal keys keep their order. 0 or ERR_MEMORY. */
int radix_sort_keyed(struct keyed *list, size_t n);

/* Fills order[0..n) with the places of keys, ascending by key; equal keys in order of place. */
int radix_order(const uint64_t *keys, size_t n, uint32_t *order);

#endif
