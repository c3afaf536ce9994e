#include "tests/unit/rows.h"

#include <stdio.h>

#include "connectors/delta/file_stats.h"
#include "connectors/delta/partition.h"
#include "connectors/delta/row_key.h"
#include "connectors/delta/spark_schema.h"

static void key_of(const char *type, const char *text, struct buffer *out)
{
    struct field f = {.name = SLICE_LIT("x")};
    struct error err = {0};
    assert_int_equal(type_parse(slice_str(type), &f, &err), 0);
    buffer_reset(out);
    assert_int_equal(row_key_text(&f, slice_str(text), out), 1);
}

static void keys_compare_as_their_values_do(void **state)
{
    (void)state;
    const char *rising[][8] = {
        {"int32", "-2147483648", "-1", "0", "1", "2147483647"},
        {"int64", "-9223372036854775808", "-256", "-1", "0", "255", "256"},
        {"float64", "-1e300", "-1.5", "-1e-300", "0", "1e-300", "2", "1e300"},
        {"float32", "-3.5", "-0.25", "0", "0.25", "3.5"},
        {"decimal(38,2)", "-99999999999999999999.00", "-0.01", "0.00", "0.01",
         "18446744073709551616.00"},
        {"utf8", "a", "a b", "aa", "ab", "b", "\xc3\xa9"},
        {"date", "0001-01-01", "1969-12-31", "1970-01-01", "9999-12-31"},
        {"timestamp", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z",
         "2026-01-01T00:00:00Z"},
        {"bool", "false", "true"},
    };
    struct buffer a = {0}, b = {0};
    for (size_t t = 0; t < sizeof rising / sizeof *rising; t++)
        for (int i = 1; i + 1 < 8 && rising[t][i + 1]; i++) {
            key_of(rising[t][0], rising[t][i], &a);
            key_of(rising[t][0], rising[t][i + 1], &b);
            if (slice_compare(buffer_view(&a), buffer_view(&b)) >= 0)
                fail_msg("%s: %s is not before %s", rising[t][0], rising[t][i], rising[t][i + 1]);
        }
    key_of("float64", "0", &a);
    key_of("float64", "-0", &b);
    assert_true(slice_equal(buffer_view(&a), buffer_view(&b)));
    buffer_done(&a);
    buffer_done(&b);
}

static void columns_do_not_run_into_each_other(void **state)
{
    (void)state;
    struct schema *s = rows_schema("a utf8, b utf8");
    struct batch *b =
        rows_batch(s, (const char *const[]){"a|bc", "ab|c", "~|abc", "|abc", "abc|~"}, 5);
    struct buffer keys[5] = {{0}};
    for (int i = 0; i < 5; i++)
        assert_int_equal(row_key_columns(b, i, NULL, 2, &keys[i]), 0);
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < i; k++)
            assert_false(slice_equal(buffer_view(&keys[i]), buffer_view(&keys[k])));
    for (int i = 0; i < 5; i++)
        buffer_done(&keys[i]);
    batch_free(b);
    schema_unref(s);
}

static void expressions_are_columns_and_parts_of_times(void **state)
{
    (void)state;
    struct arena a = {0};
    struct partition_part *parts;
    struct error err = {0};
    int n;
    assert_int_equal(partition_parse(SLICE_LIT(" source , month( at )"), &a, &parts, &n, &err), 0);
    assert_int_equal(n, 2);
    assert_int_equal(parts[0].kind, PARTITION_COLUMN);
    assert_string_equal(parts[0].name.ptr, "source");
    assert_int_equal(parts[1].kind, PARTITION_MONTH);
    assert_string_equal(parts[1].from.ptr, "at");
    assert_true(slice_equal(parts[1].name, SLICE_LIT("month")));
    assert_int_equal(partition_parse(SLICE_LIT(""), &a, &parts, &n, &err), 0);
    assert_int_equal(n, 0);
    const char *bad[] = {",",  "a,", "day(a)", "month(", "month()", "a)b(", "month(a),month(b)",
                         "a,A"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(partition_parse(slice_str(bad[i]), &a, &parts, &n, &err), ERR_CONFIG);
    arena_done(&a);
}

static void folders_come_back_as_names_and_values(void **state)
{
    (void)state;
    const char *values[] = {"a", "..", "a/b", "50%", "=", "", "\xc3\xa9", "a%2Fb", "\n", NULL};
    struct arena a = {0};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct buffer out = {0};
        struct slice name, value, want = slice_str(values[i]);
        assert_int_equal(partition_folder(SLICE_LIT("n=%"), want, &out), 0);
        assert_null(memchr(out.data, '/', out.len));
        assert_int_equal(partition_of_folder(buffer_view(&out), &a, &name, &value), 1);
        assert_true(slice_equal(name, SLICE_LIT("n=%")));
        assert_true(slice_equal(value, want));
        assert_int_equal(value.ptr == NULL, values[i] == NULL);
        buffer_done(&out);
    }
    struct slice name, value;
    assert_int_equal(partition_of_folder(SLICE_LIT("plain"), &a, &name, &value), 0);
    assert_int_equal(partition_of_folder(SLICE_LIT("=x"), &a, &name, &value), 0);
    assert_int_equal(partition_of_folder(SLICE_LIT("a=%z"), &a, &name, &value), 0);
    arena_done(&a);
}

static void paths_survive_their_escapes_and_stay_inside(void **state)
{
    (void)state;
    struct buffer uri = {0}, path = {0};
    struct slice odd = SLICE_LIT("a=b%20c/\xc3\xa9 x/part.parquet");
    assert_int_equal(path_encode(odd, &uri), 0);
    assert_true(slice_equal(buffer_view(&uri), SLICE_LIT("a=b%2520c/%C3%A9%20x/part.parquet")));
    assert_int_equal(path_decode(buffer_view(&uri), &path), 1);
    assert_true(slice_equal(buffer_view(&path), odd));
    const char *bad[] = {"",    "/a",   "..",       "a/../b", "%2e%2e/a",
                         "a/.", "a//b", "s3://b/a", "file:a", "a%",
                         "a%0", "a%0g", "%2fetc",   "a/",     "a%2f%2e%2e/b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        buffer_reset(&path);
        if (path_decode(slice_str(bad[i]), &path) != 0)
            fail_msg("'%s' is taken", bad[i]);
    }
    buffer_reset(&path);
    assert_int_equal(path_decode(slice_of("a%00b", 5), &path), 0);
    buffer_done(&uri);
    buffer_done(&path);
}

static void schemas_come_back_from_their_text(void **state)
{
    (void)state;
    struct schema *s =
        rows_schema("a utf8, b int32, c int64, d float32, e float64, f bool, g binary,"
                    "h date, i timestamp, j decimal(38,10)");
    struct field inner = {.name = SLICE_LIT("item"), .type = TYPE_UTF8};
    struct field nested[] = {
        {.name = SLICE_LIT("list"), .type = TYPE_LIST, .n_children = 1, .children = &inner},
        {.name = SLICE_LIT("rec"), .type = TYPE_STRUCT, .n_children = 10, .children = s->fields}};
    struct schema *all = schema_insert(s, 10, nested, 2), *back;
    struct arena a = {0};
    struct error err = {0};
    char *text;
    int *required;
    const char *rules;
    assert_int_equal(spark_schema_text(all, &text, &err), 0);
    assert_int_equal(spark_schema_parse(text, &a, &back, &required, &rules, &err), 0);
    assert_true(schema_equal(all, back));
    assert_null(rules);
    free(text);
    free(required);
    schema_unref(s);
    schema_unref(all);
    schema_unref(back);
    arena_done(&a);
}

static void types_that_we_lack_are_named(void **state)
{
    (void)state;
    const char *types[] = {"\"timestamp_ntz\"",
                           "\"variant\"",
                           "\"decimal(39,0)\"",
                           "\"decimal(3,4)\"",
                           "{\"type\":\"map\",\"keyType\":\"string\"}",
                           "7",
                           "null"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct arena a = {0};
        struct schema *s;
        struct error err = {0};
        int *required;
        const char *rules;
        char text[300];
        snprintf(text, sizeof text,
                 "{\"type\":\"struct\",\"fields\":[{\"name\":\"odd\",\"type\":%s}]}", types[i]);
        assert_int_equal(spark_schema_parse(text, &a, &s, &required, &rules, &err), ERR_DATA);
        assert_non_null(strstr(err.text, "'odd'"));
        arena_done(&a);
    }
}

static void statistics_are_written_as_readers_take_them(void **state)
{
    (void)state;
    struct schema *s =
        rows_schema("n int64, t timestamp, s utf8, d decimal(10,2), b bool, f float64");
    struct parquet_column_stats stats[] = {
        {.null_count = 1, .has_bounds = 1, .min = "-3", .max = "12"},
        {.has_bounds = 1,
         .min = "1969-12-31T23:59:59.999999Z",
         .max = "2026-03-01T12:00:00.000001Z"},
        {.has_bounds = 1, .min = "a\"b", .max = "\xc3\xa9"},
        {.has_bounds = 1, .min = "0.10", .max = "12.00"},
        {.has_bounds = 1, .min = "false", .max = "true"},
        {.has_bounds = 1, .min = "-inf", .max = "1"},
    };
    struct error err = {0};
    char *text;
    assert_int_equal(file_stats_text(s, stats, 7, &text, &err), 0);
    assert_string_equal(
        text,
        "{\"numRecords\":7,"
        "\"minValues\":{\"n\":-3,\"t\":\"1969-12-31T23:59:59.999Z\",\"s\":\"a\\\"b\",\"d\":0.10},"
        "\"maxValues\":{\"n\":12,\"t\":\"2026-03-01T12:00:00.001Z\",\"s\":\"\xc3\xa9\",\"d\":12.00}"
        ","
        "\"nullCount\":{\"n\":1,\"t\":0,\"s\":0,\"d\":0,\"b\":0,\"f\":0}}");
    struct buffer min = {0}, max = {0}, want = {0};
    assert_int_equal(file_stats_bounds(slice_str(text), &s->fields[0], &min, &max), 1);
    key_of("int64", "12", &want);
    assert_true(slice_equal(buffer_view(&max), buffer_view(&want)));
    for (int i = 3; i < s->n_fields; i++)
        assert_int_equal(file_stats_bounds(slice_str(text), &s->fields[i], &min, &max), 0);
    assert_int_equal(file_stats_bounds(SLICE_LIT("not json"), &s->fields[0], &min, &max), 0);
    buffer_done(&min);
    buffer_done(&max);
    buffer_done(&want);
    free(text);
    schema_unref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_compare_as_their_values_do),
        cmocka_unit_test(columns_do_not_run_into_each_other),
        cmocka_unit_test(expressions_are_columns_and_parts_of_times),
        cmocka_unit_test(folders_come_back_as_names_and_values),
        cmocka_unit_test(paths_survive_their_escapes_and_stay_inside),
        cmocka_unit_test(schemas_come_back_from_their_text),
        cmocka_unit_test(types_that_we_lack_are_named),
        cmocka_unit_test(statistics_are_written_as_readers_take_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
