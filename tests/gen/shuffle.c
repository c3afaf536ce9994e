#include "tests/gen/shuffle.h"

#include "tests/gen/chance.h"

enum { ROUNDS = 4 };

struct shuffle shuffle_of(uint64_t n, uint64_t key)
{
    struct shuffle s = {.n = n, .key = key, .half = 1};
    while (s.half < 31 && (uint64_t)1 << (2 * s.half) < n)
        s.half++;
    return s;
}

static uint64_t round_of(const struct shuffle *s, uint64_t right, int round)
{
    return mix64(right + s->key + (uint64_t)round * 0x9e3779b97f4a7c15u) &
           (((uint64_t)1 << s->half) - 1);
}

static uint64_t forward(const struct shuffle *s, uint64_t x)
{
    uint64_t left = x >> s->half, right = x & (((uint64_t)1 << s->half) - 1);
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t next = left ^ round_of(s, right, i);
        left = right;
        right = next;
    }
    return left << s->half | right;
}

static uint64_t backward(const struct shuffle *s, uint64_t x)
{
    uint64_t left = x >> s->half, right = x & (((uint64_t)1 << s->half) - 1);
    for (int i = ROUNDS - 1; i >= 0; i--) {
        uint64_t before = right ^ round_of(s, left, i);
        right = left;
        left = before;
    }
    return left << s->half | right;
}

uint64_t shuffle_at(const struct shuffle *s, uint64_t place)
{
    do
        place = forward(s, place);
    while (place >= s->n);
    return place;
}

uint64_t shuffle_find(const struct shuffle *s, uint64_t value)
{
    do
        value = backward(s, value);
    while (value >= s->n);
    return value;
}
