/* Tables put back to what they were, and what applications may then do again. */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/delta/table.h"
#include "connectors/delta/table_restore.h"
#include "core/file.h"

static int enter_folder(void **state)
{
    char *dir = strdup("/tmp/sluice-restore.XXXXXX");
    *state = dir;
    return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    int code = chdir("/") < 0 ? -1 : file_remove_tree(*state, NULL);
    free(*state);
    return code;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)

/* One row appended, or in the place of all, as version 1 of application `app`; 1: it had been. */
static int put(enum table_mode mode, const char *columns, const char *row, const char *app)
{
    struct table_rules rules = {
        .format = SLICE_LIT("delta"), .mode = mode, .partition = SLICE_LIT("source")};
    struct table_write_options options = {.rules = &rules, .app = slice_str(app), .app_version = 1};
    struct table_commit done = {0};
    struct error err = {0};
    struct sink *to = NULL;
    struct schema *s = rows_schema(columns);
    assert_int_equal(table_write("t", s, &options, &done, &to, &err), 0);
    assert_int_equal(sink_write(to, rows_batch(s, &row, 1), &err), 0);
    assert_int_equal(sink_finish(to, &err), 0);
    sink_close(to);
    schema_unref(s);
    return done.already;
}

static void assert_rows(int64_t version, const char *want)
{
    static const struct read_options all = {0};
    struct stream *rows;
    assert_int_equal(table_read("t", version, &all, &rows, NULL), 0);
    char *got = rows_sorted(rows);
    assert_string_equal(got, want);
    free(got);
}

static char *rows_at(int64_t version)
{
    static const struct read_options all = {0};
    struct stream *rows;
    assert_int_equal(table_read("t", version, &all, &rows, NULL), 0);
    return rows_sorted(rows);
}

static int64_t restore(int64_t version)
{
    struct error err = {0};
    int64_t stands = -2;
    int code = table_restore("t", version, &stands, &err);
    if (code)
        print_message("# %s\n", err.text);
    assert_int_equal(code, 0);
    return stands;
}

static const char two[] = "source utf8, id utf8", three[] = "source utf8, id utf8, more utf8";

static void a_table_is_as_it_was_and_all_versions_stay(void **state)
{
    (void)state;
    put(TABLE_APPEND, two, "s|a", "first");
    char *before = rows_at(0);
    put(TABLE_OVERWRITE, two, "r|b", "second");
    char *after = rows_at(1);
    assert_string_not_equal(before, after);
    assert_int_equal(restore(0), 2);
    assert_rows(-1, before);
    assert_rows(1, after);
    assert_int_equal(restore(1), 3);
    assert_rows(-1, after);
    free(before);
    free(after);
}

static void a_table_that_is_as_it_shall_be_gets_no_commit(void **state)
{
    (void)state;
    put(TABLE_APPEND, two, "s|a", "first");
    assert_int_equal(restore(0), 0);
    assert_int_equal(table_version("t", NULL), 0);
}

static void columns_that_came_since_are_gone(void **state)
{
    (void)state;
    put(TABLE_APPEND, two, "s|a", "first");
    char *before = rows_at(0);
    put(TABLE_APPEND, three, "s|b|x", "second");
    restore(0);
    assert_rows(-1, before);
    free(before);
}

static void what_was_taken_back_may_be_committed_again(void **state)
{
    (void)state;
    put(TABLE_APPEND, two, "s|a", "first");
    put(TABLE_APPEND, two, "s|b", "second");
    char *both = rows_at(1);
    restore(0);
    assert_int_equal(put(TABLE_APPEND, two, "s|a", "first"), 1);
    assert_int_equal(put(TABLE_APPEND, two, "s|b", "second"), 0);
    assert_rows(-1, both);
    free(both);
}

static void before_the_first_commit_there_are_no_rows(void **state)
{
    (void)state;
    put(TABLE_APPEND, two, "s|a", "first");
    restore(RESTORE_EMPTY);
    assert_rows(-1, "");
    assert_int_equal(put(TABLE_APPEND, two, "s|a", "first"), 0);
}

static int keep_app(void *arg, struct slice app, int64_t version)
{
    snprintf(arg, 64, "%.*s %d", (int)app.len, app.ptr, (int)version);
    return 0;
}

static void those_who_committed_since_are_named(void **state)
{
    (void)state;
    char text[64] = "";
    put(TABLE_APPEND, two, "s|a", "first");
    put(TABLE_APPEND, two, "s|b", "second");
    assert_int_equal(table_commits_since("t", 0, keep_app, text, NULL), 0);
    assert_string_equal(text, "second 1");
    *text = 0;
    restore(0);
    assert_int_equal(table_commits_since("t", 0, keep_app, text, NULL), 0);
    assert_string_equal(text, "");
}

static void a_version_that_never_was_or_is_gone_is_said(void **state)
{
    (void)state;
    struct error err = {0};
    put(TABLE_APPEND, two, "s|a", "first");
    assert_int_equal(table_restore("t", 7, NULL, &err), ERR_INPUT);
    put(TABLE_OVERWRITE, two, "r|b", "second");
    assert_int_equal(file_remove_tree("t/source=s", NULL), 0);
    assert_int_equal(table_restore("t", 0, NULL, &err), ERR_INPUT);
    assert_int_equal(table_version("t", NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_table_is_as_it_was_and_all_versions_stay),
        TEST(a_table_that_is_as_it_shall_be_gets_no_commit),
        TEST(columns_that_came_since_are_gone),
        TEST(what_was_taken_back_may_be_committed_again),
        TEST(before_the_first_commit_there_are_no_rows),
        TEST(those_who_committed_since_are_named),
        TEST(a_version_that_never_was_or_is_gone_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
