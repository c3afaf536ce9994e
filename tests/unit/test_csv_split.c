/* The two ways of splitting CSV agree field for field, on text made at random and on the law's own
 * examples. */
#include "connectors/csv_split.h"

#include <stdlib.h>

#include "tests/unit/unit.h"

static const struct csv_marks comma = {',', '"', 0, '\n', 0};

static void same_fields(const struct csv_split *a, const struct csv_split *b, int quote)
{
    struct arena scratch;

    arena_init(&scratch, 0);
    assert_int_equal(a->n_rows, b->n_rows);
    for (size_t r = 0; r < a->n_rows; r++) {
        assert_int_equal(a->starts[r], b->starts[r]);
        assert_int_equal(csv_row_fields(a, r), csv_row_fields(b, r));
        for (uint32_t i = 0; i < csv_row_fields(a, r); i++) {
            struct slice x, y;
            assert_int_equal(csv_field(a, quote, r, i, &scratch, &x), 0);
            assert_int_equal(csv_field(b, quote, r, i, &scratch, &y), 0);
            assert_int_equal(x.ptr == NULL, y.ptr == NULL);
            assert_true(slice_equal(x, y));
        }
    }
    arena_done(&scratch);
}

/* 1 when the text was regular, so that there was something to compare. */
static int both_agree(const struct csv_marks *marks, struct slice text)
{
    struct csv_cut cut, slow;
    struct csv_split a = {0}, b = {0};
    /* Exactly as long as the text, so that a sanitizer sees a read past it. */
    char *copy = malloc(text.len ? text.len : 1);

    memcpy(copy, text.ptr, text.len);
    text.ptr = copy;
    for (int at_end = 0; at_end < 2; at_end++) {
        csv_cut(marks, text, at_end, &cut);
        csv_cut_slow(marks, text, at_end, &slow);
        assert_int_equal(cut.len, slow.len);
        assert_int_equal(cut.lines, slow.lines);
        assert_int_equal(cut.open, slow.open);
    }
    if (cut.len) {
        text.len = cut.len;
        assert_int_equal(csv_split_slow(&b, marks, text), 0);
        if (cut.regular) {
            assert_int_equal(csv_split_fast(&a, marks, text), 0);
            same_fields(&a, &b, marks->quote);
        }
    }
    csv_split_done(&a);
    csv_split_done(&b);
    free(copy);
    return cut.regular && cut.len;
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static void both_ways_agree_on_random_text(void **state)
{
    static const char alphabet[] = "\"\"\",,\n\n\r\rab\\ ';";
    static const struct csv_marks all[] = {{',', '"', 0, '\n', 0},  {',', '"', 0, '\r', 0},
                                           {';', '\'', 0, '\n', 0}, {',', '"', '\\', '\n', 0},
                                           {',', 0, 0, '\n', 0},    {0, 0, 0, '\n', 0},
                                           {',', '"', 0, '\n', 1}};
    uint64_t seed = 1;
    int compared = 0;
    char text[400];

    (void)state;
    for (int round = 0; round < 60000; round++) {
        size_t len = next_random(&seed) % (round % 8 == 0 ? sizeof(text) : 14);
        for (size_t i = 0; i < len; i++)
            text[i] = alphabet[next_random(&seed) % (sizeof(alphabet) - 1)];
        compared += both_agree(&all[next_random(&seed) % 7], slice_of(text, len));
    }
    assert_true(compared > 5000);
}

/* Regular fields, quoted at random, so that long texts are regular. */
static void both_ways_agree_on_regular_text(void **state)
{
    static const char *const fields[] = {
        "",     "a",      "\"\"",     "\"a,b\"",  "\"x\ny\"",    "\"say \"\"hi\"\"\"",
        "word", "12.345", "\"\"\"\"", "\"\r\n\"", "caf\xc3\xa9", "a longer field of some words"};
    static const char *const ends[] = {",", ",", ",", "\n", "\r\n"};
    uint64_t seed = 7;

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct buffer b = {0};
        size_t n = next_random(&seed) % 400;
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(buffer_string(&b, fields[next_random(&seed) % 12]), 0);
            assert_int_equal(buffer_string(&b, ends[next_random(&seed) % 5]), 0);
        }
        if (n)
            assert_true(both_agree(&comma, buffer_view(&b)));
        buffer_done(&b);
    }
}

static void maskers_agree(void **state)
{
    struct csv_block a[8], b[8];
    char text[512];
    uint64_t seed = 3;

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = ",\"\nx\0\x80"[next_random(&seed) % 7];
    csv_mask_plain(text, 8, &comma, a);
    csv_masker_best()(text, 8, &comma, b);
    assert_memory_equal(a, b, sizeof(a));
    assert_true(a[0].quote != 0);
}

/* "[a|b][c]": rows in brackets, fields apart by bars, a null as ~. */
static void shown(const struct csv_marks *marks, const char *text, const char *want)
{
    struct csv_split s = {0};
    struct arena scratch;
    struct buffer out = {0};

    arena_init(&scratch, 0);
    assert_int_equal(csv_split_slow(&s, marks, slice_str(text)), 0);
    for (size_t r = 0; r < s.n_rows; r++) {
        buffer_putc(&out, '[');
        for (uint32_t i = 0; i < csv_row_fields(&s, r); i++) {
            struct slice v;
            if (i)
                buffer_putc(&out, '|');
            assert_int_equal(csv_field(&s, marks->quote, r, i, &scratch, &v), 0);
            if (v.ptr)
                buffer_slice(&out, v);
            else
                buffer_putc(&out, '~');
        }
        buffer_putc(&out, ']');
    }
    buffer_putc(&out, 0);
    assert_string_equal((char *)out.data, want);
    buffer_done(&out);
    arena_done(&scratch);
    csv_split_done(&s);
}

static void the_law_holds_on_its_examples(void **state)
{
    static const struct csv_marks escape = {',', '"', '\\', '\n', 0}, none = {',', 0, 0, '\n', 0},
                                  mac = {',', '"', 0, '\r', 0}, padded = {',', '"', 0, '\n', 1};

    (void)state;
    shown(&comma, "a,b\r\n1,2\n", "[a|b][1|2]");
    shown(&comma, "a,,\"\"\n", "[a|~|]");
    shown(&comma, "a,\"b\nc\",d", "[a|b\nc|d]");
    shown(&comma, "5\" pipe,\"say \"\"hi\"\"\"\n", "[5\" pipe|say \"hi\"]");
    shown(&comma, "\"a\"b,c\",d\n", "[a\"b,c|d]");
    shown(&comma, "\"a\" ,b\"\n", "[a\" ,b]");
    shown(&comma, "a\rb,c\n", "[a\rb|c]");
    shown(&comma, "\"x\"\r\n\n\"y\"\r\n", "[x][~][y]");
    shown(&comma, " a , \"b\"\n", "[ a | \"b\"]");
    shown(&mac, "a,b\r1,\"2\r3\"\r", "[a|b][1|2\r3]");
    shown(&escape, "a\\,b,\"c\\\"d\"\n", "[a,b|c\"d]");
    shown(&escape, "\"a\"\"b\",\\\n\n", "[a\"b|\n]");
    shown(&none, "\"a,b\"\n", "[\"a|b\"]");
    shown(&padded, "a, b,  c\n, \"d, e\", \n", "[a|b| c][~|d, e|~]");
    shown(&padded, " a, \"b\nc\"\r\n1,2\n", "[ a|b\nc][1|2]");
}

static void an_open_quote_is_told_where_it_opened(void **state)
{
    struct csv_cut cut;

    (void)state;
    csv_cut(&comma, SLICE_LIT("a,b\n1,\"2\n3,4\n"), 1, &cut);
    assert_true(cut.open);
    assert_int_equal(cut.opened, 6);
    csv_cut(&comma, SLICE_LIT("a,b\n1,\"2\"\n3,4\n"), 1, &cut);
    assert_false(cut.open);
    assert_true(cut.regular);
    assert_int_equal(cut.lines, 3);
    assert_int_equal(csv_first_row(&comma, SLICE_LIT("\"a\nb\"\nc\n"), 0), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_agree_on_random_text),
        cmocka_unit_test(both_ways_agree_on_regular_text),
        cmocka_unit_test(maskers_agree),
        cmocka_unit_test(the_law_holds_on_its_examples),
        cmocka_unit_test(an_open_quote_is_told_where_it_opened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
