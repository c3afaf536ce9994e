/* Two results side by side: the figures of the other, and where they differ. */
#include <stdlib.h>

#include "pipelines/judge/parts.h"

struct comparing {
    struct judging *g;
    struct dict names; /* of the other's clusters */
    uint32_t *other;   /* by record: its cluster there, EVALUATE_SKIP unknown */
    uint32_t *here;    /* the same here, EVALUATE_SKIP when the other lacks the record */
    int64_t twice;
    struct slice twice_id;
};

static int take_other(void *arg, size_t row, struct slice id, struct slice cluster)
{
    struct comparing *c = arg;
    int64_t record = dict_find(&c->g->ids, id), code = dict_add(&c->names, cluster);
    (void)row;
    if (code < 0)
        return ERR_MEMORY;
    if (record < 0) {
        c->g->j->comparison.only_there_records++;
        return 0;
    }
    if (c->other[record] != EVALUATE_SKIP && c->twice++ == 0)
        c->twice_id = judging_id(c->g, (uint32_t)record);
    c->other[record] = (uint32_t)code;
    return 0;
}

static int load_other(struct comparing *c, struct error *err)
{
    int id, cluster;
    struct judging *g = c->g;
    TRY(judge_find_id(&g->other, &g->result, g->columns->id, &id, err));
    TRY(judge_find_cluster(&g->other, id, g->columns->cluster, &cluster, err));
    for (uint32_t i = 0; i < g->ids.n; i++)
        c->other[i] = EVALUATE_SKIP;
    if (sheet_each(&g->other, id, cluster, take_other, c) < 0)
        return error_memory(err);
    if (c->twice)
        return error_set(err, ERR_DATA, "the other result has '%.*s' in more than one row",
                         (int)c->twice_id.len, c->twice_id.ptr);
    for (uint32_t i = 0; i < g->ids.n; i++) {
        int there = c->other[i] != EVALUATE_SKIP;
        c->here[i] = there ? judging_found(g)[i] : EVALUATE_SKIP;
        g->j->comparison.only_here_records += !there;
    }
    if (g->j->comparison.only_here_records == g->ids.n)
        return error_set(err, ERR_DATA, "the other result has no row of this one's ids");
    return 0;
}

static int judge_there(struct comparing *c, struct error *err)
{
    struct judging *g = c->g;
    struct evaluation *e = &g->j->comparison.other;
    if (!g->j->has_truth)
        return 0;
    if (!g->by_pairs)
        return evaluate_clusters(c->other, judging_truth(g), g->ids.n, e, err);
    return evaluate_pairs(c->other, g->ids.n, (struct true_pair *)(void *)g->true_list.data,
                          g->true_list.len / sizeof(struct true_pair), e, err);
}

static int count_right(void *arg, uint32_t a, uint32_t b)
{
    struct comparing *c = arg;
    struct judge_comparison *k = &c->g->j->comparison;
    if (c->other[a] == EVALUATE_SKIP || c->other[b] == EVALUATE_SKIP)
        return 0;
    int here = c->here[a] == c->here[b], there = c->other[a] == c->other[b];
    k->right_here += here && !there;
    k->right_there += there && !here;
    return 0;
}

/* A cluster's records by the other side's clusters. */
struct spread {
    uint32_t first_other; /* of its first record */
    uint32_t first;       /* its first record */
    uint32_t stray;       /* a record elsewhere in the other, or EVALUATE_SKIP */
    int64_t size;
};

static struct spread *spreads_of(const uint32_t *own, const uint32_t *other, uint32_t n,
                                 uint32_t n_codes)
{
    struct spread *s = calloc((size_t)n_codes + 1, sizeof *s);
    for (uint32_t i = 0; s && i < n; i++) {
        if (own[i] == EVALUATE_SKIP || other[i] == EVALUATE_SKIP)
            continue;
        struct spread *x = &s[own[i]];
        if (x->size++ == 0) {
            x->first = i;
            x->first_other = other[i];
            x->stray = EVALUATE_SKIP;
        } else if (x->stray == EVALUATE_SKIP && other[i] != x->first_other) {
            x->stray = i;
        }
    }
    return s;
}

static int differences(const struct judging *g, const struct spread *s, uint32_t n_codes,
                       struct judge_difference *ret, int *ret_n)
{
    int failed = 0;
    for (uint32_t i = 0; i < n_codes && *ret_n < JUDGE_SHOWN; i++) {
        if (!s[i].size || s[i].stray == EVALUATE_SKIP)
            continue;
        uint32_t a = s[i].first, b = s[i].stray;
        int known = g->j->has_truth && judging_judged(g, a) && judging_judged(g, b);
        ret[(*ret_n)++] = (struct judge_difference){.a = judging_keep(g, judging_id(g, a), &failed),
                                                    .b = judging_keep(g, judging_id(g, b), &failed),
                                                    .right = known ? judging_is_true(g, a, b) : -1};
    }
    return failed ? ERR_MEMORY : 0;
}

/* A cluster is the same, part of one there (merged), made of whole ones there (split), or mixed. */
static int count_kinds(struct comparing *c, const struct spread *here, const struct spread *there)
{
    struct judge_comparison *k = &c->g->j->comparison;
    uint8_t *shares = calloc((size_t)c->g->clusters.n + 1, 1); /* a piece lies in a mixed one */
    if (!shares)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < c->g->ids.n; i++)
        if (c->here[i] != EVALUATE_SKIP && there[c->other[i]].stray != EVALUATE_SKIP)
            shares[c->here[i]] = 1;
    for (uint32_t i = 0; i < c->g->clusters.n; i++) {
        if (!here[i].size)
            continue;
        int spread = here[i].stray != EVALUATE_SKIP;
        k->same += !spread && !shares[i];
        k->merged += !spread && shares[i];
        k->split += spread && !shares[i];
        k->mixed += spread && shares[i];
    }
    free(shares);
    return 0;
}

static int compare(struct comparing *c, struct error *err)
{
    struct judging *g = c->g;
    struct judge_comparison *k = &g->j->comparison;
    struct evaluation both;
    TRY(load_other(c, err));
    TRY(judge_there(c, err));
    TRY(evaluate_clusters(c->here, c->other, g->ids.n, &both, err));
    k->pairs_both = both.pairs_both;
    k->pairs_here = both.pairs_found;
    k->pairs_there = both.pairs_true;
    if (g->j->has_truth && judging_each_true(g, count_right, c) < 0)
        return error_memory(err);
    struct spread *here = spreads_of(c->here, c->other, g->ids.n, g->clusters.n);
    struct spread *there = spreads_of(c->other, c->here, g->ids.n, c->names.n);
    int code = here && there ? count_kinds(c, here, there) : ERR_MEMORY;
    if (code == 0)
        code = differences(g, here, g->clusters.n, k->here, &k->n_here);
    if (code == 0)
        code = differences(g, there, c->names.n, k->there, &k->n_there);
    free(here);
    free(there);
    return code < 0 ? error_memory(err) : 0;
}

int judge_other(struct judging *g, struct error *err)
{
    struct comparing c = {.g = g};
    int code = dict_init(&c.names) < 0 ? error_memory(err) : 0;
    c.other = malloc(((size_t)g->ids.n + 1) * sizeof *c.other);
    c.here = malloc(((size_t)g->ids.n + 1) * sizeof *c.here);
    if (code == 0)
        code = c.other && c.here ? compare(&c, err) : error_memory(err);
    dict_done(&c.names);
    free(c.other);
    free(c.here);
    return code;
}
