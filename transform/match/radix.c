#include "transform/match/radix.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT = 11, VALUES = 1 << DIGIT };

static uint32_t digit_of(uint64_t key, int shift)
{
    return (uint32_t)(key >> shift) & (VALUES - 1);
}

/* Where each digit's run starts; 0 when all keys have the same digit. */
static int digit_starts(const struct keyed *list, size_t n, int shift, size_t start[VALUES])
{
    size_t sum = 0;
    memset(start, 0, VALUES * sizeof *start);
    for (size_t i = 0; i < n; i++)
        start[digit_of(list[i].key, shift)]++;
    if (start[digit_of(list[0].key, shift)] == n)
        return 0;
    for (size_t d = 0; d < VALUES; d++) {
        size_t count = start[d];
        start[d] = sum;
        sum += count;
    }
    return 1;
}

int radix_sort_keyed(struct keyed *list, size_t n)
{
    size_t start[VALUES];
    struct keyed *other = malloc((n + 1) * sizeof *other), *from = list, *to = other;
    if (!other)
        return ERR_MEMORY;
    for (int shift = 0; shift < 64 && n > 1; shift += DIGIT) {
        if (!digit_starts(from, n, shift, start))
            continue;
        for (size_t i = 0; i < n; i++)
            to[start[digit_of(from[i].key, shift)]++] = from[i];
        struct keyed *t = from;
        from = to;
        to = t;
    }
    if (from != list)
        memcpy(list, from, n * sizeof *list);
    free(other);
    return 0;
}

int radix_order(const uint64_t *keys, size_t n, uint32_t *order)
{
    struct keyed *list = malloc((n + 1) * sizeof *list);
    if (!list)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        list[i] = (struct keyed){keys[i], (uint32_t)i};
    int code = radix_sort_keyed(list, n);
    for (size_t i = 0; i < n; i++)
        order[i] = list[i].value;
    free(list);
    return code;
}
