#include "transform/match/plan_parts.h"

#include <stdio.h>

/* The names of a kind's parts, most telling first; a record pair has at most the first that it
 * shares, but for dates, which may share a year or a month and day. */
static const char *const parts_of_kind[COMPARE_KINDS][3] = {
    [COMPARE_GIVEN] = {"%.*s", "sound of %.*s", "start of %.*s"},
    [COMPARE_FAMILY] = {"%.*s", "sound of %.*s", "start of %.*s"},
    [COMPARE_EXTRA] = {"other names", "sound of other names", "start of other names"},
    [COMPARE_SUFFIX] = {NULL},
    [COMPARE_DATE] = {"%.*s", "year of %.*s", "month and day of %.*s"},
    [COMPARE_POSTCODE] = {"%.*s", "district of %.*s"},
    [COMPARE_PHONE] = {"%.*s"},
    [COMPARE_EMAIL] = {"%.*s", "user of %.*s"},
    [COMPARE_ID] = {"%.*s"},
    [COMPARE_NUMBER] = {"number of %.*s"},
    [COMPARE_PLACE] = {"%.*s"},
    [COMPARE_EXACT] = {"%.*s"},
    [COMPARE_TEXT] = {"%.*s", "words of %.*s"},
    [COMPARE_QUANTITY] = {"%.*s"},
    [COMPARE_CODE] = {"codes in %.*s"},
};

void plan_parts_init(struct plan_parts *p, const struct encoded *e)
{
    *p = (struct plan_parts){.e = e};
    for (int k = 0; k < e->n_comparisons; k++) {
        const struct comparison *c = &e->comparisons[k];
        p->first[k] = p->n;
        for (int i = 0; i < 3; i++) {
            const char *format = parts_of_kind[c->kind][i];
            int len = (int)(c->name.len < 60 ? c->name.len : 60);
            if (!format)
                continue;
            const char *hole = strstr(format, "%.*s");
            snprintf(p->name[p->n++], sizeof p->name[0], "%.*s%.*s",
                     (int)(hole ? (size_t)(hole - format) : strlen(format)), format, hole ? len : 0,
                     hole ? c->name.ptr : "");
        }
    }
    p->across = p->n++;
    snprintf(p->name[p->across], sizeof p->name[0], "a name in another field");
}

static int same_start(struct slice x, struct slice y, size_t n)
{
    return x.len >= n && y.len >= n && memcmp(x.ptr, y.ptr, n) == 0;
}

static int share_word(const struct value_set *v, uint32_t x, uint32_t y)
{
    uint32_t i = v->word_from[x], k = v->word_from[y];
    while (i < v->word_from[x + 1] && k < v->word_from[y + 1]) {
        if (v->word[i] == v->word[k])
            return 1;
        uint32_t p = v->word[i], q = v->word[k];
        i += p < q;
        k += q < p;
    }
    return 0;
}

/* Bits of the parts that two different values share. */
static uint64_t parts_of_values(const struct comparison *c, uint32_t x, uint32_t y)
{
    const struct value_set *v = c->values;
    struct slice s = value_string(c, x), t = value_string(c, y);
    switch (c->kind) {
    case COMPARE_GIVEN:
    case COMPARE_FAMILY:
    case COMPARE_EXTRA:
        return v->key && v->key[x] == v->key[y] ? 2 : same_start(s, t, 3) ? 4 : 0;
    case COMPARE_DATE:
        return (same_start(s, t, 4) ? 2u : 0) |
               (s.len == 8 && t.len == 8 && memcmp(s.ptr + 4, t.ptr + 4, 4) == 0 ? 4u : 0);
    case COMPARE_POSTCODE:
        return s.len > 3 && t.len > 3 && s.len == t.len && same_start(s, t, s.len - 2) ? 2 : 0;
    case COMPARE_EMAIL:
        return v->key[x] == v->key[y] ? 2 : 0;
    case COMPARE_TEXT:
        return share_word(v, x, y) ? 2 : 0;
    default:
        return 0;
    }
}

static uint64_t parts_of_comparison(const struct comparison *c, uint32_t a, uint32_t b)
{
    uint32_t n_a, n_b;
    const uint32_t *x = comparison_values(c, a, &n_a), *y = comparison_values(c, b, &n_b);
    uint64_t bits = 0;
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t k = 0; k < n_b; k++)
            bits |= x[i] == y[k] ? 1 : parts_of_values(c, x[i], y[k]);
    return bits & 1 ? 1 : bits;
}

/* Does any name of one record stand in another field of the other? */
static int name_across(const struct encoded *e, uint32_t a, uint32_t b)
{
    for (int k = 0; k < e->n_comparisons; k++)
        for (int l = 0; l < e->n_comparisons; l++) {
            const struct comparison *c = &e->comparisons[k], *d = &e->comparisons[l];
            uint32_t n_a, n_b;
            if (k == l || c->kind > COMPARE_EXTRA || d->kind > COMPARE_EXTRA)
                continue;
            const uint32_t *x = comparison_values(c, a, &n_a), *y = comparison_values(d, b, &n_b);
            for (uint32_t i = 0; i < n_a; i++)
                for (uint32_t j = 0; j < n_b; j++)
                    if (x[i] == y[j])
                        return 1;
        }
    return 0;
}

uint64_t plan_parts_of(const struct plan_parts *p, uint32_t a, uint32_t b)
{
    uint64_t bits = 0;
    for (int k = 0; k < p->e->n_comparisons; k++) {
        const struct comparison *c = &p->e->comparisons[k];
        if (c->values && parts_of_kind[c->kind][0])
            bits |= parts_of_comparison(c, a, b) << p->first[k];
    }
    if (name_across(p->e, a, b))
        bits |= UINT64_C(1) << p->across;
    return bits;
}
