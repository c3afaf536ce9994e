/* The worst clusters: those that hold the most wrong pairs, and the true ones that lie in the most
 * pieces. */
#include <stdlib.h>

#include "pipelines/judge/parts.h"

struct tally { /* of a cluster, or of a true one */
    uint32_t code;
    int64_t size, right; /* judged records; true pairs joined */
};

struct tallies {
    const struct judging *g;
    struct tally *found, *torn;
};

static int64_t wrong_of(const struct tally *t)
{
    return t->size * (t->size - 1) / 2 - t->right;
}

static int worse_first(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    if (wrong_of(x) != wrong_of(y))
        return wrong_of(x) > wrong_of(y) ? -1 : 1;
    return (x->code > y->code) - (x->code < y->code);
}

static int count_right(void *arg, uint32_t a, uint32_t b)
{
    struct tallies *t = arg;
    const uint32_t *found = judging_found(t->g);
    if (found[a] != found[b])
        return 0;
    t->found[found[a]].right++;
    if (!t->g->by_pairs)
        t->torn[judging_truth(t->g)[a]].right++;
    return 0;
}

static int is_new(const uint32_t *seen, int n, uint32_t code)
{
    for (int i = 0; i < n; i++)
        if (seen[i] == code)
            return 0;
    return 1;
}

enum { PARTS_COUNTED = 256 };

/* Fills one example: ids, and in how many of `other`'s clusters its records are. */
static int show(const struct judging *g, const struct tally *t, const uint32_t *own,
                const uint32_t *other, struct slice name, struct judge_cluster *ret)
{
    uint32_t seen[PARTS_COUNTED];
    int parts = 0, failed = 0;
    *ret = (struct judge_cluster){
        .name = judging_keep(g, name, &failed), .size = t->size, .wrong = wrong_of(t)};
    for (uint32_t i = 0; i < g->ids.n; i++) {
        if (own[i] != t->code || !judging_judged(g, i))
            continue;
        int fresh = parts < PARTS_COUNTED && is_new(seen, parts, other ? other[i] : i);
        if (fresh)
            seen[parts++] = other ? other[i] : i;
        if (ret->n_ids < JUDGE_NAMES && (fresh || t->size <= JUDGE_NAMES))
            ret->ids[ret->n_ids++] = judging_keep(g, judging_id(g, i), &failed);
    }
    ret->parts = other ? parts : 0;
    return failed ? ERR_MEMORY : 0;
}

static int show_worst(const struct judging *g, struct tally *list, uint32_t n,
                      const struct dict *names, const uint32_t *own, const uint32_t *other,
                      struct judge_cluster *ret, int *ret_n)
{
    if (n)
        qsort(list, n, sizeof *list, worse_first);
    for (uint32_t i = 0; i < n && *ret_n < JUDGE_SHOWN && wrong_of(&list[i]) > 0; i++) {
        TRY(show(g, &list[i], own, other, dict_get(names, list[i].code), &ret[*ret_n]));
        (*ret_n)++;
    }
    return 0;
}

static int tally_up(struct tallies *t)
{
    const struct judging *g = t->g;
    for (uint32_t i = 0; i < g->clusters.n; i++)
        t->found[i].code = i;
    for (uint32_t i = 0; i < g->entities.n; i++)
        t->torn[i].code = i;
    for (uint32_t i = 0; i < g->ids.n; i++) {
        if (!judging_judged(g, i))
            continue;
        t->found[judging_found(g)[i]].size++;
        if (!g->by_pairs)
            t->torn[judging_truth(g)[i]].size++;
    }
    TRY(judging_each_true(g, count_right, t));
    const uint32_t *truth = g->by_pairs ? NULL : judging_truth(g);
    TRY(show_worst(g, t->found, g->clusters.n, &g->clusters, judging_found(g), truth, g->j->worst,
                   &g->j->n_worst));
    return g->by_pairs ? 0
                       : show_worst(g, t->torn, g->entities.n, &g->entities, truth,
                                    judging_found(g), g->j->torn, &g->j->n_torn);
}

int judge_clusters(struct judging *g, struct error *err)
{
    struct tallies t = {.g = g,
                        .found = calloc((size_t)g->clusters.n + 1, sizeof *t.found),
                        .torn = calloc((size_t)g->entities.n + 1, sizeof *t.torn)};
    int code = t.found && t.torn ? tally_up(&t) : ERR_MEMORY;
    free(t.found);
    free(t.torn);
    return code < 0 ? error_memory(err) : 0;
}
