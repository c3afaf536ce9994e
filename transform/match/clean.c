#include "transform/match/clean.h"

#include <stdlib.h>

/* Within a clean source, lookalikes and slips alone are found alike: so many in a thousand of what
 * is found across. Systems do hold people twice, catalogues hardly ever a thing. */
static const uint32_t most_within[2][2] = {{400, 150}, {10, 5}}; /* things, people; perhaps, sure */

/* Seeing none of n is seeing fewer than 3 in n, with 95 % confidence: few pairs prove nothing. */
enum { ACROSS_MIN = 10, UNSEEN = 3 };

int clean_sources_init(struct clean_sources *c, const struct encoded *e)
{
    *c = (struct clean_sources){0};
    for (uint32_t r = 0; e->source && r < e->n; r++)
        if (e->source[r] != MATCH_MISSING && e->source[r] >= c->n)
            c->n = e->source[r] + 1;
    c->within = calloc((size_t)c->n + 1, sizeof *c->within);
    c->across = calloc((size_t)c->n + 1, sizeof *c->across);
    c->clean = calloc((size_t)c->n + 1, 1);
    if (c->within && c->across && c->clean)
        return 0;
    clean_sources_done(c);
    return ERR_MEMORY;
}

void clean_sources_done(struct clean_sources *c)
{
    free(c->within);
    free(c->across);
    free(c->clean);
    *c = (struct clean_sources){0};
}

struct best {
    uint32_t partner;
    int32_t weight;
};

static void offer(struct best *b, uint32_t partner, int32_t weight)
{
    if (b->partner == UINT32_MAX || weight > b->weight)
        *b = (struct best){partner, weight};
}

/* Two that look alike and clearly differ in a code, a date or an id are no slip of the source. */
static int is_contradicted(const struct scorer *s, struct comparer *c, uint32_t a, uint32_t b)
{
    struct agreement g;
    int n = 0;
    compare_records(c, a < b ? a : b, a < b ? b : a, &g);
    for (int k = 0; k < s->model->n_fields; k++)
        n += model_is_disagreement(&s->model->fields[k], level_of(g.pattern, k));
    return n > 0;
}

static void count_mutual(struct clean_sources *c, const struct scorer *s, const struct best *best)
{
    const uint32_t *source = s->e->source;
    struct comparer comparer;
    comparer_init(&comparer, s->e, s->aliases);
    for (uint32_t r = 0; r < s->e->n; r++) {
        uint32_t p = best[r].partner;
        if (p == UINT32_MAX || best[p].partner != r || p < r || source[r] == MATCH_MISSING ||
            source[p] == MATCH_MISSING)
            continue;
        if (source[r] != source[p]) {
            c->across[source[r]]++;
            c->across[source[p]]++;
        } else if (!is_contradicted(s, &comparer, r, p)) {
            c->within[source[r]]++;
        }
    }
}

static void offer_all(struct best *best, const struct edge *edges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (edges[i].weight <= 0)
            continue;
        offer(&best[edges[i].a], edges[i].b, edges[i].weight);
        offer(&best[edges[i].b], edges[i].a, edges[i].weight);
    }
}

int clean_sources_find(struct clean_sources *c, const struct scorer *scorer,
                       const struct edge *edges, size_t n_edges, const struct edge *more,
                       size_t n_more, enum clean_certainty certainty)
{
    const struct encoded *e = scorer->e;
    int people = e->given >= 0 || e->family >= 0;
    struct best *best = malloc(((size_t)e->n + 1) * sizeof *best);
    if (!best)
        return ERR_MEMORY;
    for (uint32_t r = 0; r < e->n; r++)
        best[r] = (struct best){UINT32_MAX, 0};
    offer_all(best, edges, n_edges);
    offer_all(best, more, n_more);
    memset(c->within, 0, c->n * sizeof *c->within);
    memset(c->across, 0, c->n * sizeof *c->across);
    count_mutual(c, scorer, best);
    free(best);
    c->n_clean = 0;
    for (uint32_t s = 0; s < c->n; s++) {
        c->clean[s] = c->across[s] >= ACROSS_MIN &&
                      ((uint64_t)c->within[s] + (certainty == CLEAN_SURE ? UNSEEN : 0)) * 1000 <=
                          (uint64_t)c->across[s] * most_within[people][certainty];
        c->n_clean += c->clean[s];
    }
    return c->n_clean >= 2;
}

int64_t clean_within(const struct clean_sources *c, const struct encoded *e,
                     const struct edge *edges, size_t n_edges, struct edge **ret)
{
    size_t n = 0;
    struct edge *list = malloc((n_edges + 1) * sizeof *list);
    for (size_t i = 0; list && i < n_edges; i++)
        if (edges[i].weight > 0 && e->source[edges[i].a] != MATCH_MISSING &&
            e->source[edges[i].a] == e->source[edges[i].b] && c->clean[e->source[edges[i].a]])
            list[n++] = edges[i];
    *ret = list;
    return list ? (int64_t)n : ERR_MEMORY;
}

int encode_clean(struct encoded *e, const struct clean_sources *c)
{
    if (!e->clean)
        e->clean = malloc(((size_t)e->n + 1) * sizeof *e->clean);
    if (!e->clean)
        return ERR_MEMORY;
    for (uint32_t r = 0; r < e->n; r++)
        e->clean[r] =
            e->source[r] != MATCH_MISSING && c->clean[e->source[r]] ? e->source[r] + 1 : 0;
    return 0;
}

int clean_allow(const struct encoded *e, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                uint32_t n_b)
{
    for (uint32_t x = 0; x < n_a; x++)
        for (uint32_t y = 0; y < n_b; y++)
            if (encoded_apart(e, a[x], b[y]))
                return 0;
    return 1;
}

double clean_pairs(const struct encoded *e, const uint32_t *kept, uint32_t n_kept)
{
    double n = n_kept, pairs = n * (n - 1) / 2;
    uint32_t n_sources = 0;
    for (uint32_t i = 0; e->clean && i < n_kept; i++)
        n_sources = e->clean[kept[i]] > n_sources ? e->clean[kept[i]] : n_sources;
    for (uint32_t s = 1; s <= n_sources; s++) {
        double of = 0;
        for (uint32_t i = 0; i < n_kept; i++)
            of += e->clean[kept[i]] == s;
        pairs -= of * (of - 1) / 2;
    }
    return pairs;
}
