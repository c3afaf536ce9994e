/* Which pairs a run compares, their scores, and the clusters that they make. */
#include <math.h>
#include <stdlib.h>

#include "transform/match/complete.h"
#include "transform/match/match_run.h"
#include "transform/match/seek.h"

int run_find_candidates(struct run *r, struct error *err)
{
    const struct match_options *o = r->options;
    struct seek_options seek = {.effort = o->effort,
                                .memory = o->memory,
                                .temporary = o->temporary,
                                .evidence = o->evidence,
                                .pool = o->pool};
    struct match_model *m = r->model;
    if (o->model && census_fits(&o->model->census, r->e.n))
        seek.census = &o->model->census;
    TRY(seek_candidates(&r->e, &r->twins, &seek, &m->arena, &m->census, &r->result->account,
                        &r->candidates, err));
    r->result->n_candidates = r->candidates.n_pairs;
    run_warn_of_account(r);
    return 0;
}

/* Do the user's rules alone say which pairs are compared? */
int run_rules_alone(const struct run *r)
{
    return r->by_rule.n_rules && r->options->rules->block_mode == BLOCK_REPLACE;
}

int run_find_by_rules(struct run *r, struct error *err)
{
    struct block_rules_options o = {.rules = r->options->rules, .skip = r->twins.skip};
    if (!o.rules || !o.rules->n_block)
        return 0;
    return block_rules_init(&r->by_rule, &o, r->table, &r->e, err);
}

/* Pairs of rules are not what weights are learned from: each rule's own pairs would teach that what
 * they share is worth nothing. So the automatic candidates are found for training, too. */
int run_find_pairs(struct run *r, struct error *err)
{
    if (run_rules_alone(r) && r->options->model)
        return 0;
    return run_find_candidates(r, err);
}

static int score_pairs(struct run *r, struct error *err)
{
    int alone = run_rules_alone(r);
    if (!alone)
        TRY(score_candidates(&r->scorer, &r->candidates, r->options->pool, &r->edges, &r->n_edges,
                             err));
    if (!r->by_rule.n_rules)
        return 0;
    int64_t n = block_rules_score(&r->by_rule, &r->scorer, alone ? NULL : &r->candidates,
                                  r->options->pool, &r->edges, &r->n_edges, err);
    if (n < 0)
        return (int)n;
    r->result->n_candidates = alone ? n : r->result->n_candidates + n - r->n_by_rule;
    r->n_by_rule = n; /* scored again, they count once */
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

struct cluster_options run_cluster_options(struct run *r)
{
    return (struct cluster_options){
        .stop = stop_weight(r->options), .allowed = guards_allow, .arg = &r->guards};
}

static int cluster(struct run *r, struct error *err)
{
    struct cluster_options o = run_cluster_options(r);
    guards_reset(&r->guards);
    TRY(add_certain(r, err));
    return cluster_edges(r->edges, r->n_edges, r->e.n, &o, r->options->pool, r->cluster, err);
}

int run_weigh(struct run *r, struct error *err)
{
    scorer_done(&r->scorer);
    return scorer_init(&r->scorer, &r->e, r->model, r->aliases) < 0 ? error_memory(err) : 0;
}

static int cluster_twice(struct run *r, struct error *err)
{
    run_stage(r, "clustering");
    TRY(cluster(r, err));
    TRY(complete_edges(&r->scorer, r->cluster, r->options->pool, &r->edges, &r->n_edges, err));
    return cluster(r, err);
}

int run_score_and_cluster(struct run *r, struct error *err)
{
    run_stage(r, "scoring pairs");
    TRY(run_weigh(r, err));
    TRY(score_pairs(r, err));
    return cluster_twice(r, err);
}

/* What scored far below the edges before does not rise to them by an alias. */
int run_score_again(struct run *r, struct error *err)
{
    run_stage(r, "scoring pairs again");
    TRY(run_weigh(r, err));
    score_edges(&r->scorer, r->edges, r->n_edges, r->options->pool);
    return cluster_twice(r, err);
}
