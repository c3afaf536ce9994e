/* Weights, aliases and clean sources, learned from scores and clusters until they settle. */
#include <stdlib.h>

#include "transform/match/clean.h"
#include "transform/match/learn_alias.h"
#include "transform/match/match_run.h"
#include "transform/match/model_entries.h"
#include "transform/match/train.h"

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

/* Values that meet in clusters become aliases, and clusters give better shares of levels. */
static int learn_from_clusters(struct run *r, struct error *err)
{
    struct pool *pool = r->options->pool;
    run_stage(r, "learning aliases");
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
    TRY(run_find_candidates(r, err));
    TRY(train(r, err));
    return run_score_and_cluster(r, err);
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
int run_declare_clean(struct run *r, struct error *err)
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
    run_warn(arg, text);
}

int run_resolve(struct run *r, struct error *err)
{
    if (r->options->model) {
        TRY(model_copy_for(r->options->model, &r->e, r->model, r->aliases, err));
        model_misfits(r->options->model, &r->e, warn_of_misfit, r->result);
        return run_score_and_cluster(r, err);
    }
    run_stage(r, "learning weights");
    TRY(train(r, err));
    TRY(run_score_and_cluster(r, err));
    TRY(seek_clean(r, err));
    if (!r->model->learned) {
        run_warn_unlearned(r);
        TRY(learn_strangers(r, err));
        TRY(run_score_and_cluster(r, err));
    }
    if (!r->model->learned || r->options->effort == MATCH_LOW)
        return model_keep_entries(r->model, &r->e, r->aliases, err);
    TRY(learn_from_clusters(r, err));
    return run_score_again(r, err);
}
