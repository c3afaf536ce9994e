#include "tests/unit/unit.h"

#include "transform/map/country.h"
#include "transform/map/flag.h"
#include "transform/map/gender.h"
#include "transform/map/junk.h"
#include "transform/map/language.h"
#include "transform/map/money.h"
#include "transform/map/text.h"

struct pair {
    const char *in, *out;
};

static void check(struct slice got, const struct pair *c)
{
    if (!slice_equal(got, slice_str(c->out)))
        fail_msg("'%s': '%.*s', not '%s'", c->in, (int)got.len, got.ptr ? got.ptr : "", c->out);
}

static void white_space_is_tidied(void **state)
{
    static const struct pair cases[] = {
        {"  Anna   Maria ", "Anna Maria"},
        {"a\tb\n c", "a b c"},
        {"\xC2\xA0Zoë\xC2\xA0\xC2\xA0Ö ", "Zoë Ö"},
        {"\xEF\xBB\xBFx", "x"},
        {"\xE3\x80\x80x\xE2\x80\x8B", "x"},
        {"plain", "plain"},
        {"", ""},
        {" ", ""},
    };
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice out;
        assert_int_equal(text_tidy(slice_str(cases[i].in), &a, &out), 0);
        check(out, &cases[i]);
    }
    arena_done(&a);
}

static void folding_drops_accents_and_marks(void **state)
{
    static const struct pair cases[] = {{"São-Paulo ", "sao paulo"},
                                        {"Großbritannien", "grossbritannien"},
                                        {"Łódź", "lodz"},
                                        {"  U.S.A.", "u s a"},
                                        {"...", ""}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[64];
        check(slice_of(out, text_key(slice_str(cases[i].in), out, sizeof out)), &cases[i]);
    }
    char small[3];
    assert_int_equal(text_key(SLICE_LIT("abcd"), small, sizeof small), 0);
}

static void genders_are_three(void **state)
{
    static const struct pair cases[] = {{"F", "female"},
                                        {"w", "female"},
                                        {"Weiblich", "female"},
                                        {"M", "male"},
                                        {"männlich", "male"},
                                        {"Herr", "male"},
                                        {"Mrs.", "female"},
                                        {"divers", "other"},
                                        {"Non-binary", "other"},
                                        {"unknown", ""},
                                        {"9", ""},
                                        {"", ""}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(gender_standard(slice_str(cases[i].in)), &cases[i]);
}

static void languages_are_iso_codes(void **state)
{
    static const struct pair cases[] = {
        {"en", "en"},       {"EN-gb", "en"},    {"eng", "en"}, {"English", "en"},
        {"Englisch", "en"}, {"français", "fr"}, {"deu", "de"}, {"pt_BR", "pt"},
        {"xx", "xx"},       {"klingon", ""},    {"", ""}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[4];
        check(language_standard(slice_str(cases[i].in), buffer), &cases[i]);
    }
}

static void yes_and_no_are_understood(void **state)
{
    static const struct {
        const char *in;
        enum flag flag;
    } cases[] = {{"J", FLAG_YES},
                 {"ja", FLAG_YES},
                 {"oui", FLAG_YES},
                 {"TRUE", FLAG_YES},
                 {"1", FLAG_YES},
                 {"Opt-in", FLAG_YES},
                 {"on", FLAG_YES},
                 {"N", FLAG_NO},
                 {"Nein", FLAG_NO},
                 {"non", FLAG_NO},
                 {"0", FLAG_NO},
                 {"não", FLAG_NO},
                 {"off", FLAG_NO},
                 {"n/a", FLAG_NOT_SAID},
                 {"", FLAG_NOT_SAID},
                 {"unknown", FLAG_NOT_SAID},
                 {"maybe", FLAG_NOT_UNDERSTOOD},
                 {"2", FLAG_NOT_UNDERSTOOD}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (flag_standard(slice_str(cases[i].in)) != cases[i].flag)
            fail_msg("'%s' should be %d", cases[i].in, (int)cases[i].flag);
}

static void countries_are_alpha_2(void **state)
{
    static const struct pair cases[] = {
        {"GB", "GB"},
        {"gbr", "GB"},
        {"United  Kingdom", "GB"},
        {"England", "GB"},
        {"UK", "GB"},
        {"Vereinigtes Königreich", "GB"},
        {"Deutschland", "DE"},
        {"D", "DE"},
        {"Allemagne", "DE"},
        {"Alemania", "DE"},
        {"Österreich", "AT"},
        {"USA", "US"},
        {"U.S.A.", "US"},
        {"United States", "US"},
        {"Holland", "NL"},
        {"Niederlande", "NL"},
        {"Suisse", "CH"},
        {"Côte d’Ivoire", "CI"},
        {"Freedonia", ""},
        {"", ""},
        {"España", "ES"},
        {"The Netherlands", "NL"},
    };
    struct countries c;

    (void)state;
    assert_int_equal(countries_init(&c), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(country_code(&c, slice_str(cases[i].in)), &cases[i]);
    countries_done(&c);
}

static void amounts_have_any_marks(void **state)
{
    static const struct {
        const char *in;
        char point, group;
        const char *out;
    } cases[] = {
        {"1234.50", 0, 0, "1234.5000"},
        {"1.234,50", ',', '.', "1234.5000"},
        {"1,234.50", 0, ',', "1234.5000"},
        {"1 234,50 \xE2\x82\xAC", ',', ' ', "1234.5000"},
        {"1\xC2\xA0"
         "234,50",
         ',', ' ', "1234.5000"},
        {"\xC2\xA3"
         "12",
         0, 0, "12.0000"},
        {"EUR 12.5", 0, 0, "12.5000"},
        {"(12.50)", 0, 0, "-12.5000"},
        {"12.50-", 0, 0, "-12.5000"},
        {"-12,5", ',', 0, "-12.5000"},
        {"-\xC2\xA3"
         "5",
         0, 0, "-5.0000"},
        {"1,234.50", 0, 0, ""},
        {"1234.50", ',', 0, ""},
        {"12.34567", 0, 0, ""},
        {"12.34560000", 0, 0, "12.3456"},
        {"--5", 0, 0, ""},
        {"(-5)", 0, 0, ""},
        {"twelve", 0, 0, ""},
        {"", 0, 0, ""},
        {"12 apples", 0, 0, ""},
        {"99999999999999.9999", 0, 0, "99999999999999.9999"},
        {"100000000000000", 0, 0, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        decimal128 v;
        char text[DECIMAL_TEXT];
        size_t n = 0;
        if (money_parse(slice_str(cases[i].in), 4, cases[i].point, cases[i].group, &v))
            n = decimal_text(v, 4, text);
        if (!slice_equal(slice_of(text, n), slice_str(cases[i].out)))
            fail_msg("'%s': '%.*s', not '%s'", cases[i].in, (int)n, text, cases[i].out);
    }
}

static void currencies_are_iso_codes(void **state)
{
    static const struct pair cases[] = {
        {"eur", "EUR"}, {"\xE2\x82\xAC", "EUR"}, {"Euro", "EUR"}, {"$", "USD"},
        {"GBP", "GBP"}, {"CHF ", "CHF"},         {"12", ""},      {"", ""}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[3];
        check(slice_of(code, currency_standard(slice_str(cases[i].in), code)), &cases[i]);
    }
}

static void junk_is_known(void **state)
{
    static const struct {
        int (*is_junk)(struct slice);
        const char *in;
        int junk;
    } cases[] = {
        {junk_text, "n/a", 1},
        {junk_text, "N/A", 1},
        {junk_text, "-", 1},
        {junk_text, "NULL", 1},
        {junk_text, "Keine Angabe", 1},
        {junk_text, "xxx", 1},
        {junk_text, "XX", 0},
        {junk_text, "???", 1},
        {junk_text, "Smith", 0},
        {junk_text, "Ö", 0},
        {junk_text, "7", 0},
        {junk_text, "unknown", 1},
        {junk_text, "Unknown Soldier", 0},
        {junk_name, "Null", 0},
        {junk_name, "n/a", 1},
        {junk_number, "0000000000", 1},
        {junk_number, "1234567890", 1},
        {junk_number, "9999-9999", 1},
        {junk_number, "AB123", 0},
        {junk_number, "1221", 0},
        {junk_number, "none", 1},
        {junk_number, "123-45-6789", 1},
        {junk_email, "test@test.com", 1},
        {junk_email, "ann@example.com", 0},
        {junk_date_text, "0000-00-00", 1},
        {junk_date_text, "00000000", 1},
        {junk_date_text, "31/02/1980", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (cases[i].is_junk(slice_str(cases[i].in)) != cases[i].junk)
            fail_msg("'%s' should be %d", cases[i].in, cases[i].junk);
    assert_true(junk_date(1900, 1, 1));
    assert_true(junk_date(9999, 12, 31));
    assert_false(junk_date(1970, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_space_is_tidied),
        cmocka_unit_test(folding_drops_accents_and_marks),
        cmocka_unit_test(genders_are_three),
        cmocka_unit_test(languages_are_iso_codes),
        cmocka_unit_test(yes_and_no_are_understood),
        cmocka_unit_test(countries_are_alpha_2),
        cmocka_unit_test(amounts_have_any_marks),
        cmocka_unit_test(currencies_are_iso_codes),
        cmocka_unit_test(junk_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
