/* Codes in the names of things, light words, and sources that hold nobody twice. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "transform/match/clean.h"
#include "transform/match/codes.h"
#include "transform/match/light_words.h"

static void codes_are(const char *text, const char *want)
{
    struct slice rest = slice_str(text), code;
    char out[CODE_MAX], all[200] = "";
    while (codes_next(&rest, out, &code)) {
        strcat(all, all[0] ? " " : "");
        strncat(all, code.ptr, code.len);
    }
    assert_string_equal(all, want);
}

static void a_code_mixes_letters_and_digits_or_is_a_long_number(void **state)
{
    (void)state;
    codes_are("sony turntable - ps-lx350h", "pslx350h");
    codes_are("canon ink - 0618b002 and 010-10747-03", "0618b002 0101074703");
    codes_are("27' lcd 1080p 300w 4gb 1000mah 16:9", "");
    codes_are("", "");
    codes_are("a 1 22 333 4444 ab1", "");
}

static void a_code_is_no_longer_than_its_buffer(void **state)
{
    (void)state;
    char text[200];
    struct slice rest, code;
    char out[CODE_MAX];
    memset(text, 'a', sizeof text);
    text[0] = '1';
    rest = slice_of(text, sizeof text);
    assert_int_equal(codes_next(&rest, out, &code), 1);
    assert_int_equal(code.len, CODE_MAX);
}

/* Values of one column, and the level of two of them. */
static struct value_set *codes_of(const char *const *texts, uint32_t n)
{
    struct value_set *v = calloc(1, sizeof *v);
    uint32_t counts[16];
    assert_int_equal(dict_init(&v->strings), 0);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(dict_add(&v->strings, slice_str(texts[i])), i);
        counts[i] = 1;
    }
    assert_int_equal(value_set_codes(v, counts), 0);
    return v;
}

static void codes_done(struct value_set *v)
{
    dict_done(&v->strings);
    dict_done(&v->words);
    dict_done(&v->squeezed);
    free(v->key);
    free(v->word);
    free(v->word_from);
    free(v->word_weight);
    free(v);
}

static void codes_are_found_however_they_are_cut(void **state)
{
    (void)state;
    static const char *const texts[] = {"ex series earbuds mdr ex32lp/blk",
                                        "headphones - mdrex32lpblk",
                                        "sony kdl-26m4000 tv",
                                        "sony kdl26m4000",
                                        "sony kdl26m4100",
                                        "a belt",
                                        "netgear wpn802na",
                                        "camera dscw150/b black",
                                        "camera dscw150/n gold",
                                        "lg zz99zz"};
    struct value_set *v = codes_of(texts, 10);
    assert_int_equal(compare_model_codes(v, 0, 1), CODE_WITHIN);
    assert_int_equal(compare_model_codes(v, 2, 3), CODE_SAME);
    assert_int_equal(compare_model_codes(v, 3, 4), CODE_BEGINNING);
    assert_int_equal(compare_model_codes(v, 3, 5), 0);
    assert_int_equal(compare_model_codes(v, 3, 6), CODE_DIFFERS);
    assert_int_equal(compare_model_codes(v, 7, 8), CODE_NEARLY);
    assert_int_equal(compare_model_codes(v, 6, 9), CODE_DIFFERS);
    codes_done(v);
}

static void a_shared_code_among_others_that_differ_is_a_variant(void **state)
{
    (void)state;
    static const char *const texts[] = {"dsc-w150 camera dscw150/b", "dsc-w150 camera dscw150/n"};
    struct value_set *v = codes_of(texts, 2);
    assert_int_equal(compare_model_codes(v, 0, 1), CODE_AMONG_OTHERS);
    codes_done(v);
}

static void legal_forms_and_kinds_are_light_in_names_of_firms_alone(void **state)
{
    (void)state;
    assert_true(is_light_word(MEANING_ORGANISATION, SLICE_LIT("gmbh")));
    assert_true(is_light_word(MEANING_ORGANISATION, SLICE_LIT("restaurant")));
    assert_false(is_light_word(MEANING_ORGANISATION, SLICE_LIT("siemens")));
    assert_false(is_light_word(MEANING_TEXT, SLICE_LIT("gmbh")));
    assert_true(is_light_word(MEANING_STREET, SLICE_LIT("ne")));
    assert_string_equal(legal_form_country(SLICE_LIT("gmbh")), "*");
    assert_null(legal_form_country(SLICE_LIT("bank")));
}

static void clusters_hold_one_record_of_a_clean_source(void **state)
{
    (void)state;
    uint32_t source[] = {0, 0, 1, 1, MATCH_MISSING};
    struct encoded e = {.n = 5, .source = source};
    struct clean_sources c;
    assert_int_equal(clean_sources_init(&c, &e), 0);
    assert_int_equal(c.n, 2);
    c.clean[1] = 1;
    assert_int_equal(encode_clean(&e, &c), 0);
    const uint32_t a[] = {0, 2}, b[] = {1}, d[] = {3}, none[] = {4};
    assert_true(clean_allow(&e, a, 2, b, 1)); /* source 0 may hold somebody twice */
    assert_false(clean_allow(&e, a, 2, d, 1));
    assert_true(clean_allow(&e, a, 2, none, 1));
    const uint32_t kept[] = {0, 1, 2, 3, 4};
    assert_true(clean_pairs(&e, kept, 5) == 9);
    free(e.clean);
    clean_sources_done(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_mixes_letters_and_digits_or_is_a_long_number),
        cmocka_unit_test(a_code_is_no_longer_than_its_buffer),
        cmocka_unit_test(codes_are_found_however_they_are_cut),
        cmocka_unit_test(a_shared_code_among_others_that_differ_is_a_variant),
        cmocka_unit_test(legal_forms_and_kinds_are_light_in_names_of_firms_alone),
        cmocka_unit_test(clusters_hold_one_record_of_a_clean_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
