/* Frequencies of values: sharing a rare one says more. Weights by code, made once. */
#include <math.h>
#include <stdlib.h>

#include "transform/match/model.h"

/* Of a person, not of where many live. */
static int is_personal(enum compare_kind kind)
{
    return kind == COMPARE_GIVEN || kind == COMPARE_FAMILY || kind == COMPARE_EXTRA ||
           kind == COMPARE_DATE || kind == COMPARE_PHONE || kind == COMPARE_EMAIL ||
           kind == COMPARE_ID;
}

/* In how large a world a value of this kind is looked at where the table is too small to tell:
 * about how many there are of it. */
static double population(enum compare_kind kind)
{
    switch (kind) {
    case COMPARE_DATE:
        return 5000;
    case COMPARE_PHONE:
    case COMPARE_EMAIL:
    case COMPARE_ID:
        return 20000;
    default:
        return MODEL_MIN_RECORDS;
    }
}

double frequency_total(const struct comparison *c, uint32_t n_records)
{
    return n_records < MODEL_MIN_RECORDS && is_personal(c->kind) ? population(c->kind) : c->filled;
}

static double share_of(const struct comparison *c, uint32_t code, uint32_t n_records)
{
    double total = frequency_total(c, n_records);
    double least = 1 / (n_records > total ? n_records : total);
    double share = total > 0 ? c->counts[code] / total : 1;
    return share > least ? share : least;
}

static int32_t to_weight(double nats)
{
    return (int32_t)lround(nats * NATS_TO_WEIGHT);
}

static int32_t household_weight(const struct match_model *model, const struct field_model *f,
                                double share)
{
    if (!model->household_frequency)
        return 0;
    switch (f->household) {
    case HOUSEHOLD_LEARNED:
    case HOUSEHOLD_SHARED:
        return to_weight(-log(share));
    case HOUSEHOLD_GIVEN:
        return to_weight(log(.98 + .02 / share));
    case HOUSEHOLD_DATE:
        return to_weight(log(.97 + .03 / share));
    default:
        return 0;
    }
}

/* A model that was read has shares of its own. */
static void take_model_shares(struct frequency_part *w, const struct match_model *model, int k,
                              const struct encoded *e)
{
    const struct comparison *c = &e->comparisons[k];
    for (uint32_t i = 0; i < model->n_frequent[k]; i++) {
        const struct frequency_entry *entry = &model->frequent[k][i];
        int64_t code = dict_find(&c->values->strings, entry->value);
        if (code < 0 || entry->share <= 0)
            continue;
        w[code].m = to_weight(-log(entry->share));
        w[code].h = household_weight(model, &model->fields[k], entry->share);
    }
}

int frequency_table_init(struct frequency_table *t, const struct match_model *model,
                         const struct encoded *e)
{
    *t = (struct frequency_table){0};
    for (int k = 0; k < model->n_fields; k++) {
        const struct comparison *c = &e->comparisons[k];
        if (!model->fields[k].frequency || !c->values)
            continue;
        uint32_t n_values = c->values->strings.n;
        struct frequency_part *w = malloc(((size_t)n_values + 1) * sizeof *w);
        t->by[k] = w;
        if (!w) {
            frequency_table_done(t);
            return ERR_MEMORY;
        }
        for (uint32_t v = 0; v < n_values; v++) {
            double share =
                model->rest_share[k] > 0 ? model->rest_share[k] : share_of(c, v, model->n_records);
            w[v].m = to_weight(-log(share));
            w[v].h = household_weight(model, &model->fields[k], share);
        }
        take_model_shares(w, model, k, e);
    }
    return 0;
}

void frequency_table_done(struct frequency_table *t)
{
    for (int k = 0; k < COMPARISONS_MAX; k++) {
        free(t->by[k]);
    }
    *t = (struct frequency_table){0};
}

/* A swap agrees on two names at once; the rarer reading of either record is the less likely by
 * chance, so the commoner one counts. */
int32_t frequency_of_swap(const struct frequency_table *t, const struct encoded *e, uint32_t a,
                          uint32_t b)
{
    const struct frequency_part *given = t->by[e->given], *family = t->by[e->family];
    const uint32_t *g = e->comparisons[e->given].codes, *f = e->comparisons[e->family].codes;
    int32_t of_a = given[g[a]].m + family[f[a]].m, of_b = given[g[b]].m + family[f[b]].m;
    return of_a < of_b ? of_a : of_b;
}

struct frequency_part frequency_of_field(const struct frequency_table *t,
                                         const struct match_model *model, const struct encoded *e,
                                         const struct agreement *g, int k, uint32_t a, uint32_t b)
{
    struct frequency_part part = {0, 0};
    const struct field_model *f = &model->fields[k];
    int level = level_of(g->pattern, k);
    if (!t->by[k] || level == 0)
        return part;
    if (level == NAME_SWAPPED && k == e->given)
        part.m = frequency_of_swap(t, e, a, b);
    else if (level <= 2 && model_uses_frequency(f, model_state(model, k, g->pattern), level))
        part = t->by[k][g->code[k]];
    return part;
}

struct frequency_part frequency_of_pair(const struct frequency_table *t,
                                        const struct match_model *model, const struct encoded *e,
                                        const struct agreement *g, uint32_t a, uint32_t b)
{
    struct frequency_part sum = {0, 0};
    for (int k = 0; k < model->n_fields; k++) {
        struct frequency_part part = frequency_of_field(t, model, e, g, k, a, b);
        sum.m += part.m;
        sum.h += part.h;
    }
    return sum;
}
