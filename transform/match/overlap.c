/* Soft overlap of texts: words count by their idf, equal words first, then the nearest of what is
 * left; 2 common / (all of a + all of b). Integer weights, so that no order of words shows. */
#include "transform/match/compare.h"

enum { SOFT_MAX = 16 }; /* words left over on a side that are compared letter by letter */

struct left_over {
    int n;
    uint32_t word[SOFT_MAX];
};

struct overlap {
    int64_t common, a, b; /* weights */
    int64_t light[2];     /* of light words that the other side lacks */
};

static void keep(struct left_over *l, uint32_t word)
{
    if (l->n < SOFT_MAX)
        l->word[l->n++] = word;
}

static void leave(const struct value_set *v, uint32_t word, int side, struct overlap *o,
                  struct left_over left[2])
{
    if (v->word_light && v->word_light[word])
        o->light[side] += v->word_weight[word];
    keep(&left[side], word);
}

/* Light words of one side alone do not count, unless there is nothing else. */
static void forget_light(struct overlap *o)
{
    if ((o->light[0] > 0) == (o->light[1] > 0))
        return;
    if (o->a > o->light[0])
        o->a -= o->light[0];
    if (o->b > o->light[1])
        o->b -= o->light[1];
}

/* Words are ascending: a merge finds the equal ones. */
static void merge_words(const struct value_set *v, uint32_t x, uint32_t y, struct overlap *o,
                        struct left_over left[2])
{
    uint32_t i = v->word_from[x], j = v->word_from[y], end_i = v->word_from[x + 1],
             end_j = v->word_from[y + 1];
    while (i < end_i || j < end_j) {
        uint32_t p = i < end_i ? v->word[i] : UINT32_MAX, q = j < end_j ? v->word[j] : UINT32_MAX;
        if (p <= q)
            o->a += v->word_weight[p];
        if (q <= p)
            o->b += v->word_weight[q];
        if (p == q)
            o->common += v->word_weight[p];
        else
            leave(v, p < q ? p : q, p > q, o, left);
        i += p <= q;
        j += q <= p;
    }
}

static int has_digit(uint64_t mask)
{
    return (mask >> 26 & 0x3FF) != 0;
}

/* How alike two different words are, in thousandths; 0 below a typo's distance. Words with digits
 * in them are codes: alike is not enough. */
static int word_likeness(struct edit_scratch *s, const struct value_set *v, uint32_t x, uint32_t y)
{
    struct slice a = dict_get(&v->words, x), b = dict_get(&v->words, y);
    uint64_t mask_a = v->word_masks[x], mask_b = v->word_masks[y];
    size_t shorter = a.len < b.len ? a.len : b.len, longer = a.len < b.len ? b.len : a.len;
    if (shorter < 3 || longer - shorter > shorter || has_digit(mask_a) || has_digit(mask_b))
        return 0;
    int most = shorter >= 7 ? 2 : shorter >= 4 ? 1 : 0;
    if (longer - shorter <= (size_t)most && edit_at_least(mask_a, mask_b) <= most &&
        edit_osa(s, a, b) <= most)
        return 900;
    if (!edit_winkler_may_reach(a, b, mask_a, mask_b, .92) ||
        edit_winkler_at_most(a, b, mask_a, mask_b) < .92)
        return 0;
    double similar = edit_jaro_winkler(s, a, b);
    return similar >= .92 ? (int)(similar * 850) : 0;
}

static int often_alike(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    uint64_t key = pair_cache_key((int)(f - c->e->comparisons), x, y);
    int alike = pair_cache_find(&c->words, key);
    if (alike < 0) {
        alike = word_likeness(&c->scratch, f->values, x, y);
        pair_cache_put(&c->words, key, alike);
    }
    return alike;
}

static void add_soft(struct comparer *c, const struct comparison *f, struct overlap *o,
                     struct left_over left[2])
{
    const struct value_set *v = f->values;
    for (int i = 0; i < left[0].n; i++) {
        int best = 0, at = -1;
        for (int j = 0; j < left[1].n; j++) {
            int alike = often_alike(c, f, left[0].word[i], left[1].word[j]);
            if (alike > best) {
                best = alike;
                at = j;
            }
        }
        if (at < 0)
            continue;
        int64_t wa = v->word_weight[left[0].word[i]], wb = v->word_weight[left[1].word[at]];
        o->common += (wa + wb) / 2 * best / 1000;
        left[1].word[at] = left[1].word[--left[1].n];
    }
}

/* Short texts may differ by a space alone. */
static int joined_likeness(struct edit_scratch *s, const struct value_set *v, uint32_t i,
                           uint32_t k)
{
    struct slice a = dict_get(&v->strings, i), b = dict_get(&v->strings, k);
    char x[EDIT_MAX], y[EDIT_MAX];
    if (a.len > EDIT_MAX || b.len > EDIT_MAX ||
        edit_at_least(v->masks[i] & ~EDIT_MASK_OTHERS, v->masks[k] & ~EDIT_MASK_OTHERS) * 5 >
            (int)(a.len > b.len ? a.len : b.len))
        return 0;
    struct slice p = {x, fold_alphanumerics(a, x, EDIT_MAX)};
    struct slice q = {y, fold_alphanumerics(b, y, EDIT_MAX)};
    size_t longer = p.len > q.len ? p.len : q.len;
    if (longer < 5)
        return 0;
    int edits = edit_osa(s, p, q);
    return edits * 5 > (int)longer ? 0 : 980 - 900 * edits / (int)longer;
}

int compare_overlap(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y)
{
    const struct value_set *v = f->values;
    struct overlap o = {0, 0, 0, {0, 0}};
    struct left_over left[2]; /* words only as far as n */
    left[0].n = left[1].n = 0;
    merge_words(v, x, y, &o, left);
    if (o.a == 0 || o.b == 0)
        return 0;
    forget_light(&o);
    add_soft(c, f, &o, left);
    int overlap = (int)(2000 * o.common / (o.a + o.b));
    int64_t smaller = o.a < o.b ? o.a : o.b;
    if (overlap < 600 && o.common * 100 >= smaller * 95)
        overlap = 600;
    if (overlap < 980) {
        int joined = joined_likeness(&c->scratch, v, x, y);
        overlap = joined > overlap ? joined : overlap;
    }
    return overlap > 1000 ? 1000 : overlap;
}
