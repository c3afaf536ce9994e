/* Rejects that are met again are told once. */
#include "tests/unit/rows.h"

#include "core/reject.h"
#include "pipelines/run_column.h"

/* Rejects of these lines of one file, with or without a column. */
static struct stream *rejects_of(const char *lines, const char *column)
{
    struct rejects *r = rejects_new();
    struct stream *s;
    for (const char *c = lines; *c; c++) {
        struct reject one = {.source = SLICE_LIT("crm"),
                             .file = SLICE_LIT("f"),
                             .line = *c - '0',
                             .offset = -1,
                             .column = slice_str(column),
                             .code = "bad",
                             .text = SLICE_LIT("no"),
                             .raw = SLICE_LIT("x")};
        assert_int_equal(reject_add(r, &one), 0);
    }
    assert_int_equal(rejects_stream(r, &s, NULL), 0);
    rejects_free(r);
    return s;
}

static void assert_lines(struct stream *rows, const char *want)
{
    char got[16] = "";
    struct batch **batches;
    int n, len = 0;
    assert_int_equal(stream_collect(rows, &batches, &n, NULL), 0);
    int at = schema_find(rows->schema, SLICE_LIT("line"));
    for (int i = 0; i < n; i++)
        for (int64_t row = 0; row < batches[i]->n_rows && len < 15; row++)
            got[len++] = (char)('0' + column_i64(&batches[i]->columns[at], row));
    assert_string_equal(got, want);
    batches_free(batches, n);
    stream_close(rows);
}

static void rejects_met_before_are_left_out(void **state)
{
    (void)state;
    struct stream *s;
    assert_int_equal(rejects_unmet(rejects_of("1234", ""), rejects_of("24", ""), &s, NULL), 0);
    assert_lines(s, "13");
}

static void without_earlier_ones_all_are_told(void **state)
{
    (void)state;
    struct stream *s;
    assert_int_equal(rejects_unmet(rejects_of("12", ""), NULL, &s, NULL), 0);
    assert_lines(s, "12");
}

static void one_that_comes_more_often_than_before_is_told_again(void **state)
{
    (void)state;
    struct stream *s;
    assert_int_equal(rejects_unmet(rejects_of("1112", ""), rejects_of("11", ""), &s, NULL), 0);
    assert_lines(s, "12");
}

static void another_column_is_another_reject(void **state)
{
    (void)state;
    struct stream *s;
    assert_int_equal(rejects_unmet(rejects_of("1", "born"), rejects_of("1", ""), &s, NULL), 0);
    assert_lines(s, "1");
}

static void the_run_stands_behind(void **state)
{
    (void)state;
    struct stream *s;
    struct batch **batches;
    int n;
    assert_int_equal(run_column(rejects_of("12", ""), 7, &s, NULL), 0);
    assert_int_equal(stream_collect(s, &batches, &n, NULL), 0);
    int at = schema_find(s->schema, SLICE_LIT("run"));
    assert_int_equal(at, s->schema->n_fields - 1);
    assert_int_equal(column_i64(&batches[0]->columns[at], 1), 7);
    batches_free(batches, n);
    stream_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejects_met_before_are_left_out),
        cmocka_unit_test(without_earlier_ones_all_are_told),
        cmocka_unit_test(one_that_comes_more_often_than_before_is_told_again),
        cmocka_unit_test(another_column_is_another_reject),
        cmocka_unit_test(the_run_stands_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
