/* Pages and charts: what comes from data cannot become markup, and a page is one that parsers take.
 */
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "core/svg_chart.h"
#include "core/wrap.h"

static const char *page_text(struct html *h)
{
    assert_int_equal(html_end(h), 0);
    assert_int_equal(buffer_putc(&h->out, 0), 0);
    return (const char *)h->out.data;
}

static void text_of_data_stays_text(void **state)
{
    (void)state;
    struct html h;
    html_begin(&h, "<b>title</b>", "a & b");
    html_text(&h, SLICE_LIT("</p><script>alert('x')</script>\"&amp;"));
    const char *text = page_text(&h);
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "<b>"));
    assert_non_null(strstr(text, "<title>&lt;b&gt;title&lt;/b&gt;</title>"));
    assert_non_null(strstr(text, "a &amp; b"));
    assert_non_null(
        strstr(text, "&lt;/p&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;amp;"));
    html_done(&h);
}

static void what_no_page_may_hold_is_replaced(void **state)
{
    (void)state;
    struct html h = {{0}, 0};
    html_text(&h, SLICE_LIT("a\x01z\tb\x7f\xff\xc3\xa9"));
    assert_int_equal(h.out.len, strlen("a\xEF\xBF\xBDz\tb\xEF\xBF\xBD\xEF\xBF\xBD\xc3\xa9"));
    assert_memory_equal(h.out.data, "a\xEF\xBF\xBDz\tb\xEF\xBF\xBD\xEF\xBF\xBD\xc3\xa9", h.out.len);
    html_done(&h);
}

static void count_errors(void *arg, const xmlError *e)
{
    int *errors = arg;
    *errors += e->code != XML_HTML_UNKNOWN_TAG; /* it knows HTML 4, so no section and no svg */
}

static void a_page_with_everything_is_one_that_parsers_take(void **state)
{
    (void)state;
    static const char *const heads[] = {"name", "#n", "", NULL};
    const int64_t counts[] = {3, 0, 100000, 7};
    const struct svg_histogram g = {.counts = counts,
                                    .n = 4,
                                    .first = -2,
                                    .width = 1,
                                    .tick = 1,
                                    .limit = 0,
                                    .band = {-1, 1},
                                    .x_name = "bits",
                                    .y_name = "pairs"};
    struct html h;
    int errors = 0;
    html_begin(&h, "t", "");
    html_section(&h, "one", "One & only");
    html_note(&h, "%d of %s", 3, "them");
    html_figures(&h);
    html_figure(&h, "rows", "1,000");
    html_figures_end(&h);
    html_table(&h, heads);
    html_row(&h);
    html_cell(&h, SLICE_LIT("<td>"));
    html_number(&h, "%d", 5);
    svg_bar_cell(&h, -2.5, -4, 6);
    html_table_end(&h);
    svg_legend(&h);
    svg_legend_item(&h, "limit", "threshold");
    svg_legend_end(&h);
    svg_histogram(&h, &g);
    html_section_end(&h);
    const char *text = page_text(&h);
    xmlSetStructuredErrorFunc(&errors, (xmlStructuredErrorFunc)(void (*)(void))count_errors);
    htmlDocPtr doc = htmlReadMemory(text, (int)strlen(text), NULL, "UTF-8", HTML_PARSE_NONET);
    assert_non_null(doc);
    assert_int_equal(errors, 0);
    xmlFreeDoc(doc);
    xmlSetStructuredErrorFunc(NULL, NULL);
    assert_null(strstr(text, "http:"));
    assert_null(strstr(text, "https:"));
    assert_null(strstr(text, "<script"));
    html_done(&h);
}

static void bars_go_to_their_side_of_zero(void **state)
{
    (void)state;
    struct html h = {{0}, 0};
    svg_bar_cell(&h, -2, -4, 6);
    svg_bar_cell(&h, 3, -4, 6);
    assert_int_equal(buffer_putc(&h.out, 0), 0);
    const char *text = (const char *)h.out.data;
    assert_non_null(strstr(text, "class=\"against\" x=\"20.00\" y=\"1\" width=\"20.00\""));
    assert_non_null(strstr(text, "class=\"for\" x=\"40.00\" y=\"1\" width=\"30.00\""));
    html_done(&h);
}

static void counts_are_grouped_by_thousands(void **state)
{
    (void)state;
    char text[32];
    assert_string_equal(html_count(0, text), "0");
    assert_string_equal(html_count(999, text), "999");
    assert_string_equal(html_count(1000, text), "1,000");
    assert_string_equal(html_count(-1234567, text), "-1,234,567");
}

static void lines_break_at_words(void **state)
{
    (void)state;
    struct buffer b = {0};
    struct wrap w = {.out = &b, .width = 12, .indent = 2, .column = 0};
    assert_int_equal(wrap_words(&w, SLICE_LIT("one two three four")), 0);
    assert_int_equal(wrap_end(&w), 0);
    assert_int_equal(buffer_putc(&b, 0), 0);
    assert_string_equal((const char *)b.data, "one two\n  three four\n");
    buffer_done(&b);
}

static void padding_counts_letters_not_bytes(void **state)
{
    (void)state;
    struct buffer b = {0};
    assert_int_equal(text_padded(&b, SLICE_LIT("\xc3\xa9t\xc3\xa9"), 5), 0);
    assert_int_equal(text_padded(&b, SLICE_LIT("abcdef"), 4), 0);
    assert_int_equal(buffer_putc(&b, 0), 0);
    assert_string_equal((const char *)b.data, "\xc3\xa9t\xc3\xa9  abc\xE2\x80\xA6");
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_data_stays_text),
        cmocka_unit_test(what_no_page_may_hold_is_replaced),
        cmocka_unit_test(a_page_with_everything_is_one_that_parsers_take),
        cmocka_unit_test(bars_go_to_their_side_of_zero),
        cmocka_unit_test(counts_are_grouped_by_thousands),
        cmocka_unit_test(lines_break_at_words),
        cmocka_unit_test(padding_counts_letters_not_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
