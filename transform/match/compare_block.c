#include "transform/match/compare_block.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

/* Pairs that are left to a comparison, by their places in the block. */
struct todo {
    uint8_t n[COMPARISONS_MAX];
    uint8_t pair[COMPARISONS_MAX][PAIR_BLOCK];
    uint32_t left[PAIR_BLOCK]; /* the same by pair: bits by comparison */
};

/* Bits by comparison. */
struct row_bits {
    uint32_t same, missing_a, missing_b;
};

#ifdef __SSE2__
static uint32_t bits_of(const __m128i v[4])
{
    __m128i low = _mm_packs_epi32(v[0], v[1]), high = _mm_packs_epi32(v[2], v[3]);
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}

static struct row_bits compare_rows(const uint32_t *a, const uint32_t *b)
{
    const __m128i missing = _mm_set1_epi32((int)MATCH_MISSING);
    __m128i same[4], gone_a[4], gone_b[4];
    for (int q = 0; q < 4; q++) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(a + 4 * q));
        __m128i y = _mm_loadu_si128((const __m128i *)(const void *)(b + 4 * q));
        same[q] = _mm_cmpeq_epi32(x, y);
        gone_a[q] = _mm_cmpeq_epi32(x, missing);
        gone_b[q] = _mm_cmpeq_epi32(y, missing);
    }
    return (struct row_bits){bits_of(same), bits_of(gone_a), bits_of(gone_b)};
}
#else
static struct row_bits compare_rows(const uint32_t *a, const uint32_t *b)
{
    struct row_bits r = {0, 0, 0};
    for (int k = 0; k < ROW; k++) {
        r.same |= (uint32_t)(a[k] == b[k]) << k;
        r.missing_a |= (uint32_t)(a[k] == MATCH_MISSING) << k;
        r.missing_b |= (uint32_t)(b[k] == MATCH_MISSING) << k;
    }
    return r;
}
#endif

/* Which of the comparisons `fields` (bits) are settled by equal codes (level 1), which are left to
 * do. Some kinds are compared even when equal, lists always; of suffixes one alone says something.
 */
static void sift(const struct comparer *c, uint32_t fields, struct pair_block *p, struct todo *t)
{
    const struct encoded *e = c->e;
    uint32_t by_value = 0, one_side = 0, lists = 0;
    memset(t->n, 0, sizeof t->n);
    for (int k = 0; k < e->n_comparisons; k++) {
        by_value |= (uint32_t)compare_looks_at_equals(e->comparisons[k].kind) << k;
        one_side |= (uint32_t)(e->comparisons[k].kind == COMPARE_SUFFIX) << k;
        lists |= (uint32_t)(e->comparisons[k].offsets != NULL) << k;
    }
    for (uint32_t i = 0; i < p->n; i++) {
        const uint32_t *row_a = e->rows + (size_t)p->a[i] * ROW;
        struct agreement *g = &p->agreement[i];
        struct row_bits r = compare_rows(row_a, e->rows + (size_t)p->b[i] * ROW);
        uint32_t there = ~(r.missing_a | r.missing_b);
        uint32_t same = fields & there & r.same & ~by_value & ~one_side;
        uint32_t left = fields & ((there & ~same) | (one_side & ~(r.missing_a & r.missing_b)));
        for (uint32_t bits = same & lists; bits; bits &= bits - 1) {
            int k = __builtin_ctz(bits);
            if (row_a[k] == ROW_LIST) {
                same &= ~(UINT32_C(1) << k);
                left |= UINT32_C(1) << k;
            }
        }
        for (uint32_t bits = same; bits; bits &= bits - 1) {
            int k = __builtin_ctz(bits);
            g->pattern |= level_bits(1, k);
            g->code[k] = row_a[k];
        }
        t->left[i] = left;
        for (uint32_t bits = left; bits; bits &= bits - 1) {
            int k = __builtin_ctz(bits);
            t->pair[k][t->n[k]++] = (uint8_t)i;
        }
    }
}

static void fetch(const struct value_set *v, uint32_t code)
{
    if (code < ROW_LIST)
        fetch_value(v, code);
}

static void compare_todo(struct comparer *c, int k, struct pair_block *p, const struct todo *t)
{
    const struct value_set *v = c->e->comparisons[k].values;
    const uint32_t *rows = c->e->rows + k;
    const uint8_t *todo = t->pair[k];
    uint32_t x[PAIR_BLOCK], y[PAIR_BLOCK], n = t->n[k];
    for (uint32_t i = 0; i < n; i++) {
        x[i] = rows[(size_t)p->a[todo[i]] * ROW];
        y[i] = rows[(size_t)p->b[todo[i]] * ROW];
        if (v) {
            fetch(v, x[i]);
            fetch(v, y[i]);
        }
    }
    for (uint32_t i = 0; i < n + AHEAD; i++) {
        if (v && i < n && x[i] < ROW_LIST)
            fetch_string(v, x[i]);
        if (v && i < n && y[i] < ROW_LIST)
            fetch_string(v, y[i]);
        if (i < AHEAD)
            continue;
        uint32_t at = i - AHEAD, pair = todo[at];
        struct agreement *g = &p->agreement[pair];
        g->code[k] = x[at];
        int level = !v || x[at] == ROW_LIST || y[at] == ROW_LIST
                        ? compare_field(c, k, p->a[pair], p->b[pair], &g->code[k])
                        : compare_codes(c, k, x[at], y[at]);
        g->pattern |= level_bits(level, k);
    }
}

static void compare_left(struct comparer *c, uint32_t fields, struct pair_block *p,
                         const struct todo *t)
{
    for (; fields; fields &= fields - 1) {
        int k = __builtin_ctz(fields);
        if (t->n[k])
            compare_todo(c, k, p, t);
    }
}

static void compare_fields(struct comparer *c, uint32_t fields, struct pair_block *p)
{
    struct todo t;
    sift(c, fields, p, &t);
    compare_left(c, fields, p, &t);
}

void compare_block_field(struct comparer *c, int k, struct pair_block *p)
{
    compare_fields(c, UINT32_C(1) << k, p);
}

/* All comparisons but the names. */
static uint32_t other_fields(const struct encoded *e)
{
    return ((UINT32_C(1) << e->n_comparisons) - 1) & ~((UINT32_C(1) << compare_first_other(e)) - 1);
}

void compare_block(struct comparer *c, struct pair_block *p)
{
    compare_block_names(c, p);
    compare_fields(c, other_fields(c->e), p);
}

/* Takes the pairs that are given up off the lists. */
static void forget_far(struct todo *t, uint32_t fields, const uint8_t far[PAIR_BLOCK])
{
    for (; fields; fields &= fields - 1) {
        int k = __builtin_ctz(fields);
        uint8_t kept = 0;
        for (uint8_t i = 0; i < t->n[k]; i++)
            if (!far[t->pair[k][i]])
                t->pair[k][kept++] = t->pair[k][i];
        t->n[k] = kept;
    }
}

void compare_block_near(struct comparer *c, struct pair_block *p, const struct nearness *near,
                        uint8_t ret_far[PAIR_BLOCK])
{
    struct todo t;
    uint32_t others = other_fields(c->e), late = others & ~near->early;
    compare_block_names(c, p);
    sift(c, others, p, &t);
    compare_left(c, others & near->early, p, &t);
    for (uint32_t i = 0; i < p->n; i++)
        ret_far[i] = (t.left[i] & late) && near->is_far(near->arg, p, i, t.left[i] & late);
    forget_far(&t, late, ret_far);
    compare_left(c, late, p, &t);
}
