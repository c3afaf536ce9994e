#include "transform/match/compare_block.h"

enum { AHEAD = 12 };

void compare_block_names(struct comparer *c, struct pair_block *p)
{
    for (uint32_t i = 0; i < p->n; i++)
        compare_names(c, p->a[i], p->b[i], &p->agreement[i]);
}

/* First what leads to a string, later the string. */
static inline void fetch_value(const struct value_set *v, uint32_t code)
{
    if (v->dates) {
        __builtin_prefetch(v->dates + code);
        return;
    }
    __builtin_prefetch(v->strings.strings + code);
    __builtin_prefetch(v->masks + code);
    if (v->key)
        __builtin_prefetch(v->key + code);
    if (v->word_from)
        __builtin_prefetch(v->word_from + code);
}

static inline void fetch_string(const struct value_set *v, uint32_t code)
{
    if (v->word_from)
        __builtin_prefetch(v->word + v->word_from[code]);
    else if (!v->dates)
        __builtin_prefetch(v->strings.strings[code].ptr);
}

/* The pairs of two different values, or of two dates; equal values are level 1 at once. */
static uint32_t sift(const struct comparer *c, int k, struct pair_block *p, uint8_t *todo)
{
    const struct comparison *f = &c->e->comparisons[k];
    const uint32_t *rows = c->e->rows + k;
    int by_value = f->kind == COMPARE_DATE;
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t x = rows[(size_t)p->a[i] * ROW], y = rows[(size_t)p->b[i] * ROW];
        int there = x != MATCH_MISSING && y != MATCH_MISSING;
        int same = there && x == y && x != ROW_LIST && !by_value;
        p->agreement[i].code[k] = x;
        p->agreement[i].pattern |= level_bits(same, k);
        todo[n] = (uint8_t)i;
        n += there && !same;
    }
    return n;
}

static void compare_todo(struct comparer *c, int k, struct pair_block *p, const uint8_t *todo,
                         uint32_t n)
{
    const struct value_set *v = c->e->comparisons[k].values;
    const uint32_t *rows = c->e->rows + k;
    uint32_t x[PAIR_BLOCK], y[PAIR_BLOCK];
    for (uint32_t i = 0; i < n; i++) {
        x[i] = rows[(size_t)p->a[todo[i]] * ROW];
        y[i] = rows[(size_t)p->b[todo[i]] * ROW];
        if (x[i] != ROW_LIST)
            fetch_value(v, x[i]);
        if (y[i] != ROW_LIST)
            fetch_value(v, y[i]);
    }
    for (uint32_t i = 0; i < n + AHEAD; i++) {
        if (i < n && x[i] != ROW_LIST)
            fetch_string(v, x[i]);
        if (i < n && y[i] != ROW_LIST)
            fetch_string(v, y[i]);
        if (i < AHEAD)
            continue;
        uint32_t at = i - AHEAD, pair = todo[at];
        struct agreement *g = &p->agreement[pair];
        int level = x[at] == ROW_LIST || y[at] == ROW_LIST
                        ? compare_field(c, k, p->a[pair], p->b[pair], &g->code[k])
                        : compare_codes(c, k, x[at], y[at]);
        g->pattern |= level_bits(level, k);
    }
}

void compare_block_field(struct comparer *c, int k, struct pair_block *p)
{
    uint8_t todo[PAIR_BLOCK];
    if (c->e->comparisons[k].kind != COMPARE_SUFFIX) {
        compare_todo(c, k, p, todo, sift(c, k, p, todo));
        return;
    }
    for (uint32_t i = 0; i < p->n; i++) {
        struct agreement *g = &p->agreement[i];
        g->pattern |= level_bits(compare_field(c, k, p->a[i], p->b[i], &g->code[k]), k);
    }
}

void compare_block(struct comparer *c, struct pair_block *p)
{
    compare_block_names(c, p);
    for (int k = compare_first_other(c->e); k < c->e->n_comparisons; k++)
        compare_block_field(c, k, p);
}
