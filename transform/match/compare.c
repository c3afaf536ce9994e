#include "transform/match/compare.h"

#include <stdlib.h>

#include "transform/match/acronym.h"
#include "transform/match/birth.h"
#include "transform/match/codes.h"

void comparer_init(struct comparer *c, const struct encoded *e, const struct alias_set *aliases)
{
    *c = (struct comparer){.e = e, .aliases = aliases};
}

struct texts {
    struct slice a, b;
    uint64_t mask_a, mask_b;
};

static struct texts texts_of(const struct comparison *f, uint32_t x, uint32_t y)
{
    return (struct texts){value_string(f, x), value_string(f, y), f->values->masks[x],
                          f->values->masks[y]};
}

/* Edit distance as far as `most`; anything above is most + 1. */
static int edits_up_to(struct comparer *c, const struct texts *t, int most)
{
    size_t apart = t->a.len > t->b.len ? t->a.len - t->b.len : t->b.len - t->a.len;
    if (apart > (size_t)most || edit_at_least(t->mask_a, t->mask_b) > most)
        return most + 1;
    return edit_osa(&c->scratch, t->a, t->b);
}

/* Jaro-Winkler, or 0 when it cannot reach `least`. */
static double similar_from(struct comparer *c, const struct texts *t, double least)
{
    if (!edit_winkler_may_reach(t->a, t->b, t->mask_a, t->mask_b, least) ||
        edit_winkler_at_most(t->a, t->b, t->mask_a, t->mask_b) < least)
        return 0;
    return edit_jaro_winkler(&c->scratch, t->a, t->b);
}

static size_t common_prefix(struct slice a, struct slice b)
{
    size_t n = 0;
    while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
        n++;
    return n;
}

static int compare_date(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    (void)c;
    return (int)birth_compare(f->values->dates[x], f->values->dates[y]);
}

static int is_numeric(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!fold_is_digit(s.ptr[i]))
            return 0;
    return 1;
}

/* The outward part: less the last three characters, or a numeric code's first three digits. */
static int compare_postcode(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    struct texts t = texts_of(f, x, y);
    int edits = edits_up_to(c, &t, 2);
    if (edits == 1)
        return 2;
    size_t prefix = common_prefix(t.a, t.b);
    if (is_numeric(t.a) && is_numeric(t.b)) {
        if (prefix >= 3)
            return 3;
        if (edits == 2)
            return 4;
    } else {
        size_t out_a = t.a.len > 3 ? t.a.len - 3 : 0, out_b = t.b.len > 3 ? t.b.len - 3 : 0;
        int same_out = out_a == out_b && out_a && prefix >= out_a;
        if (same_out)
            return prefix >= 4 && prefix > out_a ? 3 : 4;
    }
    return prefix >= 2 ? 5 : 6;
}

static int compare_phone(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    int edits = 3;
    if (edit_at_least(f->values->masks[x], f->values->masks[y]) <= 2) {
        struct texts t = texts_of(f, x, y);
        edits = edits_up_to(c, &t, 2);
    }
    if (edits <= 2)
        return 1 + edits;
    return f->values->key[x] == f->values->key[y] ? 4 : 6;
}

static int compare_email(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    const struct value_set *v = f->values;
    if (v->key[x] == v->key[y])
        return 2;
    struct texts t = texts_of(f, x, y);
    if (edits_up_to(c, &t, 2) <= 2)
        return 3;
    return similar_from(c, &t, .88) >= .88 ? 4 : 5;
}

static int compare_id(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    struct texts t = texts_of(f, x, y);
    int edits = edits_up_to(c, &t, 2);
    return edits <= 2 ? 1 + edits : 4;
}

static int compare_number(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    struct texts t = texts_of(f, x, y);
    return edits_up_to(c, &t, 1) == 1 ? 2 : 3;
}

static int compare_place(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    struct texts t = texts_of(f, x, y);
    if (edits_up_to(c, &t, 1) == 1)
        return 2;
    double similar = similar_from(c, &t, .85);
    return similar >= .93 ? 2 : similar >= .85 ? 3 : 4;
}

static int compare_exact(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    (void)c, (void)f, (void)x, (void)y;
    return 2;
}

/* Firms' initials are as good as most of their words. */
static int compare_text(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    int overlap = compare_overlap(c, f, x, y);
    static const int least[] = {990, 800, 600, 400, 200};
    if (overlap < least[1] && f->meaning == MEANING_ORGANISATION) {
        struct texts t = texts_of(f, x, y);
        overlap = is_acronym(t.a, t.b) ? least[1] : overlap;
    }
    for (int k = 0; k < 5; k++)
        if (overlap >= least[k])
            return k + 1;
    return 6;
}

static int compare_quantity(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    (void)c;
    int64_t a = f->values->numbers[x], b = f->values->numbers[y];
    int64_t apart = a > b ? a - b : b - a, larger = a > b ? a : b;
    if (f->values->years)
        return apart <= 1000 ? 2 : apart <= 3000 ? 3 : apart <= 10000 ? 4 : 5;
    if (apart * 50 <= larger)
        return 2;
    if (apart * 20 <= larger * 3)
        return 3;
    return apart * 5 <= larger * 2 ? 4 : 5;
}

static int compare_code(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    (void)c;
    return compare_model_codes(f->values, x, y);
}

static int compare_suffix(uint32_t x, uint32_t y)
{
    if (x == MATCH_MISSING && y == MATCH_MISSING)
        return 0;
    if (x == MATCH_MISSING || y == MATCH_MISSING)
        return 0;
    return x == y ? 1 : 6;
}

static int (*const by_kind[COMPARE_KINDS])(struct comparer *, const struct comparison *, uint32_t,
                                           uint32_t) = {
    [COMPARE_DATE] = compare_date,   [COMPARE_POSTCODE] = compare_postcode,
    [COMPARE_PHONE] = compare_phone, [COMPARE_EMAIL] = compare_email,
    [COMPARE_ID] = compare_id,       [COMPARE_NUMBER] = compare_number,
    [COMPARE_PLACE] = compare_place, [COMPARE_EXACT] = compare_exact,
    [COMPARE_TEXT] = compare_text,   [COMPARE_QUANTITY] = compare_quantity,
    [COMPARE_CODE] = compare_code,
};

int compare_values(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    return by_kind[f->kind](c, f, x, y);
}

/* Places are few enough to meet again. */
static int compare_often(struct comparer *c, int k, uint32_t x, uint32_t y)
{
    const struct comparison *f = &c->e->comparisons[k];
    if (f->kind != COMPARE_PLACE)
        return compare_values(c, f, x, y);
    uint64_t key = pair_cache_key(k, x, y);
    int level = pair_cache_find(&c->values, key);
    if (level < 0) {
        level = compare_values(c, f, x, y);
        pair_cache_put(&c->values, key, level);
    }
    return level;
}

int compare_codes(struct comparer *c, int k, uint32_t x, uint32_t y)
{
    const struct comparison *f = &c->e->comparisons[k];
    if (x == y)
        return f->kind == COMPARE_DATE   ? compare_date(c, f, x, y)
               : f->kind == COMPARE_CODE ? compare_code(c, f, x, y)
                                         : 1;
    int level = compare_often(c, k, x, y);
    if (f->kind == COMPARE_PLACE && level >= 3 && c->aliases) {
        int alias = alias_find(&c->aliases[k], x, y);
        if (alias)
            return alias;
    }
    return level;
}

/* The best level over two lists; of equal values the rarest. */
static int compare_lists(struct comparer *c, int k, uint32_t a, uint32_t b, uint32_t *ret_code)
{
    const struct comparison *f = &c->e->comparisons[k];
    uint32_t n_a, n_b;
    const uint32_t *list_a = comparison_values(f, a, &n_a), *list_b = comparison_values(f, b, &n_b);
    int best = 0;
    uint32_t rarest = UINT32_MAX;
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t j = 0; j < n_b; j++)
            if (list_a[i] == list_b[j]) {
                best = 1;
                if (f->counts[list_a[i]] < rarest) {
                    rarest = f->counts[list_a[i]];
                    *ret_code = list_a[i];
                }
            }
    if (best == 1)
        return 1;
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t j = 0; j < n_b; j++) {
            int level = compare_codes(c, k, list_a[i], list_b[j]);
            if (best == 0 || level < best)
                best = level;
        }
    return best;
}

int compare_field(struct comparer *c, int k, uint32_t a, uint32_t b, uint32_t *ret_code)
{
    const struct comparison *f = &c->e->comparisons[k];
    uint32_t x = c->e->rows[(size_t)a * ROW + (size_t)k];
    uint32_t y = c->e->rows[(size_t)b * ROW + (size_t)k];
    if (f->kind == COMPARE_SUFFIX)
        return compare_suffix(x, y);
    if (x == MATCH_MISSING || y == MATCH_MISSING)
        return 0;
    if (x == ROW_LIST || y == ROW_LIST)
        return compare_lists(c, k, a, b, ret_code);
    *ret_code = x;
    return compare_codes(c, k, x, y);
}

int compare_first_other(const struct encoded *e)
{
    int last = e->extra > e->family ? e->extra : e->family;
    return (last > e->given ? last : e->given) + 1; /* names come before all others */
}

void compare_records(struct comparer *c, uint32_t a, uint32_t b, struct agreement *ret)
{
    const struct encoded *e = c->e;
    ret->pattern = 0;
    compare_names(c, a, b, ret);
    for (int k = compare_first_other(e); k < e->n_comparisons; k++)
        ret->pattern |= level_bits(compare_field(c, k, a, b, &ret->code[k]), k);
}
