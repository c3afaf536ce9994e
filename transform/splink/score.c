#include "transform/splink/score.h"

#include <math.h>
#include <stdlib.h>

#include "core/hash.h"

enum { SEEN_SLOTS = 1 << 13 };

struct splink_seen {
    uint32_t codes[2 * SPLINK_COMPARISON_COLUMNS];
    int level; /* + 2; 0: empty */
};

int splink_scorer_init(struct splink_scorer *s, const struct splink_data *d)
{
    const struct splink_model *m = d->model;
    *s = (struct splink_scorer){.data = d};
    arena_init(&s->scratch, 0);
    s->memos = calloc((size_t)m->n_memos + 1, sizeof *s->memos);
    s->seen = calloc((size_t)m->n_comparisons * SEEN_SLOTS, sizeof *s->seen);
    s->view.data = d;
    s->scope = (struct sql_scope){.dialect = m->dialect,
                                  .value = splink_view_value,
                                  .arena = &s->scratch,
                                  .memo = s->memos,
                                  .regexes = sql_regexes_new()};
    return s->memos && s->seen && s->scope.regexes ? 0 : ERR_MEMORY;
}

void splink_scorer_done(struct splink_scorer *s)
{
    arena_done(&s->scratch);
    free(s->memos);
    free(s->seen);
    sql_regexes_free(s->scope.regexes);
    *s = (struct splink_scorer){0};
}

void splink_scorer_pair(struct splink_scorer *s, uint32_t l, uint32_t r)
{
    s->view.record[0] = l;
    s->view.record[1] = r;
    s->scope.arg = &s->view;
    s->scope.pair++;
    arena_reset(&s->scratch);
}

static int find_level(struct splink_scorer *s, const struct splink_comparison *c)
{
    for (int i = 0; i < c->n_levels; i++) {
        int holds = c->levels[i].condition ? sql_holds(&s->scope, c->levels[i].condition) : 1;
        if (holds < 0)
            return ERR_MEMORY;
        if (holds)
            return i;
    }
    return -1;
}

static struct splink_seen *seen_slot(struct splink_scorer *s, int k,
                                     uint32_t codes[2 * SPLINK_COMPARISON_COLUMNS])
{
    const struct splink_comparison *c = &s->data->model->comparisons[k];
    for (int i = 0; i < c->n_columns; i++)
        for (int side = 0; side < 2; side++)
            codes[2 * i + side] = splink_code(s->data, c->columns[i], s->view.record[side]);
    uint64_t hash = hash_fixed(codes, sizeof *codes * 2 * (size_t)c->n_columns);
    return &s->seen[(size_t)k * SEEN_SLOTS + hash % SEEN_SLOTS];
}

int splink_scorer_level(struct splink_scorer *s, int k)
{
    const struct splink_comparison *c = &s->data->model->comparisons[k];
    uint32_t codes[2 * SPLINK_COMPARISON_COLUMNS] = {0};
    if (c->n_columns <= 0)
        return find_level(s, c);
    struct splink_seen *seen = seen_slot(s, k, codes);
    if (seen->level && memcmp(seen->codes, codes, sizeof codes) == 0)
        return seen->level - 2;
    int level = find_level(s, c);
    if (level >= -1) {
        memcpy(seen->codes, codes, sizeof codes);
        seen->level = level + 2;
    }
    return level;
}

/* The larger of the two shares; with one value missing, the other's. */
double splink_scorer_frequency(const struct splink_scorer *s, const struct splink_level *level)
{
    if (level->frequency_column < 0)
        return 0;
    const struct splink_values *v = &s->data->columns[level->frequency_column];
    uint32_t count = 0;
    for (int side = 0; side < 2; side++) {
        uint32_t code = v->codes[s->view.record[side]];
        if (code < v->n_values && v->counts[code] > count)
            count = v->counts[code];
    }
    if (count == 0)
        return 0;
    double share = fmax((double)count / v->filled, level->frequency_least);
    return level->frequency_weight * (level->exact_bits - log2(share));
}

int splink_scorer_weight(struct splink_scorer *s, double *ret)
{
    const struct splink_model *m = s->data->model;
    double weight = m->prior;
    for (int k = 0; k < m->n_comparisons; k++) {
        int level = splink_scorer_level(s, k);
        if (level < 0)
            return level == -1 ? 0 : ERR_MEMORY;
        const struct splink_level *l = &m->comparisons[k].levels[level];
        weight += l->weight;
        weight += splink_scorer_frequency(s, l);
    }
    *ret = weight;
    return 1;
}

int splink_scorer_filter(struct splink_scorer *s, const struct splink_rule *rule)
{
    return rule->filter ? sql_holds(&s->scope, rule->filter) : 1;
}
