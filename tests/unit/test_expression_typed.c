#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/builder.h"
#include "schemas/expression_node.h"
#include "schemas/expression_range.h"

enum { ROWS = 3000 };

static const struct field columns[] = {
    {.name = SLICE_INIT("n"), .type = TYPE_INT32},
    {.name = SLICE_INIT("big"), .type = TYPE_INT64},
    {.name = SLICE_INIT("money"), .type = TYPE_DECIMAL, .precision = 20, .scale = 2},
    {.name = SLICE_INIT("real"), .type = TYPE_FLOAT64},
    {.name = SLICE_INIT("day"), .type = TYPE_DATE},
    {.name = SLICE_INIT("at"), .type = TYPE_TIMESTAMP},
    {.name = SLICE_INIT("flag"), .type = TYPE_BOOL},
    {.name = SLICE_INIT("name"), .type = TYPE_UTF8},
};

/* Row i: n i, big i × 10^12, money i / 4, real i / 2 (NaN every tenth), day i after 2026-01-01, at
 * its noon, flag odd, name "ki"; every seventh row is null. */
static struct batch *sample(void)
{
    struct schema *schema = schema_new(columns, 8);
    struct batch_builder bb;
    struct batch *b;
    batch_builder_init(&bb, schema, NULL);
    for (int i = 0; i < ROWS; i++) {
        char text[40];
        if (i % 7 == 0) {
            for (int c = 0; c < 8; c++)
                builder_null(&bb.columns[c]);
            continue;
        }
        builder_i32(&bb.columns[0], i);
        builder_i64(&bb.columns[1], i * INT64_C(1000000000000));
        snprintf(text, sizeof text, "%.2f", i / 4.0);
        builder_text(&bb.columns[2], slice_str(text));
        builder_f64(&bb.columns[3], i % 10 ? i / 2.0 : __builtin_nan(""));
        builder_i32(&bb.columns[4], 20454 + i);
        builder_i64(&bb.columns[5], (20454 + i) * INT64_C(86400000000) + INT64_C(43200000000));
        builder_bool(&bb.columns[6], i % 2);
        snprintf(text, sizeof text, "k%d", i);
        builder_slice(&bb.columns[7], slice_str(text));
    }
    assert_int_equal(batch_builder_finish(&bb, &b, NULL), 0);
    batch_builder_done(&bb);
    schema_unref(schema);
    return b;
}

static int64_t rows_of(const struct batch *b, const char *text)
{
    static int32_t rows[ROWS];
    struct expression *e;
    struct error err = {0};
    struct arena a;
    int64_t n;
    arena_init(&a, 0);
    if (expression_parse(slice_str(text), &a, &e, &err) < 0 ||
        expression_bind(e, b->schema, &a, &err) < 0)
        fail_msg("'%s': %s", text, err.text);
    assert_int_equal(expression_filter(e, b, rows, &n), 0);
    arena_done(&a);
    return n;
}

static void typed_columns_are_filtered(void **state)
{
    /* 2571 of the 3000 rows are not null. */
    static const struct {
        const char *text;
        int64_t rows;
    } cases[] = {
        {"n = 1000", 1},
        {"n = 1000.0", 1},
        {"n = 1000.5", 0},
        {"n != 1000", 2999},
        {"n < 10.5", 9},
        {"n > '2995'", 3},
        {"n > 3000000000", 0},
        {"n < 3000000000", 2571},
        {"big = 1000000000000", 1},
        {"big + 1 = 1000000000001", 1},
        {"money = 2.50", 1},
        {"money = 2.5000", 1},
        {"money = 2.501", 0},
        {"money * 4 = n", 2571},
        {"money between 1 and 2", 4},
        {"money / 3 = 0.333333", 1},
        {"real = 0.5", 1},
        {"real = real", 2314},
        {"real != real", 686},
        {"real >= 0 or real < 0", 2314},
        {"day = '2026-01-02'", 1},
        {"day < '2026-01-02T01:00:00Z'", 1},
        {"at > '2026-01-02T12:00:00Z' and at < '2026-01-05'", 2},
        {"date(at) = day", 2571},
        {"at = day", 0},
        {"year(day) = 2026 and month(day) = 1 and day(day) <= 3", 2},
        {"flag = true", 1286},
        {"flag in (false)", 1285},
        {"name = 'k1'", 1},
        {"name > 'k2995'", 669},
        {"name starts 'k100'", 9},
        {"name like 'k_'", 8},
        {"name ends '99' and length(name) = 3", 1},
        {"name contains '99' and name is not null", 50},
        {"name matches '^k(1|2){2}$'", 3},
        {"upper(name) = 'K5'", 1},
        {"number(trim(text(n))) = 5", 1},
        {"coalesce(n, -1) < 0", 429},
        {"round(money, 1) = 0.3", 1},
        {"abs(0 - n) = 5", 1},
        {"-n = -5", 1},
        {"n - 1 = 4", 1},
        {"(n + 1) * 2 = 12", 1},
        {"n / 0 is null", 3000},
        {"not (n > 5)", 434},
        {"n is null and name is null", 429},
    };
    struct batch *b = sample();
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t n = rows_of(b, cases[i].text);
        if (n != cases[i].rows)
            print_error("'%s': %lld rows, not %lld\n", cases[i].text, (long long)n,
                        (long long)cases[i].rows);
        wrong += n != cases[i].rows;
    }
    batch_free(b);
    assert_int_equal(wrong, 0);
}

static void types_that_do_not_go_together_are_mistakes(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"n = 'x'", "character 5: 'x' is not a number"},
        {"day = 'soon'", "character 7: 'soon' is not a date: write 2026-03-01"},
        {"day = n", "character 7: a date is compared with a number"},
        {"flag > 1", "character 8: true or false is compared with a number"},
        {"lower(n) = 'x'", "character 7: lower takes text, not a number"},
        {"day + 1 = n", "character 1: arithmetic takes a number, not a date"},
        {"n like 'x'", "character 1: a test of text takes text, not a number"},
        {"1 = nme", "character 5: no column 'nme': did you mean 'name'?"},
        {"n in (1, day)", "character 10: a number is compared with a date"},
    };
    struct batch *b = sample();
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct expression *e;
        struct error err = {0};
        assert_int_equal(expression_parse(slice_str(cases[i].text), &a, &e, &err), 0);
        assert_int_equal(expression_bind(e, b->schema, &a, &err), ERR_CONFIG);
        assert_string_equal(err.text, cases[i].why);
    }
    arena_done(&a);
    batch_free(b);
}

static void patterns_match_as_they_say(void **state)
{
    static const struct {
        const char *pattern, *text;
        int found;
    } cases[] = {
        {"", "", 1},
        {"a", "", 0},
        {"b", "abc", 1},
        {"^b", "abc", 0},
        {"^a.c$", "abc", 1},
        {"^a.c$", "aéc", 1},
        {"a*", "", 1},
        {"^(ab)+$", "abab", 1},
        {"^(ab)+$", "aba", 0},
        {"^a{2,3}$", "a", 0},
        {"^a{2,3}$", "aaa", 1},
        {"^a{2,3}$", "aaaa", 0},
        {"^a{2,}$", "aaaaa", 1},
        {"^a{0}$", "", 1},
        {"^(a|b|)c$", "c", 1},
        {"[^a-c]", "abc", 0},
        {"[^a-c]", "abcd", 1},
        {"[]x]", "]", 1},
        {"\\d\\D", "a1b", 1},
        {"^\\w+\\s\\S$", "ab c", 1},
        {"\\.", "a", 0},
        {"(a*)*b", "aaab", 1},
        {"^(a*)*$", "aaac", 0},
        {"é+", "éé", 1},
        {"[a\\-z]", "-", 1},
        {"x|^$", "", 1},
    };
    static const char *const mistakes[] = {"*",
                                           "(",
                                           ")",
                                           "[a",
                                           "a{",
                                           "a{3,2}",
                                           "a{1001}",
                                           "\\q",
                                           "[z-a]",
                                           "a**b{",
                                           "(((a{1000}){1000}){1000})",
                                           "((){9}{9}{9999})"};
    struct pattern *p;
    struct arena a;
    struct error err;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(pattern_parse(slice_str(cases[i].pattern), &a, &p, &err), 0);
        if (pattern_found(p, slice_str(cases[i].text)) != cases[i].found)
            fail_msg("'%s' in '%s'", cases[i].pattern, cases[i].text);
    }
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++)
        if (pattern_parse(slice_str(mistakes[i]), &a, &p, &err) != ERR_CONFIG)
            fail_msg("'%s' is taken", mistakes[i]);
    arena_done(&a);
}

static void ranges_rule_out_what_cannot_be(void **state)
{
    static const struct {
        const char *text;
        int possible;
    } cases[] = {
        {"n = 5", 0},
        {"n = 10", 1},
        {"n = 20", 1},
        {"n = 21", 0},
        {"n < 10", 0},
        {"n <= 10", 1},
        {"20 < n", 0},
        {"20 <= n", 1},
        {"n != 5", 1},
        {"not n = 15", 1},
        {"n in (1, 2)", 0},
        {"n in (1, 15)", 1},
        {"n is null", 0},
        {"n + 1 = 5", 1},
        {"n = 5 or n = 15", 1},
        {"n = 15 and n = 5", 0},
        {"money = 3", 0},
        {"money is null", 1},
        {"not money is null", 0},
        {"money != 3", 1},
        {"name = 'a'", 0},
        {"name starts 'ga'", 0},
        {"name starts 'b'", 1},
        {"name like 'c%'", 1},
        {"name like 'z%'", 0},
        {"name like '%z'", 1},
        {"name > 5", 1},
        {"name is null", 0},
        {"day = '2026-01-01'", 1},
    };
    struct batch *b = sample();
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct expression *e;
        struct error err = {0};
        assert_int_equal(expression_parse(slice_str(cases[i].text), &a, &e, &err), 0);
        assert_int_equal(expression_bind(e, b->schema, &a, &err), 0);
        struct expression_range r[4] = {0};
        for (int c = 0; c < e->n_columns; c++) {
            r[c] = (struct expression_range){.nulls = -1, .rows = 100};
            if (slice_equal(e->columns[c], SLICE_LIT("n"))) {
                r[c].low = (struct value){.kind = VALUE_NUMBER, .number = 10};
                r[c].high = (struct value){.kind = VALUE_NUMBER, .number = 20};
                r[c].nulls = 0;
            } else if (slice_equal(e->columns[c], SLICE_LIT("money"))) {
                r[c].nulls = 100;
            } else if (slice_equal(e->columns[c], SLICE_LIT("name"))) {
                r[c].low = (struct value){.kind = VALUE_TEXT, .text = SLICE_LIT("b")};
                r[c].high = (struct value){.kind = VALUE_TEXT, .text = SLICE_LIT("g")};
                r[c].nulls = 0;
            }
        }
        struct expression_facts facts = {.ranges = r};
        if (expression_possible(e, &facts) != cases[i].possible)
            fail_msg("'%s' should be %d", cases[i].text, cases[i].possible);
    }
    arena_done(&a);
    batch_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_columns_are_filtered),
        cmocka_unit_test(types_that_do_not_go_together_are_mistakes),
        cmocka_unit_test(patterns_match_as_they_say),
        cmocka_unit_test(ranges_rule_out_what_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
