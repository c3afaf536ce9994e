#include "tests/unit/unit.h"

#include "transform/map/date.h"
#include "transform/map/zone.h"

/* The moment as UTC, by its own zone if it has one; "" when it is none. */
static void check(int parsed, const struct moment *m, const char *in, const char *wanted)
{
    char text[40] = "";
    size_t n = 0;
    if (parsed)
        n = timestamp_text(calendar_micros(&m->civil) - (int64_t)m->zone_seconds * 1000000, text);
    if (!slice_equal(slice_of(text, n), slice_str(wanted)))
        fail_msg("'%s': '%.*s', not '%s'", in, (int)n, text, wanted);
}

static void formats_read_what_they_say(void **state)
{
    static const struct {
        const char *format, *in, *out;
    } cases[] = {
        {"%d.%m.%Y", "01.03.2026", "2026-03-01T00:00:00Z"},
        {"%d.%m.%Y", "1.3.2026", "2026-03-01T00:00:00Z"},
        {"%d.%m.%Y", "31.02.2026", ""},
        {"%d.%m.%Y", "29.02.2024", "2024-02-29T00:00:00Z"},
        {"%d.%m.%Y", "01.13.2026", ""},
        {"%d.%m.%Y", "01.03.26", ""},
        {"%d.%m.%Y", "01.03.2026x", ""},
        {"%d.%m.%Y", "", ""},
        {"%d.%m.%y", "01.03.26", "2026-03-01T00:00:00Z"},
        {"%d.%m.%y", "01.03.69", "1969-03-01T00:00:00Z"},
        {"%Y%m%d", "20260301", "2026-03-01T00:00:00Z"},
        {"%Y%m%d", "2026031", "2026-03-01T00:00:00Z"},
        {"%Y%m%d", "20261301", ""},
        {"%d %b %Y", "1 Mar 2026", "2026-03-01T00:00:00Z"},
        {"%d. %B %Y", "1. März 2026", "2026-03-01T00:00:00Z"},
        {"%d %B %Y", "14 février 2026", "2026-02-14T00:00:00Z"},
        {"%d-%b-%y", "07-DEC-99", "1999-12-07T00:00:00Z"},
        {"%d %b %Y", "1 Foo 2026", ""},
        {"%Y-%j", "2026-060", "2026-03-01T00:00:00Z"},
        {"%Y-%j", "2026-366", ""},
        {"%d.%m.%Y %H:%M", "01.03.2026 23:59", "2026-03-01T23:59:00Z"},
        {"%d.%m.%Y %H:%M", "01.03.2026 24:00", ""},
        {"%d.%m.%Y %T", "01.03.2026 12:34:56", "2026-03-01T12:34:56Z"},
        {"%m/%d/%Y %I:%M %p", "03/01/2026 12:05 AM", "2026-03-01T00:05:00Z"},
        {"%m/%d/%Y %I:%M %p", "03/01/2026 1:05 pm", "2026-03-01T13:05:00Z"},
        {"%m/%d/%Y %I:%M %p", "03/01/2026 13:05 PM", ""},
        {"%FT%T.%f%z", "2026-03-01T12:00:00.25+01:00", "2026-03-01T11:00:00.250000Z"},
        {"%F %T %z", "2026-03-01 12:00:00 -0530", "2026-03-01T17:30:00Z"},
        {"%F %T%z", "2026-03-01 12:00:00Z", "2026-03-01T12:00:00Z"},
        {"%s", "1772366400", "2026-03-01T12:00:00Z"},
        {"%s", "-1", "1969-12-31T23:59:59Z"},
        {"%a, %d %b %Y", "Sun, 01 Mar 2026", "2026-03-01T00:00:00Z"},
        {"100%% %Y", "100% 2026", "2026-01-01T00:00:00Z"},
        {"%H:%M:%S %d/%m/%Y", "23:59:60 30/06/2015", "2015-06-30T23:59:59Z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct moment m;
        int parsed = date_parse_format(slice_str(cases[i].in), slice_str(cases[i].format), &m);
        assert_int_equal(date_format_check(slice_str(cases[i].format), NULL), 0);
        check(parsed, &m, cases[i].in, cases[i].out);
    }
}

static void usual_dates_need_no_format(void **state)
{
    static const struct {
        const char *region, *in, *out;
    } cases[] = {
        {"GB", "2026-03-01", "2026-03-01T00:00:00Z"},
        {"GB", "01/03/2026", "2026-03-01T00:00:00Z"},
        {"US", "03/01/2026", "2026-03-01T00:00:00Z"},
        {"US", "13/01/2026", ""},
        {"DE", "1.3.2026", "2026-03-01T00:00:00Z"},
        {"DE", "1.3.2026 12:30", "2026-03-01T12:30:00Z"},
        {"", "20260301", "2026-03-01T00:00:00Z"},
        {"", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"},
        {"", "2026-03-01T12:00:00.123+02:00", "2026-03-01T10:00:00.123000Z"},
        {"", "2026-03-01 12:00:00", "2026-03-01T12:00:00Z"},
        {"", "1 March 2026", "2026-03-01T00:00:00Z"},
        {"US", "March 1, 2026", "2026-03-01T00:00:00Z"},
        {"", "2026-02-30", ""},
        {"", "soon", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct moment m;
        int parsed = date_parse_usual(slice_str(cases[i].in), slice_str(cases[i].region), &m);
        check(parsed, &m, cases[i].in, cases[i].out);
    }
}

static void a_conversion_that_does_not_exist_is_told(void **state)
{
    struct error err;

    (void)state;
    assert_int_equal(date_format_check(SLICE_LIT("%d.%Q"), &err), ERR_CONFIG);
    assert_non_null(strstr(err.text, "%Q"));
    assert_int_equal(date_format_check(SLICE_LIT("%d.%"), &err), ERR_CONFIG);
}

static void local_times_become_utc(void **state)
{
    static const struct {
        const char *zone, *local, *utc;
    } cases[] = {
        {"", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"},
        {"UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"},
        {"Europe/London", "2026-01-15T12:00:00Z", "2026-01-15T12:00:00Z"},
        {"Europe/London", "2026-07-15T12:00:00Z", "2026-07-15T11:00:00Z"},
        {"Europe/Berlin", "2026-01-15T00:30:00Z", "2026-01-14T23:30:00Z"},
        /* 29 March 2026, 02:00 becomes 03:00: 02:30 does not exist. */
        {"Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"},
        {"Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"},
        {"Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"},
        /* 25 October 2026, 03:00 becomes 02:00: 02:30 comes twice, the first is meant. */
        {"Europe/Berlin", "2026-10-25T01:59:00Z", "2026-10-24T23:59:00Z"},
        {"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"},
        {"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
        {"America/New_York", "2026-07-04T12:00:00Z", "2026-07-04T16:00:00Z"},
        {"Asia/Kolkata", "2026-07-04T12:00:00Z", "2026-07-04T06:30:00Z"},
        {"Europe/Berlin", "1945-07-01T12:00:00Z", "1945-07-01T09:00:00Z"},
        {"America/New_York", "2090-07-04T12:00:00Z", "2090-07-04T16:00:00Z"},
    };
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct zone *z;
        int64_t local;
        char text[40];
        assert_int_equal(zone_open(slice_str(cases[i].zone), &a, &z, NULL), 0);
        assert_true(timestamp_parse(slice_str(cases[i].local), &local));
        size_t n = timestamp_text(zone_to_utc(z, local), text);
        if (!slice_equal(slice_of(text, n), slice_str(cases[i].utc)))
            fail_msg("%s in %s: %.*s, not %s", cases[i].local, cases[i].zone, (int)n, text,
                     cases[i].utc);
    }
    arena_done(&a);
}

static void an_unknown_zone_is_told(void **state)
{
    const struct zone *z;
    struct error err;
    struct arena a;

    (void)state;
    arena_init(&a, 0);
    assert_int_equal(zone_open(SLICE_LIT("Europe/Lundun"), &a, &z, &err), ERR_CONFIG);
    assert_non_null(strstr(err.text, "Europe/Lundun"));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_read_what_they_say),
        cmocka_unit_test(usual_dates_need_no_format),
        cmocka_unit_test(a_conversion_that_does_not_exist_is_told),
        cmocka_unit_test(local_times_become_utc),
        cmocka_unit_test(an_unknown_zone_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
