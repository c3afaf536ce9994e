/* The engine as a whole, on tables made here: small, degenerate, shuffled, crowded. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "core/hash.h"
#include "transform/match/match.h"

enum { COLUMNS = 5 };

static const enum meaning meanings[COLUMNS] = {MEANING_GIVEN_NAME, MEANING_FAMILY_NAME,
                                               MEANING_BIRTH_DATE, MEANING_POSTCODE, MEANING_EMAIL};
static const char *const names[COLUMNS] = {"given_name", "family_name", "birth_date", "postcode",
                                           "email"};

static void table_init(struct match_table *t, uint32_t n)
{
    *t = (struct match_table){.n = n, .n_columns = COLUMNS};
    t->columns = calloc(COLUMNS, sizeof *t->columns);
    assert_non_null(t->columns);
    for (int k = 0; k < COLUMNS; k++) {
        struct match_column *c = &t->columns[k];
        c->name = slice_str(names[k]);
        c->meaning = meanings[k];
        assert_int_equal(dict_init(&c->values), 0);
        c->codes = malloc(((size_t)n + 1) * sizeof *c->codes);
        assert_non_null(c->codes);
        memset(c->codes, 0xFF, ((size_t)n + 1) * sizeof *c->codes);
    }
}

static void put(struct match_table *t, uint32_t row, int column, const char *text)
{
    t->columns[column].codes[row] =
        *text ? (uint32_t)dict_add(&t->columns[column].values, slice_str(text)) : MATCH_MISSING;
}

static void table_done(struct match_table *t)
{
    for (int k = 0; k < t->n_columns; k++) {
        dict_done(&t->columns[k].values);
        free(t->columns[k].codes);
    }
    free(t->columns);
}

/* People of three records each: the second with a slip, the third without a date. */
static void put_person(struct match_table *t, const uint32_t rows[3], uint32_t person)
{
    static const char *const given[] = {"anna",  "robert", "maria",  "john", "peter",  "susan",
                                        "david", "laura",  "thomas", "emma", "george", "helen"};
    char family[32], date[16], postcode[16], email[64], slip[40];
    uint32_t h = (uint32_t)hash_pair(person, 5);
    snprintf(family, sizeof family, "%c%cr%csen%c", "bdfgklmprt"[h % 10], "aeiou"[h / 10 % 5],
             "dklmnst"[h / 50 % 7], "aeklo"[h / 350 % 5]);
    snprintf(slip, sizeof slip, "%sx", family);
    snprintf(date, sizeof date, "%u-%02u-%02u", 1940 + h / 7 % 60, 1 + h / 3 % 12, 1 + h / 11 % 28);
    snprintf(postcode, sizeof postcode, "ab%u %ucd", h % 97, h / 97 % 10);
    snprintf(email, sizeof email, "%s.%s%u@mail.test", given[person % 12], family, h % 100);
    for (int i = 0; i < 3; i++) {
        put(t, rows[i], 0, given[person % 12]);
        put(t, rows[i], 1, i == 1 ? slip : family);
        put(t, rows[i], 2, i == 2 ? "" : date);
        put(t, rows[i], 3, postcode);
        put(t, rows[i], 4, i == 0 ? "" : email);
    }
}

enum { PEOPLE = 400 };

/* Row of a record: in order, or scattered. */
static uint32_t row_of(uint32_t record, int scattered)
{
    return scattered ? record * 7 % (3 * PEOPLE) : record; /* 7 and 1200 have no common divisor */
}

static void people_init(struct match_table *t, int scattered)
{
    table_init(t, 3 * PEOPLE);
    for (uint32_t p = 0; p < PEOPLE; p++) {
        const uint32_t rows[3] = {row_of(3 * p, scattered), row_of(3 * p + 1, scattered),
                                  row_of(3 * p + 2, scattered)};
        put_person(t, rows, p);
    }
}

static void run(const struct match_table *t, int threads, const struct match_rules *rules,
                const struct match_model *model, struct match_result *ret)
{
    struct error err;
    struct pool *pool = threads ? pool_new(threads) : NULL;
    struct match_options o = {.pool = pool, .rules = rules, .model = model};
    int code = match_records(t, &o, ret, &err);
    if (code < 0)
        fail_msg("%s", err.text);
    pool_free(pool);
}

static void result_done(struct match_result *r)
{
    match_model_free(r->model);
    match_result_done(r);
}

static void records_of_one_person_come_together(void **state)
{
    (void)state;
    struct match_table t;
    struct match_result r;
    people_init(&t, 0);
    run(&t, 0, NULL, NULL, &r);
    uint32_t right = 0;
    for (uint32_t p = 0; p < PEOPLE; p++)
        right += r.cluster[3 * p] == 3 * p && r.cluster[3 * p + 1] == 3 * p &&
                 r.cluster[3 * p + 2] == 3 * p;
    assert_true(right > PEOPLE * 97 / 100);
    for (uint32_t i = 0; i < t.n; i++)
        assert_true(r.probability[i] >= 0 && r.probability[i] <= 1);
    result_done(&r);
    table_done(&t);
}

static void threads_and_order_change_nothing_but_names(void **state)
{
    (void)state;
    struct match_table t, u;
    struct match_result r, s, v;
    people_init(&t, 0);
    people_init(&u, 1);
    run(&t, 0, NULL, NULL, &r);
    run(&t, 2, NULL, NULL, &s);
    run(&u, 2, NULL, NULL, &v);
    assert_memory_equal(r.cluster, s.cluster, t.n * sizeof *r.cluster);
    assert_memory_equal(r.probability, s.probability, t.n * sizeof *r.probability);
    for (uint32_t i = 0; i < t.n; i++)
        for (uint32_t k = i + 1; k < i + 4 && k < t.n; k++)
            assert_int_equal(r.cluster[i] == r.cluster[k],
                             v.cluster[row_of(i, 1)] == v.cluster[row_of(k, 1)]);
    char a[65], b[65];
    match_model_digest(r.model, a);
    match_model_digest(v.model, b);
    assert_string_equal(a, b);
    result_done(&r);
    result_done(&s);
    result_done(&v);
    table_done(&t);
    table_done(&u);
}

static void a_model_that_was_written_decides_the_same(void **state)
{
    (void)state;
    struct match_table t;
    struct match_result r, s;
    struct match_model *m;
    struct error err;
    char path[] = "/tmp/test-match-model-XXXXXX", a[65], b[65];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    people_init(&t, 0);
    run(&t, 0, NULL, NULL, &r);
    assert_int_equal(match_model_write(r.model, path, &err), 0);
    assert_int_equal(match_model_read(path, &m, &err), 0);
    match_model_digest(r.model, a);
    match_model_digest(m, b);
    assert_string_equal(a, b);
    run(&t, 0, NULL, m, &s);
    match_model_digest(s.model, b);
    assert_string_equal(a, b);
    uint32_t same = 0;
    for (uint32_t i = 0; i < t.n; i++)
        same += r.cluster[i] == s.cluster[i];
    assert_true(same >= t.n - 6); /* completion starts from other clusters the second time */
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("{\"format\": \"sluice match model\", \"version\": 1}", f);
    fclose(f);
    struct match_model *bad;
    assert_int_equal(match_model_read(path, &bad, &err), ERR_DATA);
    remove(path);
    match_model_free(m);
    result_done(&r);
    result_done(&s);
    table_done(&t);
}

static void tables_of_hardly_anything_are_fine(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 4; n++)
        for (int filled = 0; filled < 2; filled++) {
            struct match_table t;
            struct match_result r;
            table_init(&t, n);
            for (uint32_t i = 0; i < n && filled; i++) {
                put(&t, i, 0, "anna");
                put(&t, i, 1, "smith");
            }
            run(&t, 0, NULL, NULL, &r);
            for (uint32_t i = 0; i < n; i++)
                assert_true(r.cluster[i] <= i);
            if (!filled)
                for (uint32_t i = 0; i < n; i++)
                    assert_true(r.cluster[i] == i && r.probability[i] == 1);
            result_done(&r);
            table_done(&t);
        }
}

static void a_constant_column_says_nothing(void **state)
{
    (void)state;
    struct match_table t;
    struct match_result r;
    table_init(&t, 600);
    for (uint32_t i = 0; i < t.n; i++)
        put(&t, i, 1, "smith");
    run(&t, 0, NULL, NULL, &r);
    for (uint32_t i = 0; i < t.n; i++)
        assert_int_equal(r.cluster[i], i);
    assert_true(r.n_warnings > 0);
    result_done(&r);
    table_done(&t);
}

/* 100,000 equal records among others: seconds, and the others as they were. */
static void a_crowd_of_equal_records_is_no_bomb(void **state)
{
    (void)state;
    struct match_table t;
    struct match_result r;
    enum { CROWD = 100000 };
    table_init(&t, CROWD + 3 * PEOPLE);
    for (uint32_t p = 0; p < PEOPLE; p++) {
        const uint32_t rows[3] = {3 * p, 3 * p + 1, 3 * p + 2};
        put_person(&t, rows, p);
    }
    for (uint32_t i = 3 * PEOPLE; i < t.n; i++) {
        put(&t, i, 0, "test");
        put(&t, i, 1, "customer");
        put(&t, i, 2, "1970-01-01");
    }
    run(&t, 2, NULL, NULL, &r);
    uint32_t right = 0;
    for (uint32_t p = 0; p < PEOPLE; p++)
        right += r.cluster[3 * p + 1] == r.cluster[3 * p] && r.cluster[3 * p] == 3 * p;
    if (right <= PEOPLE * 9 / 10)
        fail_msg("only %u of %u people are whole", right, (unsigned)PEOPLE);
    result_done(&r);
    table_done(&t);
}

static void rules_join_and_part(void **state)
{
    (void)state;
    struct match_table t;
    struct match_result r;
    people_init(&t, 0);
    put(&t, 0, 4, "one@mail.test"); /* two strangers with one mailbox: certain, the rule says */
    put(&t, 9, 4, "one@mail.test");
    put(&t, 4, 2, "1901-02-03"); /* a record of the second person with another date */
    put(&t, 3, 2, "1980-02-03");
    struct slice email[] = {SLICE_LIT("email"), {0}};
    struct slice *certain[] = {email};
    struct never_rule never[] = {{.field = SLICE_LIT("birth_date"), .apart = 20 * 365}};
    struct match_rules rules = {.certain = certain,
                                .n_certain = 1,
                                .never = never,
                                .n_never = 1,
                                .threshold = .5,
                                .review = {.2, .8}};
    run(&t, 0, &rules, NULL, &r);
    assert_int_not_equal(r.cluster[3], r.cluster[4]);
    uint64_t a = 0, b = 9;
    if (r.cluster[a] != r.cluster[b]) /* unless their dates are 20 years apart, which never wins */
        assert_true(t.columns[2].codes[a] != t.columns[2].codes[b]);
    result_done(&r);
    rules.never = NULL;
    rules.n_never = 0;
    run(&t, 0, &rules, NULL, &r);
    assert_int_equal(r.cluster[0], r.cluster[9]);
    result_done(&r);
    struct slice nothing[] = {SLICE_LIT("shoe_size"), {0}};
    certain[0] = nothing;
    struct error err;
    struct match_options o = {.rules = &rules};
    assert_int_equal(match_records(&t, &o, &r, &err), ERR_CONFIG);
    assert_non_null(strstr(err.text, "shoe_size"));
    table_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_one_person_come_together),
        cmocka_unit_test(threads_and_order_change_nothing_but_names),
        cmocka_unit_test(a_model_that_was_written_decides_the_same),
        cmocka_unit_test(tables_of_hardly_anything_are_fine),
        cmocka_unit_test(a_constant_column_says_nothing),
        cmocka_unit_test(a_crowd_of_equal_records_is_no_bomb),
        cmocka_unit_test(rules_join_and_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
