#include "transform/match/weight_bound.h"

#include "transform/match/compare.h"

/* Far below any sum of weights, and far from where sums overflow. */
enum { NEVER = -(1 << 26) };

/* Texts, word by word, cost the most: they wait. */
static int is_early(enum compare_kind kind)
{
    return kind != COMPARE_TEXT;
}

void weight_bound_init(struct weight_bound *b, const struct weights *w)
{
    *b = (struct weight_bound){.weights = w};
    for (int k = 0; k < w->n_fields; k++) {
        b->frequent[k] = NEVER; /* plain from 0: a comparison may find nothing to say */
        for (int s = 0; s < STATES; s++)
            for (int l = 1; l < LEVELS; l++) {
                int32_t *most = w->uses[k][s] >> l & 1 ? &b->frequent[k] : &b->plain[k];
                if (w->level[k][s][l].m > *most)
                    *most = w->level[k][s][l].m;
            }
        b->early |= (uint32_t)is_early(w->e->comparisons[k].kind) << k;
    }
}

/* What a list gives is not known before its values are compared: the rarest of them. */
static int32_t most_of_list(const struct weights *w, int k, uint32_t record)
{
    uint32_t n;
    const uint32_t *codes = comparison_values(&w->e->comparisons[k], record, &n);
    int32_t most = NEVER;
    for (uint32_t i = 0; i < n; i++)
        if (w->frequency.by[k][codes[i]].m > most)
            most = w->frequency.by[k][codes[i]].m;
    return most;
}

static int32_t most_of_left(const struct weight_bound *b, int k, uint32_t x)
{
    const struct weights *w = b->weights;
    int32_t most = b->plain[k], frequent = b->frequent[k];
    if (frequent > NEVER) {
        uint32_t code = w->e->rows[(size_t)x * ROW + (size_t)k];
        frequent += code < ROW_LIST ? w->frequency.by[k][code].m : most_of_list(w, k, x);
    }
    return frequent > most ? frequent : most;
}

/* Of a level whose state hangs on what is left. */
static int32_t most_of_states(const struct weights *w, const struct agreement *g, int k)
{
    int level = level_of(g->pattern, k);
    int32_t most = NEVER;
    for (int s = 0; s < STATES; s++) {
        int32_t m = w->level[k][s][level].m;
        if (w->uses[k][s] >> level & 1)
            m += w->frequency.by[k][g->code[k]].m;
        most = m > most ? m : most;
    }
    return most;
}

int32_t weight_bound(const struct weight_bound *b, const struct agreement *g, uint32_t left,
                     uint32_t x, uint32_t y)
{
    const struct weights *w = b->weights;
    uint64_t known = g->pattern;
    int32_t more = 0;
    for (uint32_t bits = left; bits; bits &= bits - 1)
        more += most_of_left(b, __builtin_ctz(bits), x);
    for (int k = 0; left && k < w->n_fields; k++) {
        if (!(w->parents[k] & left) || !level_of(g->pattern, k))
            continue;
        more += most_of_states(w, g, k);
        known &= ~level_bits(15, k);
    }
    return weights_sum_of(w, g, known, x, y).all.m + more;
}
