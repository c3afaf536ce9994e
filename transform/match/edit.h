/* Edit distance and Jaro-Winkler of two short strings, bit-parallel over 64-bit words (Hyyrö 2003
 * for optimal string alignment). Bytes past 64 are not looked at. The masks live in a scratch that
 * is all zero between calls: one per thread. About 20-40 ns for names. */
#ifndef SLUICE_TRANSFORM_MATCH_EDIT_H
#define SLUICE_TRANSFORM_MATCH_EDIT_H

#include "core/slice.h"

enum { EDIT_MAX = 64 };

struct edit_scratch {
    uint64_t mask[256]; /* per byte, the places where the first string has it */
};

/* Which bytes a string holds, one bit each for letters and digits, and another where a digit or a
 * common letter is there twice; the rest share some: bounds on distances without looking at the
 * strings. Of the bytes that distances look at. */
uint64_t edit_mask(struct slice s);

/* Bits of what is neither a letter nor a digit. */
#define EDIT_MASK_OTHERS (UINT64_C(63) << 58)

static inline int edit_bits(uint64_t x)
{
    x = x - (x >> 1 & UINT64_C(0x5555555555555555));
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (int)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* The fewest edits between strings of these masks: each takes away at most one bit and adds one. */
static inline int edit_at_least(uint64_t a, uint64_t b)
{
    int less = edit_bits(a & ~b), more = edit_bits(b & ~a);
    return less > more ? less : more;
}

/* The highest Jaro-Winkler similarity of strings of these masks, lengths and common prefix. */
double edit_winkler_at_most(struct slice a, struct slice b, uint64_t mask_a, uint64_t mask_b);

/* May it be `least`, .80 to 1, whatever the prefix? 1 or 0, without a look at the strings. */
static inline int edit_winkler_may_reach(struct slice a, struct slice b, uint64_t mask_a,
                                         uint64_t mask_b, double least)
{
    int len_a = a.len < EDIT_MAX ? (int)a.len : EDIT_MAX;
    int len_b = b.len < EDIT_MAX ? (int)b.len : EDIT_MAX;
    int from_a = len_a - edit_bits(mask_a & ~mask_b), from_b = len_b - edit_bits(mask_b & ~mask_a);
    int common = from_a < from_b ? from_a : from_b;
    /* jaro + .4 (1 - jaro) >= least, of jaro = (common / len_a + common / len_b + 1) / 3; a little
     * less, for what rounding takes */
    double shares = 5 * least - 3 - 1e-9;
    return common * (len_a + len_b) >= shares * (len_a * len_b);
}

/* Insertions, deletions, substitutions and swaps of neighbours; no part is edited twice. */
int edit_osa(struct edit_scratch *s, struct slice a, struct slice b);
/* Jaro-Winkler similarity, 0..1: prefix weight .1 up to 4 bytes when Jaro exceeds .7. */
double edit_jaro_winkler(struct edit_scratch *s, struct slice a, struct slice b);

#endif
