/* Nicknames as pairs are compared by them: of each distinct name, once, the names it may stand for
 * (schemas/nicknames.h has the list), so that a pair costs a few compares of numbers. */
#ifndef SLUICE_TRANSFORM_MATCH_NICKNAMES_H
#define SLUICE_TRANSFORM_MATCH_NICKNAMES_H

#include "core/slice.h"

enum { NICKNAME_ROOTS_MAX = 11 };

/* Itself and the names it stands for, as hashes, ascending. */
struct nickname_set {
    uint32_t n, root[NICKNAME_ROOTS_MAX + 1];
};

/* `name` is folded to lower case. */
void nickname_set_of(struct slice name, struct nickname_set *ret);
/* May they be one person's: one stands for the other, or both for one name? 1 or 0. */
int nickname_sets_meet(const struct nickname_set *a, const struct nickname_set *b);

#endif
