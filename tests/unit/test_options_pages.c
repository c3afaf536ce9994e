/* Manual pages and completions, judged by the programs that read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/options.h"

static const struct option read_options[] = {
    {OPTION_STRING, 'o', "output", "FILE", "Write to FILE: '-' is standard output [default].", 0},
    {OPTION_LIST, 'c', "columns", "NAME,…", "Keep these; may be given again \\ repeated.", 0},
    {OPTION_STRING, 0, "mode", "append|overwrite", ".What to do with rows that are there.", 0},
    {OPTION_INT, 0, "max-rejects", "N|N%", "Stop after N.", 0},
    OPTIONS_END,
};
static const struct tool_example read_examples[] = {
    {"sluice read 'a b.csv' | head -n 3", "'Quoted' first."},
    {NULL, NULL},
};
static const struct tool read_tool = {
    .name = "read",
    .summary = "any format in, any out: 'cat' for [tables]",
    .operands = "[FILE…]",
    .about = "First.\n'And' more – of it.\n\n.A paragraph with a dot.\n\n  sluice read\n  .dots",
    .options = read_options,
    .examples = read_examples,
};
static const struct option no_options[] = {OPTIONS_END};
static const struct tool lint_tool = {
    .name = "lint", .summary = "check", .operands = "", .about = "Checks.", .options = no_options};
static const struct tool *const both[] = {&read_tool, &lint_tool};

static int has_program(const char *name)
{
    char command[64];
    snprintf(command, sizeof command, "command -v %s >/dev/null", name);
    return system(command) == 0;
}

/* Stores the page as `name` in a folder of the test's own, and takes the buffer's memory. */
static void store_page(const char *name, struct buffer *b)
{
    struct error err = {0};
    assert_int_equal(file_store(name, FILE_NO_SYNC, buffer_view(b), &err), 0);
    buffer_done(b);
}

static int enter_folder(void **state)
{
    char *dir = strdup("/tmp/sluice-pages.XXXXXX");
    *state = dir;
    return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    int code = chdir("/") < 0 ? -1 : file_remove_tree(*state, NULL);
    free(*state);
    return code;
}

static void manual_pages_pass_mandocs_lint(void **state)
{
    (void)state;
    if (!has_program("mandoc"))
        skip();
    struct buffer b = {0};
    assert_int_equal(options_man(&read_tool, "0.1.0", &b), 0);
    store_page("read.1", &b);
    assert_int_equal(options_man(&lint_tool, "0.1.0", &b), 0);
    store_page("lint.1", &b);
    assert_int_equal(options_man_overview(both, 2, "0.1.0", &b), 0);
    store_page("sluice.1", &b);
    assert_int_equal(system("mandoc -Tlint -W warning *.1"), 0);
}

static void manual_pages_show_the_text_as_it_was(void **state)
{
    (void)state;
    if (!has_program("mandoc"))
        skip();
    struct buffer b = {0};
    assert_int_equal(options_man(&read_tool, "0.1.0", &b), 0);
    store_page("read.1", &b);
    const char *lines[] = {
        "'And' more – of it.",   ".A paragraph with a dot.",  "  .dots",
        "-o, --output FILE",     "given again \\\\ repeated", ".What to do with rows",
        "'a b.csv' | head -n 3", "'Quoted' first.",           "--columns NAME,…",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char command[256];
        snprintf(command, sizeof command,
                 "mandoc -Tutf8 read.1 | sed 's/.\\x08//g' | grep -qF -- \"%s\"", lines[i]);
        if (system(command) != 0)
            fail_msg("not in the page: %s", lines[i]);
    }
}

static void pages_have_nothing_of_the_day(void **state)
{
    (void)state;
    struct buffer b = {0};
    assert_int_equal(options_man(&read_tool, "0.1.0", &b), 0);
    assert_int_equal(buffer_putc(&b, 0), 0);
    assert_non_null(strstr((char *)b.data, ".TH SLUICE\\-READ 1 2026-11-22 \"sluice 0.1.0\""));
    buffer_done(&b);
}

/* What bash offers for the words so far, the last of them unfinished. */
static void assert_bash(const char *line, const char *want)
{
    char script[1024];
    snprintf(
        script, sizeof script,
        "bash -c 'set -f; source ./bash; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); "
        "_sluice; echo \"${COMPREPLY[*]}\"'",
        line);
    FILE *p = popen(script, "r");
    assert_non_null(p);
    char got[512] = "";
    assert_non_null(fgets(got, sizeof got, p));
    assert_int_equal(pclose(p), 0);
    got[strcspn(got, "\n")] = 0;
    assert_string_equal(got, want);
}

static void bash_completes_tools_options_and_words(void **state)
{
    (void)state;
    if (!has_program("bash"))
        skip();
    struct buffer b = {0};
    assert_int_equal(options_complete_bash(both, 2, &b), 0);
    store_page("bash", &b);
    assert_bash("sluice re", "read");
    assert_bash("sluice \"\"", "read lint --help --version");
    assert_bash("sluice read --o", "--output");
    assert_bash("sluice read a.csv --m", "--mode --max-rejects --memory");
    assert_bash("sluice lint --m", "--memory");
    assert_bash("sluice read --mode a", "append");
    assert_bash("sluice read --mode = o", "overwrite");
    assert_bash("sluice read --mode =", "append overwrite");
    assert_bash("sluice read --progress \"\"", "auto always never json");
    assert_bash("sluice read -o -", "");
    assert_bash("sluice read --max-rejects \"\"", "");
    assert_bash("sluice read -- --o", "");
    assert_bash("sluice none --o", "");
}

static void zsh_takes_its_completion(void **state)
{
    (void)state;
    if (!has_program("zsh"))
        skip();
    struct buffer b = {0};
    assert_int_equal(options_complete_zsh(both, 2, &b), 0);
    store_page("_sluice", &b);
    assert_int_equal(system("zsh -n ./_sluice"), 0);
}

static int help_80(struct buffer *out)
{
    return options_help(&read_tool, 80, out);
}

static int man_page(struct buffer *out)
{
    return options_man(&read_tool, "0.1.0", out);
}

static int man_overview(struct buffer *out)
{
    return options_man_overview(both, 2, "0.1.0", out);
}

static int bash_script(struct buffer *out)
{
    return options_complete_bash(both, 2, out);
}

static int zsh_script(struct buffer *out)
{
    return options_complete_zsh(both, 2, out);
}

static void a_page_cut_short_anywhere_is_an_error(void **state)
{
    (void)state;
    int (*const pages[])(struct buffer *) = {help_80, man_page, man_overview, bash_script,
                                             zsh_script};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct buffer whole = {0};
        assert_int_equal(pages[i](&whole), 0);
        for (size_t limit = 1; limit < whole.len; limit++) {
            struct buffer b;
            buffer_init(&b, limit);
            assert_int_equal(pages[i](&b), ERR_MEMORY);
            buffer_done(&b);
        }
        buffer_done(&whole);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(manual_pages_pass_mandocs_lint), TEST(manual_pages_show_the_text_as_it_was),
        TEST(pages_have_nothing_of_the_day),  TEST(bash_completes_tools_options_and_words),
        TEST(zsh_takes_its_completion),       TEST(a_page_cut_short_anywhere_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
