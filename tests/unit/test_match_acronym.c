/* Initials of organisations. */
#include "tests/unit/unit.h"

#include "transform/match/acronym.h"

static int acronym(const char *a, const char *b)
{
    return is_acronym(slice_str(a), slice_str(b));
}

static void initials_stand_for_the_words(void **state)
{
    (void)state;
    assert_true(acronym("ibm", "international business machines"));
    assert_true(acronym("international business machines corp", "ibm"));
    assert_true(acronym("bmw ag", "bayerische motoren werke"));
    assert_true(acronym("mit", "massachusetts institute of technology"));
    assert_true(acronym("fbi", "federal bureau of investigation"));
    assert_true(acronym("doj", "department of justice"));
}

static void a_legal_form_may_be_among_the_letters(void **state)
{
    (void)state;
    assert_true(acronym("sg", "smith gmbh"));
    assert_true(acronym("hp ltd", "hewlett packard ltd"));
}

static void other_words_are_no_initials(void **state)
{
    (void)state;
    assert_false(acronym("ibm", "international business"));
    assert_false(acronym("ibm", "international business machines europe"));
    assert_false(acronym("ibm", "indian business house"));
    assert_false(acronym("ibm", "ibm"));
    assert_false(acronym("i", "international"));
    assert_false(acronym("", "international business machines"));
    assert_false(acronym("", ""));
    assert_false(acronym("ltd", "long time dealers"));
}

static void many_words_end(void **state)
{
    char words[4096];
    (void)state;
    for (size_t i = 0; i + 3 < sizeof words; i += 3)
        memcpy(words + i, "of ", 3);
    words[sizeof words - 4] = '\0';
    assert_false(acronym("oooooooo", words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initials_stand_for_the_words),
        cmocka_unit_test(a_legal_form_may_be_among_the_letters),
        cmocka_unit_test(other_words_are_no_initials),
        cmocka_unit_test(many_words_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
