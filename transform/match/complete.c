#include "transform/match/complete.h"

#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "transform/match/radix.h"

/* An edge out of a cluster, seen from it. */
struct way_out {
    uint32_t from, to; /* cluster numbers */
    int32_t weight;
};

/* By cluster, the strongest first, then by the other cluster. */
static int sort_ways(struct way_out *ways, size_t n)
{
    struct keyed *list = malloc((n + 1) * sizeof *list);
    struct way_out *sorted = malloc((n + 1) * sizeof *sorted);
    int code = list && sorted && n < UINT32_MAX ? 0 : ERR_MEMORY;
    for (size_t i = 0; i < n && code == 0; i++)
        list[i] = (struct keyed){ways[i].to, (uint32_t)i};
    if (code == 0)
        code = radix_sort_keyed(list, n);
    for (size_t i = 0; i < n && code == 0; i++) {
        const struct way_out *w = &ways[list[i].value];
        uint64_t weaker = (uint64_t)((int64_t)WEIGHT_CERTAIN - w->weight); /* below 2^31 */
        list[i].key = (uint64_t)w->from << 32 | weaker;
    }
    if (code == 0)
        code = radix_sort_keyed(list, n);
    for (size_t i = 0; i < n && code == 0; i++)
        sorted[i] = ways[list[i].value];
    if (code == 0)
        memcpy(ways, sorted, n * sizeof *ways);
    free(list);
    free(sorted);
    return code;
}

static uint32_t size_of(const struct cluster_lists *l, uint32_t cluster)
{
    return l->from[cluster + 1] - l->from[cluster];
}

static int put_pair(struct buffer *pairs, uint32_t x, uint32_t y)
{
    struct edge e = {.a = x < y ? x : y, .b = x < y ? y : x};
    return buffer_append(pairs, &e, sizeof e);
}

static int put_cross(struct buffer *pairs, const struct cluster_lists *l, uint32_t x, uint32_t y)
{
    for (uint32_t i = l->from[x]; i < l->from[x + 1]; i++)
        for (uint32_t k = l->from[y]; k < l->from[y + 1]; k++)
            TRY(put_pair(pairs, l->list[i], l->list[k]));
    return 0;
}

static int put_inside(struct buffer *pairs, const struct cluster_lists *l)
{
    for (uint32_t c = 0; c < l->n; c++) {
        uint32_t n = size_of(l, c);
        if (n < 3 || n > COMPLETE_INSIDE)
            continue;
        for (uint32_t i = l->from[c]; i < l->from[c + 1]; i++)
            for (uint32_t k = i + 1; k < l->from[c + 1]; k++)
                TRY(put_pair(pairs, l->list[i], l->list[k]));
    }
    return 0;
}

static struct way_out *ways_between(const struct edge *edges, size_t n_edges,
                                    const struct cluster_lists *l, size_t *ret_n)
{
    struct buffer ways = {0};
    for (size_t i = 0; i < n_edges; i++) {
        uint32_t x = l->index[edges[i].a], y = l->index[edges[i].b];
        if (x == y || edges[i].weight <= WEIGHT_EDGE ||
            size_of(l, x) * (uint64_t)size_of(l, y) == 1)
            continue;
        struct way_out both[2] = {{x, y, edges[i].weight}, {y, x, edges[i].weight}};
        if (buffer_append(&ways, both, sizeof both) < 0) {
            buffer_done(&ways);
            return NULL;
        }
    }
    *ret_n = ways.len / sizeof(struct way_out);
    if (buffer_reserve(&ways, 1) < 0)
        return NULL;
    struct way_out *list = buffer_take(&ways);
    if (*ret_n && sort_ways(list, *ret_n) < 0) {
        free(list);
        return NULL;
    }
    return list;
}

static int put_neighbours(struct buffer *pairs, const struct cluster_lists *l,
                          const struct way_out *ways, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t from = ways[i].from, taken[COMPLETE_NEIGHBOURS];
        int n_taken = 0;
        for (; i < n && ways[i].from == from; i++) {
            int seen = 0;
            for (int k = 0; k < n_taken; k++)
                seen |= taken[k] == ways[i].to;
            if (seen || n_taken == COMPLETE_NEIGHBOURS || size_of(l, from) > COMPLETE_MEMBERS ||
                size_of(l, ways[i].to) > COMPLETE_MEMBERS)
                continue;
            taken[n_taken++] = ways[i].to;
            TRY(put_cross(pairs, l, from, ways[i].to));
        }
    }
    return 0;
}

/* Sorts, and leaves out repeats and what is known. Returns how many stay, or ERR_MEMORY. */
static int64_t only_new(struct edge *pairs, size_t n, const struct edge *known, size_t n_known)
{
    size_t kept = 0, at = 0;
    struct edge last = {.a = UINT32_MAX};
    TRY(edges_sort(pairs, n));
    for (size_t i = 0; i < n; i++) {
        if (pairs[i].a == last.a && pairs[i].b == last.b)
            continue;
        last = pairs[i];
        while (at < n_known && (known[at].a < pairs[i].a ||
                                (known[at].a == pairs[i].a && known[at].b < pairs[i].b)))
            at++;
        if (at < n_known && known[at].a == pairs[i].a && known[at].b == pairs[i].b)
            continue;
        pairs[kept++] = pairs[i];
    }
    return (int64_t)kept;
}

static int merge_edges(struct edge **edges, size_t *n_edges, const struct edge *more, size_t n_more)
{
    struct edge *all = malloc((*n_edges + n_more + 1) * sizeof *all);
    if (!all)
        return ERR_MEMORY;
    size_t i = 0, k = 0, n = 0;
    while (i < *n_edges || k < n_more) {
        const struct edge *x = &(*edges)[i], *y = &more[k];
        int first = k == n_more || (i < *n_edges && (x->a < y->a || (x->a == y->a && x->b < y->b)));
        all[n++] = first ? *x : *y;
        i += (size_t)first;
        k += (size_t)!first;
    }
    free(*edges);
    *edges = all;
    *n_edges = n;
    return 0;
}

int complete_edges(const struct scorer *s, const uint32_t *cluster, struct pool *pool,
                   struct edge **edges, size_t *n_edges, struct error *err)
{
    struct cluster_lists l;
    struct buffer pairs = {0};
    size_t n_ways = 0;
    if (cluster_lists_init(&l, cluster, s->e->n) < 0)
        return error_memory(err);
    struct way_out *ways = ways_between(*edges, *n_edges, &l, &n_ways);
    int code = ways ? put_inside(&pairs, &l) : ERR_MEMORY;
    if (code == 0)
        code = put_neighbours(&pairs, &l, ways, n_ways);
    if (code == 0 && pairs.len) {
        struct edge *list = (struct edge *)(void *)pairs.data;
        int64_t n = only_new(list, pairs.len / sizeof *list, *edges, *n_edges);
        if (n > 0)
            score_edges(s, list, (size_t)n, pool);
        code = n < 0 ? (int)n : merge_edges(edges, n_edges, list, (size_t)n);
    }
    buffer_done(&pairs);
    free(ways);
    cluster_lists_done(&l);
    return code < 0 ? error_memory(err) : 0;
}
