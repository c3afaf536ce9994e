#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/reject.h"

static struct reject sample(void)
{
    return (struct reject){.source = SLICE_LIT("billing"),
                           .file = SLICE_LIT("a.csv"),
                           .line = 3,
                           .offset = 40,
                           .column = SLICE_LIT("DOB"),
                           .code = "bad-date",
                           .text = SLICE_LIT("'31.02.2020' is not a date"),
                           .raw = SLICE_LIT("1;31.02.2020")};
}

/* All of the list in one batch. */
static struct batch *only_batch(struct rejects *r)
{
    struct stream *s;
    struct batch **batches, *b;
    struct error err = {0};
    int n;
    assert_int_equal(rejects_stream(r, &s, &err), 0);
    assert_int_equal(stream_collect(s, &batches, &n, &err), 0);
    assert_int_equal(n, 1);
    b = batches[0];
    free(batches);
    stream_close(s);
    return b;
}

static void assert_text(const struct batch *b, const char *column, int64_t row, const char *want)
{
    int i = schema_find(b->schema, slice_str(column));
    assert_true(i >= 0);
    if (!want) {
        assert_true(column_null(&b->columns[i], row));
        return;
    }
    struct buffer text = {0};
    assert_false(column_null(&b->columns[i], row));
    assert_int_equal(value_text(&b->schema->fields[i], &b->columns[i], row, &text), 0);
    assert_int_equal(text.len, strlen(want));
    assert_memory_equal(text.data, want, text.len);
    buffer_done(&text);
}

static void a_reject_keeps_its_place_reason_and_row(void **state)
{
    (void)state;
    struct rejects *r = rejects_new();
    struct reject reject = sample();
    assert_int_equal(reject_add(r, &reject), 0);
    assert_int_equal(rejects_count(r), 1);
    struct batch *b = only_batch(r);
    const char *want[][2] = {{"source", "billing"}, {"file", "a.csv"},
                             {"member", NULL},      {"line", "3"},
                             {"offset", "40"},      {"column", "DOB"},
                             {"code", "bad-date"},  {"text", "'31.02.2020' is not a date"}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_text(b, want[i][0], 0, want[i][1]);
    assert_true(slice_equal(column_slice(&b->columns[8], 0), reject.raw));
    assert_int_equal(rejects_count(r), 0);
    batch_free(b);
    rejects_free(r);
}

static void what_is_unknown_is_null(void **state)
{
    (void)state;
    struct rejects *r = rejects_new();
    struct reject reject = {.code = "x", .offset = -1};
    assert_int_equal(reject_add(r, &reject), 0);
    reject.offset = 0;
    assert_int_equal(reject_add(r, &reject), 0);
    struct batch *b = only_batch(r);
    assert_text(b, "source", 0, NULL);
    assert_text(b, "line", 0, NULL);
    assert_text(b, "offset", 0, NULL);
    assert_text(b, "offset", 1, "0");
    assert_text(b, "text", 0, "");
    batch_free(b);
    rejects_free(r);
}

static void text_is_copied_and_made_valid(void **state)
{
    (void)state;
    struct rejects *r = rejects_new();
    char bytes[] = "a\xff\xc3\xa4\xe2\x82";
    struct reject reject = {.code = "x", .text = slice_str(bytes), .raw = slice_str(bytes)};
    assert_int_equal(reject_add(r, &reject), 0);
    memset(bytes, 'z', 3);
    struct batch *b = only_batch(r);
    assert_text(b, "text", 0, "a\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd");
    assert_true(slice_equal(column_slice(&b->columns[8], 0), SLICE_LIT("a\xff\xc3\xa4\xe2\x82")));
    batch_free(b);
    rejects_free(r);
}

static void long_rows_and_sentences_are_cut(void **state)
{
    (void)state;
    struct rejects *r = rejects_new();
    char *big = malloc(100000);
    memset(big, 'x', 100000);
    struct reject reject = {.code = "x", .text = {big, 100000}, .raw = {big, 100000}};
    assert_int_equal(reject_add(r, &reject), 0);
    free(big);
    struct batch *b = only_batch(r);
    assert_int_equal(column_slice(&b->columns[7], 0).len, 4096);
    assert_int_equal(column_slice(&b->columns[8], 0).len, 65536);
    batch_free(b);
    rejects_free(r);
}

static void add_numbered(struct rejects *r, int number, const char *code)
{
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    struct reject reject = {.code = code, .text = slice_str(text)};
    assert_int_equal(reject_add(r, &reject), 0);
}

static void note_code(void *arg, const char *code, int64_t n)
{
    char *at = (char *)arg + strlen(arg);
    snprintf(at, 32, "%s=%d ", code, (int)n);
}

static void appended_lists_keep_their_order(void **state)
{
    (void)state;
    struct rejects *a = rejects_new(), *b = rejects_new(), *empty = rejects_new();
    add_numbered(a, 0, "m");
    add_numbered(b, 1, "z");
    add_numbered(b, 2, "a");
    assert_int_equal(rejects_append(a, empty), 0);
    assert_int_equal(rejects_append(a, b), 0);
    assert_int_equal(rejects_count(b), 0);
    add_numbered(b, 4, "z");
    add_numbered(a, 3, "a");
    assert_int_equal(rejects_append(a, b), 0);
    assert_int_equal(rejects_append(empty, a), 0);
    rejects_free(a);
    rejects_free(b);
    char codes[200] = "";
    rejects_by_code(empty, note_code, codes);
    assert_string_equal(codes, "a=2 m=1 z=2 ");
    struct batch *all = only_batch(empty);
    assert_int_equal(all->n_rows, 5);
    for (int i = 0; i < 5; i++) {
        char want[16];
        snprintf(want, sizeof want, "%d", i);
        assert_text(all, "text", i, want);
    }
    batch_free(all);
    rejects_free(empty);
}

static void many_rejects_come_in_batches_and_none_in_none(void **state)
{
    (void)state;
    struct rejects *r = rejects_new();
    struct stream *s;
    struct batch **batches;
    struct error err = {0};
    int n;
    for (int i = 0; i < BATCH_ROWS + 1; i++)
        add_numbered(r, i, "x");
    assert_int_equal(rejects_stream(r, &s, &err), 0);
    assert_int_equal(stream_collect(s, &batches, &n, &err), 0);
    assert_int_equal(n, 2);
    assert_int_equal(batches[0]->n_rows, BATCH_ROWS);
    assert_text(batches[1], "text", 0, "65536");
    batches_free(batches, n);
    stream_close(s);
    assert_int_equal(rejects_stream(r, &s, &err), 0);
    assert_int_equal(stream_collect(s, &batches, &n, &err), 0);
    assert_int_equal(n, 0);
    batches_free(batches, n);
    stream_close(s);
    rejects_free(r);
}

static void an_unread_stream_frees_what_it_holds(void **state)
{
    (void)state;
    struct rejects *r = rejects_new();
    struct stream *s;
    struct error err = {0};
    add_numbered(r, 1, "x");
    assert_int_equal(rejects_stream(r, &s, &err), 0);
    rejects_free(r);
    stream_close(s);
}

static void limits_are_rows_shares_or_none(void **state)
{
    (void)state;
    struct reject_limit l;
    assert_true(reject_limit_parse(SLICE_LIT("12"), &l) && l.rows == 12);
    assert_true(reject_limit_parse(SLICE_LIT("0"), &l) && l.rows == 0);
    assert_true(reject_limit_parse(SLICE_LIT("all"), &l) && l.rows == REJECTS_ANY);
    assert_true(reject_limit_parse(SLICE_LIT("1%"), &l) && l.rows == REJECTS_SHARE);
    assert_int_equal(l.millionths, 10000);
    assert_true(reject_limit_parse(SLICE_LIT("0.5 %"), &l) && l.millionths == 5000);
    assert_true(reject_limit_parse(SLICE_LIT("100%"), &l) && l.millionths == 1000000);
    const char *wrong[] = {"", "%", "-1", "-1%", "101%", "x", "1.5", "0.00001%", "1%%"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(reject_limit_parse(slice_str(wrong[i]), &l));
}

static int check(const char *limit, int64_t rejected, int64_t total, struct error *err)
{
    struct reject_limit l;
    assert_true(reject_limit_parse(slice_str(limit), &l));
    return reject_limit_check(l, rejected, total, err);
}

static void too_many_rejects_fail_with_figures(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(check("all", 100, 100, &err), 0);
    assert_int_equal(check("2", 2, 100, &err), 0);
    assert_int_equal(check("2", 3, 100, &err), ERR_DATA);
    assert_string_equal(err.text, "3 of 100 rows were rejected, more than the 2 allowed");
    assert_int_equal(check("0.5%", 5, 1000, &err), 0);
    assert_int_equal(check("0.5%", 6, 1000, &err), ERR_DATA);
    assert_string_equal(err.text, "6 of 1000 rows were rejected, more than the 0.5 % allowed");
    assert_int_equal(check("10%", 2, 10, &err), ERR_DATA);
    assert_string_equal(err.text, "2 of 10 rows were rejected, more than the 10 % allowed");
    assert_int_equal(check("0%", 0, 0, &err), 0);
    assert_int_equal(check("100%", INT64_MAX, INT64_MAX, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reject_keeps_its_place_reason_and_row),
        cmocka_unit_test(what_is_unknown_is_null),
        cmocka_unit_test(text_is_copied_and_made_valid),
        cmocka_unit_test(long_rows_and_sentences_are_cut),
        cmocka_unit_test(appended_lists_keep_their_order),
        cmocka_unit_test(many_rejects_come_in_batches_and_none_in_none),
        cmocka_unit_test(an_unread_stream_frees_what_it_holds),
        cmocka_unit_test(limits_are_rows_shares_or_none),
        cmocka_unit_test(too_many_rejects_fail_with_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
