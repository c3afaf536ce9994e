#include "transform/match/score.h"

#include <math.h>
#include <stdlib.h>

#include "transform/match/compare_block.h"
#include "transform/match/radix.h"
#include "transform/match/weight_bound.h"

enum { CHUNK = 16384, EDGE_CHUNK = 65536, HALF = SOFTPLUS_STEPS / 2, STEP = 16 * BIT / HALF };

int scorer_init(struct scorer *s, const struct encoded *e, const struct match_model *model,
                const struct alias_set *aliases)
{
    *s = (struct scorer){.e = e, .model = model, .aliases = aliases};
    for (int i = 0; i <= SOFTPLUS_STEPS; i++)
        s->softplus[i] = (int32_t)lround(BIT * log2(1 + exp2((i - HALF) * (16.0 / HALF))));
    return weights_init(&s->weights, model, e);
}

void scorer_done(struct scorer *s)
{
    weights_done(&s->weights);
}

/* log2(1 + 2^x), by the table and a straight line between its steps. */
static int32_t softplus(const struct scorer *s, int32_t x)
{
    if (x <= -16 * BIT)
        return 0;
    if (x >= 16 * BIT)
        return x;
    int32_t at = (x + 16 * BIT) / STEP, rest = (x + 16 * BIT) % STEP;
    return s->softplus[at] + (s->softplus[at + 1] - s->softplus[at]) * rest / STEP;
}

void score_pair(const struct scorer *s, struct comparer *c, uint32_t a, uint32_t b,
                struct pair_score *ret)
{
    compare_records(c, a, b, &ret->agreement);
    struct weight_sums sum = weights_sum(&s->weights, &ret->agreement, a, b);
    ret->frequency = sum.frequency;
    ret->same = sum.all.m;
    ret->household = sum.all.h;
    ret->weight = sum.all.m - softplus(s, sum.all.h);
}

static int32_t block_weight(const struct scorer *s, const struct pair_block *p, uint32_t i)
{
    struct frequency_part sum = weights_sum(&s->weights, &p->agreement[i], p->a[i], p->b[i]).all;
    return weight_clip(sum.m - softplus(s, sum.h));
}

/* The clipped weights of a block's pairs. */
static void score_block(const struct scorer *s, struct comparer *c, struct pair_block *p,
                        int32_t weight[PAIR_BLOCK])
{
    compare_block(c, p);
    for (uint32_t i = 0; i < p->n; i++)
        weight[i] = block_weight(s, p, i);
}

struct score_job {
    const struct scorer *s;
    const struct candidates *c;
    struct nearness near;
    struct buffer *found;
    struct edge *edges;
    size_t n_edges;
    int failed;
};

/* Most pairs are of strangers: they can be no edge long before their texts are compared. */
static int is_no_edge(const void *arg, const struct pair_block *p, uint32_t i, uint32_t left)
{
    return weight_bound(arg, &p->agreement[i], left, p->a[i], p->b[i]) <= WEIGHT_EDGE;
}

static void keep_edges(struct score_job *j, struct comparer *c, struct pair_block *p,
                       struct buffer *found)
{
    uint8_t far[PAIR_BLOCK];
    compare_block_near(c, p, &j->near, far);
    for (uint32_t i = 0; i < p->n; i++) {
        if (far[i])
            continue;
        struct edge edge = {p->a[i], p->b[i], block_weight(j->s, p, i)};
        if (edge.weight > WEIGHT_EDGE && buffer_append(found, &edge, sizeof edge) < 0)
            j->failed = 1;
    }
    pair_block_reset(p);
}

static void score_chunk(void *arg, size_t chunk)
{
    struct score_job *j = arg;
    struct comparer c;
    struct pair_block p;
    uint32_t owned[CANDIDATES_MAX];
    comparer_init(&c, j->s->e, j->s->aliases);
    pair_block_reset(&p);
    size_t end = (chunk + 1) * CHUNK < j->c->n ? (chunk + 1) * CHUNK : j->c->n;
    for (size_t i = chunk * CHUNK; i < end; i++) {
        uint32_t r = (uint32_t)i, n = candidates_owned(j->c, r, owned);
        for (uint32_t k = 0; k < n; k++) {
            pair_block_add(&p, j->s->e, owned[k] < r ? owned[k] : r, owned[k] < r ? r : owned[k]);
            if (p.n == PAIR_BLOCK)
                keep_edges(j, &c, &p, &j->found[chunk]);
        }
    }
    keep_edges(j, &c, &p, &j->found[chunk]);
}

int edges_sort(struct edge *edges, size_t n)
{
    struct keyed *list = malloc((n + 1) * sizeof *list);
    if (!list)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        uint32_t weight; /* carried along with its sign */
        memcpy(&weight, &edges[i].weight, sizeof weight);
        list[i] = (struct keyed){(uint64_t)edges[i].a << 32 | edges[i].b, weight};
    }
    int code = radix_sort_keyed(list, n);
    for (size_t i = 0; i < n && code == 0; i++) {
        edges[i] = (struct edge){.a = (uint32_t)(list[i].key >> 32), .b = (uint32_t)list[i].key};
        memcpy(&edges[i].weight, &list[i].value, sizeof edges[i].weight);
    }
    free(list);
    return code;
}

int score_candidates(const struct scorer *s, const struct candidates *c, struct pool *pool,
                     struct edge **ret, size_t *ret_n, struct error *err)
{
    size_t n_chunks = ((size_t)c->n + CHUNK - 1) / CHUNK;
    struct score_job j = {.s = s, .c = c};
    struct weight_bound bound;
    struct buffer all = {0};
    weight_bound_init(&bound, &s->weights);
    j.near = (struct nearness){bound.early, is_no_edge, &bound};
    j.found = calloc(n_chunks + 1, sizeof *j.found);
    if (!j.found)
        return error_memory(err);
    pool_for(pool, n_chunks, score_chunk, &j);
    int code = j.failed ? ERR_MEMORY : buffer_reserve(&all, 1);
    for (size_t i = 0; i < n_chunks; i++) {
        if (code == 0)
            code = buffer_slice(&all, buffer_view(&j.found[i]));
        buffer_done(&j.found[i]);
    }
    free(j.found);
    if (code < 0) {
        buffer_done(&all);
        return error_memory(err);
    }
    *ret_n = all.len / sizeof **ret;
    *ret = buffer_take(&all);
    return edges_sort(*ret, *ret_n) < 0 ? error_memory(err) : 0;
}

/* Scores edges[at[0]], edges[at[1]] … */
static void weigh_edges(struct score_job *j, struct comparer *c, struct pair_block *p,
                        const size_t at[PAIR_BLOCK])
{
    int32_t weight[PAIR_BLOCK];
    score_block(j->s, c, p, weight);
    for (uint32_t i = 0; i < p->n; i++)
        j->edges[at[i]].weight = weight[i];
    pair_block_reset(p);
}

static void score_edge_chunk(void *arg, size_t chunk)
{
    struct score_job *j = arg;
    struct comparer c;
    struct pair_block p;
    size_t at[PAIR_BLOCK];
    comparer_init(&c, j->s->e, j->s->aliases);
    pair_block_reset(&p);
    size_t end = (chunk + 1) * EDGE_CHUNK < j->n_edges ? (chunk + 1) * EDGE_CHUNK : j->n_edges;
    for (size_t i = chunk * EDGE_CHUNK; i < end; i++) {
        if (j->edges[i].weight == WEIGHT_CERTAIN)
            continue;
        at[p.n] = i;
        pair_block_add(&p, j->s->e, j->edges[i].a, j->edges[i].b);
        if (p.n == PAIR_BLOCK)
            weigh_edges(j, &c, &p, at);
    }
    weigh_edges(j, &c, &p, at);
}

void score_edges(const struct scorer *s, struct edge *edges, size_t n, struct pool *pool)
{
    struct score_job j = {.s = s, .edges = edges, .n_edges = n};
    pool_for(pool, (n + EDGE_CHUNK - 1) / EDGE_CHUNK, score_edge_chunk, &j);
}

double weight_probability(int32_t weight)
{
    return 1 / (1 + exp2(-(double)weight / BIT));
}

double weight_odds(int32_t weight)
{
    return exp2((double)weight / BIT);
}
