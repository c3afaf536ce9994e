/* What is written from a run: clusters, probabilities, pairs for review. */
#include <stdlib.h>

#include "transform/match/evidence.h"
#include "transform/match/match_run.h"
#include "transform/match/model_entries.h"

static int write_clusters(struct run *r)
{
    struct match_result *result = r->result;
    uint32_t n = r->e.n;
    uint32_t *lowest = malloc(((size_t)n + 1) * sizeof *lowest);
    if (!lowest)
        return ERR_MEMORY;
    memset(lowest, 0xFF, ((size_t)n + 1) * sizeof *lowest);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t label = r->cluster[r->e.rank[i]];
        if (lowest[label] == UINT32_MAX)
            lowest[label] = i;
        result->cluster[i] = lowest[label];
    }
    free(lowest);
    return 0;
}

/* Each record's linkage to the rest of its cluster. */
static int write_probabilities(struct run *r)
{
    uint32_t n = r->e.n;
    struct linkage *rest = calloc((size_t)n + 1, sizeof *rest);
    uint32_t *size = calloc((size_t)n + 1, sizeof *size);
    if (!rest || !size) {
        free(rest);
        free(size);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n; i++) {
        size[r->cluster[i]]++;
        rest[i].best = rest[i].second = INT32_MIN;
    }
    for (size_t k = 0; k < r->n_edges; k++) {
        const struct edge *edge = &r->edges[k];
        if (r->cluster[edge->a] != r->cluster[edge->b])
            continue;
        linkage_add(&rest[edge->a], weight_clip(edge->weight));
        linkage_add(&rest[edge->b], weight_clip(edge->weight));
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t others = size[r->cluster[i]] - 1;
        double p = 1;
        if (others && rest[i].known)
            p = weight_probability(linkage_score(&rest[i], others));
        r->result->probability[r->e.record[i]] = (float)p;
    }
    free(rest);
    free(size);
    return 0;
}

static int compare_review(const void *a, const void *b)
{
    const struct match_pair *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static int write_review(struct run *r)
{
    const struct match_rules *rules = r->options->rules;
    int given = rules && rules->review[1] > 0;
    double low = given ? rules->review[0] : .2, high = given ? rules->review[1] : .8;
    struct buffer pairs = {0};
    for (size_t k = 0; k < r->n_edges; k++) {
        double p = weight_probability(r->edges[k].weight);
        if (p < low || p > high)
            continue;
        uint32_t a = r->e.record[r->edges[k].a], b = r->e.record[r->edges[k].b];
        struct match_pair pair = {a < b ? a : b, a < b ? b : a, r->edges[k].weight};
        if (buffer_append(&pairs, &pair, sizeof pair) < 0) {
            buffer_done(&pairs);
            return ERR_MEMORY;
        }
    }
    r->result->n_review = pairs.len / sizeof(struct match_pair);
    r->result->review = buffer_take(&pairs);
    if (r->result->n_review)
        qsort(r->result->review, r->result->n_review, sizeof *r->result->review, compare_review);
    return 0;
}

int run_write_result(struct run *r, struct error *err)
{
    size_t n = (size_t)r->e.n + 1;
    r->result->cluster = malloc(n * sizeof *r->result->cluster);
    r->result->probability = malloc(n * sizeof *r->result->probability);
    if (!r->result->cluster || !r->result->probability || write_clusters(r) < 0 ||
        write_probabilities(r) < 0 || write_review(r) < 0)
        return error_memory(err);
    if (r->options->evidence && evidence_pairs(r->options->evidence, &r->scorer, &r->candidates,
                                               r->edges, r->n_edges, r->options->pool) < 0)
        return error_memory(err);
    if (r->options->model) { /* as it was given: ours is in the order of these columns */
        r->result->model = model_clone(r->options->model);
        return r->result->model ? 0 : error_memory(err);
    }
    r->result->model = r->model;
    r->model = NULL;
    return 0;
}

void match_result_done(struct match_result *r)
{
    free(r->cluster);
    free(r->probability);
    free(r->review);
    free(r->clean);
    free(r->bridges);
    *r = (struct match_result){0};
}
