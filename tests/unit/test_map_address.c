#include "tests/unit/unit.h"

#include "transform/map/address.h"
#include "transform/map/street.h"

static void abbreviations_take_one_form(void **state)
{
    static const struct {
        const char *country, *in, *out;
    } cases[] = {
        {"US", "12 Main St", "12 Main Street"},
        {"US", "12 Main St.", "12 Main Street"},
        {"US", "12 Main St Apt 4", "12 Main Street Apartment 4"},
        {"US", "400 Park Ave N", "400 Park Avenue N"},
        {"US", "9 Oak Dr, Ste 5", "9 Oak Drive, Suite 5"},
        {"GB", "12 St Mary's Rd", "12 St Mary's Road"},
        {"GB", "St Johns Cl", "St Johns Close"},
        {"GB", "5 Dr Martens Way", "5 Dr Martens Way"},
        {"GB", "Flat 2, 5 High St", "Flat 2, 5 High Street"},
        {"GB", "1 Street Lane", "1 Street Lane"},
        {"DE", "Hauptstr. 5", "Hauptstraße 5"},
        {"DE", "Hauptstrasse 5", "Hauptstraße 5"},
        {"DE", "Berliner Str. 12a", "Berliner Straße 12a"},
        {"DE", "Dr.-Sommer-Weg 1", "Dr.-Sommer-Weg 1"},
        {"DE", "Marktpl. 3", "Marktplatz 3"},
        {"CH", "Bahnhofstr. 5", "Bahnhofstrasse 5"},
        {"FR", "5 bd Voltaire", "5 Boulevard Voltaire"},
        {"FR", "12 Av. de la République", "12 Avenue de la République"},
        {"FR", "3 r. du Bac", "3 Rue du Bac"},
        {"ES", "C/ Mayor 3", "Calle Mayor 3"},
        {"ES", "C/Mayor 3", "Calle Mayor 3"},
        {"ES", "Avda. de América 5", "Avenida de América 5"},
        {"", "12 Main Rd", "12 Main Road"},
        {"GB", "", ""},
    };
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice out;
        assert_int_equal(
            street_expand(slice_str(cases[i].in), slice_str(cases[i].country), &a, &out), 0);
        if (!slice_equal(out, slice_str(cases[i].out)))
            fail_msg("'%s' of %s: '%.*s', not '%s'", cases[i].in, cases[i].country, (int)out.len,
                     out.ptr, cases[i].out);
    }
    arena_done(&a);
}

static struct slice or_null(const char *s)
{
    return s ? slice_str(s) : (struct slice){0};
}

static void same(struct slice got, const char *wanted, const char *of)
{
    if (!slice_equal(got, slice_str(wanted ? wanted : "")) || (wanted == NULL) != (got.ptr == NULL))
        fail_msg("of '%s': '%.*s', not '%s'", of, (int)got.len, got.ptr ? got.ptr : "",
                 wanted ? wanted : "(none)");
}

static const struct {
    const char *home, *in[6], *out[6]; /* line1, line2, city, region, postcode, country */
} addresses[] = {
    {"GB",
     {"12 ST MARY'S RD.", NULL, "STOKE-ON-TRENT", "staffs", "st11aa", "England"},
     {"12 St Mary's Road", NULL, "Stoke-on-Trent", "Staffs", "ST1 1AA", "GB"}},
    {"GB",
     {"hauptstr. 5", "", "BERLIN", NULL, "D-10115", "D"},
     {"Hauptstraße 5", NULL, "Berlin", NULL, "10115", "DE"}},
    {"US",
     {"n/a", " 12 main st ", "new york,", "ny", "100011234", NULL},
     {"12 Main Street", NULL, "New York", "NY", "10001-1234", NULL}},
    {"GB",
     {"10 Downing Street", NULL, "London", NULL, "sw1a2aa", NULL},
     {"10 Downing Street", NULL, "London", NULL, "SW1A 2AA", NULL}},
    {"GB",
     {"1 High St", NULL, "Mixed CaSe", NULL, "not one", "Freedonia"},
     {"1 High Street", NULL, "Mixed CaSe", NULL, "NOT ONE", NULL}},
    {"", {NULL, NULL, NULL, NULL, NULL, "unknown"}, {NULL, NULL, NULL, NULL, NULL, NULL}},
};

static void addresses_are_put_in_order(void **state)
{
    struct countries c;
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    assert_int_equal(countries_init(&c), 0);
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        const char *const *in = addresses[i].in, *const *out = addresses[i].out;
        struct postal p = {or_null(in[0]), or_null(in[1]), or_null(in[2]),
                           or_null(in[3]), or_null(in[4]), or_null(in[5])};
        assert_int_equal(address_standard(&p, slice_str(addresses[i].home), &c, &a), 0);
        same(p.line1, out[0], in[0]);
        same(p.line2, out[1], in[0]);
        same(p.city, out[2], in[0]);
        same(p.region, out[3], in[0]);
        same(p.postcode, out[4], in[0]);
        same(p.country, out[5], in[0]);
    }
    countries_done(&c);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(abbreviations_take_one_form),
        cmocka_unit_test(addresses_are_put_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
