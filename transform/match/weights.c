#include "transform/match/weights.h"

static void take_levels(struct weights *w, const struct match_model *model, int k)
{
    const struct field_model *f = &model->fields[k];
    w->depends[k] = (uint8_t)f->depends;
    w->parents[k] = f->parents;
    for (int l = 0; l < LEVELS; l++)
        w->agree[k] |= (uint16_t)(model_agrees(f, l) << l);
    for (int s = 0; s < STATES; s++)
        for (int l = 1; l < LEVELS; l++) {
            w->level[k][s][l] = (struct frequency_part){f->weight_m[s][l], f->weight_h[s][l]};
            if (w->frequency.by[k] && l <= 2 && model_uses_frequency(f, s, l))
                w->uses[k][s] |= (uint16_t)(1 << l);
        }
}

int weights_init(struct weights *w, const struct match_model *model, const struct encoded *e)
{
    *w = (struct weights){.e = e, .n_fields = model->n_fields, .given = e->given};
    w->prior = (struct frequency_part){model->prior_m, model->prior_h};
    int code = frequency_table_init(&w->frequency, model, e);
    if (w->given >= 0 && !w->frequency.by[w->given])
        w->given = -1;
    for (int k = 0; k < model->n_fields && code == 0; k++)
        take_levels(w, model, k);
    return code;
}

void weights_done(struct weights *w)
{
    frequency_table_done(&w->frequency);
}

/* As model_state. */
static int state_of(const struct weights *w, int k, uint64_t pattern)
{
    int agree = 0, there = 0;
    for (uint32_t bits = w->parents[k]; bits; bits &= bits - 1) {
        int parent = __builtin_ctz(bits), level = level_of(pattern, parent);
        there |= level;
        agree += w->agree[parent] >> level & 1;
    }
    if (w->depends[k] == DEPENDS_NAMES)
        return agree == 2 ? 0 : agree == 1 ? 1 : 2;
    return agree ? STATE_AGREE : there ? STATE_DIFFER : STATE_MISSING;
}

static inline void add_part(struct frequency_part *sum, struct frequency_part part)
{
    sum->m += part.m;
    sum->h += part.h;
}

struct weight_sums weights_sum_of(const struct weights *w, const struct agreement *g, uint64_t rest,
                                  uint32_t a, uint32_t b)
{
    struct frequency_part levels = w->prior, frequency = {0, 0};
    while (rest) { /* comparison by comparison, those without a level passed over */
        int k = __builtin_ctzll(rest) / 4, level = level_of(g->pattern, k);
        int state = w->depends[k] == DEPENDS_NONE ? 0 : state_of(w, k, g->pattern);
        rest &= ~(UINT64_C(15) << (4 * k));
        add_part(&levels, w->level[k][state][level]);
        if (w->uses[k][state] >> level & 1)
            add_part(&frequency, w->frequency.by[k][g->code[k]]);
    }
    if (w->given >= 0 && level_of(g->pattern, w->given) == NAME_SWAPPED)
        frequency.m += frequency_of_swap(&w->frequency, w->e, a, b);
    return (struct weight_sums){frequency, {levels.m + frequency.m, levels.h + frequency.h}};
}

struct weight_sums weights_sum(const struct weights *w, const struct agreement *g, uint32_t a,
                               uint32_t b)
{
    return weights_sum_of(w, g, g->pattern, a, b);
}
