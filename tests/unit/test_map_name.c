#include "tests/unit/unit.h"

#include "transform/map/name.h"
#include "transform/map/name_case.h"

static struct slice or_null(const char *s)
{
    return s ? slice_str(s) : (struct slice){0};
}

static void same(struct slice got, const char *wanted, const char *what, const char *of)
{
    if (!slice_equal(got, slice_str(wanted ? wanted : "")) || (wanted == NULL) != (got.ptr == NULL))
        fail_msg("%s of '%s': '%.*s', not '%s'", what, of, (int)got.len, got.ptr ? got.ptr : "",
                 wanted ? wanted : "(none)");
}

static void letter_case_is_repaired_where_there_is_none(void **state)
{
    static const struct {
        enum name_part part;
        const char *in, *out;
    } cases[] = {
        {NAME_FAMILY, "O'BRIEN", "O'Brien"},
        {NAME_FAMILY, "o'brien", "O'Brien"},
        {NAME_FAMILY, "O\xE2\x80\x99NEILL", "O\xE2\x80\x99Neill"},
        {NAME_FAMILY, "MCDONALD", "McDonald"},
        {NAME_FAMILY, "mcdonald", "McDonald"},
        {NAME_FAMILY, "MACDONALD", "MacDonald"},
        {NAME_FAMILY, "MACKIE", "Mackie"},
        {NAME_FAMILY, "MACEY", "Macey"},
        {NAME_FAMILY, "VAN DER BERG", "van der Berg"},
        {NAME_FAMILY, "DE LA CRUZ", "de la Cruz"},
        {NAME_FAMILY, "LA FONTAINE", "La Fontaine"},
        {NAME_FAMILY, "LE BLANC", "Le Blanc"},
        {NAME_FAMILY, "VAN", "Van"},
        {NAME_FAMILY, "SMITH-JONES", "Smith-Jones"},
        {NAME_FAMILY, "smith-mcneil", "Smith-McNeil"},
        {NAME_FAMILY, "D'ANGELO", "D'Angelo"},
        {NAME_FAMILY, "MÜLLER", "Müller"},
        {NAME_FAMILY, "ÖZDEMİR", "Özdemir"},
        {NAME_FAMILY, "van der Berg", "van der Berg"},
        {NAME_FAMILY, "DeVito", "DeVito"},
        {NAME_FAMILY, "Mcdonald", "Mcdonald"},
        {NAME_GIVEN, "MARY-ANN", "Mary-Ann"},
        {NAME_GIVEN, "j.r.", "J.R."},
        {NAME_GIVEN, "MCKENZIE", "Mckenzie"},
        {NAME_GIVEN, "JP", "JP"},
        {NAME_GIVEN, "JO", "Jo"},
        {NAME_GIVEN, "MARIA DEL CARMEN", "Maria del Carmen"},
        {NAME_PLACE, "STRATFORD-UPON-AVON", "Stratford-upon-Avon"},
        {NAME_PLACE, "FRANKFURT AM MAIN", "Frankfurt am Main"},
        {NAME_PLACE, "LE HAVRE", "Le Havre"},
        {NAME_PLACE, "KING'S LYNN", "King's Lynn"},
        {NAME_PLACE, "st. ives", "St. Ives"},
        {NAME_STREET, "12A HIGH STREET", "12A High Street"},
        {NAME_STREET, "1ST AVENUE NW", "1st Avenue NW"},
        {NAME_STREET, "PO BOX 12", "PO Box 12"},
        {NAME_STREET, "am markt 3", "Am Markt 3"},
    };
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice out;
        assert_int_equal(name_case(slice_str(cases[i].in), cases[i].part, &a, &out), 0);
        same(out, cases[i].out, "case", cases[i].in);
    }
    arena_done(&a);
}

struct name_case_row {
    const char *title, *given, *middle, *family, *suffix, *full;                        /* in */
    const char *o_title, *o_given, *o_middle, *o_family, *o_suffix, *o_full, *o_formal; /* out */
};

static const struct name_case_row names[] = {
    {NULL, "DR. BOB", NULL, "VAN DER BERG JR", NULL, NULL, /**/
     "Dr", "Bob", NULL, "van der Berg", "Jr", "Bob van der Berg Jr", "Robert"},
    {NULL, NULL, NULL, NULL, NULL, "O'BRIEN, MARY-ANN J.", /**/
     NULL, "Mary-Ann", "J", "O'Brien", NULL, "Mary-Ann J O'Brien", NULL},
    {NULL, NULL, NULL, NULL, NULL, "Ludwig van Beethoven", /**/
     NULL, "Ludwig", NULL, "van Beethoven", NULL, "Ludwig van Beethoven", NULL},
    {NULL, NULL, NULL, NULL, NULL, "maria de la cruz", /**/
     NULL, "Maria", NULL, "de la Cruz", NULL, "Maria de la Cruz", NULL},
    {NULL, NULL, NULL, NULL, NULL, "Prof. Dr. Hans Peter Müller", /**/
     "Prof Dr", "Hans", "Peter", "Müller", NULL, "Hans Peter Müller", "Johannes"},
    {NULL, NULL, NULL, NULL, NULL, "SMITH, JR., JOHN", /**/
     NULL, "John", NULL, "Smith", "Jr", "John Smith Jr", NULL},
    {NULL, NULL, NULL, NULL, NULL, "John Smith, PhD", /**/
     NULL, "John", NULL, "Smith", "PhD", "John Smith PhD", NULL},
    {NULL, NULL, NULL, NULL, NULL, "Martin Luther King III", /**/
     NULL, "Martin", "Luther", "King", "III", "Martin Luther King III", NULL},
    {NULL, NULL, NULL, NULL, NULL, "Madonna", /**/
     NULL, NULL, NULL, "Madonna", NULL, "Madonna", NULL},
    {"HERR", "  Karl   Heinz ", NULL, "SCHMIDT", NULL, NULL, /**/
     "Herr", "Karl Heinz", NULL, "Schmidt", NULL, "Karl Heinz Schmidt", NULL},
    {"Mrs.", "JANE A.", NULL, "DOE", NULL, NULL, /**/
     "Mrs", "Jane", "A", "Doe", NULL, "Jane A Doe", NULL},
    {NULL, "N/A", NULL, "unknown", NULL, "-", /**/
     NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {NULL, "Chris", NULL, "Null", NULL, NULL, /**/
     NULL, "Chris", NULL, "Null", NULL, "Chris Null", "Christopher"},
    {NULL, NULL, NULL, NULL, NULL, "ACME TOOLS LTD", /**/
     NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {NULL, "Given", NULL, NULL, NULL, "Other Name", /**/
     NULL, "Given", NULL, NULL, NULL, "Given", NULL},
};

static void names_are_put_in_their_parts(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct name_case_row *c = &names[i];
        const char *of = c->full ? c->full : c->family;
        struct person_name n = {.title = or_null(c->title),
                                .given = or_null(c->given),
                                .middle = or_null(c->middle),
                                .family = or_null(c->family),
                                .suffix = or_null(c->suffix),
                                .full = or_null(c->full)};
        assert_int_equal(name_standard(&n, &a), 0);
        same(n.title, c->o_title, "title", of);
        same(n.given, c->o_given, "given name", of);
        same(n.middle, c->o_middle, "middle name", of);
        same(n.family, c->o_family, "family name", of);
        same(n.suffix, c->o_suffix, "suffix", of);
        same(n.full, c->o_full, "full name", of);
        same(n.formal, c->o_formal, "formal name", of);
    }
    arena_done(&a);
}

static void a_company_is_no_person(void **state)
{
    struct arena a;
    struct person_name n = {.full = SLICE_LIT("Müller & Söhne GmbH")};

    (void)state;
    arena_init(&a, 0);
    assert_int_equal(name_standard(&n, &a), 0);
    same(n.organisation, "Müller & Söhne GmbH", "organisation", "Müller");
    same(n.family, NULL, "family name", "Müller");
    arena_done(&a);
}

static void memory_that_ends_is_told(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 3; limit++) {
        struct arena a;
        struct person_name n = {.given = SLICE_LIT("JOHN"), .family = SLICE_LIT("SMITH")};
        arena_init(&a, limit);
        assert_int_equal(name_standard(&n, &a), -71);
        arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letter_case_is_repaired_where_there_is_none),
        cmocka_unit_test(names_are_put_in_their_parts),
        cmocka_unit_test(a_company_is_no_person),
        cmocka_unit_test(memory_that_ends_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
