#include "transform/match/links.h"

#include <stdlib.h>
#include <string.h>

static int stronger_first(const void *a, const void *b)
{
    const struct match_pair *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static uint32_t find_root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static int join(uint32_t *parent, uint32_t a, uint32_t b)
{
    uint32_t x = find_root(parent, a), y = find_root(parent, b);
    parent[x > y ? x : y] = x > y ? y : x;
    return x != y;
}

static uint32_t *roots_new(uint32_t n)
{
    uint32_t *parent = malloc(((size_t)n + 1) * sizeof *parent);
    for (uint32_t i = 0; parent && i < n; i++)
        parent[i] = i;
    return parent;
}

int64_t links_find(const struct match_pair *pairs, size_t n_pairs, const uint32_t *cluster,
                   uint32_t n, struct match_pair *ret)
{
    struct match_pair *inside = malloc((n_pairs + 1) * sizeof *inside);
    uint32_t *parent = roots_new(n);
    size_t kept = 0;
    int64_t links = 0;
    if (!inside || !parent) {
        free(inside);
        free(parent);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < n_pairs; i++)
        if (!cluster || cluster[pairs[i].a] == cluster[pairs[i].b])
            inside[kept++] = pairs[i];
    if (kept)
        qsort(inside, kept, sizeof *inside, stronger_first);
    for (size_t i = 0; i < kept; i++)
        if (join(parent, inside[i].a, inside[i].b))
            ret[links++] = inside[i];
    free(inside);
    free(parent);
    return links;
}

int links_cut(const struct match_pair *links, size_t n_links, size_t without, uint32_t n,
              uint8_t *ret_side)
{
    uint32_t *parent = roots_new(n);
    if (!parent)
        return ERR_MEMORY;
    for (size_t i = 0; i < n_links; i++)
        if (i != without)
            join(parent, links[i].a, links[i].b);
    uint32_t side = find_root(parent, links[without].a);
    for (uint32_t i = 0; i < n; i++)
        ret_side[i] = find_root(parent, i) == side;
    free(parent);
    return 0;
}
