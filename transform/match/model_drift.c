#include "transform/match/model_drift.h"

#include <math.h>
#include <string.h>

#include "transform/match/model_chart.h"

struct drifting {
    const struct match_model *before, *after;
    void (*say)(void *arg, const struct weight_move *move);
    void *arg;
    struct model_drift sum;
};

static int find_same(const struct match_model *m, const struct field_model *f)
{
    for (int k = 0; k < m->n_fields; k++)
        if (m->fields[k].kind == f->kind && m->fields[k].meaning == f->meaning &&
            strcmp(m->fields[k].name, f->name) == 0)
            return k;
    return -1;
}

/* 1 when it moved notably. */
static int look_at(struct drifting *d, int was, int k, int s, int l)
{
    const double log2_of_e = 1.4426950408889634;
    struct weight_move move = {
        .after = d->after,
        .k = k,
        .state = s,
        .level = l,
        .before_bits = d->before->fields[was].log_m[s][l] * log2_of_e,
        .after_bits = d->after->fields[k].log_m[s][l] * log2_of_e,
    };
    double by = fabs(move.after_bits - move.before_bits);
    if (!d->sum.weights || by > fabs(d->sum.largest.after_bits - d->sum.largest.before_bits))
        d->sum.largest = move;
    d->sum.weights++;
    if (by <= DRIFT_NOTABLE)
        return 0;
    d->sum.moved++;
    if (d->say)
        d->say(d->arg, &move);
    return 1;
}

static void look_at_field(struct drifting *d, int was, int k)
{
    const struct field_model *f = &d->after->fields[k];
    int states = f->depends == DEPENDS_NONE && d->before->fields[was].depends == DEPENDS_NONE;
    int moved = 0;
    for (int s = 0; s < (states ? 1 : STATES); s++)
        for (int l = 1; l < LEVELS; l++)
            if (model_level_used(d->after, k, l) && model_level_used(d->before, was, l))
                moved |= look_at(d, was, k, s, l);
    d->sum.fields++;
    d->sum.fields_moved += moved;
}

void model_drift(const struct match_model *before, const struct match_model *after,
                 void (*say)(void *arg, const struct weight_move *move), void *arg,
                 struct model_drift *ret)
{
    struct drifting d = {.before = before, .after = after, .say = say, .arg = arg};
    for (int k = 0; k < after->n_fields; k++) {
        int was = find_same(before, &after->fields[k]);
        if (was < 0)
            d.sum.fields_new++;
        else
            look_at_field(&d, was, k);
    }
    for (int k = 0; k < before->n_fields; k++)
        d.sum.fields_gone += find_same(after, &before->fields[k]) < 0;
    d.sum.prior = log2(after->lambda_m / before->lambda_m);
    *ret = d.sum;
}
