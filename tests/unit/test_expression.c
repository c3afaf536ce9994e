#include "tests/unit/unit.h"

#include "schemas/expression.h"

/* A is "10", B "abc", C null, D "", E "9.50", `F G` "x'y". */
static struct slice value_of(struct slice column)
{
    static const struct {
        const char *name, *value;
    } values[] = {{"A", "10"}, {"B", "abc"}, {"C", NULL}, {"D", ""}, {"E", "9.50"}, {"F G", "x'y"}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (slice_equal(column, slice_str(values[i].name)))
            return values[i].value ? slice_str(values[i].value) : (struct slice){0};
    fail_msg("no column '%.*s'", (int)column.len, column.ptr);
    return (struct slice){0};
}

static void expressions_are_true_or_not(void **state)
{
    static const struct {
        const char *text;
        int is_true;
    } cases[] = {
        {"A = 10", 1},
        {"A = 10.0", 1},
        {"A = '10.0'", 0},
        {"A == \"10\"", 1},
        {"A > 9", 1},
        {"A > '9'", 0},
        {"A > E", 1},
        {"A >= 10 and A <= 10", 1},
        {"A <> 10", 0},
        {"-1 < A", 1},
        {"B = 'abc'", 1},
        {"B = 'ABC'", 0},
        {"B < 'abd'", 1},
        {"C = 'x'", 0},
        {"C != 'x'", 1},
        {"C = C", 0},
        {"C < 'x'", 0},
        {"C is null", 1},
        {"D is null", 1},
        {"A is not null", 1},
        {"not A is null", 1},
        {"A in (1, 10, 100)", 1},
        {"A in ('1')", 0},
        {"B in ('x', 'abc')", 1},
        {"B not in ('x', 'abc')", 0},
        {"C not in ('x')", 1},
        {"B like 'a%'", 1},
        {"B like '_b_'", 1},
        {"B like '%c'", 1},
        {"B like '%%'", 1},
        {"B like 'a%b'", 0},
        {"B not like 'x%'", 1},
        {"C like '%'", 0},
        {"`F G` = 'x''y'", 1},
        {"A = 1 or A = 10 and B = 'abc'", 1},
        {"(A = 1 or A = 10) and B = 'x'", 0},
        {"not (A = 1 or A = 2)", 1},
        {"not not A = 10", 1},
        {"A=10 AND B='abc' OR C IS NULL", 1},
    };
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct expression *e;
        struct error err;
        struct slice values[8];
        if (expression_parse(slice_str(cases[i].text), &a, &e, &err) < 0)
            fail_msg("'%s': %s", cases[i].text, err.text);
        for (int c = 0; c < e->n_columns; c++)
            values[c] = value_of(e->columns[c]);
        if (expression_true(e, values) != cases[i].is_true)
            fail_msg("'%s' should be %d", cases[i].text, cases[i].is_true);
    }
    arena_done(&a);
}

static void mistakes_have_a_position(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "character 1: a column, a number or a string expected at the end"},
        {"A", "character 2: a comparison expected at the end"},
        {"A = ", "character 5: a column"},
        {"A = 'x", "character 5: the quote"},
        {"A = 1 B = 2", "character 7: 'and', 'or' or the end expected, not 'B'"},
        {"(A = 1", "character 7: 'and', 'or' or ')' expected"},
        {"A in 1", "character 6: '(' expected"},
        {"A in (1", "character 8: ',' or ')' expected"},
        {"A is B", "character 6: 'null' expected"},
        {"A like B", "character 8: a string expected"},
        {"A & B", "character 3: this character"},
        {"1.2.3 = A", "character 1: this is no number"},
        {"12AB = 1", "character 1: a name that begins with a digit"},
        {"and = 1", "character 1: a column"},
    };
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct expression *e;
        struct error err = {0};
        assert_int_equal(expression_parse(slice_str(cases[i].text), &a, &e, &err), ERR_CONFIG);
        if (strncmp(err.text, cases[i].why, strlen(cases[i].why)) != 0)
            fail_msg("'%s': '%s', not '%s'", cases[i].text, err.text, cases[i].why);
    }
    arena_done(&a);
}

static void names_may_be_paths(void **state)
{
    struct expression *e;
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    assert_int_equal(expression_parse(SLICE_LIT("requester/@id != '' and a.b[].c = 1 and x-y = 2 "
                                                "and requester/@id = 7 and Größe > 1"),
                                      &a, &e, NULL),
                     0);
    assert_int_equal(e->n_columns, 4);
    assert_true(slice_equal(e->columns[0], SLICE_LIT("requester/@id")));
    assert_true(slice_equal(e->columns[1], SLICE_LIT("a.b[].c")));
    assert_true(slice_equal(e->columns[2], SLICE_LIT("x-y")));
    assert_true(slice_equal(e->columns[3], SLICE_LIT("Größe")));
    arena_done(&a);
}

static void nesting_is_bounded(void **state)
{
    static char deep[100001];
    struct expression *e;
    struct error err;
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    memset(deep, '(', 100000);
    assert_int_equal(expression_parse(slice_str(deep), &a, &e, &err), ERR_CONFIG);
    arena_done(&a);
}

static void numbers_compare_by_value(void **state)
{
    static const struct {
        const char *a, *b;
        int order;
    } cases[] = {
        {"1", "2", -1},  {"10", "9", 1},     {"1.50", "1.5", 0},
        {"-1", "1", -1}, {"-2", "-1", -1},   {"007", "7", 0},
        {"-0", "0", 0},  {"0.1", "0.09", 1}, {"99999999999999999999999999999999999999999", "1", 1}};
    int order;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(number_compare(slice_str(cases[i].a), slice_str(cases[i].b), &order));
        assert_int_equal((order > 0) - (order < 0), cases[i].order);
    }
    assert_false(number_compare(SLICE_LIT("1e5"), SLICE_LIT("1"), &order));
    assert_false(number_compare(SLICE_LIT(""), SLICE_LIT("1"), &order));
    assert_false(number_compare(SLICE_LIT("."), SLICE_LIT("1"), &order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_are_true_or_not), cmocka_unit_test(mistakes_have_a_position),
        cmocka_unit_test(names_may_be_paths),          cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(numbers_compare_by_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
