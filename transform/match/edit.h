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

/* Insertions, deletions, substitutions and swaps of neighbours; no part is edited twice. */
int edit_osa(struct edit_scratch *s, struct slice a, struct slice b);
/* Jaro-Winkler similarity, 0..1: prefix weight .1 up to 4 bytes when Jaro exceeds .7. */
double edit_jaro_winkler(struct edit_scratch *s, struct slice a, struct slice b);

#endif
