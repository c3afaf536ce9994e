#include "transform/match/match.h"

#include <stdlib.h>

#include "transform/match/bridges.h"
#include "transform/match/evidence.h"
#include "transform/match/identical.h"
#include "transform/match/match_run.h"
#include "transform/match/model_entries.h"
#include "transform/match/plan.h"
#include "transform/match/splink.h"
#include "transform/match/train.h"

/* Everything up to the blocks of the user's rules. */
static int run_to_pairs(struct run *r, struct error *err)
{
    run_stage(r, "reading values");
    TRY(encode(r->table, r->options->pool, &r->e, err));
    run_warn_of_generic(r);
    r->cluster = malloc(((size_t)r->e.n + 1) * sizeof *r->cluster);
    r->model = model_new();
    if (!r->cluster || !r->model)
        return error_memory(err);
    TRY(run_declare_clean(r, err));
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
    run_warn_of_columns(r);
    run_stage(r, "seeking candidates");
    return run_find_by_rules(r, err);
}

/* Nothing is compared: equal rows that say who they are belong together all the same. */
static int join_identical(struct run *r, struct error *err)
{
    if (r->e.n_comparisons || r->e.n < 2)
        return 0;
    int64_t n = identical_join(r->table, &r->e, r->cluster);
    if (n < 0)
        return error_memory(err);
    run_warn(r->result,
             n ? "every column has one value, or none: equal rows are taken for one customer"
               : "no column says anything about who a record is: every record stays alone");
    return 0;
}

static int cut_bridges(struct run *r, struct error *err)
{
    struct cluster_options o = run_cluster_options(r);
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
        run_warn(r->result, lines[i]);
    return 0;
}

static int run_stages(struct run *r, struct error *err)
{
    TRY(run_to_pairs(r, err));
    TRY(run_find_pairs(r, err));
    TRY(run_resolve(r, err));
    run_stage(r, "writing the result");
    run_warn_of_blocks(r);
    run_warn_of_guards(r);
    TRY(cut_bridges(r, err));
    twins_join(&r->twins, &r->scorer, r->cluster);
    TRY(join_identical(r, err));
    return run_write_result(r, err);
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
    return run_weigh(r, err);
}

static int plan_stages(struct run *r, struct match_plan *ret, struct error *err)
{
    TRY(run_to_pairs(r, err));
    run_stage(r, "counting pairs");
    if (!run_rules_alone(r))
        TRY(run_find_candidates(r, err));
    TRY(weigh_plan(r, err));
    struct plan_input in = {.e = &r->e,
                            .rules = r->by_rule.n_rules ? &r->by_rule : NULL,
                            .candidates = run_rules_alone(r) ? NULL : &r->candidates,
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
