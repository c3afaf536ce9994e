#include "tests/unit/unit.h"

#include "schemas/contact.h"
#include "transform/map/email.h"
#include "transform/map/phone.h"

struct pair {
    const char *in, *out;
};

static void emails_are_found_and_lowered(void **state)
{
    static const struct pair cases[] = {
        {" Ann.Lee@Example.COM ", "ann.lee@example.com|"},
        {"mailto:ann@x.org", "ann@x.org|"},
        {"Ann Lee <ann@x.org>", "ann@x.org|"},
        {"a.b@x.org; c@y.co.uk", "a.b@x.org|c@y.co.uk|"},
        {"a.b@x.org,c@y.co.uk.", "a.b@x.org|c@y.co.uk|"},
        {"JÖRG@MÜLLER.DE", "jörg@müller.de|"},
        {"n/a", ""},
        {"ann@", ""},
        {"ann@localhost", ""},
        {"ann..lee@x.org", ""},
        {"ann@x..org", ""},
        {"test@test.com", ""},
        {"noemail@acme.com", ""},
        {"tess@test.com", "tess@test.com|"},
        {"none@none.com", ""},
        {"ann@gmial.com", "ann@gmial.com|"},
        {"", ""},
    };
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice rest = slice_str(cases[i].in), email;
        char all[200] = "";
        while (email_take(&rest, &a, &email) > 0) {
            strncat(all, email.ptr, email.len);
            strcat(all, "|");
        }
        assert_string_equal(all, cases[i].out);
    }
    arena_done(&a);
}

static void emails_are_valid_or_not(void **state)
{
    static const struct {
        const char *email;
        int valid;
    } cases[] = {
        {"a@b.co", 1},      {"a+b@c-d.org", 1},    {"a@b", 0},
        {"@b.co", 0},       {"a@-b.co", 0},        {"a@b.c", 0},
        {"a@b.1o", 0},      {"a b@c.de", 0},       {".a@b.co", 0},
        {"a.@b.co", 0},     {"a@@b.co", 0},        {"a@b.co.", 0},
        {"o'neil@b.ie", 1}, {"a@b_c.de", 0},       {"a@[1.2.3.4]", 0},
        {"a@1.2.3.4", 0},   {"jörg@müller.de", 1}, {"", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (email_valid(slice_str(cases[i].email)) != cases[i].valid)
            fail_msg("'%s' should be %d", cases[i].email, cases[i].valid);
}

static void slips_in_domains_are_flagged(void **state)
{
    (void)state;
    assert_string_equal(email_slip(SLICE_LIT("ann@gmial.com")), "gmail.com");
    assert_string_equal(email_slip(SLICE_LIT("ann@hotmail.con")), "hotmail.com");
    assert_null(email_slip(SLICE_LIT("ann@gmail.com")));
    assert_null(email_slip(SLICE_LIT("ann")));
}

static void phones_become_e164(void **state)
{
    static const struct {
        const char *home, *in, *out;
    } cases[] = {
        {"GB", "020 7946 0958", "+442079460958|"},
        {"GB", "(020) 7946 0958 ext. 12", "+442079460958|"},
        {"GB", "+44 (0)20 7946 0958", "+442079460958|"},
        {"GB", "0044 20 7946 0958", "+442079460958|"},
        {"GB", "44 7700 900123", "+447700900123|"},
        {"GB", "07700900123 x5", "+447700900123|"},
        {"GB", "7700900123", "+447700900123|"},
        {"GB", "Tel: 07700 900123 (home)", "+447700900123|"},
        {"GB", "020 7946 0958 / 07700 900123", "+442079460958|+447700900123|"},
        {"DE", "030/1234567", "+49301234567|"},
        {"DE", "+49 (0) 30 1234567", "+49301234567|"},
        {"DE", "0151 23456789", "+4915123456789|"},
        {"US", "(212) 555-0187", "+12125550187|"},
        {"US", "1-212-555-0187", "+12125550187|"},
        {"US", "011 44 20 7946 0958", "+442079460958|"},
        {"US", "112-555-0187", ""},
        {"US", "212-155-0187", ""},
        {"FR", "01 42 68 53 00", "+33142685300|"},
        {"FR", "+33 (0)1 42 68 53 00", "+33142685300|"},
        {"IT", "06 6982 1234", "+390669821234|"},
        {"RU", "8 (495) 123-45-67", "+74951234567|"},
        {"HU", "06 1 234 5678", "+3612345678|"},
        {"AU", "0011 44 20 7946 0958", "+442079460958|"},
        {"BR", "0 21 11 91234-5678", "+5511912345678|"},
        {"", "+14155550132", "+14155550132|"},
        {"", "0044 20 7946 0958", "+442079460958|"},
        {"", "020 7946 0958", ""},
        {"GB", "0000000000", ""},
        {"GB", "1234567890", ""},
        {"GB", "12345", ""},
        {"GB", "n/a", ""},
        {"GB", "+999 123456789", ""},
        {"GB", "123456789012345678901234567890", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct phone_plan *home = phone_plan_of(slice_str(cases[i].home));
        struct slice rest = slice_str(cases[i].in);
        char one[PHONE_TEXT], all[200] = "";
        size_t len;
        while ((len = phone_take(&rest, home, one)) > 0) {
            assert_true(phone_valid(slice_of(one, len)));
            strncat(all, one, len);
            strcat(all, "|");
        }
        if (strcmp(all, cases[i].out) != 0)
            fail_msg("'%s' of '%s': '%s', not '%s'", cases[i].in, cases[i].home, all, cases[i].out);
    }
}

static void postcodes_are_written_as_their_country_does(void **state)
{
    static const struct {
        const char *country, *in, *out;
    } cases[] = {
        {"GB", "sw1a1aa", "SW1A 1AA"}, {"GB", "m1 1ae", "M1 1AE"},
        {"GB", "12345", ""},           {"US", "902101234", "90210-1234"},
        {"US", "90210", "90210"},      {"US", "2134", "02134"},
        {"NL", "1012ab", "1012 AB"},   {"CA", "k1a-0b1", "K1A 0B1"},
        {"DE", "D-10115", "10115"},    {"CH", "CH 8000", "8000"},
        {"SE", "11455", "114 55"},     {"PL", "00950", "00-950"},
        {"PT", "1000205", "1000-205"}, {"IE", "d02af30", "D02 AF30"},
        {"JP", "1000001", "100-0001"}, {"BR", "01310100", "01310-100"},
        {"ZZ", "12345", ""},           {"GB", "", ""},
        {"DE", "ABCDE", ""},           {"MT", "vlt1117", "VLT 1117"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[POSTCODE_TEXT];
        struct slice country = slice_str(cases[i].country);
        size_t n = postcode_format(slice_str(cases[i].in), country, text);
        if (!slice_equal(slice_of(text, n), slice_str(cases[i].out)))
            fail_msg("'%s' of %s: '%.*s', not '%s'", cases[i].in, cases[i].country, (int)n, text,
                     cases[i].out);
        if (n)
            assert_true(postcode_valid(slice_of(text, n), country));
        assert_int_equal(postcode_valid(slice_str(cases[i].in), country),
                         n > 0 && slice_equal(slice_of(text, n), slice_str(cases[i].in)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emails_are_found_and_lowered),
        cmocka_unit_test(emails_are_valid_or_not),
        cmocka_unit_test(slips_in_domains_are_flagged),
        cmocka_unit_test(phones_become_e164),
        cmocka_unit_test(postcodes_are_written_as_their_country_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
