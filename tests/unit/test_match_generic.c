/* Values that too many people have are read as missing; what a household shares is not. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "transform/match/generic.h"

enum { COLUMNS = 4, GIVEN = 0, FAMILY, DATE, EMAIL, N = 600 };

static void table_init(struct match_table *t)
{
    static const enum meaning meanings[COLUMNS] = {MEANING_GIVEN_NAME, MEANING_FAMILY_NAME,
                                                   MEANING_BIRTH_DATE, MEANING_EMAIL};
    *t = (struct match_table){.n = N, .n_columns = COLUMNS};
    t->columns = calloc(COLUMNS, sizeof *t->columns);
    assert_non_null(t->columns);
    for (int k = 0; k < COLUMNS; k++) {
        t->columns[k].meaning = meanings[k];
        t->columns[k].name = slice_str("column");
        assert_int_equal(dict_init(&t->columns[k].values), 0);
        t->columns[k].codes = malloc(N * sizeof *t->columns[k].codes);
        assert_non_null(t->columns[k].codes);
    }
}

static void table_done(struct match_table *t)
{
    for (int k = 0; k < COLUMNS; k++) {
        dict_done(&t->columns[k].values);
        free(t->columns[k].codes);
    }
    free(t->columns);
}

static void put(struct match_table *t, uint32_t row, int column, const char *text)
{
    t->columns[column].codes[row] = (uint32_t)dict_add(&t->columns[column].values, slice_str(text));
}

/* Everybody of another name, date and mailbox. */
static void fill(struct match_table *t)
{
    for (uint32_t r = 0; r < N; r++) {
        char text[64];
        snprintf(text, sizeof text, "given%c%c", 'a' + (int)(r % 26), 'a' + (int)(r / 26));
        put(t, r, GIVEN, text);
        snprintf(text, sizeof text, "%c%cr%cs%ck", "bdfgklmprt"[r % 10], "aeiou"[r / 10 % 5],
                 "bdklmnst"[r / 50 % 8], "dgklmrst"[r / 400 % 8]);
        put(t, r, FAMILY, text);
        snprintf(text, sizeof text, "%u-%02u-%02u", 1930 + r % 70, 1 + r % 12, 1 + r % 28);
        put(t, r, DATE, text);
        snprintf(text, sizeof text, "someone%u@mail.test", r);
        put(t, r, EMAIL, text);
    }
}

/* Encodes, and takes generic values out. The first of them as text in `ret`, "" none. */
static void encode_table(const struct match_table *t, struct encoded *e, char ret[64])
{
    struct error err;
    if (encode(t, NULL, e, &err) < 0)
        fail_msg("%s", err.text);
    const struct generic *g = e->generic;
    ret[0] = 0;
    if (g && g->n) {
        const struct generic_value *v = &g->values[0];
        struct slice s = value_string(&e->comparisons[v->comparison], v->code);
        snprintf(ret, 64, "%.*s", (int)s.len, s.ptr);
        assert_int_equal(g->n, 1);
    }
}

static const struct comparison *comparison_of(const struct encoded *e, enum compare_kind kind)
{
    for (int k = 0; k < e->n_comparisons; k++)
        if (e->comparisons[k].kind == kind)
            return &e->comparisons[k];
    fail_msg("no comparison of kind %d", (int)kind);
    return NULL;
}

static void a_mailbox_of_many_families_is_missing(void **state)
{
    (void)state;
    struct match_table t;
    struct encoded e;
    char found[64];
    table_init(&t);
    fill(&t);
    for (uint32_t r = 100; r < 112; r++)
        put(&t, r, EMAIL, "test@test.com");
    encode_table(&t, &e, found);
    assert_string_equal(found, "test@test.com");
    assert_int_equal(comparison_of(&e, COMPARE_EMAIL)->filled, N - 12);
    for (uint32_t r = 100; r < 112; r++)
        assert_int_equal(comparison_of(&e, COMPARE_EMAIL)->codes[e.rank[r]], MATCH_MISSING);
    encoded_done(&e);
    table_done(&t);
}

static void a_mailbox_of_one_family_stays(void **state)
{
    (void)state;
    struct match_table t;
    struct encoded e;
    char found[64];
    table_init(&t);
    fill(&t);
    for (uint32_t r = 100; r < 112; r++) {
        put(&t, r, EMAIL, "the.mullers@mail.test");
        put(&t, r, FAMILY, r % 2 ? "Muller" : "Mueller");
    }
    encode_table(&t, &e, found);
    assert_string_equal(found, "");
    assert_int_equal(comparison_of(&e, COMPARE_EMAIL)->filled, N);
    encoded_done(&e);
    table_done(&t);
}

static void the_first_day_of_1900_is_missing_when_it_stands_out(void **state)
{
    (void)state;
    struct match_table t;
    struct encoded e;
    char found[64];
    table_init(&t);
    fill(&t);
    for (uint32_t r = 0; r < 7; r++)
        put(&t, r * 31, DATE, "1900-01-01");
    encode_table(&t, &e, found);
    assert_string_equal(found, "19000101");
    assert_int_equal(comparison_of(&e, COMPARE_DATE)->filled, N - 7);
    encoded_done(&e);
    table_done(&t);
}

/* Years alone, written as their first days: 1900 is one of them. */
static void the_first_day_of_1900_stays_among_first_days(void **state)
{
    (void)state;
    struct match_table t;
    struct encoded e;
    char found[64];
    table_init(&t);
    fill(&t);
    for (uint32_t r = 0; r < N; r++) {
        char text[16];
        snprintf(text, sizeof text, "%u-01-01", 1890 + r % 21);
        put(&t, r, DATE, text);
    }
    encode_table(&t, &e, found);
    assert_string_equal(found, "");
    encoded_done(&e);
    table_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mailbox_of_many_families_is_missing),
        cmocka_unit_test(a_mailbox_of_one_family_stays),
        cmocka_unit_test(the_first_day_of_1900_is_missing_when_it_stands_out),
        cmocka_unit_test(the_first_day_of_1900_stays_among_first_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
