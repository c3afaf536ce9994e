/* Types, builders, batches, values as text, decimals, dates, streams. */

#include "tests/unit/unit.h"

#include "core/builder.h"
#include "core/calendar.h"
#include "core/decimal.h"
#include "core/stream.h"

static const struct field text_field = {.name = SLICE_INIT("item"), .type = TYPE_UTF8};
static const struct field fields[] = {
    {.name = SLICE_INIT("n"), .type = TYPE_INT64},
    {.name = SLICE_INIT("flag"), .type = TYPE_BOOL},
    {.name = SLICE_INIT("money"), .type = TYPE_DECIMAL, .precision = 18, .scale = 4},
    {.name = SLICE_INIT("day"), .type = TYPE_DATE},
    {.name = SLICE_INIT("tags"), .type = TYPE_LIST, .n_children = 1, .children = &text_field},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };

/* Row i: nulls where i is a multiple of three, i % 4 tags. */
static struct batch *sample(int rows)
{
    struct schema *schema = schema_new(fields, N_FIELDS);
    struct batch_builder bb;
    struct batch *b;
    assert_int_equal(batch_builder_init(&bb, schema, NULL), 0);
    for (int i = 0; i < rows; i++) {
        for (int c = 0; i % 3 == 0 && c < N_FIELDS; c++)
            assert_int_equal(builder_null(&bb.columns[c]), 0);
        if (i % 3 == 0)
            continue;
        builder_i64(&bb.columns[0], i);
        builder_bool(&bb.columns[1], i % 2);
        builder_decimal(&bb.columns[2], i * 10000 + 5);
        builder_i32(&bb.columns[3], i);
        for (int t = 0; t < i % 4; t++)
            builder_slice(builder_child(&bb.columns[4], 0), SLICE_LIT("t\"ag"));
        builder_close(&bb.columns[4]);
    }
    assert_int_equal(batch_builder_finish(&bb, &b, NULL), 0);
    batch_builder_done(&bb);
    schema_unref(schema);
    return b;
}

static void a_batch_gives_back_what_was_built(void **state)
{
    (void)state;
    struct batch *b = sample(100);
    struct buffer out = {0};
    assert_int_equal(b->n_rows, 100);
    assert_int_equal(b->columns[0].null_count, 34);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(column_null(&b->columns[2], i), i % 3 == 0);
        if (i % 3)
            assert_int_equal(column_i64(&b->columns[0], i), i);
    }
    for (int c = 0; c < N_FIELDS; c++) {
        value_json(&fields[c], &b->columns[c], 7, &out);
        buffer_putc(&out, ' ');
        value_json(&fields[c], &b->columns[c], 9, &out);
        buffer_putc(&out, '|');
    }
    buffer_putc(&out, 0);
    assert_string_equal((char *)out.data, "7 null|true null|7.0005 null|\"1970-01-08\" null|"
                                          "[\"t\\\"ag\",\"t\\\"ag\",\"t\\\"ag\"] null|");
    buffer_done(&out);
    batch_free(b);
}

static void slices_and_concatenation_agree(void **state)
{
    (void)state;
    struct batch *whole = sample(100), *parts[2], *again;
    assert_int_equal(batch_slice(whole, 0, 37, &parts[0], NULL), 0);
    assert_int_equal(batch_slice(whole, 37, 63, &parts[1], NULL), 0);
    assert_int_equal(batch_concat(parts, 2, &again, NULL), 0);
    assert_true(batch_equal(whole, again));
    assert_false(batch_equal(whole, parts[0]));
    batch_free(whole);
    batch_free(again);
    batch_free(parts[0]);
    batch_free(parts[1]);
}

static void text_becomes_typed_values_or_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum type_id type;
        const char *text;
        int want;
    } cases[] = {
        {TYPE_INT64, "-9223372036854775808", 1},
        {TYPE_INT64, "9223372036854775808", 0},
        {TYPE_INT32, "2147483648", 0},
        {TYPE_INT64, "12a", 0},
        {TYPE_INT64, "", 1},
        {TYPE_BOOL, "Yes", 1},
        {TYPE_BOOL, "maybe", 0},
        {TYPE_DATE, "2024-02-29", 1},
        {TYPE_DATE, "2023-02-29", 0},
        {TYPE_TIMESTAMP, "2026-03-01T10:00:00+01:00", 1},
        {TYPE_TIMESTAMP, "2026-03-01T25:00:00Z", 0},
        {TYPE_FLOAT64, "1e-3", 1},
        {TYPE_FLOAT64, "0x10", 0},
        {TYPE_DECIMAL, "12345678901234.5678", 1},
        {TYPE_DECIMAL, "123456789012345.5678", 0},
        {TYPE_DECIMAL, "1.00001", 0},
        {TYPE_DECIMAL, "1.50000", 1},
        {TYPE_DECIMAL, "1,5", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct field f = {
            .name = SLICE_INIT("x"), .type = cases[i].type, .precision = 18, .scale = 4};
        struct builder b;
        builder_init(&b, &f);
        assert_int_equal(builder_text(&b, slice_str(cases[i].text)), cases[i].want);
        assert_int_equal(b.length, cases[i].want);
        builder_done(&b);
    }
}

static void decimals_are_exact(void **state)
{
    (void)state;
    decimal128 v;
    char text[DECIMAL_TEXT];
    assert_int_equal(decimal_parse_marks(SLICE_LIT("-1.234.567,89"), 2, ',', '.', &v), 1);
    assert_true(v == -123456789);
    assert_int_equal(decimal_parse_marks(SLICE_LIT("12.34,5"), 2, ',', '.', &v), 0);
    assert_int_equal(decimal_parse_marks(SLICE_LIT("12,34,567.5"), 2, '.', ',', &v), 1);
    assert_int_equal(decimal_parse(SLICE_LIT("99999999999999999999999999999999999999"), 0, &v), 1);
    assert_int_equal(decimal_text(v, 0, text), 38);
    assert_int_equal(decimal_parse(SLICE_LIT("100000000000000000000000000000000000000"), 0, &v), 0);
    assert_int_equal(decimal_text(-5, 2, text), 5);
    assert_memory_equal(text, "-0.05", 5);
    assert_int_equal(decimal_parse(SLICE_LIT("."), 2, &v), 0);
    assert_int_equal(decimal_rescale(12345, 2, 1, &v), 0);
    assert_int_equal(decimal_rescale(12340, 2, 1, &v), 1);
    assert_true(v == 1234);
}

static void days_and_dates_agree_over_all_years(void **state)
{
    (void)state;
    int32_t day = calendar_days(1, 1, 1);
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int of_month = 1; calendar_valid(year, month, of_month); of_month++, day++) {
                struct civil c;
                if (calendar_days(year, month, of_month) != day)
                    fail_msg("%d-%d-%d", year, month, of_month);
                calendar_civil(day, &c);
                if (c.year != year || c.month != month || c.day != of_month)
                    fail_msg("%d", day);
            }
    assert_int_equal(day - 1, 2932896);
}

static void timestamps_know_zones_and_fractions(void **state)
{
    (void)state;
    int64_t micros;
    char text[40];
    assert_int_equal(timestamp_parse(SLICE_LIT("1969-12-31T23:59:59.5+0530"), &micros), 1);
    assert_int_equal(micros, -500000 - 19800 * INT64_C(1000000));
    size_t len = timestamp_text(micros, text);
    assert_memory_equal(text, "1969-12-31T18:29:59.500000Z", len);
    assert_int_equal(timestamp_parse(SLICE_LIT("2026-03-01 12:30"), &micros), 1);
    len = timestamp_text(micros, text);
    assert_memory_equal(text, "2026-03-01T12:30:00Z", len);
}

static void years_of_more_than_four_digits_keep_them(void **state)
{
    (void)state;
    char text[40];
    size_t len = timestamp_text(INT64_MAX, text);
    assert_int_equal(len, strlen("+294247-01-10T04:00:54.775807Z"));
    assert_memory_equal(text, "+294247-01-10T04:00:54.775807Z", len);
    len = date_text(calendar_days(9999, 12, 31) + 1, text);
    assert_int_equal(len, 12);
    assert_memory_equal(text, "+10000-01-01", len);
    len = date_text(INT32_MIN, text);
    assert_int_equal(len, 14);
    assert_memory_equal(text, "-5877641-06-23", len);
}

static void a_head_and_columns_shape_a_stream(void **state)
{
    (void)state;
    struct batch *parts[2] = {sample(60), sample(60)}, **got;
    struct schema *schema = schema_new(fields, N_FIELDS);
    struct stream *s;
    struct error err;
    int n;
    assert_int_equal(stream_of_batches(schema, parts, 2, &s, &err), 0);
    struct slice names[] = {SLICE_LIT("day"), SLICE_LIT("n")};
    assert_int_equal(stream_columns(s, names, 2, &s, &err), 0);
    assert_int_equal(stream_head(s, 70, &s, &err), 0);
    assert_int_equal(stream_collect(s, &got, &n, &err), 0);
    assert_int_equal(n, 2);
    assert_int_equal(got[1]->n_rows, 10);
    assert_int_equal(got[1]->schema->n_fields, 2);
    assert_int_equal(column_i64(&got[1]->columns[1], 7), 7);
    batches_free(got, n);
    stream_close(s);
    assert_int_equal(stream_of_batches(schema, parts, 0, &s, &err), 0);
    struct slice wrong = SLICE_LIT("dya");
    assert_int_equal(stream_columns(s, &wrong, 1, &s, &err), ERR_USAGE);
    assert_string_equal(err.text, "no column 'dya': did you mean 'day'?");
    schema_unref(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_gives_back_what_was_built),
        cmocka_unit_test(slices_and_concatenation_agree),
        cmocka_unit_test(text_becomes_typed_values_or_is_refused),
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(days_and_dates_agree_over_all_years),
        cmocka_unit_test(timestamps_know_zones_and_fractions),
        cmocka_unit_test(years_of_more_than_four_digits_keep_them),
        cmocka_unit_test(a_head_and_columns_shape_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
