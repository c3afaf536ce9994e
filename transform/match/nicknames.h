/* Given names and their short, pet and spelling forms, in groups. A name may be in several groups
 * (al: Albert, Alan, Alexander); two names that share a group may be one person's. Read-only. */
#ifndef SLUICE_TRANSFORM_MATCH_NICKNAMES_H
#define SLUICE_TRANSFORM_MATCH_NICKNAMES_H

#include "core/dict.h"

enum { NICKNAME_GROUPS_MAX = 12 };

/* Groups by name, for one run. */
struct nicknames {
    struct dict names;
    struct nickname_groups {
        uint16_t n, group[NICKNAME_GROUPS_MAX];
    } * groups; /* by code of the name */
};

int nicknames_init(struct nicknames *t); /* 0 or ERR_MEMORY */
void nicknames_done(struct nicknames *t);
/* The groups of a folded name, or NULL. */
const struct nickname_groups *nicknames_of(const struct nicknames *t, struct slice name);
int nicknames_share(const struct nickname_groups *a, const struct nickname_groups *b);
size_t nickname_group_count(void);

#endif
