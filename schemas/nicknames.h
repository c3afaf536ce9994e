/* Nicknames: which given names a short or pet form stands for (English, German, French, Spanish).
 * A constant table of about 1,500 forms; a look-up is a binary search (some 11 compares) and
 * allocates nothing. Names are lower case, UTF-8. */
#ifndef SLUICE_SCHEMAS_NICKNAMES_H
#define SLUICE_SCHEMAS_NICKNAMES_H

#include "core/slice.h"

/* The given names that `lower_name` stands for, the most usual first, as an array of constant
 * strings in *ret; returns how many. 0 (and *ret NULL) when it is not a nickname: a formal name has
 * no roots unless it is also someone's nickname ("john" of "jonathan"). */
int nickname_roots(struct slice lower_name, const char *const **ret);

/* Can both be the same given name: equal, one a nickname of the other, or nicknames of the same
 * name. 1 or 0. */
int nickname_same(struct slice a, struct slice b);

/* The formal name that `lower_name` is usually short for, or NULL: when it is no nickname, or one
 * that is given at christenings as often ("john", though it is also short for "jonathan"). */
const char *nickname_formal(struct slice lower_name);

#endif
