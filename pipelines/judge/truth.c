/* The truth, asked pair by pair. */
#include <stdlib.h>

#include "pipelines/judge/parts.h"

static int compare_pairs(const void *a, const void *b)
{
    const struct true_pair *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

int judging_is_true(const struct judging *g, uint32_t a, uint32_t b)
{
    if (!g->by_pairs)
        return judging_truth(g)[a] == judging_truth(g)[b] && judging_judged(g, a);
    struct true_pair wanted = {a < b ? a : b, a < b ? b : a};
    size_t n = g->true_list.len / sizeof wanted;
    return n && bsearch(&wanted, g->true_list.data, n, sizeof wanted, compare_pairs) != NULL;
}

static int each_listed(const struct judging *g, int (*fn)(void *arg, uint32_t a, uint32_t b),
                       void *arg)
{
    const struct true_pair *list = (const struct true_pair *)(const void *)g->true_list.data;
    for (size_t i = 0; i < g->true_list.len / sizeof *list; i++)
        TRY(fn(arg, list[i].a, list[i].b));
    return 0;
}

static int each_inside(const uint32_t *list, uint32_t n,
                       int (*fn)(void *arg, uint32_t a, uint32_t b), void *arg)
{
    for (uint32_t i = 0; i < n && n <= JUDGE_ENUMERATED; i++)
        for (uint32_t k = i + 1; k < n; k++)
            TRY(fn(arg, list[i], list[k]));
    return 0;
}

int judging_each_true(const struct judging *g, int (*fn)(void *arg, uint32_t a, uint32_t b),
                      void *arg)
{
    uint32_t n = g->ids.n, entities = g->entities.n;
    if (g->by_pairs)
        return each_listed(g, fn, arg);
    uint32_t *from = calloc((size_t)entities + 2, sizeof *from);
    uint32_t *list = malloc(((size_t)n + 1) * sizeof *list);
    int code = from && list ? 0 : ERR_MEMORY;
    for (uint32_t i = 0; i < n && code == 0; i++)
        if (judging_judged(g, i))
            from[judging_truth(g)[i] + 2]++;
    for (uint32_t e = 1; e < entities && code == 0; e++)
        from[e + 1] += from[e]; /* from[e + 1]: where the next of entity e goes */
    for (uint32_t i = 0; i < n && code == 0; i++)
        if (judging_judged(g, i))
            list[from[judging_truth(g)[i] + 1]++] = i;
    for (uint32_t e = 0; e < entities && code == 0; e++)
        code = each_inside(list + from[e], from[e + 1] - from[e], fn, arg);
    free(from);
    free(list);
    return code;
}
