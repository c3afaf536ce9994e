/* Chance that can be had again: every draw comes from hash(seed, subject, purpose), so any person,
 * record or event can be made alone, in any order, and always comes out the same. */
#ifndef GEN_CHANCE_H
#define GEN_CHANCE_H

#include <stdint.h>

/* What a stream of draws is for. Adding one at the end leaves all others as they were. */
enum purpose {
    FOR_BLOCK = 1,
    FOR_HOUSEHOLD,
    FOR_PERSON,
    FOR_MEMBERSHIP,
    FOR_RECORD,
    FOR_CHANGE,
    FOR_REMOVAL,
    FOR_EVENTS,
    FOR_EVENT_NIGHT,
    FOR_TEXT,
    FOR_ORDER,
    FOR_WRONG
};

struct chance {
    uint64_t state;
};

/* The finaliser of splitmix64. */
static inline uint64_t mix64(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static inline struct chance chance_for(uint64_t seed, uint64_t subject, uint64_t purpose)
{
    uint64_t s = mix64(seed + 0x9e3779b97f4a7c15u);
    s = mix64(s ^ (subject * 0xd1342543de82ef95u + 1));
    return (struct chance){mix64(s ^ (purpose * 0xaf251af3b0f025b5u))};
}

static inline uint64_t chance_next(struct chance *c)
{
    c->state += 0x9e3779b97f4a7c15u;
    return mix64(c->state);
}

/* 0 <= x < 1, 53 bits. */
static inline double chance_unit(struct chance *c)
{
    return (double)(chance_next(c) >> 11) * (1.0 / 9007199254740992.0);
}

static inline int chance_hit(struct chance *c, double p)
{
    return chance_unit(c) < p;
}

/* 0 <= x < n; n >= 1. */
static inline uint32_t chance_below(struct chance *c, uint32_t n)
{
    return (uint32_t)(((chance_next(c) >> 32) * n) >> 32);
}

static inline int chance_between(struct chance *c, int low, int high)
{
    return low + (int)chance_below(c, (uint32_t)(high - low + 1));
}

/* Geometric with the given mean, at most `most`: how often something happens to someone. */
static inline int chance_times(struct chance *c, double mean, int most)
{
    int n = 0;
    while (n < most && chance_hit(c, mean / (mean + 1)))
        n++;
    return n;
}

#endif
