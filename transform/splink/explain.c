/* The account of one pair by a Splink model: prior, each comparison's level, what it weighs and
 * what the values' frequency adds, and the rule that brought the pair together. */
#include <math.h>
#include <stdio.h>

#include "transform/splink/block.h"
#include "transform/splink/score.h"
#include "transform/splink/splink.h"
#include "transform/splink/value.h"

struct explaining {
    const struct splink_model *m;
    struct splink_data data;
    struct splink_scorer scorer;
    struct buffer *out;
    double sum;
    int null; /* a comparison had no level */
};

static void value_words(const struct explaining *x, int column, int side, char out[40])
{
    const struct splink_values *v = &x->data.columns[column];
    struct arena a;
    arena_init(&a, 0);
    const struct sql_value *value = &v->values[v->codes[x->scorer.view.record[side]]];
    struct slice s = sql_to_text(value, &a);
    if (value->type == SQL_LIST)
        snprintf(out, 40, "%u items", value->n);
    else
        snprintf(out, 40, "%.*s", (int)(s.len < 39 ? s.len : 39), s.ptr ? s.ptr : "");
    arena_done(&a);
}

static int explain_comparison(struct explaining *x, int k)
{
    const struct splink_comparison *c = &x->m->comparisons[k];
    char a[40] = "", b[40] = "", name[20], label[40];
    int at = splink_scorer_level(&x->scorer, k);
    if (at < -1)
        return at;
    if (c->n_columns > 0) {
        value_words(x, c->columns[0], 0, a);
        value_words(x, c->columns[0], 1, b);
    }
    snprintf(name, sizeof name, "%.*s", (int)(c->name.len < 19 ? c->name.len : 19), c->name.ptr);
    if (at == -1) {
        x->null = 1;
        return buffer_printf(x->out, "%-16.16s %-19.19s %-19.19s %s\n", name, a, b,
                             "no level holds: the weight is null");
    }
    const struct splink_level *l = &c->levels[at];
    double frequency = splink_scorer_frequency(&x->scorer, l);
    struct slice words = l->label.len ? l->label : l->sql;
    snprintf(label, sizeof label, "%.*s", (int)(words.len < 39 ? words.len : 39), words.ptr);
    x->sum += l->weight + frequency;
    TRY(buffer_printf(x->out, "%-16.16s %-19.19s %-19.19s %-36.36s %+8.2f\n", name, a, b, label,
                      l->weight));
    if (l->frequency_column < 0)
        return 0;
    return buffer_printf(x->out, "%-56s %-36.36s %+8.2f\n", "", "  for the value's frequency",
                         frequency);
}

/* The first rule that brings the pair, or 0. */
static int bringing_rule(struct explaining *x, struct error *err)
{
    struct splink_blocks *blocks;
    uint32_t l = x->scorer.view.record[0], r = x->scorer.view.record[1];
    int found = 0;
    TRY(splink_blocks_build(&x->data, &blocks, err));
    for (int i = 0; i < x->m->n_rules && !found; i++)
        if (splink_blocks_common(&blocks[i], l, r) != MATCH_MISSING &&
            splink_scorer_filter(&x->scorer, &x->m->rules[i]) > 0)
            found = i + 1;
    splink_blocks_free(blocks, x->m);
    return found;
}

static int explain_rule(struct explaining *x, struct error *err)
{
    int rule = bringing_rule(x, err);
    if (rule < 0)
        return rule;
    if (rule == 0)
        return buffer_string(x->out, "no blocking rule brings the pair: it is not compared\n");
    struct slice sql = x->m->rules[rule - 1].sql;
    return buffer_printf(x->out, "brought by blocking rule %d: %.*s\n", rule,
                         (int)(sql.len < 200 ? sql.len : 200), sql.ptr);
}

static int explain_lines(struct explaining *x, struct error *err)
{
    x->sum = x->m->prior;
    if (buffer_printf(x->out, "%-16s %-19s %-19s %-36s %8s\n", "", "first", "second", "level",
                      "bits") < 0 ||
        buffer_printf(x->out, "%-93s %+8.2f\n", "before anything is compared", x->m->prior) < 0)
        return error_memory(err);
    for (int k = 0; k < x->m->n_comparisons; k++)
        if (explain_comparison(x, k) < 0)
            return error_memory(err);
    if (!x->null && buffer_printf(x->out, "%-93s %+8.2f  probability %.4f\n", "weight (bits)",
                                  x->sum, 1 / (1 + exp2(-x->sum))) < 0)
        return error_memory(err);
    return explain_rule(x, err);
}

static uint32_t record_of(const struct splink_data *d, uint32_t row)
{
    uint32_t i = 0;
    while (i < d->n && d->row[i] != row)
        i++;
    return i;
}

int splink_explain(const struct match_table *t, const struct splink_model *m, uint32_t a,
                   uint32_t b, struct buffer *out, struct error *err)
{
    struct explaining x = {.m = m, .out = out};
    int code = splink_data_init(&x.data, t, m, NULL, err);
    if (code == 0 && splink_scorer_init(&x.scorer, &x.data) < 0)
        code = error_memory(err);
    if (code == 0) {
        uint32_t l = record_of(&x.data, a), r = record_of(&x.data, b);
        splink_scorer_pair(&x.scorer, l < r ? l : r, l < r ? r : l);
        code = explain_lines(&x, err);
    }
    splink_scorer_done(&x.scorer);
    splink_data_done(&x.data);
    return code;
}
