#include "transform/match/match.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "transform/match/complete.h"
#include "transform/match/learn_alias.h"
#include "transform/match/model_entries.h"
#include "transform/match/rules.h"
#include "transform/match/seek.h"
#include "transform/match/train.h"
#include "transform/match/twins.h"

/* What one run holds. */
struct run {
    const struct match_table *table;
    const struct match_options *options;
    struct match_result *result;
    struct encoded e;
    struct twins twins;
    struct rules rules;
    struct candidates candidates;
    struct match_model *model;
    struct alias_set aliases[COMPARISONS_MAX];
    struct scorer scorer;
    struct edge *edges;
    size_t n_edges;
    uint32_t *cluster; /* by rank */
};

static void warn(struct match_result *r, const char *text)
{
    if (r->n_warnings < 8)
        snprintf(r->warnings[r->n_warnings++], sizeof r->warnings[0], "%s", text);
}

/* What was left out, where it may have cost pairs. No values: messages reach logs. */
static void warn_of_account(struct match_result *r)
{
    const struct match_account *a = &r->account;
    char text[sizeof r->warnings[0]];
    if (a->memberships_large > a->memberships + a->keys_alone) {
        snprintf(text, sizeof text,
                 "most columns say little: %lld blocks of more than %u records were left out, the "
                 "largest of %lld",
                 (long long)a->blocks_large, a->block_limit,
                 (long long)(a->n_largest ? a->largest[0].records : 0));
        warn(r, text);
    }
    if (a->key_limit) {
        snprintf(text, sizeof text,
                 "of so many records each is sought by its %u rarest keys at most: %lld common "
                 "ones were left out",
                 a->key_limit, (long long)a->keys_pruned);
        warn(r, text);
    }
}

static int find_candidates(struct run *r, struct error *err)
{
    const struct match_options *o = r->options;
    struct seek_options seek = {
        .effort = o->effort, .memory = o->memory, .temporary = o->temporary, .pool = o->pool};
    struct match_model *m = r->model;
    if (o->model && census_fits(&o->model->census, r->e.n))
        seek.census = &o->model->census;
    TRY(seek_candidates(&r->e, &r->twins, &seek, &m->arena, &m->census, &r->result->account,
                        &r->candidates, err));
    r->result->n_candidates = r->candidates.n_pairs;
    warn_of_account(r->result);
    return 0;
}

static int train(struct run *r, struct error *err)
{
    struct match_model *m = r->model;
    struct training_set set;
    model_init(m, &r->e, r->twins.n_kept);
    TRY(train_u(m, &r->e, &r->twins, r->options->pool, err));
    TRY(training_sample(&r->e, &r->twins, m, &r->candidates, r->options->pool, &set, err));
    if (m->learned)
        em_run(m, &set, EM_SEEDS);
    em_run(m, &set, EM_ALL);
    training_set_done(&set);
    if (!m->learned)
        warn(r->result, "fewer than 500 records: the weights are built in, not learned");
    return 0;
}

static int compare_edges(const struct edge *x, const struct edge *y)
{
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Puts the rules' edges among the scored ones, in place of a scored one of the same pair. */
static int add_certain(struct run *r, struct error *err)
{
    const struct rules *rules = &r->rules;
    if (!rules->n_certain)
        return 0;
    struct edge *all = malloc((r->n_edges + rules->n_certain) * sizeof *all);
    if (!all)
        return error_memory(err);
    memcpy(all, rules->certain, rules->n_certain * sizeof *all);
    if (r->n_edges)
        memcpy(all + rules->n_certain, r->edges, r->n_edges * sizeof *all);
    size_t n = rules->n_certain + r->n_edges, kept = 0;
    if (edges_sort(all, n) < 0) {
        free(all);
        return error_memory(err);
    }
    for (size_t i = 0; i < n; i++)
        if (kept && compare_edges(&all[i], &all[kept - 1]) == 0) {
            if (all[i].weight > all[kept - 1].weight)
                all[kept - 1].weight = all[i].weight;
        } else {
            all[kept++] = all[i];
        }
    free(r->edges);
    r->edges = all;
    r->n_edges = kept;
    return 0;
}

static int32_t stop_weight(const struct match_options *o)
{
    double p = o->rules && o->rules->threshold > 0 ? o->rules->threshold : .5;
    if (p >= 1)
        p = 1 - 1e-9;
    return (int32_t)lround(log(p / (1 - p)) * NATS_TO_WEIGHT);
}

static int cluster(struct run *r, struct error *err)
{
    struct cluster_options o = {.stop = stop_weight(r->options)};
    if (r->rules.n_never) {
        o.allowed = rules_allow;
        o.arg = &r->rules;
    }
    TRY(add_certain(r, err));
    return cluster_edges(r->edges, r->n_edges, r->e.n, &o, r->options->pool, r->cluster, err);
}

static void stage(const struct run *r, const char *name)
{
    progress_stage(r->options->progress, name, "records", 0);
}

static int weigh(struct run *r, struct error *err)
{
    scorer_done(&r->scorer);
    return scorer_init(&r->scorer, &r->e, r->model, r->aliases) < 0 ? error_memory(err) : 0;
}

static int cluster_twice(struct run *r, struct error *err)
{
    TRY(cluster(r, err));
    TRY(complete_edges(&r->scorer, r->cluster, r->options->pool, &r->edges, &r->n_edges, err));
    return cluster(r, err);
}

static int score_and_cluster(struct run *r, struct error *err)
{
    stage(r, "scoring pairs");
    TRY(weigh(r, err));
    TRY(score_candidates(&r->scorer, &r->candidates, r->options->pool, &r->edges, &r->n_edges,
                         err));
    return cluster_twice(r, err);
}

/* What scored far below the edges before does not rise to them by an alias. */
static int score_again(struct run *r, struct error *err)
{
    stage(r, "scoring pairs again");
    TRY(weigh(r, err));
    score_edges(&r->scorer, r->edges, r->n_edges, r->options->pool);
    return cluster_twice(r, err);
}

/* Values that meet in clusters become aliases, and clusters give better shares of levels. */
static int learn_from_clusters(struct run *r, struct error *err)
{
    struct pool *pool = r->options->pool;
    int64_t n = learn_aliases(&r->e, r->cluster, r->aliases, err);
    if (n < 0)
        return (int)n;
    TRY(learn_m(r->model, &r->e, r->aliases, r->cluster, pool, err));
    return model_keep_entries(r->model, &r->e, r->aliases, err);
}

static int resolve(struct run *r, struct error *err)
{
    if (r->options->model) {
        TRY(model_copy_for(r->options->model, &r->e, r->model, r->aliases, err));
        return score_and_cluster(r, err);
    }
    stage(r, "learning weights");
    TRY(train(r, err));
    TRY(score_and_cluster(r, err));
    if (!r->model->learned || r->options->effort == MATCH_LOW)
        return model_keep_entries(r->model, &r->e, r->aliases, err);
    TRY(learn_from_clusters(r, err));
    return score_again(r, err);
}

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

static int write_result(struct run *r, struct error *err)
{
    size_t n = (size_t)r->e.n + 1;
    r->result->cluster = malloc(n * sizeof *r->result->cluster);
    r->result->probability = malloc(n * sizeof *r->result->probability);
    if (!r->result->cluster || !r->result->probability || write_clusters(r) < 0 ||
        write_probabilities(r) < 0 || write_review(r) < 0)
        return error_memory(err);
    if (r->options->model) { /* as it was given: ours is in the order of these columns */
        r->result->model = model_clone(r->options->model);
        return r->result->model ? 0 : error_memory(err);
    }
    r->result->model = r->model;
    r->model = NULL;
    return 0;
}

static int run_stages(struct run *r, struct error *err)
{
    stage(r, "reading values");
    TRY(encode(r->table, r->options->pool, &r->e, err));
    r->cluster = malloc(((size_t)r->e.n + 1) * sizeof *r->cluster);
    r->model = model_new();
    if (!r->cluster || !r->model)
        return error_memory(err);
    TRY(rules_init(&r->rules, r->options->rules, r->table, &r->e, err));
    if (twins_find(&r->twins, &r->e) < 0)
        return error_memory(err);
    if (r->e.n_comparisons == 0)
        warn(r->result, "no column says anything about who a record is: every record stays alone");
    stage(r, "seeking candidates");
    TRY(find_candidates(r, err));
    TRY(resolve(r, err));
    twins_join(&r->twins, &r->scorer, r->cluster);
    return write_result(r, err);
}

int match_records(const struct match_table *t, const struct match_options *options,
                  struct match_result *ret, struct error *err)
{
    struct run *r = calloc(1, sizeof *r);
    struct match_result result = {0};
    if (!r)
        return error_memory(err);
    r->table = t;
    r->options = options;
    r->result = &result;
    int code = run_stages(r, err);
    progress_end(options->progress);
    scorer_done(&r->scorer);
    candidates_done(&r->candidates);
    for (int k = 0; k < COMPARISONS_MAX; k++)
        alias_set_done(&r->aliases[k]);
    twins_done(&r->twins);
    rules_done(&r->rules);
    match_model_free(r->model);
    encoded_done(&r->e);
    free(r->edges);
    free(r->cluster);
    free(r);
    if (code < 0)
        match_result_done(&result);
    else
        *ret = result;
    return code;
}

void match_result_done(struct match_result *r)
{
    free(r->cluster);
    free(r->probability);
    free(r->review);
    *r = (struct match_result){0};
}
