#include "tests/unit/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/frequent.h"
#include "core/hash.h"
#include "core/hyperloglog.h"
#include "core/quantiles.h"
#include "pipelines/profile.h"
#include "schemas/text_type.h"

static void distinct_values_are_estimated_at_every_size(void **state)
{
    static const int sizes[] = {0, 1, 100, 20000, 60000, 1000000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct hyperloglog *h = calloc(1, sizeof *h);
        assert_non_null(h);
        for (int64_t v = 0; v < sizes[i]; v++)
            for (int twice = 0; twice < 2; twice++)
                hyperloglog_add(h, hash_fixed(&v, sizeof v));
        double got = hyperloglog_estimate(h);
        assert_true(fabs(got - sizes[i]) <= 3 * HLL_ERROR * sizes[i] + .01);
        free(h);
    }
}

static void quantiles_of_whole_numbers_are_exact(void **state)
{
    struct quantiles q;
    (void)state;
    assert_int_equal(quantiles_init(&q), 0);
    for (int v = -1000; v <= 1000; v++)
        quantiles_add(&q, v, 3);
    quantiles_add(&q, NAN, 1);
    assert_int_equal(q.n, 6003);
    assert_true(quantiles_at(&q, 0) == -1000);
    assert_true(quantiles_at(&q, .5) == 0);
    assert_true(quantiles_at(&q, 1) == 1000);
    assert_int_equal(quantiles_below(&q, -998), 6);
    assert_int_equal(quantiles_above(&q, 999), 3);
    quantiles_done(&q);
}

static void quantiles_are_near_at_every_magnitude(void **state)
{
    static const double values[] = {1e-9, .1, 3.14159, 12345.678, 9.9e17};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct quantiles q;
        assert_int_equal(quantiles_init(&q), 0);
        quantiles_add(&q, values[i], 1);
        assert_true(fabs(quantiles_at(&q, .5) - values[i]) <= values[i] / 4096);
        quantiles_done(&q);
    }
}

static void add(struct frequent *f, int v)
{
    char text[16];
    size_t n = (size_t)snprintf(text, sizeof text, "v%d", v);
    uint64_t hash = hash_fixed(text, n);
    int code = frequent_add(f, hash, slice_of(text, n));
    if (code == FREQUENT_FULL) {
        assert_int_equal(frequent_lossy(f), 0);
        code = frequent_add(f, hash, slice_of(text, n));
    }
    assert_true(code >= 0);
}

static void frequent_values_survive_a_crowd(void **state)
{
    struct frequent f;
    uint32_t top[4];
    (void)state;
    assert_int_equal(frequent_init(&f), 0);
    for (int i = 0; i < 200000; i++)
        add(&f, i % 10 == 0 ? -1 : i);
    assert_false(f.exact);
    assert_true(frequent_top(&f, top, 3) >= 1);
    assert_true(slice_equal(f.values[top[0]].text, SLICE_LIT("v-1")));
    assert_true(f.values[top[0]].count <= 20000);
    assert_true(f.values[top[0]].count + f.error >= 20000);
    frequent_done(&f);
}

static void texts_have_kinds(void **state)
{
    static const struct {
        const char *text;
        enum text_kind kind;
    } cases[] = {{"", TEXT_EMPTY},
                 {"7", TEXT_INTEGER},
                 {"-7", TEXT_INTEGER},
                 {"007", TEXT_OTHER},
                 {"+44", TEXT_OTHER},
                 {"12345678901234567890", TEXT_OTHER},
                 {"0", TEXT_INTEGER},
                 {"0.50", TEXT_DECIMAL},
                 {"1.", TEXT_OTHER},
                 {"-", TEXT_OTHER},
                 {"1e5", TEXT_REAL},
                 {"1.5E-3", TEXT_REAL},
                 {"1e", TEXT_OTHER},
                 {"TRUE", TEXT_BOOLEAN},
                 {"2026-03-01", TEXT_DATE},
                 {"2026-13-01", TEXT_OTHER},
                 {"2026-03-01 12:00:00", TEXT_TIMESTAMP},
                 {"31/12/2026", TEXT_DAY_FIRST},
                 {"12.31.2026", TEXT_MONTH_FIRST},
                 {"1-2-2026", TEXT_DAY_OR_MONTH},
                 {"1/2-2026", TEXT_OTHER},
                 {"1,5", TEXT_COMMA},
                 {"1.234,50", TEXT_COMMA},
                 {"1.23,50", TEXT_OTHER},
                 {"12,", TEXT_OTHER}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int whole = 0, scale = 0;
        if (text_kind_of(slice_str(cases[i].text), &whole, &scale) != cases[i].kind)
            fail_msg("'%s' is of another kind", cases[i].text);
    }
}

static void patterns_keep_short_runs_and_cut_long_ones(void **state)
{
    char to[PROFILE_SHAPE];
    (void)state;
    assert_true(slice_equal(slice_of(to, profile_shape(SLICE_LIT("AB12 3Cde-Müller"), to)),
                            SLICE_LIT("AA99 9Aaa-Aa+")));
    char longest[400];
    memset(longest, '-', sizeof longest);
    assert_true(profile_shape(slice_of(longest, sizeof longest), to) <= PROFILE_SHAPE);
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = "a9"[i & 1];
    assert_true(profile_shape(slice_of(longest, sizeof longest), to) <= PROFILE_SHAPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distinct_values_are_estimated_at_every_size),
        cmocka_unit_test(quantiles_of_whole_numbers_are_exact),
        cmocka_unit_test(quantiles_are_near_at_every_magnitude),
        cmocka_unit_test(frequent_values_survive_a_crowd),
        cmocka_unit_test(texts_have_kinds),
        cmocka_unit_test(patterns_keep_short_runs_and_cut_long_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
