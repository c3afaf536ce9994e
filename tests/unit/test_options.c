#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/number.h"
#include "core/options.h"

struct values {
    const char *output, *mode;
    struct option_list columns;
    int64_t head;
    double threshold;
    int64_t chunk;
    int header, utf;
};

#define AT(member) .at = offsetof(struct values, member)

static const struct option table[] = {
    {OPTION_STRING, 'o', "output", "FILE", "Write the rows to FILE instead of standard output.",
     AT(output)},
    {OPTION_LIST, 0, "columns", "NAME,…", "Keep only these columns, in this order.", AT(columns)},
    {OPTION_STRING, 0, "mode", "append|overwrite", "What to do with rows that are there.",
     AT(mode)},
    {OPTION_INT, 'n', "head", "N", "At most N rows.", AT(head)},
    {OPTION_REAL, 0, "threshold", "P", "Join at P.", AT(threshold)},
    {OPTION_SIZE, 0, "chunk-size", "SIZE", "Read SIZE at a time.", AT(chunk)},
    {OPTION_FLAG, 'H', "header", NULL, "The first line names the columns.", AT(header)},
    {OPTION_FLAG, 'v', "utf", NULL, "A letter that a common option has too.", AT(utf)},
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice read a.csv.gz -t parquet -o a.parquet", "Convert a compressed file."},
    {NULL, NULL},
};

static const struct tool tool = {
    .name = "read",
    .summary = "any supported format in, any out",
    .operands = "FILE…",
    .about = "Reads rows in any format that sluice knows and writes them in another, which is a "
             "sentence long enough to be wrapped.\n\nA second paragraph.\n\n  shown as\n    it is",
    .options = table,
    .examples = examples,
};

struct parsed {
    struct values values;
    struct common_options common;
    struct error err;
    char **operands;
    int n, code;
};

/* `line` is split at spaces; at most 80 words. */
static struct parsed parse(const char *line)
{
    static char words[4096];
    static char *argv[82];
    int argc = 0;
    strcpy(words, line);
    for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
        argv[argc++] = w;
    struct parsed p = {.n = -1};
    p.code = options_parse(&tool, argc, argv, &p.values, &p.common, &p.operands, &p.n, &p.err);
    return p;
}

static void assert_usage(const char *line, const char *message)
{
    struct parsed p = parse(line);
    assert_int_equal(p.code, ERR_USAGE);
    assert_string_equal(p.err.text, message);
}

static void long_options_take_values_both_ways(void **state)
{
    (void)state;
    struct parsed p = parse("read --output x --head=12 --threshold -0.25 --chunk-size 2M");
    assert_int_equal(p.code, 0);
    assert_string_equal(p.values.output, "x");
    assert_int_equal(p.values.head, 12);
    assert_true(p.values.threshold == -0.25);
    assert_int_equal(p.values.chunk, 2 << 20);
    assert_int_equal(p.n, 0);
    p = parse("read --output=");
    assert_string_equal(p.values.output, "");
    p = parse("read --output a=b --output=c=d");
    assert_string_equal(p.values.output, "c=d");
}

static void letters_cluster_and_take_values_both_ways(void **state)
{
    (void)state;
    struct parsed p = parse("read -qHox -n 3");
    assert_int_equal(p.code, 0);
    assert_true(p.common.quiet && p.values.header);
    assert_string_equal(p.values.output, "x");
    assert_int_equal(p.values.head, 3);
}

static void operands_and_options_mix(void **state)
{
    (void)state;
    struct parsed p = parse("read a -q - -o x b -- -c --head");
    assert_int_equal(p.code, 0);
    assert_int_equal(p.n, 5);
    const char *want[] = {"a", "-", "b", "-c", "--head"};
    for (int i = 0; i < 5; i++)
        assert_string_equal(p.operands[i], want[i]);
    assert_true(p.common.quiet);
}

static void common_options_go_to_their_own_struct(void **state)
{
    (void)state;
    struct parsed p = parse("read --threads 2 --memory 4G --progress json --stats s --dry-run");
    assert_int_equal(p.code, 0);
    assert_int_equal(p.common.threads, 2);
    assert_true(p.common.memory == INT64_C(4) << 30);
    assert_string_equal(p.common.progress, "json");
    assert_string_equal(p.common.stats, "s");
    assert_true(p.common.dry_run);
}

static void an_own_letter_goes_before_a_common_one(void **state)
{
    (void)state;
    struct parsed p = parse("read -v");
    assert_true(p.values.utf && !p.common.verbose);
    p = parse("read --verbose");
    assert_true(!p.values.utf && p.common.verbose);
}

static void lists_repeat_up_to_their_bound(void **state)
{
    (void)state;
    struct parsed p = parse("read --columns a,b --columns c");
    assert_int_equal(p.values.columns.n, 2);
    assert_string_equal(p.values.columns.items[0], "a,b");
    char line[4096] = "read";
    for (int i = 0; i < 65; i++)
        strcat(line, " --columns=x");
    assert_usage(line, "'--columns' is given more than 64 times");
}

static void a_name_may_be_cut_where_it_is_the_only_one(void **state)
{
    (void)state;
    struct parsed p = parse("read --col a --thresh 1");
    assert_int_equal(p.code, 0);
    assert_int_equal(p.values.columns.n, 1);
    assert_usage("read --thre 1", "option '--thre' could be '--threshold' or '--threads'");
    assert_int_equal(parse("read --head 1").code, 0);
}

static void mistakes_are_named_with_what_to_do(void **state)
{
    (void)state;
    assert_usage("read --colums a", "unknown option '--colums': did you mean '--columns'?");
    assert_usage("read --quite", "unknown option '--quite': did you mean '--quiet'?");
    assert_usage("read --zzzzzz=1", "unknown option '--zzzzzz': see 'sluice read --help'");
    assert_usage("read --=1", "unknown option '--': see 'sluice read --help'");
    assert_usage("read -z", "unknown option '-z': see 'sluice read --help'");
    assert_usage("read a --output", "option '--output' needs a value: FILE");
    assert_usage("read -Ho", "option '--output' needs a value: FILE");
    assert_usage("read --header=yes", "option '--header' takes no value");
    assert_usage("read --head 1x", "'1x' is not a whole number, which '--head' takes");
    assert_usage("read --threshold 1e3",
                 "'1e3' is not a number such as 0.25, which '--threshold' takes");
    assert_usage("read --memory 4X",
                 "'4X' is not a size such as 512M or 4G, which '--memory' takes");
    assert_usage("read --mode apend", "'--mode' does not take 'apend': did you mean 'append'?");
    assert_usage("read --mode xyzzyxyzzy",
                 "'--mode' does not take 'xyzzyxyzzy': it takes append|overwrite");
    assert_usage("read --threads=-1", "'--threads' takes a number from 1 to 1024");
}

static void whole_numbers_are_read_to_their_ends(void **state)
{
    (void)state;
    int64_t v = 0;
    assert_true(integer_parse(SLICE_LIT("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(integer_parse(SLICE_LIT("-9223372036854775808"), &v) && v == INT64_MIN);
    const char *wrong[] = {
        "", "-", "+1", " 1", "1 ", "0x1", "9223372036854775808", "-9223372036854775809", "1.0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(integer_parse(slice_str(wrong[i]), &v));
}

static void reals_are_the_nearest_double(void **state)
{
    (void)state;
    double v = 0;
    assert_true(real_parse(SLICE_LIT("0.1"), &v) && v == 0.1);
    assert_true(real_parse(SLICE_LIT("-12345.6789012345"), &v) && v == -12345.6789012345);
    assert_true(real_parse(SLICE_LIT(".5"), &v) && v == 0.5);
    assert_true(real_parse(SLICE_LIT("3."), &v) && v == 3);
    const char *wrong[] = {"", "-", ".", "1.2.3", "nan", "1,5", "1234567890.123456"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(real_parse(slice_str(wrong[i]), &v));
}

static void sizes_are_powers_of_1024(void **state)
{
    (void)state;
    int64_t v = 0;
    assert_true(size_parse(SLICE_LIT("512"), &v) && v == 512);
    assert_true(size_parse(SLICE_LIT("64k"), &v) && v == 64 << 10);
    assert_true(size_parse(SLICE_LIT("3MB"), &v) && v == 3 << 20);
    assert_true(size_parse(SLICE_LIT("2GiB"), &v) && v == INT64_C(2) << 30);
    assert_true(size_parse(SLICE_LIT("1T"), &v) && v == INT64_C(1) << 40);
    const char *wrong[] = {"", "M", "-1M", "1.5G", "1KK", "1 K", "9000000000T", "1B"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(size_parse(slice_str(wrong[i]), &v));
}

static char *text_of(struct buffer *b)
{
    assert_int_equal(buffer_putc(b, 0), 0);
    return (char *)b->data;
}

static void help_shows_every_option_within_the_width(void **state)
{
    (void)state;
    for (int width = 40; width <= 100; width += 20) {
        struct buffer b = {0};
        assert_int_equal(options_help(&tool, width, &b), 0);
        const char *page = text_of(&b);
        for (const struct option *o = table; o->kind != OPTION_END; o++)
            assert_non_null(strstr(page, o->name));
        assert_non_null(strstr(page, "\n  -o, --output FILE"));
        assert_non_null(strstr(page, "\n  shown as\n    it is\n"));
        assert_non_null(strstr(page, "\nCommon options:\n"));
        assert_non_null(strstr(page, "\n      --verbose "));
        assert_non_null(strstr(page, "\n  65  "));
        /* Bytes: each … has two more than it is wide. */
        for (const char *line = page; width >= 80 && *line;) {
            size_t len = strcspn(line, "\n");
            assert_true(len <= (size_t)width + 4);
            line += len + 1;
        }
        buffer_done(&b);
    }
}

static void help_starts_with_the_usage(void **state)
{
    (void)state;
    struct buffer b = {0};
    assert_int_equal(options_help(&tool, 80, &b), 0);
    const char *want =
        "usage: sluice read [OPTION…] FILE…\n"
        "\n"
        "Reads rows in any format that sluice knows and writes them in another, which "
        "is\n"
        "a sentence long enough to be wrapped.\n"
        "\n"
        "A second paragraph.\n";
    assert_int_equal(strncmp(text_of(&b), want, strlen(want)), 0);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_options_take_values_both_ways),
        cmocka_unit_test(letters_cluster_and_take_values_both_ways),
        cmocka_unit_test(operands_and_options_mix),
        cmocka_unit_test(common_options_go_to_their_own_struct),
        cmocka_unit_test(an_own_letter_goes_before_a_common_one),
        cmocka_unit_test(lists_repeat_up_to_their_bound),
        cmocka_unit_test(a_name_may_be_cut_where_it_is_the_only_one),
        cmocka_unit_test(mistakes_are_named_with_what_to_do),
        cmocka_unit_test(whole_numbers_are_read_to_their_ends),
        cmocka_unit_test(reals_are_the_nearest_double),
        cmocka_unit_test(sizes_are_powers_of_1024),
        cmocka_unit_test(help_shows_every_option_within_the_width),
        cmocka_unit_test(help_starts_with_the_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
