#include "tests/unit/unit.h"

#include "schemas/nicknames.h"

static void nicknames_lead_to_the_names_they_stand_for(void **state)
{
    static const struct {
        const char *nickname, *root;
        int n; /* at least */
    } cases[] = {
        {"bob", "robert", 1},   {"liz", "elizabeth", 1},  {"bill", "william", 1},
        {"uschi", "ursula", 1}, {"pepe", "jose", 1},      {"babette", "elisabeth", 1},
        {"sepp", "josef", 1},   {"alex", "alexander", 2}, {"peggy", "margaret", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const *roots;
        int n = nickname_roots(slice_str(cases[i].nickname), &roots);
        assert_true(n >= cases[i].n);
        assert_string_equal(roots[0], cases[i].root);
        for (int k = 0; k < n; k++)
            assert_non_null(roots[k]);
    }
}

static void names_that_are_no_nicknames_have_no_roots(void **state)
{
    static const char *const names[] = {"", "robert", "zzz", "Bob", "bo", "bobb"};
    const char *const *roots;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(nickname_roots(slice_str(names[i]), &roots), 0);
        assert_null(roots);
    }
}

static void nicknames_of_one_name_are_the_same_name(void **state)
{
    static const struct {
        const char *a, *b;
        int same;
    } cases[] = {
        {"bob", "robert", 1},    {"robert", "bob", 1}, {"bob", "rob", 1},       {"bob", "bill", 0},
        {"liz", "elisabeth", 1}, {"kate", "katy", 1},  {"robert", "robert", 1}, {"anna", "otto", 0},
        {"hans", "johannes", 1}, {"", "bob", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(nickname_same(slice_str(cases[i].a), slice_str(cases[i].b)),
                         cases[i].same);
}

/* A binary search over lines out of order would miss some. */
static void every_line_of_the_table_is_found(void **state)
{
    static const char *const names[] = {
#define N(name, ...) name,
#include "schemas/nicknames.inc"
#undef N
    };
    const char *const *roots;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(nickname_roots(slice_str(names[i]), &roots) > 0);
        if (i > 0)
            assert_true(slice_compare(slice_str(names[i - 1]), slice_str(names[i])) < 0);
    }
}

static void a_name_in_its_own_right_has_no_other_formal_name(void **state)
{
    (void)state;
    assert_string_equal(nickname_formal(SLICE_LIT("bob")), "robert");
    assert_null(nickname_formal(SLICE_LIT("john")));
    assert_null(nickname_formal(SLICE_LIT("mary")));
    assert_null(nickname_formal(SLICE_LIT("robert")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nicknames_lead_to_the_names_they_stand_for),
        cmocka_unit_test(names_that_are_no_nicknames_have_no_roots),
        cmocka_unit_test(nicknames_of_one_name_are_the_same_name),
        cmocka_unit_test(every_line_of_the_table_is_found),
        cmocka_unit_test(a_name_in_its_own_right_has_no_other_formal_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
