/* The pairs that training looks at: candidates, or a sample of them, grouped by pattern. */
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/clean.h"
#include "transform/match/compare_block.h"
#include "transform/match/labels.h"
#include "transform/match/radix.h"
#include "transform/match/train.h"
#include "transform/match/weights.h"

enum {
    CHUNK = 4096,
    SAMPLE = 1000000,
    SAMPLE_LOW = SAMPLE / 4,
    EXACT_GROUPS = 400000,
    COARSE = 1024
};

struct sample_job {
    const struct encoded *e;
    const struct twins *twins;
    const struct candidates *candidates;
    const struct label_set *labels;
    const struct weights *weights;
    uint64_t every; /* one pair in so many */
    struct buffer *found;
    int failed;
};

static void keep_pairs(struct sample_job *j, struct comparer *c, struct pair_block *p,
                       struct buffer *found)
{
    compare_block(c, p);
    for (uint32_t i = 0; i < p->n; i++) {
        const struct agreement *g = &p->agreement[i];
        struct frequency_part part = weights_sum(j->weights, g, p->a[i], p->b[i]).frequency;
        struct training_pair pair = {g->pattern, part.m, part.h};
        if (buffer_append(found, &pair, sizeof pair) < 0)
            j->failed = 1;
    }
    pair_block_reset(p);
}

static void sample_chunk(void *arg, size_t chunk)
{
    struct sample_job *j = arg;
    struct comparer c;
    struct pair_block p;
    comparer_init(&c, j->e, NULL);
    pair_block_reset(&p);
    uint32_t owned[CANDIDATES_MAX];
    size_t end = (chunk + 1) * CHUNK < j->e->n ? (chunk + 1) * CHUNK : j->e->n;
    for (size_t r = chunk * CHUNK; r < end; r++) {
        uint32_t n = candidates_owned(j->candidates, (uint32_t)r, owned);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t a = owned[i] < r ? owned[i] : (uint32_t)r,
                     b = owned[i] < r ? (uint32_t)r : owned[i];
            if (j->every > 1 && hash_pair(a, b) % j->every)
                continue;
            if (j->labels && label_set_holds(j->labels, a, b))
                continue;
            pair_block_add(&p, j->e, a, b);
            if (p.n == PAIR_BLOCK)
                keep_pairs(j, &c, &p, &j->found[chunk]);
        }
    }
    keep_pairs(j, &c, &p, &j->found[chunk]);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct training_pair *x = a, *y = b;
    if (x->pattern != y->pattern)
        return x->pattern < y->pattern ? -1 : 1;
    if (x->m != y->m)
        return x->m < y->m ? -1 : 1;
    return (x->h > y->h) - (x->h < y->h);
}

/* By pattern, then by the frequency parts. */
static int sort_pairs(struct training_pair *pairs, size_t n)
{
    uint64_t *keys = malloc((n + 1) * sizeof *keys);
    uint32_t *order = malloc((n + 1) * sizeof *order);
    struct training_pair *sorted = malloc((n + 1) * sizeof *sorted);
    int code = keys && order && sorted ? 0 : ERR_MEMORY;
    for (size_t i = 0; i < n && code == 0; i++)
        keys[i] = pairs[i].pattern;
    if (code == 0)
        code = radix_order(keys, n, order);
    for (size_t i = 0; i < n && code == 0; i++)
        sorted[i] = pairs[order[i]];
    for (size_t i = 0, end; i < n && code == 0; i = end) {
        for (end = i + 1; end < n && sorted[end].pattern == sorted[i].pattern;)
            end++;
        qsort(sorted + i, end - i, sizeof *sorted, compare_pairs);
    }
    if (code == 0 && n)
        memcpy(pairs, sorted, n * sizeof *pairs);
    free(keys);
    free(order);
    free(sorted);
    return code;
}

static int32_t coarse(int32_t weight, int32_t step)
{
    return step > 1 ? (weight + (weight < 0 ? -step / 2 : step / 2)) / step * step : weight;
}

int training_group_pairs(struct training_pair *pairs, size_t n, double weight, double n_all_pairs,
                         struct training_set *ret)
{
    struct training_set t = {.n_all_pairs = n_all_pairs};
    int32_t step = n > EXACT_GROUPS ? COARSE : 1;
    for (size_t i = 0; i < n; i++) {
        pairs[i].m = coarse(pairs[i].m, step);
        pairs[i].h = coarse(pairs[i].h, step);
    }
    TRY(sort_pairs(pairs, n));
    t.groups = malloc((n + 1) * sizeof *t.groups);
    if (!t.groups)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        if (i && compare_pairs(&pairs[i], &pairs[i - 1]) == 0) {
            t.groups[t.n - 1].count += weight;
            continue;
        }
        t.groups[t.n++] = (struct training_group){pairs[i].pattern, pairs[i].m / NATS_TO_WEIGHT,
                                                  pairs[i].h / NATS_TO_WEIGHT, weight};
    }
    *ret = t;
    return 0;
}

void training_set_done(struct training_set *t)
{
    free(t->groups);
    free(t->labelled);
    *t = (struct training_set){0};
}

static int join_chunks(struct sample_job *j, size_t n_chunks, struct training_set *ret)
{
    struct buffer all = {0};
    int code = j->failed ? ERR_MEMORY : 0;
    for (size_t i = 0; i < n_chunks; i++) {
        if (code == 0)
            code = buffer_slice(&all, buffer_view(&j->found[i]));
        buffer_done(&j->found[i]);
    }
    if (code == 0)
        code = training_group_pairs((struct training_pair *)(void *)all.data,
                                    all.len / sizeof(struct training_pair), (double)j->every,
                                    clean_pairs(j->e, j->twins->kept, j->twins->n_kept), ret);
    buffer_done(&all);
    return code;
}

int training_sample(const struct encoded *e, const struct twins *twins,
                    const struct match_model *model, const struct candidates *c,
                    const struct label_set *labels, struct pool *pool, struct training_set *ret,
                    struct error *err)
{
    struct weights weights;
    size_t n_chunks = ((size_t)e->n + CHUNK - 1) / CHUNK;
    struct sample_job j = {.e = e, .twins = twins, .candidates = c, .weights = &weights};
    j.labels = labels && labels->n ? labels : NULL;
    if (weights_init(&weights, model, e) < 0)
        return error_memory(err);
    j.every = (uint64_t)c->n_pairs / (model->effort == MATCH_LOW ? SAMPLE_LOW : SAMPLE) + 1;
    j.found = calloc(n_chunks + 1, sizeof *j.found);
    int code = j.found ? 0 : ERR_MEMORY;
    if (code == 0) {
        pool_for(pool, n_chunks, sample_chunk, &j);
        code = join_chunks(&j, n_chunks, ret);
    }
    free(j.found);
    weights_done(&weights);
    return code < 0 ? error_memory(err) : 0;
}
