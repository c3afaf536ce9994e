#include "transform/match/bridges.h"

#include <stdio.h>
#include <stdlib.h>

#include "transform/match/bridge_piece.h"

enum { SIZE_MIN = 2 };

struct search {
    const struct bridges_input *in;
    struct cluster_lists lists;
    uint32_t *edge_from, *local, *scratch; /* by cluster, + 1; by rank; by rank */
    struct edge *edges;                    /* inside clusters of SIZE_MIN and more, by cluster */
    struct edge *decided;                  /* by (a, b) */
    size_t n_decided;
    struct comparer comparer;
    struct buffer piece, found; /* struct bridge_edge, struct match_bridge */
};

uint32_t bridge_root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static uint32_t size_of(const struct search *s, uint32_t cluster)
{
    return s->lists.from[cluster + 1] - s->lists.from[cluster];
}

/* The cluster that holds both ends, when it is looked at; else UINT32_MAX. */
static uint32_t home_of(const struct search *s, const struct edge *e)
{
    uint32_t cluster = s->lists.index[e->a];
    return cluster == s->lists.index[e->b] && size_of(s, cluster) >= SIZE_MIN ? cluster
                                                                              : UINT32_MAX;
}

static int group_edges(struct search *s)
{
    const struct bridges_input *in = s->in;
    uint32_t home;
    s->edge_from = calloc((size_t)s->lists.n + 2, sizeof *s->edge_from);
    if (!s->edge_from)
        return ERR_MEMORY;
    for (size_t i = 0; i < in->n_edges; i++)
        if ((home = home_of(s, &in->edges[i])) != UINT32_MAX)
            s->edge_from[home + 2]++;
    for (uint32_t k = 0; k < s->lists.n; k++)
        s->edge_from[k + 2] += s->edge_from[k + 1];
    s->edges = malloc(((size_t)s->edge_from[s->lists.n + 1] + 1) * sizeof *s->edges);
    if (!s->edges)
        return ERR_MEMORY;
    for (size_t i = 0; i < in->n_edges; i++)
        if ((home = home_of(s, &in->edges[i])) != UINT32_MAX)
            s->edges[s->edge_from[home + 1]++] = in->edges[i];
    return 0;
}

static int list_decided(struct search *s)
{
    const uint32_t *rank = s->in->scorer->e->rank;
    s->decided = malloc((s->in->n_decisions + 1) * sizeof *s->decided);
    if (!s->decided)
        return ERR_MEMORY;
    for (size_t i = 0; i < s->in->n_decisions; i++) {
        const struct match_decision *d = &s->in->decisions[i];
        uint32_t a = rank[d->a], b = rank[d->b];
        if (d->says > 0 && a != b)
            s->decided[s->n_decided++] = (struct edge){a < b ? a : b, a < b ? b : a, 0};
    }
    return edges_sort(s->decided, s->n_decided);
}

static int is_decided(const struct search *s, const struct edge *e)
{
    size_t low = 0, high = s->n_decided;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct edge *m = &s->decided[mid];
        if (m->a < e->a || (m->a == e->a && m->b < e->b))
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->n_decided && s->decided[low].a == e->a && s->decided[low].b == e->b;
}

static int32_t score(struct search *s, uint32_t a, uint32_t b)
{
    struct pair_score p;
    score_pair(s->in->scorer, &s->comparer, a, b, &p);
    return p.weight;
}

static int put_edge(struct search *s, const struct edge *e)
{
    struct bridge_edge one = {*e, FREE};
    if (e->weight == WEIGHT_CERTAIN) {
        one.fixed = is_decided(s, e) ? FIXED_BY_PERSON : FIXED_BY_RULE;
        if (one.fixed == FIXED_BY_RULE)
            one.edge.weight = score(s, e->a, e->b);
    }
    return buffer_append(&s->piece, &one, sizeof one);
}

/* The edges of a cluster, and in one that is not too large every pair. */
static int fill_piece(struct search *s, const uint32_t *nodes, uint32_t n, const struct edge *known,
                      size_t n_known)
{
    size_t at = 0;
    buffer_reset(&s->piece);
    if (n > BRIDGE_COMPLETE) {
        for (; at < n_known; at++)
            TRY(put_edge(s, &known[at]));
        return 0;
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = i + 1; k < n; k++) {
            struct edge e = {nodes[i], nodes[k], 0};
            if (at < n_known && known[at].a == e.a && known[at].b == e.b)
                e.weight = known[at++].weight;
            else
                e.weight = score(s, e.a, e.b);
            TRY(put_edge(s, &e));
        }
    return 0;
}

/* Is there anything that could be cut: a rule, or a pair that does not agree? */
static int worth_a_look(const struct search *s, uint32_t n, const struct edge *known,
                        size_t n_known)
{
    int64_t agree = 0;
    for (size_t i = 0; i < n_known; i++) {
        if (known[i].weight == WEIGHT_CERTAIN)
            return 1;
        agree += known[i].weight > s->in->options->stop;
    }
    return n > 3 && agree < (int64_t)n * (n - 1) / 2;
}

static int has_rule(const struct bridge_piece *p)
{
    for (size_t i = 0; i < p->n_edges; i++)
        if (p->edges[i].fixed == FIXED_BY_RULE)
            return 1;
    return 0;
}

static int look_at(struct search *s, uint32_t c, uint32_t *part, uint32_t *cluster)
{
    uint32_t n = size_of(s, c);
    const uint32_t *nodes = s->lists.list + s->lists.from[c];
    const struct edge *known = s->edges + s->edge_from[c];
    size_t n_known = s->edge_from[c + 1] - s->edge_from[c];
    if (n < SIZE_MIN || !worth_a_look(s, n, known, n_known))
        return 0;
    TRY(fill_piece(s, nodes, n, known, n_known));
    for (uint32_t i = 0; i < n; i++) {
        s->local[nodes[i]] = i;
        part[i] = 0;
    }
    struct bridge_piece p = {.in = s->in,
                             .nodes = nodes,
                             .n = n,
                             .local = s->local,
                             .edges = (struct bridge_edge *)(void *)s->piece.data,
                             .n_edges = s->piece.len / sizeof *p.edges,
                             .part = part,
                             .scratch = s->scratch,
                             .found = &s->found};
    if (has_rule(&p))
        TRY(bridge_cut_rules(&p));
    TRY(bridge_cut_weak(&p));
    for (uint32_t i = 0; i < n; i++)
        cluster[nodes[i]] = nodes[part[i]];
    return 0;
}

static int look_at_all(struct search *s, uint32_t *cluster)
{
    uint32_t n = s->in->scorer->e->n, largest = 0;
    for (uint32_t c = 0; c < s->lists.n; c++)
        largest = size_of(s, c) > largest ? size_of(s, c) : largest;
    uint32_t *part = malloc(((size_t)largest + 1) * sizeof *part);
    s->local = malloc(((size_t)n + 1) * sizeof *s->local);
    s->scratch = malloc(((size_t)n + 1) * sizeof *s->scratch);
    int code = part && s->local && s->scratch ? 0 : ERR_MEMORY;
    for (uint32_t c = 0; c < s->lists.n && code == 0; c++)
        code = look_at(s, c, part, cluster);
    free(part);
    return code;
}

static int cut_first(const void *a, const void *b)
{
    const struct match_bridge *x = a, *y = b;
    uint64_t of_x = (uint64_t)x->n_a + x->n_b, of_y = (uint64_t)y->n_a + y->n_b;
    if (x->cut != y->cut)
        return x->cut ? -1 : 1;
    if (of_x != of_y)
        return of_x > of_y ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static void search_done(struct search *s)
{
    cluster_lists_done(&s->lists);
    free(s->edge_from);
    free(s->edges);
    free(s->decided);
    free(s->local);
    free(s->scratch);
    buffer_done(&s->piece);
    buffer_done(&s->found);
}

int bridges_cut(const struct bridges_input *in, uint32_t *cluster, struct match_bridge **ret,
                size_t *ret_n)
{
    struct search s = {.in = in};
    *ret = NULL;
    *ret_n = 0;
    int code = cluster_lists_init(&s.lists, cluster, in->scorer->e->n);
    comparer_init(&s.comparer, in->scorer->e, in->scorer->aliases);
    if (code == 0)
        code = group_edges(&s);
    if (code == 0)
        code = list_decided(&s);
    if (code == 0)
        code = look_at_all(&s, cluster);
    if (code == 0 && s.found.len) {
        *ret_n = s.found.len / sizeof **ret;
        *ret = buffer_take(&s.found);
        qsort(*ret, *ret_n, sizeof **ret, cut_first);
    }
    search_done(&s);
    return code;
}

int bridges_say(const struct match_bridge *list, size_t n, char ret_lines[][200], int most)
{
    static const char *const says[2] = {
        "customers were cut at their weakest link; see --report",
        "customers hang by one rule or hardly together, and were left so; see --report"};
    size_t cut = 0;
    int lines = 0;
    while (cut < n && list[cut].cut)
        cut++;
    size_t counts[2] = {cut, n - cut};
    for (int i = 0; i < 2; i++)
        if (counts[i] && lines < most)
            snprintf(ret_lines[lines++], 200, "%zu %s", counts[i], says[i]);
    return lines;
}
