/* Tables for a terminal: widths, cuts, and nothing in the data that a terminal would obey. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/json.h"
#include "connectors/table_text.h"
#include "core/builder.h"
#include "core/file.h"
#include "tests/unit/unit.h"

static void shows(struct slice text, int most, const char *want, int want_width)
{
    struct buffer b = {0};
    int width = -1;
    assert_int_equal(table_cell(text, most, &b, &width), 0);
    buffer_putc(&b, 0);
    assert_string_equal((const char *)b.data, want);
    assert_int_equal(width, want_width);
    buffer_done(&b);
}

static void text_is_as_wide_as_it_looks(void **state)
{
    (void)state;
    shows(SLICE_LIT("abc"), 0, "abc", 3);
    shows(SLICE_LIT(""), 5, "", 0);
    shows(SLICE_LIT("é"), 0, "é", 1);
    shows(SLICE_LIT("e\xcc\x81x"), 0, "e\xcc\x81x", 2);
    shows(SLICE_LIT("日本"), 0, "日本", 4);
}

static void long_text_is_cut_to_its_room(void **state)
{
    (void)state;
    shows(SLICE_LIT("abcdef"), 6, "abcdef", 6);
    shows(SLICE_LIT("abcdef"), 5, "abcd…", 5);
    shows(SLICE_LIT("日本語"), 5, "日本…", 5);
    shows(SLICE_LIT("日本語"), 4, "日…", 3);
    shows(SLICE_LIT("ab"), 1, "…", 1);
}

static void what_a_terminal_obeys_is_escaped(void **state)
{
    (void)state;
    shows(SLICE_LIT("\x1b[31m"), 0, "\\x1b[31m", 8);
    shows(SLICE_LIT("a\tb\nc\rd"), 0, "a\\tb\\nc\\rd", 10);
    shows(SLICE_LIT("\0"), 0, "\\x00", 4);
    shows(SLICE_LIT("\x7f"), 0, "\\x7f", 4);
    shows(SLICE_LIT("\xc2\x9b"), 0, "\\u009b", 6);
    shows(SLICE_LIT("\xe2\x80\xae"), 0, "\\u202e", 6);
    shows(SLICE_LIT("\xff"), 0, "\\xff", 4);
}

static void the_widest_columns_give_way(void **state)
{
    (void)state;
    int a[] = {3, 50, 20};
    assert_int_equal(table_fit(a, 3, 40, 6), 3);
    assert_int_equal(a[0], 3);
    assert_int_equal(a[1] + a[2] + 3 + 4, 40);
    int b[] = {30, 30, 30};
    assert_int_equal(table_fit(b, 3, 15, 6), 2);
    int c[] = {2, 2};
    assert_int_equal(table_fit(c, 2, 80, 6), 2);
    assert_int_equal(c[0], 2);
}

static const struct field fields[] = {{.name = {"name", 4}, .type = TYPE_UTF8},
                                      {.name = {"n \"x\"", 5}, .type = TYPE_INT64}};

static void write_rows(const struct format *f, int width, int rows, const char *want)
{
    char path[] = "/tmp/sluice-table.XXXXXX";
    struct schema *schema = schema_new(fields, 2);
    struct batch_builder bb;
    struct write_options options = {.width = width};
    struct buffer got = {0};
    struct sink *sink;
    struct batch *b;
    close(mkstemp(path));
    assert_int_equal(batch_builder_init(&bb, schema, NULL), 0);
    assert_int_equal(f->write(path, schema, &options, &sink, NULL), 0);
    for (int i = 0; i < rows; i++) {
        assert_int_equal(builder_slice(&bb.columns[0], SLICE_LIT("Ann \"A\"\n")), 0);
        assert_int_equal(i ? builder_i64(&bb.columns[1], i) : builder_null(&bb.columns[1]), 0);
        assert_int_equal(batch_builder_finish(&bb, &b, NULL), 0);
        assert_int_equal(sink_write(sink, b, NULL), 0);
    }
    assert_int_equal(sink_finish(sink, NULL), 0);
    sink_close(sink);
    assert_int_equal(file_slurp(path, 1 << 20, &got, NULL), 0);
    buffer_putc(&got, 0);
    assert_string_equal((const char *)got.data, want);
    buffer_done(&got);
    batch_builder_done(&bb);
    schema_unref(schema);
    unlink(path);
}

static void a_table_has_a_header_and_numbers_on_the_right(void **state)
{
    (void)state;
    write_rows(&table_format, 80, 2,
               "name       n \"x\"\n─────────  ─────\nAnn \"A\"\\n       \nAnn \"A\"\\n      1\n");
    write_rows(&table_format, 10, 1, "name\n─────────\nAnn \"A\"\\n\n(1 more column: n \"x\")\n");
}

static void json_is_written_row_by_row(void **state)
{
    (void)state;
    write_rows(&jsonl_format, 0, 2,
               "{\"name\":\"Ann \\\"A\\\"\\n\",\"n \\\"x\\\"\":null}\n"
               "{\"name\":\"Ann \\\"A\\\"\\n\",\"n \\\"x\\\"\":1}\n");
    write_rows(&json_format, 0, 2,
               "[\n{\"name\":\"Ann \\\"A\\\"\\n\",\"n \\\"x\\\"\":null},\n"
               "{\"name\":\"Ann \\\"A\\\"\\n\",\"n \\\"x\\\"\":1}\n]\n");
    write_rows(&json_format, 0, 0, "[]\n");
    write_rows(&jsonl_format, 0, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_as_wide_as_it_looks),
        cmocka_unit_test(long_text_is_cut_to_its_room),
        cmocka_unit_test(what_a_terminal_obeys_is_escaped),
        cmocka_unit_test(the_widest_columns_give_way),
        cmocka_unit_test(a_table_has_a_header_and_numbers_on_the_right),
        cmocka_unit_test(json_is_written_row_by_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
