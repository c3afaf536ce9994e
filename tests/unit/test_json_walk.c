/* What is JSON and what is not: our walk against jansson and yajl on documents made at random and
 * then spoiled, and against what RFC 8259 says where the two differ from it. */
#include "connectors/json/walk.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>

#include "core/buffer.h"
#include "tests/unit/unit.h"

struct dice {
    uint64_t state;
};

static uint32_t roll(struct dice *d, uint32_t n)
{
    d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(d->state >> 33) % n;
}

static void put_any_of(struct dice *d, struct buffer *out, const char *const *texts, uint32_t n)
{
    buffer_string(out, texts[roll(d, n)]);
}

static void put_string(struct dice *d, struct buffer *out)
{
    static const char *const parts[] = {"a",
                                        "key",
                                        "\\n",
                                        "\\u0041",
                                        "\\u00e9",
                                        "é",
                                        "日本",
                                        "\\\"",
                                        "/",
                                        "\\/",
                                        "{",
                                        "]",
                                        ":",
                                        " ",
                                        "\\ud83d\\ude00",
                                        "longer than sixteen bytes",
                                        "\xf0\x9f\x98\x80"};
    buffer_putc(out, '"');
    for (uint32_t n = roll(d, 5); n; n--)
        put_any_of(d, out, parts, 17);
    buffer_putc(out, '"');
}

static void put_value(struct dice *d, struct buffer *out, int depth)
{
    static const char *const scalars[] = {"0",    "-1",    "12.5", "1e5",    "-0.25E-2",
                                          "true", "false", "null", "123456", "7"};
    static const char *const spaces[] = {"", "", "", " ", "\n", "\t ", "\r\n"};
    uint32_t kind = depth > 5 ? roll(d, 2) : roll(d, 4);
    put_any_of(d, out, spaces, 7);
    if (kind == 0) {
        put_any_of(d, out, scalars, 10);
    } else if (kind == 1) {
        put_string(d, out);
    } else {
        buffer_putc(out, kind == 2 ? '{' : '[');
        for (uint32_t i = 0, n = roll(d, 4); i < n; i++) {
            if (i)
                buffer_putc(out, ',');
            if (kind == 2) {
                put_string(d, out);
                buffer_putc(out, ':');
            }
            put_value(d, out, depth + 1);
        }
        buffer_putc(out, kind == 2 ? '}' : ']');
    }
    put_any_of(d, out, spaces, 7);
}

/* Changes, drops or doubles a byte here and there. */
static void spoil(struct dice *d, struct buffer *b)
{
    static const char bytes[] = "{}[]:,\"\\0123eE+-. \n\ttfnu\x01\xff\xc3\x80";
    for (uint32_t n = roll(d, 3); n && b->len; n--) {
        uint32_t at = roll(d, (uint32_t)b->len);
        switch (roll(d, 3)) {
        case 0:
            b->data[at] = (uint8_t)bytes[roll(d, sizeof bytes - 1)];
            break;
        case 1:
            memmove(b->data + at, b->data + at + 1, b->len - at - 1);
            b->len--;
            break;
        default:
            b->len = at;
        }
    }
}

/* -1: it has a limit of its own there. */
static int jansson_says(struct slice text)
{
    json_error_t e;
    json_t *j = json_loadb(text.ptr, text.len,
                           JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &e);
    if (!j && strstr(e.text, "overflow"))
        return -1;
    json_decref(j);
    return j != NULL;
}

/* It lets lone surrogates pass, and an empty text. */
static int yajl_says(struct slice text)
{
    if (!text.len || memmem(text.ptr, text.len, "\\ud", 3))
        return -1;
    yajl_handle y = yajl_alloc(NULL, NULL, NULL);
    int ok = yajl_parse(y, (const unsigned char *)text.ptr, text.len) == yajl_status_ok &&
             yajl_complete_parse(y) == yajl_status_ok;
    yajl_free(y);
    return ok;
}

static void agree_on(struct slice text)
{
    /* Exactly as long as the text, so that a sanitizer sees a read past it. */
    char *copy = malloc(text.len ? text.len : 1);
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    int ours = json_valid(slice_of(copy, text.len));
    int jansson = jansson_says(text), yajl = yajl_says(text);
    if ((jansson >= 0 && ours != jansson) || (yajl >= 0 && jansson < 0 && ours != yajl))
        fprintf(stderr, "we %d, jansson %d, yajl %d: %.*s\n", ours, jansson, yajl, (int)text.len,
                text.ptr);
    if (jansson >= 0)
        assert_int_equal(ours, jansson);
    else if (yajl >= 0)
        assert_int_equal(ours, yajl);
    free(copy);
}

static void random_documents_are_judged_as_by_jansson_and_yajl(void **state)
{
    (void)state;
    struct dice d = {7};
    struct buffer b = {0};
    for (int i = 0; i < 40000; i++) {
        buffer_reset(&b);
        put_value(&d, &b, 0);
        if (i % 4)
            spoil(&d, &b);
        agree_on(buffer_view(&b));
    }
    buffer_done(&b);
}

static void the_edges_of_the_grammar(void **state)
{
    (void)state;
    static const char *const good[] = {"0",           "-0",
                                       "[]",          "{}",
                                       " 1 ",         "\"\"",
                                       "1E400",       "[1]\n",
                                       "\"\\u0000\"", "{\"a\":1,\"a\":2}",
                                       "-1.5e-9",     "\"\\ud83d\\ude00\"",
                                       "\"\x7f\""};
    static const char *const bad[] = {"",
                                      " ",
                                      "01",
                                      "-",
                                      "1.",
                                      ".5",
                                      "+1",
                                      "1e",
                                      "1e+",
                                      "NaN",
                                      "[1,]",
                                      "{,}",
                                      "{\"a\"}",
                                      "{a:1}",
                                      "'a'",
                                      "[1 2]",
                                      "[",
                                      "]",
                                      "\"",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\t\"",
                                      "tru",
                                      "trueX",
                                      "nul",
                                      "\xef\xbb\xbf"
                                      "1",
                                      "\"\xc3\"",
                                      "\"\xed\xa0\x80\"",
                                      "//a\n1",
                                      "[1]]",
                                      "\v1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!json_valid(slice_str(good[i])))
            fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (json_valid(slice_str(bad[i])))
            fail_msg("taken: %s", bad[i]);
    assert_false(json_valid(slice_of("1\0", 2)));
    assert_false(json_valid(slice_of("[\0]", 3)));
}

static void depth_has_a_limit_and_no_stack_is_lost(void **state)
{
    (void)state;
    enum { DEEP = 1000000 };
    char *text = malloc(DEEP);
    memset(text, '[', DEEP);
    assert_false(json_valid(slice_of(text, DEEP)));
    memset(text + JSON_DEPTH, ']', JSON_DEPTH);
    assert_true(json_valid(slice_of(text, 2 * JSON_DEPTH)));
    memset(text, '[', JSON_DEPTH + 1);
    memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
    assert_false(json_valid(slice_of(text, 2 * JSON_DEPTH + 2)));
    for (int i = 0; i + 5 <= DEEP; i += 5)
        memcpy(text + i, "{\"a\":", 5);
    assert_false(json_valid(slice_of(text, DEEP)));
    free(text);
}

static void many_different_keys_are_no_quadratic_affair(void **state)
{
    (void)state;
    struct buffer b = {0};
    struct json_walk w;
    struct shape shape;
    assert_int_equal(shape_init(&shape, SHAPE_JSON, NULL), 0);
    for (int i = 0; i < 200000; i++)
        buffer_printf(&b, "%c\"k%d\":%d", i ? ',' : '{', i, i);
    buffer_putc(&b, '}');
    json_walk_init(&w, NULL);
    w.learn = &shape;
    w.grow = 1;
    assert_int_equal(json_walk_record(&w, buffer_view(&b), shape.root), 0);
    assert_int_equal(shape.root->n_children, 200000);
    json_walk_done(&w);
    shape_done(&shape);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_documents_are_judged_as_by_jansson_and_yajl),
        cmocka_unit_test(the_edges_of_the_grammar),
        cmocka_unit_test(depth_has_a_limit_and_no_stack_is_lost),
        cmocka_unit_test(many_different_keys_are_no_quadratic_affair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
