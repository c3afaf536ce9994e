/* Blocks of pairs give the levels that pairs give one by one; masks never say too much. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rows.h"

#include "core/hash.h"
#include "transform/match/compare_block.h"
#include "transform/match/table.h"
#include "transform/match/weight_bound.h"

enum { RECORDS = 240, COLUMNS = 9 };

static const char *const columns =
    "given utf8, family utf8, suffix utf8, birth utf8, email utf8, phone utf8, street utf8, "
    "city utf8, full utf8";
static const enum meaning meanings[COLUMNS] = {
    MEANING_GIVEN_NAME, MEANING_FAMILY_NAME, MEANING_SUFFIX, MEANING_BIRTH_DATE, MEANING_EMAIL,
    MEANING_PHONE,      MEANING_STREET,      MEANING_CITY,   MEANING_FULL_NAME};

static uint32_t draw(uint32_t i, uint32_t what, uint32_t n)
{
    return (uint32_t)(hash_pair(i, what) % n);
}

static const char *pick(uint32_t i, uint32_t what, const char *const *words, uint32_t n)
{
    return words[draw(i, what, n)];
}

/* Few different values, so that many pairs share some, some are alike and some are missing. */
static char *person(uint32_t i)
{
    static const char *const given[] = {"Anna", "Ana",     "Bob", "Robert", "~",
                                        "A",    "Anna Li", "Li",  "Smith",  "Jonathan"};
    static const char *const family[] = {"Smith",  "Smyth",  "de la Cruz", "Smithson",
                                         "Miller", "Mueler", "~",          "Li"};
    static const char *const suffix[] = {"~", "~", "~", "Jr", "Sr"};
    static const char *const city[] = {"Leeds", "Leads", "Bath", "Great Malvern", "~"};
    static const char *const street[] = {"12 Abbey Walk", "12 Abby Walk", "7 Victoria Way",
                                         "Victoria Road 7", "~"};
    char *row = malloc(256);
    assert_non_null(row);
    uint32_t day = draw(i, 1, 12) + 1, year = 1970 + draw(i, 2, 3);
    snprintf(row, 256, "%s|%s|%s|%u-0%u-%02u|%s%u@x.org|0%u55501%02u|%s|%s|%s",
             pick(i, 3, given, 10), pick(i, 4, family, 8), pick(i, 5, suffix, 5), year,
             draw(i, 6, 9) + 1, day, draw(i, 7, 2) ? "anna.li" : "ana.li", draw(i, 8, 4),
             draw(i, 9, 3) + 1, draw(i, 10, 20), pick(i, 11, street, 5), pick(i, 12, city, 5),
             draw(i, 13, 3) ? "~" : "Anna Maria Smith");
    return row;
}

static struct batch *people(struct schema *schema)
{
    char *rows[RECORDS];
    const char *text[RECORDS];
    for (uint32_t i = 0; i < RECORDS; i++)
        text[i] = rows[i] = person(i);
    struct batch *b = rows_batch(schema, text, RECORDS);
    for (uint32_t i = 0; i < RECORDS; i++)
        free(rows[i]);
    return b;
}

static void assert_same_levels(const struct encoded *e, const struct pair_block *p,
                               struct comparer *one)
{
    for (uint32_t i = 0; i < p->n; i++) {
        struct agreement g;
        compare_records(one, p->a[i], p->b[i], &g);
        assert_true(g.pattern == p->agreement[i].pattern);
        for (int k = 0; k < e->n_comparisons; k++)
            if (level_of(g.pattern, k) == 1 && e->comparisons[k].kind != COMPARE_EXTRA &&
                e->comparisons[k].kind != COMPARE_SUFFIX) /* these have no one value */
                assert_int_equal(g.code[k], p->agreement[i].code[k]);
    }
}

static void compare_all(const struct encoded *e)
{
    struct comparer *one = malloc(sizeof *one), *many = malloc(sizeof *many);
    struct pair_block *p = malloc(sizeof *p);
    assert_true(one && many && p);
    comparer_init(one, e, NULL);
    comparer_init(many, e, NULL);
    pair_block_reset(p);
    for (uint32_t a = 0; a < e->n; a++)
        for (uint32_t b = a + 1; b < e->n; b++) {
            pair_block_add(p, e, a, b);
            if (p->n < PAIR_BLOCK && !(a + 2 == e->n))
                continue;
            compare_block(many, p);
            assert_same_levels(e, p, one);
            pair_block_reset(p);
        }
    free(one);
    free(many);
    free(p);
}

enum { EARLY = 0x55 };

static int is_odd(const void *arg, const struct pair_block *p, uint32_t i, uint32_t left)
{
    (void)arg;
    assert_true(p->n > i && left && !(left & EARLY));
    return i % 2 == 1;
}

static void compare_near(const struct encoded *e)
{
    struct comparer *c = malloc(sizeof *c);
    struct pair_block *p = malloc(sizeof *p);
    struct nearness near = {EARLY, is_odd, NULL};
    uint8_t far[PAIR_BLOCK];
    uint32_t n_far = 0;
    assert_true(c && p);
    comparer_init(c, e, NULL);
    pair_block_reset(p);
    for (uint32_t i = 0; i < PAIR_BLOCK; i++)
        pair_block_add(p, e, i, i + 7);
    compare_block_near(c, p, &near, far);
    for (uint32_t i = 0; i < p->n; i++) {
        struct agreement g;
        compare_records(c, p->a[i], p->b[i], &g);
        n_far += far[i];
        assert_true(i % 2 == 1 || !far[i]);
        for (int k = 0; k < e->n_comparisons; k++)
            if (!far[i] || EARLY >> k & 1)
                assert_int_equal(level_of(p->agreement[i].pattern, k), level_of(g.pattern, k));
    }
    assert_true(n_far > PAIR_BLOCK / 4);
    free(c);
    free(p);
}

/* Of equal values. */
static void draw_frequencies(const struct encoded *e, int k, struct weights *w)
{
    uint32_t n = e->comparisons[k].values->strings.n;
    struct frequency_part *by = calloc(n + 1, sizeof *by);
    assert_non_null(by);
    for (uint32_t v = 0; v < n; v++)
        by[v].m = (int32_t)draw((uint32_t)k * 1000 + v, 2, 20000);
    w->frequency.by[k] = by;
    w->uses[k][0] = w->uses[k][1] = w->uses[k][2] = 2;
}

/* Weights of no model: any numbers, and any comparisons that depend on each other. */
static void draw_weights(const struct encoded *e, struct weights *w)
{
    *w = (struct weights){.e = e, .n_fields = e->n_comparisons, .given = -1};
    for (int k = 0; k < w->n_fields; k++) {
        uint32_t at = (uint32_t)k * 1000;
        if (k >= 5) {
            w->depends[k] = DEPENDS_PARENT;
            w->parents[k] = UINT32_C(1) << draw(at, 1, 5) | UINT32_C(1) << (k - 1);
        }
        w->agree[k] = 6;
        for (int s = 0; s < STATES; s++)
            for (int l = 1; l < LEVELS; l++)
                w->level[k][s][l].m =
                    (int32_t)draw(at + (uint32_t)(s * LEVELS + l), 3, 20000) - 10000;
        if (k != e->extra && e->comparisons[k].kind != COMPARE_SUFFIX)
            draw_frequencies(e, k, w);
    }
}

static void bound_all(const struct encoded *e)
{
    struct weights w;
    struct weight_bound bound;
    struct comparer *c = malloc(sizeof *c);
    assert_non_null(c);
    draw_weights(e, &w);
    weight_bound_init(&bound, &w);
    comparer_init(c, e, NULL);
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t a = draw(i, 20, e->n - 1), b = a + 1 + draw(i, 21, e->n - 1 - a);
        uint32_t left = draw(i, 22, UINT32_C(1) << e->n_comparisons);
        struct agreement g;
        compare_records(c, a, b, &g);
        int32_t sum = weights_sum(&w, &g, a, b).all.m;
        assert_int_equal(weight_bound(&bound, &g, 0, a, b), sum);
        for (int k = 0; k < e->n_comparisons; k++)
            if (!level_of(g.pattern, k) || k < compare_first_other(e))
                left &= ~(UINT32_C(1) << k);
            else if (left >> k & 1)
                g.pattern &= ~level_bits(15, k);
        assert_true(weight_bound(&bound, &g, left, a, b) >= sum);
    }
    weights_done(&w);
    free(c);
}

static void with_people(void (*look)(const struct encoded *))
{
    struct schema *schema = rows_schema(columns);
    struct batch *b = people(schema);
    struct table_column list[COLUMNS];
    struct match_table t;
    struct encoded e;
    struct error err = {0};
    struct pool *pool = pool_new(2);
    for (int k = 0; k < COLUMNS; k++)
        list[k] = (struct table_column){k, meanings[k]};
    assert_int_equal(match_table_from_columns(&b, 1, list, COLUMNS, &t, &err), 0);
    assert_int_equal(encode(&t, pool, &e, &err), 0);
    assert_true(e.given >= 0 && e.family >= 0 && e.n_comparisons >= 8);
    look(&e);
    encoded_done(&e);
    match_table_done(&t);
    batch_free(b);
    schema_unref(schema);
    pool_free(pool);
}

static void a_block_of_pairs_has_the_levels_of_its_pairs(void **state)
{
    (void)state;
    with_people(compare_all);
}

static void pairs_that_are_given_up_cost_the_others_nothing(void **state)
{
    (void)state;
    with_people(compare_near);
}

static void what_is_left_never_brings_a_pair_over_its_bound(void **state)
{
    (void)state;
    with_people(bound_all);
}

static struct slice word(uint32_t i, char out[16])
{
    static const char letters[] = "aabbe01@ .";
    uint32_t n = draw(i, 0, 15);
    for (uint32_t k = 0; k < n; k++)
        out[k] = letters[draw(i, k + 1, sizeof letters - 1)];
    return slice_of(out, n);
}

static void masks_never_ask_for_more_edits_or_less_likeness_than_there_is(void **state)
{
    (void)state;
    struct edit_scratch scratch = {0};
    for (uint32_t i = 0; i < 20000; i++) {
        char x[16], y[16];
        struct slice a = word(2 * i, x), b = word(2 * i + 1, y);
        uint64_t mask_a = edit_mask(a), mask_b = edit_mask(b);
        double similar = edit_jaro_winkler(&scratch, a, b);
        assert_true(edit_at_least(mask_a, mask_b) <= edit_osa(&scratch, a, b));
        if (!a.len || !b.len)
            continue;
        assert_true(edit_winkler_at_most(a, b, mask_a, mask_b) >= similar);
        for (double least = .80; least < .99; least += .03)
            if (similar >= least)
                assert_true(edit_winkler_may_reach(a, b, mask_a, mask_b, least));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_of_pairs_has_the_levels_of_its_pairs),
        cmocka_unit_test(pairs_that_are_given_up_cost_the_others_nothing),
        cmocka_unit_test(what_is_left_never_brings_a_pair_over_its_bound),
        cmocka_unit_test(masks_never_ask_for_more_edits_or_less_likeness_than_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
