#include "transform/match/nicknames.h"

#include "core/hash.h"
#include "schemas/nicknames.h"

static void add(struct nickname_set *set, struct slice name)
{
    uint32_t hash = (uint32_t)hash_fixed(name.ptr, name.len), i = set->n;
    for (; i > 0 && set->root[i - 1] > hash; i--)
        set->root[i] = set->root[i - 1];
    set->root[i] = hash;
    set->n++;
}

void nickname_set_of(struct slice name, struct nickname_set *ret)
{
    const char *const *roots;
    int n = nickname_roots(name, &roots);
    ret->n = 0;
    add(ret, name);
    for (int i = 0; i < n && i < NICKNAME_ROOTS_MAX; i++)
        add(ret, slice_str(roots[i]));
}

int nickname_sets_meet(const struct nickname_set *a, const struct nickname_set *b)
{
    for (uint32_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->root[i] == b->root[j])
            return 1;
        if (a->root[i] < b->root[j])
            i++;
        else
            j++;
    }
    return 0;
}
