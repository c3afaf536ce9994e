/* Similarities against published values and against rapidfuzz's answers. */
#include <math.h>

#include "tests/unit/unit.h"

#include "transform/match/address.h"
#include "transform/match/birth.h"
#include "transform/match/edit.h"
#include "transform/match/fold.h"
#include "transform/match/nicknames.h"
#include "transform/match/phonetic.h"

/* Edit distance (optimal string alignment) and Jaro-Winkler as rapidfuzz 3 gives them. */
static const struct {
    const char *a, *b;
    int edits;
    double similar;
} answers[] = {
    {"clrabn", "clrabn", 0, 1.000000},
    {"dabllbdbn", "dabllbdbn", 0, 1.000000},
    {"rroa", "arobe", 3, 0.633333},
    {"enrcboordi", "enrcboordi", 0, 1.000000},
    {"aodmrnltim", "aomedrtnltim", 4, 0.902222},
    {"mismeobbn", "bilmeobbn", 2, 0.804233},
    {"notiisiomotmb", "msrba", 12, 0.425641},
    {"serormeslria", "cobmad", 10, 0.500000},
    {"ecsdllmbcmlne", "lneslirldcbccd", 12, 0.645604},
    {"damoceeacln", "daomceearln", 2, 0.924848},
    {"samtrtnllll", "dsamtrtinallll", 3, 0.928571},
    {"cnbioabdol", "cnbiobamdol", 2, 0.961818},
    {"mmebcbsi", "mmbnbnsi", 3, 0.866667},
    {"t", "t", 0, 1.000000},
    {"enicitdnntni", "enicitdnntnil", 1, 0.984615},
    {"tddnmisaatem", "tddnmissatem", 1, 0.966667},
    {"db", "dob", 1, 0.611111},
    {"amritrbrbl", "amritrblbl", 1, 0.937778},
    {"ribtslmlsbscc", "c", 12, 0.000000},
    {"mtrcoomric", "smtrcoomric", 1, 0.969697},
    {"bnsclddaede", "bnsscddaede", 2, 0.957576},
    {"mronln", "mronn", 1, 0.966667},
    {"mtcoattcccmosb", "mtcoattccosb", 2, 0.971429},
    {"bnaddeatbnmna", "bnaddeatbnmna", 0, 1.000000},
    {"ionondse", "ionondsd", 1, 0.950000},
    {"mclblmibrdlbdr", "mclblmibrdlbdr", 0, 1.000000},
    {"csrricecmdsbl", "rdc", 11, 0.440171},
    {"lnlildiibsia", "lnlildbisbia", 2, 0.948485},
    {"td", "be", 2, 0.000000},
    {"atcet", "atcne", 2, 0.906667},
    {"beatsc", "beatsc", 0, 1.000000},
    {"arbte", "barbte", 1, 0.877778},
    {"ainleoca", "aenleoca", 1, 0.882143},
    {"c", "n", 1, 0.000000},
    {"ceitaeaaasn", "ceitaeaasn", 1, 0.981818},
    {"brrlrmnl", "sddid", 8, 0.000000},
    {"ssrcliacabrsel", "ssrcliacabrsel", 0, 1.000000},
    {"lnreodseamc", "elnreodsamc", 2, 0.878788},
    {"icai", "bitci", 3, 0.633333},
    {"loa", "ao", 2, 0.611111},
    {"tcrstolti", "tcorstolits", 3, 0.862626},
    {"stncntnotaro", "sctncntnotaro", 1, 0.951923},
    {"iblmnararnr", "bmlnararnr", 2, 0.936364},
    {"nbrnbssme", "edstddsrmmlbmr", 12, 0.493386},
    {"taorr", "tasorr", 1, 0.955556},
    {"eoocamamerbs", "eoocaamrebs", 2, 0.946970},
    {"debmaembn", "elddbobc", 7, 0.564815},
    {"neicornebsid", "neicorenbsid", 1, 0.983333},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 1, 0.993750},
    {"abcdefghabcdefghabcdefghabcdefghabcdefghabcdefghabcdefghabcdefgh",
     "bacdefghbacdefghbacdefghbacdefghbacdefghbacdefghbacdefghbacdefgh", 8, 0.958333},
    {"martha", "marhta", 1, 0.961111},
    {"dixon", "dicksonx", 4, 0.813333},
    {"jellyfish", "smellyfish", 2, 0.896296},
    {"ca", "abc", 3, 0.000000},
};

enum { N_ANSWERS = sizeof answers / sizeof *answers };

static void distances_are_those_of_another_program(void **state)
{
    (void)state;
    struct edit_scratch s = {{0}};
    for (size_t i = 0; i < N_ANSWERS; i++) {
        struct slice a = slice_str(answers[i].a), b = slice_str(answers[i].b);
        assert_int_equal(edit_osa(&s, a, b), answers[i].edits);
        assert_int_equal(edit_osa(&s, b, a), answers[i].edits);
        assert_true(fabs(edit_jaro_winkler(&s, a, b) - answers[i].similar) < 1e-5);
    }
    for (int c = 0; c < 256; c++)
        assert_true(s.mask[c] == 0);
}

static void published_examples_hold(void **state)
{
    (void)state;
    struct edit_scratch s = {{0}};
    assert_true(fabs(edit_jaro_winkler(&s, SLICE_LIT("MARTHA"), SLICE_LIT("MARHTA")) - .9611) <
                1e-4);
    assert_true(fabs(edit_jaro_winkler(&s, SLICE_LIT("DIXON"), SLICE_LIT("DICKSONX")) - .8133) <
                1e-4);
    assert_true(fabs(edit_jaro_winkler(&s, SLICE_LIT("DWAYNE"), SLICE_LIT("DUANE")) - .84) < 1e-4);
    assert_int_equal(edit_osa(&s, SLICE_LIT(""), SLICE_LIT("abc")), 3);
}

static void bounds_never_cut_what_would_pass(void **state)
{
    (void)state;
    struct edit_scratch s = {{0}};
    for (size_t i = 0; i < N_ANSWERS; i++)
        for (size_t j = 0; j < N_ANSWERS; j++) {
            struct slice a = slice_str(answers[i].a), b = slice_str(answers[j].b);
            uint64_t x = edit_mask(a), y = edit_mask(b);
            assert_true(edit_at_least(x, y) <= edit_osa(&s, a, b));
            assert_true(edit_winkler_at_most(a, b, x, y) >= edit_jaro_winkler(&s, a, b) - 1e-12);
        }
}

static int sound_alike(const char *a, const char *b)
{
    char x[PHONETIC_MAX], y[PHONETIC_MAX];
    size_t n = phonetic_skeleton(slice_str(a), x), m = phonetic_skeleton(slice_str(b), y);
    return n == m && memcmp(x, y, n) == 0;
}

static void names_of_one_sound_share_a_skeleton(void **state)
{
    (void)state;
    assert_true(sound_alike("philip", "filip"));
    assert_true(sound_alike("catherine", "kathryn"));
    assert_true(sound_alike("knight", "night"));
    assert_true(sound_alike("schmidt", "shmidt"));
    assert_false(sound_alike("smith", "jones"));
    assert_false(sound_alike("anna", "hanna"));
}

static int nicknamed(const char *a, const char *b)
{
    struct nickname_set x, y;
    nickname_set_of(slice_str(a), &x);
    nickname_set_of(slice_str(b), &y);
    return nickname_sets_meet(&x, &y);
}

static void nicknames_are_found_both_ways(void **state)
{
    (void)state;
    static const char *const same[][2] = {{"robert", "bob"},     {"bill", "william"},
                                          {"peggy", "margaret"}, {"jack", "john"},
                                          {"al", "alan"},        {"al", "albert"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(nicknamed(same[i][0], same[i][1]));
    assert_false(nicknamed("robert", "william"));
    assert_false(nicknamed("qwerty", "robert"));
}

static enum date_level dates(const char *a, const char *b)
{
    return birth_compare(birth_parse(slice_str(a), DATE_DAY_FIRST),
                         birth_parse(slice_str(b), DATE_DAY_FIRST));
}

static void dates_agree_by_levels(void **state)
{
    (void)state;
    assert_int_equal(dates("1980-05-17", "1980-05-17"), DATE_EXACT);
    assert_int_equal(dates("1980-01-01", "1980-01-01"), DATE_EXACT_DEFAULT);
    assert_int_equal(dates("1980-05-17", "1980-01-01"), DATE_YEAR_DEFAULT);
    assert_int_equal(dates("1980-05-17", "1980-05-18"), DATE_DIGIT);
    assert_int_equal(dates("1980-03-12", "1980-12-03"), DATE_SWAP);
    assert_int_equal(dates("1908-05-17", "1980-05-17"), DATE_SWAP);
    assert_int_equal(dates("1980-05-17", "1980-05-29"), DATE_YEAR_AND_ONE);
    assert_int_equal(dates("1980-05-17", "1980-11-28"), DATE_YEAR);
    assert_int_equal(dates("1980-05-17", "1963-05-17"), DATE_MONTH_DAY);
    assert_int_equal(dates("1980-05-17", "1981-06-17"), DATE_TWO_DIGITS);
    assert_int_equal(dates("1980-05-17", "1944-11-28"), DATE_DIFFERS);
}

static void dates_are_read_in_many_forms(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "1980-05-17",  "17.05.1980",          "17/5/80",  "19800517", "5/17/1980",
        "17 May 1980", "1980-05-17T00:00:00", "1980/5/17"};
    char digits[8];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        birth_digits(birth_parse(slice_str(forms[i]), DATE_DAY_FIRST), digits);
        assert_memory_equal(digits, "19800517", 8);
    }
    assert_true(birth_parse(SLICE_LIT("n/a"), DATE_DAY_FIRST) == 0);
    birth_digits(birth_parse(SLICE_LIT("1844-18-22"), DATE_DAY_FIRST), digits);
    assert_memory_equal(digits, "18441822", 8);
    struct date_votes v = {0, 0};
    birth_vote(&v, SLICE_LIT("12/25/1978"));
    assert_int_equal(birth_order_of(&v), DATE_MONTH_FIRST);
}

static void text_is_folded_to_plain_words(void **state)
{
    (void)state;
    struct folder f;
    struct slice s;
    folder_init(&f);
    assert_int_equal(fold_words(&f,
                                SLICE_LIT(" \xc3\x89milie O'Brien-Stra\xc3\x9f"
                                          "e "),
                                &s),
                     0);
    assert_true(slice_equal(s, SLICE_LIT("emilie obrien strasse")));
    assert_int_equal(fold_words(&f, SLICE_LIT("\xff\xfe bad"), &s), 0);
    folder_done(&f);
}

static void house_numbers_part_from_streets(void **state)
{
    (void)state;
    static const char *const lines[][3] = {{"12a High Street", "12a", "High Street"},
                                           {"High Street 12", "12", "High Street"},
                                           {"Flat 3, 12 High Street", "12", "Flat 3 High Street"},
                                           {"Rose Cottage", "", "Rose Cottage"}};
    struct buffer street = {0};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct slice number = {0};
        assert_int_equal(address_split(slice_str(lines[i][0]), &number, &street),
                         lines[i][1][0] != 0);
        assert_true(slice_equal(number, slice_str(lines[i][1])));
        assert_true(slice_equal(buffer_view(&street), slice_str(lines[i][2])));
    }
    buffer_done(&street);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_another_program),
        cmocka_unit_test(published_examples_hold),
        cmocka_unit_test(bounds_never_cut_what_would_pass),
        cmocka_unit_test(names_of_one_sound_share_a_skeleton),
        cmocka_unit_test(nicknames_are_found_both_ways),
        cmocka_unit_test(dates_agree_by_levels),
        cmocka_unit_test(dates_are_read_in_many_forms),
        cmocka_unit_test(text_is_folded_to_plain_words),
        cmocka_unit_test(house_numbers_part_from_streets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
