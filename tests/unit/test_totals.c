#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "core/decimal.h"
#include "core/totals.h"

/* Four rows in; one to each of the other classes. */
static struct totals balanced(void)
{
    struct totals t = {0};
    for (uint64_t key = 1; key <= 4; key++) {
        uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);
        totals_row(&t, TOTALS_IN, hash);
        totals_row(&t, (enum totals_class)key, hash);
        assert_true(totals_money_add(&t, TOTALS_IN, SLICE_LIT("GBP"), (decimal128)key * 12345));
        assert_true(totals_money_add(&t, (enum totals_class)key, SLICE_LIT("GBP"),
                                     (decimal128)key * 12345));
    }
    return t;
}

static void what_balances_passes(void **state)
{
    (void)state;
    struct totals t = balanced(), none = {0};
    struct error err = {0};
    assert_int_equal(totals_check(&t, "map", &err), 0);
    assert_int_equal(totals_check(&none, "map", &err), 0);
}

static void a_lost_row_is_told(void **state)
{
    (void)state;
    struct totals t = balanced();
    struct error err = {0};
    totals_row(&t, TOTALS_IN, 0);
    assert_int_equal(totals_check(&t, "map", &err), ERR_DATA);
    assert_string_equal(err.text, "'map' does not balance: 5 rows in, but 1 out, 1 rejected, 1 "
                                  "filtered and 1 duplicates make 4");
}

static void a_row_swapped_for_another_is_told(void **state)
{
    (void)state;
    struct totals t = balanced();
    struct error err = {0};
    totals_row(&t, TOTALS_IN, 77);
    totals_row(&t, TOTALS_OUT, 78);
    assert_int_equal(totals_check(&t, "map", &err), ERR_DATA);
    assert_non_null(strstr(err.text, "not the same keys"));
}

static void a_lost_penny_is_told(void **state)
{
    (void)state;
    struct totals t = balanced();
    struct error err = {0};
    assert_true(totals_money_add(&t, TOTALS_IN, SLICE_LIT("EUR"), 100));
    assert_int_equal(totals_check(&t, "map", &err), ERR_DATA);
    assert_string_equal(err.text,
                        "'map' does not balance: 0.0100 EUR in, but 0.0000 accounted for");
}

static void the_order_of_rows_and_parts_does_not_matter(void **state)
{
    (void)state;
    struct totals a = {0}, b = {0}, whole = {0};
    const char *currencies[] = {"USD", "EUR", "", "JPY", "CHF"};
    for (int i = 0; i < 5; i++) {
        assert_true(totals_money_add(i % 2 ? &a : &b, TOTALS_IN, slice_str(currencies[i]), i + 1));
        assert_true(totals_money_add(&whole, TOTALS_IN, slice_str(currencies[4 - i]), 5 - i));
        totals_row(i % 2 ? &a : &b, TOTALS_IN, UINT64_MAX - (uint64_t)i);
        totals_row(&whole, TOTALS_IN, UINT64_MAX - (uint64_t)(4 - i));
    }
    totals_merge(&a, &b);
    struct buffer x = {0}, y = {0};
    assert_int_equal(totals_json(&a, &x), 0);
    assert_int_equal(totals_json(&whole, &y), 0);
    assert_true(slice_equal(buffer_view(&x), buffer_view(&y)));
    buffer_done(&x);
    buffer_done(&y);
}

static void what_cannot_be_summed_is_refused(void **state)
{
    (void)state;
    struct totals t = {0};
    decimal128 most = decimal_power(38) - 1;
    assert_false(totals_money_add(&t, TOTALS_IN, SLICE_LIT("EURO"), 1));
    assert_false(totals_money_add(&t, TOTALS_IN, SLICE_LIT("\xe2\x82\xac"), 1));
    assert_int_equal(t.n_money, 0);
    assert_true(totals_money_add(&t, TOTALS_IN, SLICE_LIT("EUR"), most));
    assert_false(totals_money_add(&t, TOTALS_IN, SLICE_LIT("EUR"), most));
    assert_true(t.money[0].sum[TOTALS_IN] == most);
}

static void too_many_currencies_are_refused_and_fail_the_check(void **state)
{
    (void)state;
    struct totals t = {0}, more = {0};
    for (int i = 0; i < TOTALS_CURRENCIES; i++) {
        char name[16];
        snprintf(name, sizeof name, "%03d", i);
        assert_true(totals_money_add(&t, TOTALS_FILTERED, slice_str(name), 0));
    }
    assert_false(totals_money_add(&t, TOTALS_IN, SLICE_LIT("XXX"), 1));
    assert_true(totals_money_add(&t, TOTALS_IN, SLICE_LIT("007"), 0));
    assert_true(totals_money_add(&more, TOTALS_IN, SLICE_LIT("XXX"), 0));
    totals_merge(&t, &more);
    struct error err = {0};
    assert_int_equal(totals_check(&t, "map", &err), ERR_DATA);
    assert_non_null(strstr(err.text, "too many currencies"));
}

static void json_comes_back_as_it_went(void **state)
{
    (void)state;
    struct totals t = balanced(), back;
    t.keys[TOTALS_OUT] = UINT64_MAX;
    t.unread_amounts = 7;
    assert_true(totals_money_add(&t, TOTALS_REJECTED, SLICE_LIT("\"\\"), -decimal_power(37)));
    struct buffer first = {0}, second = {0};
    struct error err = {0};
    assert_int_equal(totals_json(&t, &first), 0);
    assert_int_equal(totals_parse(buffer_view(&first), &back, &err), 0);
    assert_int_equal(back.unread_amounts, 7);
    assert_true(back.keys[TOTALS_OUT] == UINT64_MAX);
    assert_int_equal(back.n_money, 2);
    assert_int_equal(totals_json(&back, &second), 0);
    assert_true(slice_equal(buffer_view(&first), buffer_view(&second)));
    buffer_done(&first);
    buffer_done(&second);
}

static void json_looks_as_documented(void **state)
{
    (void)state;
    struct totals t = {0};
    totals_row(&t, TOTALS_IN, 0x1122);
    assert_true(totals_money_add(&t, TOTALS_IN, SLICE_LIT("EUR"), 120000));
    struct buffer b = {0};
    assert_int_equal(totals_json(&t, &b), 0);
    const char *want =
        "{\"rows\":{\"in\":1,\"out\":0,\"rejected\":0,\"filtered\":0,\"duplicates\":0},"
        "\"keys\":{\"in\":\"0000000000001122\",\"out\":\"0000000000000000\","
        "\"rejected\":\"0000000000000000\",\"filtered\":\"0000000000000000\","
        "\"duplicates\":\"0000000000000000\"},\"unread_amounts\":0,"
        "\"money\":{\"EUR\":{\"in\":\"12.0000\",\"out\":\"0.0000\",\"rejected\":\"0.0000\","
        "\"filtered\":\"0.0000\",\"duplicates\":\"0.0000\"}}}";
    assert_int_equal(buffer_putc(&b, 0), 0);
    assert_string_equal((char *)b.data, want);
    buffer_done(&b);
}

static void damaged_json_is_refused_whole(void **state)
{
    (void)state;
    struct totals t = balanced(), back = {.n_money = -5};
    struct buffer b = {0};
    struct error err = {0};
    assert_int_equal(totals_json(&t, &b), 0);
    for (size_t len = 0; len < b.len; len++)
        assert_int_equal(totals_parse(slice_of((char *)b.data, len), &back, &err), ERR_DATA);
    const char *wrong[] = {"[]", "{}", "null", "{\"rows\":{\"in\":1}}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(totals_parse(slice_str(wrong[i]), &back, &err), ERR_DATA);
    char *key = memmem(b.data, b.len, "GBP", 3);
    memcpy(key, "\xff\xfe!", 3);
    assert_int_equal(totals_parse(buffer_view(&b), &back, &err), ERR_DATA);
    assert_int_equal(back.n_money, -5);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_balances_passes),
        cmocka_unit_test(a_lost_row_is_told),
        cmocka_unit_test(a_row_swapped_for_another_is_told),
        cmocka_unit_test(a_lost_penny_is_told),
        cmocka_unit_test(the_order_of_rows_and_parts_does_not_matter),
        cmocka_unit_test(what_cannot_be_summed_is_refused),
        cmocka_unit_test(too_many_currencies_are_refused_and_fail_the_check),
        cmocka_unit_test(json_comes_back_as_it_went),
        cmocka_unit_test(json_looks_as_documented),
        cmocka_unit_test(damaged_json_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
