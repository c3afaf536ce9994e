#include "schemas/nicknames.h"

enum { ROOTS_MAX = 15 };

struct nickname {
    const char *name;
    const char *roots[ROOTS_MAX + 1]; /* ends in NULL */
};

static const struct nickname table[] = {
#define N(name, ...) {name, {__VA_ARGS__, NULL}},
#include "schemas/nicknames.inc"
#undef N
};

/* As slice_compare, without asking for the length of `listed`. */
static int order_of(struct slice name, const char *listed)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char a = (unsigned char)name.ptr[i], b = (unsigned char)listed[i];
        if (a != b)
            return a < b && b ? -1 : 1;
        if (!b)
            return 1;
    }
    return listed[name.len] ? -1 : 0;
}

static const struct nickname *find(struct slice name)
{
    size_t low = 0, high = sizeof table / sizeof table[0];

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = order_of(name, table[middle].name);
        if (order == 0)
            return &table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

int nickname_roots(struct slice lower_name, const char *const **ret)
{
    const struct nickname *found = find(lower_name);
    int n = 0;

    *ret = found ? found->roots : NULL;
    while (found && found->roots[n])
        n++;
    return n;
}

static int has_root(const char *const *roots, int n, struct slice name)
{
    for (int i = 0; i < n; i++)
        if (slice_equal(slice_str(roots[i]), name))
            return 1;
    return 0;
}

int nickname_same(struct slice a, struct slice b)
{
    const char *const *roots_a, *const *roots_b;
    int n_a, n_b;

    if (slice_equal(a, b))
        return 1;
    n_a = nickname_roots(a, &roots_a);
    n_b = nickname_roots(b, &roots_b);
    if (has_root(roots_a, n_a, b) || has_root(roots_b, n_b, a))
        return 1;
    for (int i = 0; i < n_a; i++)
        if (has_root(roots_b, n_b, slice_str(roots_a[i])))
            return 1;
    return 0;
}

const char *nickname_formal(struct slice lower_name)
{
    static const char *const formal[] = {"ann",  "anna",   "anne",  "debra", "ellen",  "esther",
                                         "eva",  "hannah", "henry", "jean",  "joan",   "johann",
                                         "john", "josefa", "julia", "linda", "manuel", "marie",
                                         "mary", "michel", "sophie"};
    const struct nickname *found = find(lower_name);
    for (size_t i = 0; found && i < sizeof formal / sizeof formal[0]; i++)
        if (slice_equal(lower_name, slice_str(formal[i])))
            return NULL;
    return found ? found->roots[0] : NULL;
}
