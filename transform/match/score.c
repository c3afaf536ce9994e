#include "transform/match/score.h"

#include <math.h>
#include <stdlib.h>

#include "transform/match/radix.h"

enum { CHUNK = 4096, EDGE_CHUNK = 16384, HALF = SOFTPLUS_STEPS / 2, STEP = 16 * BIT / HALF };

int scorer_init(struct scorer *s, const struct encoded *e, const struct match_model *model,
                const struct alias_set *aliases)
{
    *s = (struct scorer){.e = e, .model = model, .aliases = aliases};
    for (int i = 0; i <= SOFTPLUS_STEPS; i++)
        s->softplus[i] = (int32_t)lround(BIT * log2(1 + exp2((i - HALF) * (16.0 / HALF))));
    return frequency_table_init(&s->frequency, model, e);
}

void scorer_done(struct scorer *s)
{
    frequency_table_done(&s->frequency);
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
    const struct match_model *model = s->model;
    compare_records(c, a, b, &ret->agreement);
    uint64_t pattern = ret->agreement.pattern;
    ret->frequency = frequency_of_pair(&s->frequency, model, s->e, &ret->agreement, a, b);
    int32_t same = model->prior_m + ret->frequency.m;
    int32_t household = model->prior_h + ret->frequency.h;
    for (int k = 0; k < model->n_fields; k++) {
        int level = level_of(pattern, k);
        if (!level)
            continue;
        int state = model_state(model, k, pattern);
        same += model->fields[k].weight_m[state][level];
        household += model->fields[k].weight_h[state][level];
    }
    ret->same = same;
    ret->household = household;
    ret->weight = same - softplus(s, household);
}

struct score_job {
    const struct scorer *s;
    const struct candidates *c;
    struct buffer *found;
    struct edge *edges;
    size_t n_edges;
    int failed;
};

static void score_chunk(void *arg, size_t chunk)
{
    struct score_job *j = arg;
    struct comparer c;
    struct pair_score p;
    uint32_t owned[CANDIDATES_MAX];
    comparer_init(&c, j->s->e, j->s->aliases);
    size_t end = (chunk + 1) * CHUNK < j->c->n ? (chunk + 1) * CHUNK : j->c->n;
    for (size_t i = chunk * CHUNK; i < end; i++) {
        uint32_t r = (uint32_t)i, n = candidates_owned(j->c, r, owned);
        for (uint32_t k = 0; k < n; k++)
            __builtin_prefetch(j->s->e->rows + (size_t)owned[k] * ROW);
        for (uint32_t k = 0; k < n; k++) {
            struct edge edge = {.a = owned[k] < r ? owned[k] : r, .b = owned[k] < r ? r : owned[k]};
            score_pair(j->s, &c, edge.a, edge.b, &p);
            edge.weight = weight_clip(p.weight);
            if (edge.weight > WEIGHT_EDGE &&
                buffer_append(&j->found[chunk], &edge, sizeof edge) < 0)
                j->failed = 1;
        }
    }
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
    struct buffer all = {0};
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

static void score_edge_chunk(void *arg, size_t chunk)
{
    struct score_job *j = arg;
    struct comparer c;
    struct pair_score p;
    comparer_init(&c, j->s->e, j->s->aliases);
    size_t end = (chunk + 1) * EDGE_CHUNK < j->n_edges ? (chunk + 1) * EDGE_CHUNK : j->n_edges;
    for (size_t i = chunk * EDGE_CHUNK; i < end; i++) {
        if (j->edges[i].weight == WEIGHT_CERTAIN)
            continue;
        score_pair(j->s, &c, j->edges[i].a, j->edges[i].b, &p);
        j->edges[i].weight = weight_clip(p.weight);
    }
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
