#include "transform/match/explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "transform/match/model_entries.h"
#include "transform/match/rules.h"

struct explainer {
    struct encoded e;
    struct match_model *model;
    struct alias_set aliases[COMPARISONS_MAX];
    struct scorer scorer;
    struct rules rules;
    uint32_t *certain; /* by rank: records that `certain` rules join have one number; NULL: none */
};

static int put_word(char out[ACCOUNT_VALUE], size_t at, struct slice word)
{
    size_t room = ACCOUNT_VALUE - 1 - at, len = word.len < room ? word.len : room;
    if (at && len > 1) {
        out[at++] = ' ';
        len = word.len < room - 1 ? word.len : room - 1;
    }
    len = slice_utf8_valid(slice_of(word.ptr, len)); /* a letter that was cut through goes */
    memcpy(out + at, word.ptr, len);
    out[at + len] = 0;
    return (int)(at + len);
}

/* The record's value of a comparison as it was compared. */
static void value_words(const struct comparison *c, uint32_t rank, char out[ACCOUNT_VALUE])
{
    static const char *const suffixes[] = {"", "jr", "sr", "iii", "iv"};
    uint32_t n;
    const uint32_t *codes = comparison_values(c, rank, &n);
    int at = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < n && at < ACCOUNT_VALUE - 2; i++)
        at = put_word(out, (size_t)at,
                      c->values       ? value_string(c, codes[i])
                      : codes[i] <= 4 ? slice_str(suffixes[codes[i]])
                                      : SLICE_LIT(""));
}

static void account_step(const struct explainer *x, int k, uint32_t a, uint32_t b,
                         const struct agreement *g, struct account_step *ret)
{
    const struct field_model *f = &x->model->fields[k];
    int level = level_of(g->pattern, k), state = model_state(x->model, k, g->pattern);
    *ret = (struct account_step){.agreement = compare_level_name(f->kind, level),
                                 .compared = level != 0,
                                 .exact = level == NAME_EXACT};
    snprintf(ret->field, sizeof ret->field, "%s", f->name);
    value_words(&x->e.comparisons[k], a, ret->a);
    value_words(&x->e.comparisons[k], b, ret->b);
    if (!level)
        return;
    struct frequency_part part =
        frequency_of_field(&x->scorer.weights.frequency, x->model, &x->e, g, k, a, b);
    ret->same = f->weight_m[state][level] + part.m;
    ret->household = f->weight_h[state][level] + part.h;
}

static void three_chances(struct pair_account *ret)
{
    double same = weight_odds(ret->same < 1000 * BIT ? ret->same : 1000 * BIT);
    double household = weight_odds(ret->household < 1000 * BIT ? ret->household : 1000 * BIT);
    double all = 1 + same + household;
    ret->p_same = same / all;
    ret->p_household = household / all;
    ret->p_unrelated = 1 / all;
}

static enum account_rule rule_of(struct explainer *x, uint32_t a, uint32_t b)
{
    if (!rules_allow(&x->rules, &a, 1, &b, 1))
        return ACCOUNT_NEVER;
    return x->certain && x->certain[a] == x->certain[b] ? ACCOUNT_CERTAIN : ACCOUNT_NO_RULE;
}

int explainer_pair(struct explainer *x, uint32_t a, uint32_t b, struct pair_account *ret,
                   struct error *err)
{
    struct comparer c;
    struct pair_score p;
    if (a >= x->e.n || b >= x->e.n || a == b)
        return error_set(err, ERR_USAGE, "a pair to explain needs two different records");
    uint32_t i = x->e.rank[a], j = x->e.rank[b];
    *ret = (struct pair_account){.prior_same = x->model->prior_m,
                                 .prior_household = x->model->prior_h};
    comparer_init(&c, &x->e, x->scorer.aliases);
    score_pair(&x->scorer, &c, i, j, &p);
    ret->same = p.same;
    ret->household = p.household;
    ret->weight = p.weight;
    ret->together_same = p.same - ret->prior_same;
    ret->together_household = p.household - ret->prior_household;
    for (int k = 0; k < x->model->n_fields; k++) {
        struct account_step *step = &ret->steps[ret->n];
        account_step(x, k, i, j, &p.agreement, step);
        ret->n += step->a[0] || step->b[0];
        ret->together_same -= step->same;
        ret->together_household -= step->household;
    }
    three_chances(ret);
    ret->rule = rule_of(x, i, j);
    return 0;
}

/* A rule makes pairs of consecutive records of one key, so what is equal hangs together. */
static int join_certain(struct explainer *x)
{
    const struct rules *rules = &x->rules;
    if (!rules->n_certain)
        return 0;
    if (!(x->certain = malloc(((size_t)x->e.n + 1) * sizeof *x->certain)))
        return ERR_MEMORY;
    for (uint32_t r = 0; r < x->e.n; r++)
        x->certain[r] = r;
    for (int moved = 1; moved;) {
        moved = 0;
        for (size_t i = 0; i < rules->n_certain; i++) {
            uint32_t *a = &x->certain[rules->certain[i].a], *b = &x->certain[rules->certain[i].b];
            moved |= *a != *b;
            *a = *b = *a < *b ? *a : *b;
        }
    }
    return 0;
}

static int open_model(struct explainer *x, const struct match_table *t, const struct match_model *m,
                      const struct match_rules *rules, struct error *err)
{
    if (m->splink)
        return error_set(err, ERR_USAGE, "a Splink model explains two records: name them both");
    if (!(x->model = model_new()))
        return error_memory(err);
    TRY(encode(t, NULL, &x->e, err));
    TRY(model_copy_for(m, &x->e, x->model, x->aliases, err));
    TRY(rules_init(&x->rules, rules, t, &x->e, err));
    if (join_certain(x) < 0)
        return error_memory(err);
    return scorer_init(&x->scorer, &x->e, x->model, x->aliases) < 0 ? error_memory(err) : 0;
}

int explainer_new(const struct match_table *t, const struct match_model *m,
                  const struct match_rules *rules, struct explainer **ret, struct error *err)
{
    struct explainer *x = calloc(1, sizeof *x);
    if (!x)
        return error_memory(err);
    int code = open_model(x, t, m, rules, err);
    if (code < 0)
        explainer_free(x);
    else
        *ret = x;
    return code;
}

void explainer_free(struct explainer *x)
{
    if (!x)
        return;
    scorer_done(&x->scorer);
    rules_done(&x->rules);
    free(x->certain);
    for (int k = 0; k < COMPARISONS_MAX; k++)
        alias_set_done(&x->aliases[k]);
    match_model_free(x->model);
    encoded_done(&x->e);
    free(x);
}
