#include "transform/match/match.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "transform/match/bridges.h"
#include "transform/match/clean.h"
#include "transform/match/complete.h"
#include "transform/match/evidence.h"
#include "transform/match/generic.h"
#include "transform/match/guards.h"
#include "transform/match/identical.h"
#include "transform/match/labels.h"
#include "transform/match/learn_alias.h"
#include "transform/match/model_entries.h"
#include "transform/match/plan.h"
#include "transform/match/rules.h"
#include "transform/match/seek.h"
#include "transform/match/splink.h"
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
    struct guards guards;
    struct candidates candidates;
    struct block_rules by_rule; /* n_rules 0: none given */
    int64_t n_by_rule;          /* pairs that came by them alone */
    struct match_model *model;
    struct label_set labels;
    struct alias_set aliases[COMPARISONS_MAX];
    struct scorer scorer;
    struct edge *edges;
    size_t n_edges;
    uint32_t *cluster; /* by rank */
};

static void warn(struct match_result *r, const char *text)
{
    if (r->n_warnings < MATCH_WARNINGS)
        snprintf(r->warnings[r->n_warnings++], sizeof r->warnings[0], "%.199s", text);
}

/* Blocks of rules that were too large for all of their pairs. */
static void warn_of_blocks(struct run *r)
{
    for (int i = 0; i < r->by_rule.n_rules; i++) {
        const struct rule_count *c = &r->by_rule.counts[i];
        char rule[200], text[200];
        if (!c->n_refined)
            continue;
        block_rule_text(&r->by_rule.rules[i], rule);
        snprintf(text, sizeof text,
                 "%u blocks of '%.60s' hold more than %u records (the largest %u): only their "
                 "likeliest pairs are compared; --plan shows them",
                 c->n_refined, rule, r->by_rule.limit, c->largest[0].n);
        warn(r->result, text);
    }
}

/* What was left out, where it may have cost pairs. No values: messages reach logs. */
static void warn_of_account(const struct run *run)
{
    struct match_result *r = run->result;
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
    if (a->key_limit && run->options->effort != MATCH_LOW) { /* low effort asked for it */
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
    warn_of_account(r);
    return 0;
}

/* Do the user's rules alone say which pairs are compared? */
static int rules_alone(const struct run *r)
{
    return r->by_rule.n_rules && r->options->rules->block_mode == BLOCK_REPLACE;
}

static int find_by_rules(struct run *r, struct error *err)
{
    struct block_rules_options o = {.rules = r->options->rules, .skip = r->twins.skip};
    if (!o.rules || !o.rules->n_block)
        return 0;
    return block_rules_init(&r->by_rule, &o, r->table, &r->e, err);
}

/* Pairs of rules are not what weights are learned from: each rule's own pairs would teach that what
 * they share is worth nothing. So the automatic candidates are found for training, too. */
static int find_pairs(struct run *r, struct error *err)
{
    if (rules_alone(r) && r->options->model)
        return 0;
    return find_candidates(r, err);
}

static int score_pairs(struct run *r, struct error *err)
{
    int alone = rules_alone(r);
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

static int train(struct run *r, struct error *err)
{
    struct match_model *m = r->model;
    struct training_set set;
    model_init(m, &r->e, r->twins.n_kept);
    m->effort = r->options->effort;
    TRY(model_keep_columns(m, r->table, &r->e, err));
    if (label_set_init(&r->labels, r->options->labels, &r->e) < 0)
        return error_memory(err);
    TRY(train_u(m, &r->e, &r->twins, NULL, r->options->pool, err));
    TRY(training_sample(&r->e, &r->twins, m, &r->candidates, &r->labels, r->options->pool, &set,
                        err));
    int code = label_set_train(&r->labels, &r->e, m, &set);
    if (code == 0 && m->learned)
        em_run(m, &set, EM_SEEDS);
    if (code == 0)
        em_run(m, &set, EM_ALL);
    training_set_done(&set);
    return code < 0 ? error_memory(err) : 0;
}

/* In a small table a good part of all pairs are matches: once those are known, what strangers share
 * is counted again without them. */
static int learn_strangers(struct run *r, struct error *err)
{
    struct training_set set;
    TRY(train_u(r->model, &r->e, &r->twins, r->cluster, r->options->pool, err));
    TRY(training_sample(&r->e, &r->twins, r->model, &r->candidates, &r->labels, r->options->pool,
                        &set, err));
    int code = label_set_train(&r->labels, &r->e, r->model, &set);
    if (code == 0)
        em_run(r->model, &set, EM_ALL);
    training_set_done(&set);
    if (code < 0)
        return error_memory(err);
    free(r->edges);
    r->edges = NULL;
    r->n_edges = 0;
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

static struct cluster_options cluster_options_of(struct run *r)
{
    return (struct cluster_options){
        .stop = stop_weight(r->options), .allowed = guards_allow, .arg = &r->guards};
}

static int cluster(struct run *r, struct error *err)
{
    struct cluster_options o = cluster_options_of(r);
    guards_reset(&r->guards);
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
    stage(r, "clustering");
    TRY(cluster(r, err));
    TRY(complete_edges(&r->scorer, r->cluster, r->options->pool, &r->edges, &r->n_edges, err));
    return cluster(r, err);
}

static int score_and_cluster(struct run *r, struct error *err)
{
    stage(r, "scoring pairs");
    TRY(weigh(r, err));
    TRY(score_pairs(r, err));
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
    stage(r, "learning aliases");
    int64_t n = learn_aliases(&r->e, r->cluster, r->aliases, err);
    if (n < 0)
        return (int)n;
    TRY(learn_m(r->model, &r->e, r->aliases, r->cluster, &r->labels, pool, err));
    return model_keep_entries(r->model, &r->e, r->aliases, err);
}

static int keep_clean(struct run *r, const struct clean_sources *c)
{
    r->result->clean = calloc((size_t)c->n + 1, 1);
    r->result->n_sources = c->n;
    if (r->result->clean)
        memcpy(r->result->clean, c->clean, c->n);
    return r->result->clean ? 0 : ERR_MEMORY;
}

/* Learns and scores anew, with what is known of the sources. */
static int start_again(struct run *r, struct error *err)
{
    candidates_done(&r->candidates);
    label_set_done(&r->labels);
    match_model_free(r->model);
    free(r->edges);
    r->edges = NULL;
    r->n_edges = 0;
    r->model = model_new();
    if (!r->model)
        return error_memory(err);
    TRY(find_candidates(r, err));
    TRY(train(r, err));
    return score_and_cluster(r, err);
}

/* Without pairs inside the sources that look clean: do they still, to what is learned then? If not,
 * all is as it was. */
static int try_clean(struct run *r, struct clean_sources *c, struct error *err)
{
    struct edge *within;
    int64_t n = clean_within(c, &r->e, r->edges, r->n_edges, &within);
    if (n < 0 || encode_clean(&r->e, c) < 0)
        return error_memory(err);
    int code = start_again(r, err);
    if (code == 0) {
        score_edges(&r->scorer, within, (size_t)n, r->options->pool);
        code =
            clean_sources_find(c, &r->scorer, r->edges, r->n_edges, within, (size_t)n, CLEAN_SURE);
    }
    free(within);
    if (code > 0)
        code = keep_clean(r, c) < 0 ? error_memory(err) : 1;
    if (code != 0)
        return code < 0 ? code : 0;
    free(r->e.clean);
    r->e.clean = NULL;
    return start_again(r, err);
}

/* Sources that are said to hold nobody twice. */
static int declare_clean(struct run *r, struct error *err)
{
    struct clean_sources c;
    int all = r->options->one_to_one == ONE_TO_ONE_YES;
    if (r->options->one_to_one == ONE_TO_ONE_NO && !r->table->clean)
        return 0;
    if (!r->e.source)
        return all ? error_set(err, ERR_DATA,
                               "one to one needs a column that says which source a record is from")
                   : 0;
    if (clean_sources_init(&c, &r->e) < 0)
        return error_memory(err);
    for (uint32_t s = 0; s < c.n; s++) {
        c.clean[s] = all || (r->table->clean && r->table->clean[s]);
        c.n_clean += c.clean[s];
    }
    int code =
        c.n_clean && (encode_clean(&r->e, &c) < 0 || keep_clean(r, &c) < 0) ? error_memory(err) : 0;
    clean_sources_done(&c);
    return code;
}

/* Are there sources that hold nobody twice? */
static int seek_clean(struct run *r, struct error *err)
{
    struct clean_sources c;
    if (r->options->one_to_one != ONE_TO_ONE_AUTO || !r->e.source || r->e.clean ||
        r->by_rule.n_rules)
        return 0;
    if (clean_sources_init(&c, &r->e) < 0)
        return error_memory(err);
    int code = clean_sources_find(&c, &r->scorer, r->edges, r->n_edges, NULL, 0, CLEAN_PERHAPS);
    if (code > 0)
        code = try_clean(r, &c, err);
    clean_sources_done(&c);
    return code;
}

static void warn_of_misfit(void *arg, const char *text)
{
    warn(arg, text);
}

static void warn_unlearned(struct run *r)
{
    if (r->e.n_comparisons == 0 || r->e.n < 2)
        return;
    warn(r->result, r->e.n < MODEL_MIN_RECORDS
                        ? "fewer than 500 records: the weights lean on built-in ones"
                        : "fewer than 500 different records: the weights lean on "
                          "built-in ones");
}

static int resolve(struct run *r, struct error *err)
{
    if (r->options->model) {
        TRY(model_copy_for(r->options->model, &r->e, r->model, r->aliases, err));
        model_misfits(r->options->model, &r->e, warn_of_misfit, r->result);
        return score_and_cluster(r, err);
    }
    stage(r, "learning weights");
    TRY(train(r, err));
    TRY(score_and_cluster(r, err));
    TRY(seek_clean(r, err));
    if (!r->model->learned) {
        warn_unlearned(r);
        TRY(learn_strangers(r, err));
        TRY(score_and_cluster(r, err));
    }
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

static void warn_of_columns(struct run *r)
{
    char text[sizeof r->result->warnings[0]];
    if (!*r->e.skipped)
        return;
    snprintf(text, sizeof text,
             "columns beyond those that are compared (%d at most, and a few of "
             "a kind): %.100s",
             COMPARISONS_MAX, r->e.skipped);
    warn(r->result, text);
}

static void warn_of_generic(struct run *r)
{
    char lines[4][200];
    int n = generic_say(r->e.generic, lines, 4);
    for (int i = 0; i < n; i++)
        warn(r->result, lines[i]);
}

/* Everything up to the blocks of the user's rules. */
static int run_to_pairs(struct run *r, struct error *err)
{
    stage(r, "reading values");
    TRY(encode(r->table, r->options->pool, &r->e, err));
    warn_of_generic(r);
    r->cluster = malloc(((size_t)r->e.n + 1) * sizeof *r->cluster);
    r->model = model_new();
    if (!r->cluster || !r->model)
        return error_memory(err);
    TRY(declare_clean(r, err));
    TRY(rules_init(&r->rules, r->options->rules, r->table, &r->e, err));
    TRY(rules_add_links(&r->rules, r->options->decisions, r->options->n_decisions, err));
    TRY(guards_init(&r->guards, &r->rules, &r->scorer, r->options->decisions,
                    r->options->n_decisions, err));
    if (twins_find(&r->twins, &r->e) < 0)
        return error_memory(err);
    for (size_t i = 0; i < r->options->n_decisions; i++) { /* one of a crowd no more */
        const struct match_decision *d = &r->options->decisions[i];
        twins_release(&r->twins, r->e.rank[d->a]);
        twins_release(&r->twins, r->e.rank[d->b]);
    }
    warn_of_columns(r);
    stage(r, "seeking candidates");
    return find_by_rules(r, err);
}

/* Nothing is compared: equal rows that say who they are belong together all the same. */
static int join_identical(struct run *r, struct error *err)
{
    if (r->e.n_comparisons || r->e.n < 2)
        return 0;
    int64_t n = identical_join(r->table, &r->e, r->cluster);
    if (n < 0)
        return error_memory(err);
    warn(r->result, n ? "every column has one value, or none: equal rows are taken for one customer"
                      : "no column says anything about who a record is: every record stays alone");
    return 0;
}

static void warn_of_guards(struct run *r)
{
    char line[1][200];
    if (guards_say(&r->guards, line, 1))
        warn(r->result, line[0]);
}

static int cut_bridges(struct run *r, struct error *err)
{
    struct cluster_options o = cluster_options_of(r);
    struct bridges_input in = {.scorer = &r->scorer,
                               .edges = r->edges,
                               .n_edges = r->n_edges,
                               .decisions = r->options->decisions,
                               .n_decisions = r->options->n_decisions,
                               .options = &o};
    char lines[2][200];
    if (bridges_cut(&in, r->cluster, &r->result->bridges, &r->result->n_bridges) < 0)
        return error_memory(err);
    int n = bridges_say(r->result->bridges, r->result->n_bridges, lines, 2);
    for (int i = 0; i < n; i++)
        warn(r->result, lines[i]);
    return 0;
}

static int run_stages(struct run *r, struct error *err)
{
    TRY(run_to_pairs(r, err));
    TRY(find_pairs(r, err));
    TRY(resolve(r, err));
    stage(r, "writing the result");
    warn_of_blocks(r);
    warn_of_guards(r);
    TRY(cut_bridges(r, err));
    twins_join(&r->twins, &r->scorer, r->cluster);
    TRY(join_identical(r, err));
    return write_result(r, err);
}

/* The weights that a plan expects matches by: the model's, or those that training starts from. */
static int weigh_plan(struct run *r, struct error *err)
{
    if (r->options->model) {
        TRY(model_copy_for(r->options->model, &r->e, r->model, r->aliases, err));
    } else {
        model_init(r->model, &r->e, r->twins.n_kept);
        TRY(train_u(r->model, &r->e, &r->twins, NULL, r->options->pool, err));
        model_weigh(r->model);
    }
    return weigh(r, err);
}

static int plan_stages(struct run *r, struct match_plan *ret, struct error *err)
{
    TRY(run_to_pairs(r, err));
    stage(r, "counting pairs");
    if (!rules_alone(r))
        TRY(find_candidates(r, err));
    TRY(weigh_plan(r, err));
    struct plan_input in = {.e = &r->e,
                            .rules = r->by_rule.n_rules ? &r->by_rule : NULL,
                            .candidates = rules_alone(r) ? NULL : &r->candidates,
                            .n_candidates = r->result->n_candidates,
                            .scorer = &r->scorer,
                            .pool = r->options->pool,
                            .n_kept = r->twins.n_kept};
    TRY(plan_make(&in, ret, err));
    ret->from_model = r->options->model != NULL;
    return 0;
}

static struct run *run_new(const struct match_table *t, const struct match_options *options,
                           struct match_result *result)
{
    struct run *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->table = t;
    r->options = options;
    r->result = result;
    return r;
}

static void run_free(struct run *r)
{
    progress_end(r->options->progress);
    scorer_done(&r->scorer);
    candidates_done(&r->candidates);
    block_rules_done(&r->by_rule);
    for (int k = 0; k < COMPARISONS_MAX; k++)
        alias_set_done(&r->aliases[k]);
    twins_done(&r->twins);
    label_set_done(&r->labels);
    guards_done(&r->guards);
    rules_done(&r->rules);
    match_model_free(r->model);
    encoded_done(&r->e);
    free(r->edges);
    free(r->cluster);
    free(r);
}

static int match_by_splink(const struct match_table *t, const struct match_options *options,
                           struct match_result *ret, struct error *err)
{
    TRY(splink_match(t, options->model->splink, options, ret, err));
    ret->model = model_clone(options->model);
    if (ret->model)
        return 0;
    match_result_done(ret);
    return error_memory(err);
}

int match_records(const struct match_table *t, const struct match_options *options,
                  struct match_result *ret, struct error *err)
{
    if (options->model && options->model->splink)
        return match_by_splink(t, options, ret, err);
    struct match_result result = {0};
    struct run *r = run_new(t, options, &result);
    if (!r)
        return error_memory(err);
    int code = run_stages(r, err);
    run_free(r);
    if (code < 0)
        match_result_done(&result);
    else
        *ret = result;
    return code;
}

int match_plan(const struct match_table *t, const struct match_options *options,
               struct match_plan *ret, struct error *err)
{
    if (options->model && options->model->splink)
        return error_set(err, ERR_USAGE,
                         "a Splink model has blocking rules of its own, which are "
                         "not planned here: see them in its file");
    struct match_result result = {0};
    struct run *r = run_new(t, options, &result);
    if (!r)
        return error_memory(err);
    int code = plan_stages(r, ret, err);
    run_free(r);
    match_result_done(&result);
    return code;
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
