/* The account of one pair, for a person. */
#include <stdio.h>

#include "transform/match/model_entries.h"
#include "transform/match/score.h"

struct explaining {
    const struct encoded *e;
    const struct match_model *model;
    struct scorer scorer;
    struct buffer *out;
    uint32_t a, b;
};

static double bits(int32_t weight)
{
    return (double)weight / BIT;
}

/* The record's value of a comparison as it was compared; lists separated by a blank. */
static void value_words(const struct comparison *c, uint32_t rank, char out[40])
{
    static const char *const suffixes[] = {"", "jr", "sr", "iii", "iv"};
    uint32_t n;
    const uint32_t *codes = comparison_values(c, rank, &n);
    size_t at = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < n && at < 38; i++) {
        struct slice s = c->values       ? value_string(c, codes[i])
                         : codes[i] <= 4 ? slice_str(suffixes[codes[i]])
                                         : SLICE_LIT("");
        int wrote = snprintf(out + at, 40 - at, "%s%.*s", i ? " " : "",
                             (int)(s.len < 39 ? s.len : 39), s.ptr);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
}

static int explain_line(struct explaining *x, int k, const struct pair_score *p)
{
    const struct comparison *c = &x->e->comparisons[k];
    const struct field_model *f = &x->model->fields[k];
    struct agreement one = p->agreement;
    int level = level_of(one.pattern, k), state = model_state(x->model, k, one.pattern);
    char a[40], b[40];
    value_words(c, x->a, a);
    value_words(c, x->b, b);
    if (!a[0] && !b[0])
        return 0;
    int32_t same = 0, household = 0;
    if (level) {
        struct frequency_part part =
            frequency_of_field(&x->scorer.weights.frequency, x->model, x->e, &one, k, x->a, x->b);
        same = f->weight_m[state][level] + part.m;
        household = f->weight_h[state][level] + part.h;
    }
    return buffer_printf(x->out, "%-16.16s %-22.22s %-22.22s %-26.26s %+8.2f %+8.2f\n", f->name, a,
                         b, compare_level_name(f->kind, level), bits(same), bits(household));
}

static int explain_sum(struct explaining *x, const struct pair_score *p)
{
    double probability = weight_probability(p->weight);
    double odds = bits(p->same - p->household);
    TRY(buffer_printf(x->out, "%-89s %+8.2f %+8.2f\n", "sum", bits(p->same), bits(p->household)));
    TRY(buffer_printf(x->out, "%-89s %+8.2f\n", "less the household alternative",
                      bits(p->weight - p->same)));
    TRY(buffer_printf(x->out, "%-89s %+8.2f  probability %.4f\n", "weight (bits)", bits(p->weight),
                      probability));
    if (p->household > 0 && odds < 0)
        return buffer_printf(x->out,
                             "more likely two people of one household or family, %.0f to 1, than "
                             "one person\n",
                             odds < -20 ? 1e6 : 1 / weight_odds(p->same - p->household));
    return buffer_printf(x->out, "%s\n",
                         p->weight > 0 ? "more likely one person than not"
                                       : "more likely two people");
}

static int explain_scored(struct explaining *x)
{
    struct comparer c;
    struct pair_score p;
    comparer_init(&c, x->e, x->scorer.aliases);
    score_pair(&x->scorer, &c, x->a, x->b, &p);
    TRY(buffer_printf(x->out, "%-16s %-22s %-22s %-26s %8s %8s\n", "", "first", "second",
                      "agreement", "person", "househ."));
    TRY(buffer_printf(x->out, "%-89s %+8.2f %+8.2f\n", "before anything is compared",
                      bits(x->model->prior_m), bits(x->model->prior_h)));
    for (int k = 0; k < x->model->n_fields; k++)
        TRY(explain_line(x, k, &p));
    return explain_sum(x, &p);
}

int match_explain(const struct match_table *t, const struct match_model *m, uint32_t a, uint32_t b,
                  struct buffer *out, struct error *err)
{
    struct encoded e;
    struct alias_set aliases[COMPARISONS_MAX] = {{0}};
    struct match_model *model = model_new();
    if (!model)
        return error_memory(err);
    int code = a < t->n && b < t->n && a != b
                   ? encode(t, NULL, &e, err)
                   : error_set(err, ERR_USAGE, "a pair to explain needs two different records");
    if (code < 0) {
        match_model_free(model);
        return code;
    }
    struct explaining x = {.e = &e, .model = model, .out = out, .a = e.rank[a], .b = e.rank[b]};
    code = model_copy_for(m, &e, model, aliases, err);
    if (code == 0 && scorer_init(&x.scorer, &e, model, aliases) < 0)
        code = error_memory(err);
    if (code == 0 && explain_scored(&x) < 0)
        code = error_memory(err);
    scorer_done(&x.scorer);
    for (int k = 0; k < COMPARISONS_MAX; k++)
        alias_set_done(&aliases[k]);
    match_model_free(model);
    encoded_done(&e);
    return code;
}
