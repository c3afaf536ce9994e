/* A user's blocking rules: what a value gives as keys, and which pairs a rule brings together. */
#include <stdio.h>

#include "tests/unit/match_table.h"

#include "transform/match/block_keys.h"
#include "transform/match/block_rules.h"

static struct match_column column_of(enum meaning meaning, const char *value)
{
    struct match_column c = {.name = SLICE_LIT("c"), .meaning = meaning};
    assert_int_equal(dict_init(&c.values), 0);
    assert_true(dict_add(&c.values, slice_str(value)) >= 0);
    return c;
}

/* The keys of a value, each with a bar behind it. */
static const char *keys(const char *rule, enum meaning meaning, const char *value)
{
    static char text[2048];
    char why[160];
    struct block_key key;
    struct key_reader r;
    struct slice found[KEY_TEXTS_MAX];
    struct match_column c = column_of(meaning, value);
    size_t at = 0;
    text[0] = 0;
    assert_true(block_key_parse(slice_str(rule), &key, why));
    key_reader_init(&r, &c);
    int n = key_texts(&r, &key, slice_str(value), found);
    assert_true(n >= 0 && n <= KEY_TEXTS_MAX);
    for (int i = 0; i < n; i++)
        at +=
            (size_t)snprintf(text + at, sizeof text - at, "%.*s|", (int)found[i].len, found[i].ptr);
    key_reader_done(&r);
    dict_done(&c.values);
    return text;
}

static void a_key_is_a_function_of_a_value(void **state)
{
    (void)state;
    assert_string_equal(keys("c", MEANING_EMAIL, "Ann@Mail.TEST"), "ann@mail.test|");
    assert_string_equal(keys("exact(c)", MEANING_EMAIL, "Ann@Mail.TEST"), "Ann@Mail.TEST|");
    assert_string_equal(keys("user(c)", MEANING_EMAIL, "Ann@Mail.TEST"), "ann|");
    assert_string_equal(keys("domain(c)", MEANING_EMAIL, "Ann@Mail.TEST"), "mail.test|");
    assert_string_equal(keys("prefix(c,3)", MEANING_FAMILY_NAME, "Winter"), "win|");
    assert_string_equal(keys("suffix(c,2)", MEANING_FAMILY_NAME, "Winter"), "er|");
    assert_string_equal(keys("soundex(c)", MEANING_FAMILY_NAME, "Robert"), "r163|");
    assert_string_equal(keys("soundex(c)", MEANING_FAMILY_NAME, "Tymczak"), "t522|");
    assert_string_equal(keys("soundex(c)", MEANING_FAMILY_NAME, "Pfister"), "p236|");
    assert_string_equal(keys("year(c)", MEANING_BIRTH_DATE, "1970-03-04"), "1970|");
}

static void what_is_not_there_gives_no_key(void **state)
{
    (void)state;
    assert_string_equal(keys("c", MEANING_FAMILY_NAME, "n/a"), "");
    assert_string_equal(keys("c", MEANING_EMAIL, "  "), "");
    assert_string_equal(keys("year(c)", MEANING_BIRTH_DATE, "soon"), "");
    assert_string_equal(keys("tokens(c)", MEANING_FULL_NAME, " - "), "");
    assert_string_equal(keys("digits(c)", MEANING_PHONE, "none"), "");
}

static void hostile_values_give_no_more_keys_than_there_is_room_for(void **state)
{
    (void)state;
    char words[4000], bytes[3000];
    size_t at = 0;
    for (int i = 0; i < 500; i++)
        at += (size_t)snprintf(words + at, sizeof words - at, "w%d ", i);
    for (size_t i = 0; i + 1 < sizeof bytes; i++)
        bytes[i] = (char)(0x80 + i % 0x80);
    bytes[sizeof bytes - 1] = 0;
    keys("tokens(c)", MEANING_TEXT, words);
    static const char *const rules[] = {"c",           "exact(c)",   "lower(c)",  "prefix(c,64)",
                                        "suffix(c,1)", "soundex(c)", "digits(c)", "phonetic(c)",
                                        "tokens(c)",   "user(c)",    "domain(c)", "day(c)"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        keys(rules[i], MEANING_TEXT, bytes);
        keys(rules[i], MEANING_EMAIL, words);
        keys(rules[i], MEANING_BIRTH_DATE, bytes);
        keys(rules[i], MEANING_PHONE, "");
    }
}

enum { COLUMNS = 3 };
static const struct table_column columns[COLUMNS] = {
    {"family_name", MEANING_FAMILY_NAME}, {"email", MEANING_EMAIL}, {"postcode", MEANING_POSTCODE}};
static const char *const rows[][COLUMNS] = {
    {"Winter", "a@x.test", "AB1 2CD"}, {"Winter", "", "AB1 2CD"}, {"Sommer", "a@x.test", "ZZ9 9ZZ"},
    {"Sommer", "n/a", "AB1 2CD"},      {"Herbst", "n/a", ""},
};

struct seen {
    uint32_t n, firsts;
    uint64_t set; /* bit of a * 8 + b, records */
    const struct encoded *e;
};

static void see(void *arg, uint32_t a, uint32_t b, uint32_t block, int first)
{
    struct seen *s = arg;
    (void)block;
    assert_true(a < b);
    uint32_t x = s->e->record[a], y = s->e->record[b];
    s->n++;
    s->firsts += (uint32_t)first;
    if (first) {
        uint64_t bit = UINT64_C(1) << ((x < y ? x : y) * 8 + (x < y ? y : x));
        assert_false(s->set & bit); /* a pair is first once */
        s->set |= bit;
    }
}

static uint64_t pair(uint32_t a, uint32_t b)
{
    return UINT64_C(1) << (a * 8 + b);
}

static void make_rules(struct match_rules *m, struct block_rule *list, const char *const *texts,
                       int n)
{
    struct error err = {0};
    *m = (struct match_rules){.block = list, .n_block = n};
    for (int i = 0; i < n; i++)
        assert_int_equal(block_rule_parse(slice_str(texts[i]), &list[i], &err), 0);
}

static void each_pair_belongs_to_the_first_rule_that_brings_it(void **state)
{
    (void)state;
    static const char *const texts[] = {"email", "family_name", "postcode"};
    struct match_table t;
    struct encoded e;
    struct block_rules b;
    struct block_rule list[3];
    struct match_rules m;
    struct error err = {0};
    table_make(&t, columns, COLUMNS, rows[0], 5);
    assert_int_equal(encode(&t, NULL, &e, &err), 0);
    make_rules(&m, list, texts, 3);
    struct block_rules_options o = {.rules = &m};
    assert_int_equal(block_rules_init(&b, &o, &t, &e, &err), 0);
    struct seen s = {.e = &e};
    for (size_t i = 0; i < b.n_tasks; i++)
        block_rules_visit(&b, i, see, &s);
    assert_true(s.set == (pair(0, 2) | pair(0, 1) | pair(2, 3) | pair(0, 3) | pair(1, 3)));
    assert_int_equal(s.firsts, 5);
    assert_int_equal(block_rules_count(&b, NULL), 0);
    assert_int_equal(b.counts[0].pairs, 1);
    assert_int_equal(b.counts[1].pairs, 2);
    assert_int_equal(b.counts[2].pairs, 3);
    assert_int_equal(b.counts[2].new_pairs, 2); /* the Winters are together already */
    block_rules_done(&b);
    encoded_done(&e);
    table_free(&t);
}

static void a_record_that_is_left_out_is_in_no_pair(void **state)
{
    (void)state;
    static const char *const texts[] = {"postcode"};
    struct match_table t;
    struct encoded e;
    struct block_rules b;
    struct block_rule list[1];
    struct match_rules m;
    struct error err = {0};
    table_make(&t, columns, COLUMNS, rows[0], 5);
    assert_int_equal(encode(&t, NULL, &e, &err), 0);
    make_rules(&m, list, texts, 1);
    uint8_t skip[5] = {0};
    skip[e.rank[3]] = 1;
    struct block_rules_options o = {.rules = &m, .skip = skip};
    assert_int_equal(block_rules_init(&b, &o, &t, &e, &err), 0);
    struct seen s = {.e = &e};
    for (size_t i = 0; i < b.n_tasks; i++)
        block_rules_visit(&b, i, see, &s);
    assert_true(s.set == pair(0, 1));
    block_rules_done(&b);
    encoded_done(&e);
    table_free(&t);
}

static void an_unknown_field_is_named_with_the_nearest(void **state)
{
    (void)state;
    static const char *const texts[] = {"famly_name"};
    struct match_table t;
    struct encoded e;
    struct block_rules b;
    struct block_rule list[1];
    struct match_rules m;
    struct error err = {0};
    table_make(&t, columns, COLUMNS, rows[0], 5);
    assert_int_equal(encode(&t, NULL, &e, &err), 0);
    make_rules(&m, list, texts, 1);
    struct block_rules_options o = {.rules = &m};
    assert_true(block_rules_init(&b, &o, &t, &e, &err) < 0);
    assert_non_null(strstr(err.text, "famly_name"));
    assert_non_null(strstr(err.text, "'family_name'"));
    encoded_done(&e);
    table_free(&t);
}

static void a_block_of_everybody_is_refined_not_squared(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    static const char *const texts[] = {"postcode"};
    const char **many = calloc((size_t)MANY * COLUMNS, sizeof *many);
    char(*names)[16] = calloc(MANY, sizeof *names);
    struct match_table t;
    struct encoded e;
    struct block_rules b;
    struct block_rule list[1];
    struct match_rules m;
    struct error err = {0};
    assert_true(many && names);
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "fam%c%c%c", 'a' + (int)(i % 26),
                 'a' + (int)(i / 26 % 26), 'a' + (int)(i / 676 % 26));
        many[i * COLUMNS] = names[i];
        many[i * COLUMNS + 1] = "";
        many[i * COLUMNS + 2] = i % 100 ? "AB1 2CD" : "AB1 2CE";
    }
    table_make(&t, columns, COLUMNS, many, MANY);
    assert_int_equal(encode(&t, NULL, &e, &err), 0);
    make_rules(&m, list, texts, 1);
    struct block_rules_options o = {.rules = &m};
    assert_int_equal(block_rules_init(&b, &o, &t, &e, &err), 0);
    assert_int_equal(block_rules_count(&b, NULL), 0);
    assert_true(b.counts[0].n_refined >= 1);
    assert_true(b.counts[0].pairs > 0);
    assert_true(b.counts[0].pairs <= INT64_C(64) * MANY + 1000000);
    assert_true(b.counts[0].lost > 0);
    assert_int_equal(b.counts[0].largest[0].n, MANY - MANY / 100);
    block_rules_done(&b);
    encoded_done(&e);
    table_free(&t);
    free(names);
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_a_function_of_a_value),
        cmocka_unit_test(what_is_not_there_gives_no_key),
        cmocka_unit_test(hostile_values_give_no_more_keys_than_there_is_room_for),
        cmocka_unit_test(each_pair_belongs_to_the_first_rule_that_brings_it),
        cmocka_unit_test(a_record_that_is_left_out_is_in_no_pair),
        cmocka_unit_test(an_unknown_field_is_named_with_the_nearest),
        cmocka_unit_test(a_block_of_everybody_is_refined_not_squared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
