/* SQL conditions of Splink models: what they say of two records, and what is refused. Values of the
 * distances are DuckDB's own answers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "transform/splink/functions.h"
#include "transform/splink/value.h"

/* Columns a and b are texts, n a number, x null, list a list of a, b and null; r's are one letter
 * longer, or one more. */
static const struct sql_value *value(void *arg, const struct sql_node *n)
{
    static const struct sql_value null = {0};
    static const struct sql_value texts[2] = {{.type = SQL_TEXT, .text = SLICE_INIT("anna")},
                                              {.type = SQL_TEXT, .text = SLICE_INIT("annab")}};
    static const struct sql_value numbers[2] = {{.type = SQL_NUMBER, .number = 10},
                                                {.type = SQL_NUMBER, .number = 11}};
    static const struct sql_value items[3] = {{.type = SQL_TEXT, .text = SLICE_INIT("a")},
                                              {.type = SQL_TEXT, .text = SLICE_INIT("b")},
                                              {0}};
    static const struct sql_value list = {.type = SQL_LIST, .n = 3, .items = items};
    (void)arg;
    switch (n->name.ptr[0]) {
    case 'a':
        return &texts[n->side];
    case 'n':
        return &numbers[n->side];
    case 'l':
        return &list;
    default:
        return &null;
    }
}

struct answer {
    int code;
    struct sql_value value;
    char text[800];
};

static struct answer ask_in(const char *sql, enum sql_dialect dialect)
{
    struct answer a = {0};
    struct arena arena, scratch;
    struct error err = {0};
    struct sql_node *n;
    const struct sql_source source = {slice_str(sql), dialect, SQL_SIDE_SUFFIX};
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    a.code = sql_parse(&source, &arena, &n, &err);
    if (a.code == 0) {
        struct sql_scope scope = {.dialect = dialect,
                                  .value = value,
                                  .arena = &scratch,
                                  .pair = 1,
                                  .regexes = sql_regexes_new()};
        assert_int_equal(sql_eval(&scope, n, &a.value), 0);
        struct slice s = sql_to_text(&a.value, &scratch);
        snprintf(a.text, sizeof a.text, "%.*s", (int)s.len, s.ptr ? s.ptr : "");
        sql_regexes_free(scope.regexes);
    } else {
        snprintf(a.text, sizeof a.text, "%s", err.text);
    }
    arena_done(&arena);
    arena_done(&scratch);
    return a;
}

static struct answer ask(const char *sql)
{
    return ask_in(sql, SQL_DUCKDB);
}

static void says(const char *sql, const char *want)
{
    struct answer a = ask(sql);
    if (a.code < 0 || strcmp(a.text, want) != 0)
        fail_msg("%s is '%s', not '%s'", sql, a.text, want);
}

static void null_is_neither_true_nor_false(void **state)
{
    (void)state;
    assert_int_equal(ask("x_l = x_r").value.type, SQL_NULL);
    assert_int_equal(ask("not (x_l = 1)").value.type, SQL_NULL);
    assert_int_equal(ask("x_l = 1 and true").value.type, SQL_NULL);
    says("x_l = 1 and false", "false");
    says("x_l = 1 or true", "true");
    says("x_l is null and x_r is not distinct from null", "true");
    says("coalesce(x_l, 'none')", "none");
    assert_int_equal(ask("x_l in ('a', 'b')").value.type, SQL_NULL);
    says("case when x_l = 1 then 'yes' else 'no' end", "no");
}

static void operators_bind_as_in_sql(void **state)
{
    (void)state;
    says("1 + 2 * 3 - 4 / 2", "5");
    says("not false and false", "false");
    says("true or true and false", "true");
    says("- 2 - - 3", "1");
    says("n_r between n_l and n_l + 1 and n_l > 9", "true");
    says("'a' || 'b' = 'ab'", "true");
    says("n_l::int % 3 = 1", "true");
    says("a_l <> a_r and a_l like 'an%a' and a_r not like '_a%'", "true");
}

static void distances_are_duckdbs(void **state)
{
    (void)state;
    says("levenshtein('é', 'e')", "2");
    says("damerau_levenshtein('ca', 'abc')", "2");
    says("levenshtein('kitten', 'sitting')", "3");
    says("jaro_similarity('', '')", "0");
    says("round(jaro_similarity('é', 'è'), 6)", "0.666667");
    says("round(jaro_winkler_similarity('martha', 'marhta'), 6)", "0.961111");
    says("round(jaccard('é', 'è'), 6)", "0.333333");
    says("hamming('ab', 'ac')", "1");
    assert_string_equal(ask_in("levenshtein('é', 'e')", SQL_SPARK).text, "1");
}

static void texts_are_cut_by_characters(void **state)
{
    (void)state;
    says("substr('héllo', 2, 2)", "él");
    says("substr('hello', -3, 2)", "ll");
    says("substr('hello', 0, 2)", "h");
    says("left('héllo', 2) || right('hello', 2)", "hélo");
    says("split_part('a@b', '@', 2)", "b");
    says("lower('ÀÉ') || upper('à')", "àéÀ");
    says("concat('a', null, 'b')", "ab");
    says("nullif(regexp_extract('jo@mail.com', '^[^@]+', 0), '')", "jo");
    assert_int_equal(ask("nullif(regexp_extract('@', '^[^@]+', 0), '')").value.type, SQL_NULL);
}

static void dates_follow_their_formats(void **state)
{
    (void)state;
    says("epoch(try_strptime('1900-01-01', '%Y-%m-%d'))", "-2208988800");
    assert_int_equal(ask("try_strptime('2020-02-30', '%Y-%m-%d')").value.type, SQL_NULL);
    assert_int_equal(ask("try_strptime('2020-02-03x', '%Y-%m-%d')").value.type, SQL_NULL);
    says("year(try_strptime('3/4/99', '%d/%m/%y'))", "1999");
    says("date_diff('month', cast('2020-01-31' as date), cast('2020-02-01' as date))", "1");
    assert_string_equal(ask_in("datediff(date(try_to_timestamp('2020-01-03', 'yyyy-MM-dd')), "
                               "date(try_to_timestamp('2020-01-01', 'yyyy-MM-dd')))",
                               SQL_SPARK)
                            .text,
                        "2");
    assert_string_equal(ask("extract_nothing('x')").text,
                        "the function 'extract_nothing' is not known");
}

static void lists_are_intersected_and_transformed(void **state)
{
    (void)state;
    says("array_length(list_intersect(list_l, list_r))", "2");
    says("array_length(list_intersect(list_l, ['b', 'z']))", "1");
    says("list_max(list_transform(flatten(list_transform(list_l, x -> list_transform(['bb'], y -> "
         "[x, y]))), pair -> levenshtein(pair[1], pair[2])))",
         "2");
    says("list_l[-2]", "b");
    assert_string_equal(ask_in("list_l[0]", SQL_SPARK).text, "a");
}

static void what_is_not_understood_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "a_l =",
        "a_l = a_r)",
        "(a_l = a_r",
        "a = 'x'",
        "soundex(a_l) = soundex(a_r)",
        "levenshtein(a_l) < 1",
        "a_l = 'open",
        "a_l ~ a_r",
        "strptime(a_l, '%Q')",
        "strptime(a_l, a_r)",
        "regexp_extract(a_l, '(', 0)",
        "cast(a_l as point)",
        "date_diff('fortnight', a_l, a_r)",
        "list_transform(list_l, 1)",
        "lower(x -> x)",
        "case else 1 end",
        "a_l in ()",
        "a_l = a_r; drop table t",
        "select 1",
        "abs(+?)",
        "a_l = -?",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (ask(bad[i]).code != ERR_DATA)
            fail_msg("'%s' was taken", bad[i]);
}

/* `n` times `part`, then `end`. */
static char *repeated(const char *part, size_t n, const char *end)
{
    size_t len = strlen(part);
    char *text = calloc(n * len + strlen(end) + 1, 1);
    assert_non_null(text);
    for (size_t i = 0; i < n; i++)
        memcpy(text + i * len, part, len);
    strcpy(text + n * len, end);
    return text;
}

static void hostile_texts_are_bounded(void **state)
{
    (void)state;
    const struct {
        const char *part, *end;
        size_t n;
    } cases[] = {{"(", "1", 30000},
                 {"not ", "true", 10000},
                 {"- ", "1", 30000},
                 {"case when ", "1", 5000},
                 {"abs(", "1", 10000},
                 {"x -> ", "1", 5000},
                 {"1 + ", "1", 15000},
                 {"[", "1", 30000},
                 {"a_l in (1, 2) in ", "1", 3000},
                 {"x_l is null or ", "true", 4000},
                 {"\xff", "", 60000},
                 {"a", "", 70000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *sql = repeated(cases[i].part, cases[i].n, cases[i].end);
        assert_true(ask(sql).code < 0 || i == 1);
        free(sql);
    }
    char *chain = repeated(" in (true, false)", 40, "");
    char *sql = repeated("true", 1, chain); /* doubles at every step */
    assert_int_equal(ask(sql).code, ERR_DATA);
    free(chain);
    free(sql);
}

static void long_strings_are_compared_whole(void **state)
{
    (void)state;
    char *a = repeated("ab", 500, ""), *b = repeated("ab", 499, "ba");
    char *sql = calloc(1, 5000);
    assert_non_null(sql);
    snprintf(sql, 5000, "levenshtein('%s', '%s') * 10 + damerau_levenshtein('%s', '%s')", a, b, a,
             b);
    says(sql, "21");
    free(a);
    free(b);
    free(sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_neither_true_nor_false),
        cmocka_unit_test(operators_bind_as_in_sql),
        cmocka_unit_test(distances_are_duckdbs),
        cmocka_unit_test(texts_are_cut_by_characters),
        cmocka_unit_test(dates_follow_their_formats),
        cmocka_unit_test(lists_are_intersected_and_transformed),
        cmocka_unit_test(what_is_not_understood_is_refused),
        cmocka_unit_test(hostile_texts_are_bounded),
        cmocka_unit_test(long_strings_are_compared_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
