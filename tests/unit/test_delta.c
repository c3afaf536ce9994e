#include "tests/unit/rows.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connectors/delta/log.h"
#include "connectors/delta/table.h"
#include "core/file.h"

/* Each test runs in an empty folder of its own. */
static int enter_folder(void **state)
{
    char *dir = strdup("/tmp/sluice-delta.XXXXXX");
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
#define ROWS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char event[] = "source utf8, id utf8, at timestamp, net decimal(18,2)";

/* A write and what came of it. Rules' text members are given as C strings. */
struct writing {
    const char *table, *columns, *partition, *app;
    const char *const *rows;
    enum table_mode mode;
    const char *format, *sort;
    const char *key[3];
    int64_t app_version, memory;
    struct table_commit done;
    struct error err;
};

/* In a child: cmocka would go on with the next test in it. */
static void leave(const struct writing *w, int code)
{
    if (code < 0)
        fprintf(stderr, "%s\n", w->err.text);
    _exit(code < 0);
}

static int write_rows(struct writing *w)
{
    struct slice key[3], sort = slice_str(w->sort);
    struct table_rules rules = {.format = slice_str(w->format ? w->format : "delta"),
                                .mode = w->mode,
                                .key = key,
                                .partition = slice_str(w->partition ? w->partition : ""),
                                .sort = &sort,
                                .n_sort = w->sort ? 1 : 0};
    struct table_write_options options = {.rules = &rules,
                                          .app = slice_str(w->app ? w->app : ""),
                                          .app_version = w->app_version,
                                          .memory = w->memory};
    while (rules.n_key < 3 && w->key[rules.n_key]) {
        key[rules.n_key] = slice_str(w->key[rules.n_key]);
        rules.n_key++;
    }
    struct schema *s = rows_schema(w->columns);
    struct sink *to = NULL;
    int code = table_write(w->table ? w->table : "t", s, &options, &w->done, &to, &w->err);
    for (int i = 0; code == 0 && w->rows && w->rows[i]; i++)
        code = sink_write(to, rows_batch(s, &w->rows[i], 1), &w->err);
    if (code == 0)
        code = sink_finish(to, &w->err);
    sink_close(to);
    schema_unref(s);
    return code;
}

static void assert_written(struct writing *w)
{
    int code = write_rows(w);
    if (code)
        print_message("# %s\n", w->err.text);
    assert_int_equal(code, 0);
}

static char *read_rows(const char *table, int64_t version, const char *column)
{
    struct slice columns[] = {slice_str(column)};
    struct read_options options = {.columns = column ? columns : NULL, .n_columns = 1};
    struct stream *rows;
    struct error err = {0};
    int code = table_read(table, version, &options, &rows, &err);
    if (code)
        print_message("# %s %s\n", err.where, err.text);
    assert_int_equal(code, 0);
    return rows_sorted(rows);
}

static void assert_rows(const char *table, int64_t version, const char *want)
{
    char *got = read_rows(table, version, NULL);
    assert_string_equal(got, want);
    free(got);
}

static int count_files(const char *folder)
{
    DIR *d = opendir(folder);
    int n = 0;
    for (const struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static char *log_text(const char *table, int64_t version)
{
    char *path = log_path(table, version, ".json");
    struct buffer b = {0};
    struct error err = {0};
    assert_int_equal(file_slurp(path, 1 << 20, &b, &err), 0);
    buffer_putc(&b, 0);
    free(path);
    return buffer_take(&b);
}

static int log_count(const char *table, int64_t version, const char *what)
{
    char *text = log_text(table, version);
    int n = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    free(text);
    return n;
}

static void nothing_else_is_left(void)
{
    DIR *d = opendir(".");
    for (const struct dirent *e; (e = readdir(d));)
        if (strstr(e->d_name, ".tmp-"))
            fail_msg("'%s' is left", e->d_name);
    closedir(d);
}

static void a_new_table_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct writing w = {.columns = event,
                        .rows = ROWS("a|1|2026-03-01T10:00:00Z|1.50", "b|~|~|-2.00"),
                        .mode = TABLE_APPEND};
    assert_false(table_exists("t"));
    assert_written(&w);
    assert_int_equal(w.done.version, 0);
    assert_int_equal(w.done.rows, 2);
    assert_int_equal(w.done.files, 1);
    assert_true(table_exists("t"));
    assert_int_equal(table_version("t", NULL), 0);
    assert_rows("t", -1, "a|1|2026-03-01T10:00:00Z|1.50\nb|~|~|-2.00\n");
    nothing_else_is_left();
}

static void appended_rows_come_behind_and_old_versions_stay(void **state)
{
    (void)state;
    struct writing w = {.columns = "n int64", .rows = ROWS("1"), .mode = TABLE_APPEND};
    assert_written(&w);
    w.rows = ROWS("2", "3");
    assert_written(&w);
    assert_int_equal(w.done.version, 1);
    assert_rows("t", -1, "1\n2\n3\n");
    assert_rows("t", 0, "1\n");
}

static void the_same_rows_are_appended_twice(void **state)
{
    (void)state;
    struct writing w = {.columns = "n int64", .rows = ROWS("1"), .mode = TABLE_APPEND};
    assert_written(&w);
    assert_written(&w);
    assert_rows("t", -1, "1\n1\n");
}

static void overwriting_takes_the_old_rows_away(void **state)
{
    (void)state;
    struct writing w = {.columns = "n int64, s utf8", .rows = ROWS("1|a", "2|b")};
    assert_written(&w);
    w.rows = ROWS("3|c");
    assert_written(&w);
    assert_rows("t", -1, "3|c\n");
    assert_rows("t", 0, "1|a\n2|b\n");
    assert_int_equal(log_count("t", 1, "\"remove\""), 1);
    assert_int_equal(log_count("t", 1, "\"metaData\""), 0);
    w.columns = "other date";
    w.rows = ROWS("2026-03-01");
    assert_written(&w);
    assert_int_equal(log_count("t", 2, "\"metaData\""), 1);
    assert_rows("t", -1, "2026-03-01\n");
}

static void a_table_may_have_no_rows(void **state)
{
    (void)state;
    struct writing w = {.columns = "n int64, s utf8", .rows = ROWS("1|a")};
    assert_written(&w);
    w.rows = NULL;
    assert_written(&w);
    assert_int_equal(w.done.files, 0);
    assert_rows("t", -1, "");
}

static void partitions_are_folders_and_come_back_as_columns(void **state)
{
    (void)state;
    struct writing w = {.columns = event,
                        .rows = ROWS("b|1|2026-03-31T23:59:59Z|1.00",
                                     "a|2|2026-04-01T00:00:00Z|2.00", "a|3|~|3.00"),
                        .partition = "source,month(at)",
                        .mode = TABLE_APPEND};
    assert_written(&w);
    assert_int_equal(w.done.files, 3);
    assert_true(file_exists("t/source=a/month=2026-04"));
    assert_true(file_exists("t/source=b/month=2026-03"));
    assert_true(file_exists("t/source=a/month=__HIVE_DEFAULT_PARTITION__"));
    assert_rows("t", -1,
                "a|2|2026-04-01T00:00:00Z|2.00|2026-04\na|3|~|3.00|~\n"
                "b|1|2026-03-31T23:59:59Z|1.00|2026-03\n");
    char *got = read_rows("t", -1, "month");
    assert_string_equal(got, "2026-03\n2026-04\n~\n");
    free(got);
    got = read_rows("t", -1, "net");
    assert_string_equal(got, "1.00\n2.00\n3.00\n");
    free(got);
}

static void what_was_read_of_a_table_can_be_written_to_it(void **state)
{
    (void)state;
    struct writing w = {.columns = "at date, month utf8",
                        .rows = ROWS("2026-03-31|2026-03"),
                        .partition = "month(at)",
                        .mode = TABLE_APPEND};
    assert_written(&w);
    assert_rows("t", -1, "2026-03-31|2026-03\n");
    w.rows = ROWS("2026-03-31|2026-04");
    assert_int_equal(write_rows(&w), ERR_DATA);
    assert_non_null(strstr(w.err.text, "'month' is '2026-04'"));
}

static void hostile_partition_values_come_back_unharmed(void **state)
{
    (void)state;
    struct writing w = {.columns = "s utf8, n int64",
                        .rows = ROWS("..|1", "a/b|2", "100%|3", "a=b|4", "\xc3\xa9 x|5", ".|6",
                                     "a%2Fb|7", "|8", "__HIVE_DEFAULT_PARTITION__x|9", "~|10",
                                     "_a|11", "a:b?c#d\\e\"f\n|12"),
                        .partition = "s",
                        .mode = TABLE_APPEND};
    assert_written(&w);
    assert_int_equal(w.done.emptied, 1);
    assert_int_equal(count_files("t"), 12); /* the two nulls share a folder; the log */
    char *got = read_rows("t", -1, "s");
    assert_string_equal(got, ".\n..\n100%\n__HIVE_DEFAULT_PARTITION__x\n_a\na%2Fb\na/b\n"
                             "a:b?c#d\\e\"f\na=b\n~\n~\n\xc3\xa9 x\n");
    free(got);
}

static void partitions_that_come_are_overwritten_alone(void **state)
{
    (void)state;
    struct writing w = {.columns = "s utf8, n int64",
                        .rows = ROWS("a|1", "a|2", "b|3", "~|4"),
                        .partition = "s",
                        .mode = TABLE_APPEND};
    assert_written(&w);
    w.mode = TABLE_OVERWRITE_PARTITIONS;
    w.rows = ROWS("a|9", "c|5", "~|6");
    assert_written(&w);
    assert_rows("t", -1, "a|9\nb|3\nc|5\n~|6\n");
    w.partition = "";
    assert_written(&w); /* the table's own partition */
    w.partition = "n";
    assert_int_equal(write_rows(&w), ERR_DATA);
    assert_string_equal(w.err.text, "the table 't' is partitioned by s, not by n");
}

static void rows_are_sorted_within_a_partition_in_memory_or_not(void **state)
{
    (void)state;
    enum { N = 3000 };
    char *rows[N + 1] = {0};
    for (int i = 0; i < N; i++)
        assert_true(asprintf(&rows[i], "%c|%d|%d", 'a' + i % 3, (i * 7919) % 100 - 50, i) > 0);
    struct writing w = {.columns = "s utf8, n int32, i int64",
                        .rows = (const char *const *)rows,
                        .partition = "s",
                        .sort = "n"};
    assert_written(&w);
    w.table = "spilled";
    w.memory = 60000;
    assert_written(&w);
    for (int t = 0; t < 2; t++) {
        struct read_options options = {0};
        struct stream *s;
        struct error err = {0};
        assert_int_equal(table_read(t ? "spilled" : "t", -1, &options, &s, &err), 0);
        char *text = rows_text(s), last = 'a';
        int n = 0, before = -1000, arrival = -1;
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), n++) {
            int value = atoi(line + 2), at = atoi(strrchr(line, '|') + 1);
            if (line[0] != last)
                before = -1000;
            assert_true(line[0] >= last && value >= before);
            assert_true(value > before || at > arrival);
            last = line[0];
            before = value;
            arrival = at;
        }
        assert_int_equal(n, N);
        free(text);
    }
    nothing_else_is_left();
    assert_int_equal(system("for t in t spilled; do (cd $t && ls */*.parquet) >$t.names; done; "
                            "test -s t.names && cmp t.names spilled.names"),
                     0);
    for (int i = 0; i < N; i++)
        free(rows[i]);
}

static struct writing merging(const char *const *rows)
{
    return (struct writing){.columns = event,
                            .rows = rows,
                            .partition = "source,month(at)",
                            .sort = "at",
                            .key = {"source", "id"},
                            .mode = TABLE_MERGE};
}

static void merged_rows_take_the_place_of_their_keys(void **state)
{
    (void)state;
    struct writing w = merging(ROWS("a|1|2026-03-01|1.00", "a|2|2026-03-02|2.00",
                                    "a|3|2026-04-01|3.00", "b|1|2026-03-01|4.00"));
    assert_written(&w);
    assert_int_equal(w.done.files, 3);
    w = merging(ROWS("a|2|2026-03-02|2.50", "b|2|2026-05-01|5.00"));
    assert_written(&w);
    assert_int_equal(w.done.version, 1);
    assert_int_equal(w.done.files, 2);
    assert_int_equal(log_count("t", 1, "\"remove\""), 1);
    assert_rows("t", -1,
                "a|1|2026-03-01T00:00:00Z|1.00|2026-03\na|2|2026-03-02T00:00:00Z|2.50|2026-03\n"
                "a|3|2026-04-01T00:00:00Z|3.00|2026-04\nb|1|2026-03-01T00:00:00Z|4.00|2026-03\n"
                "b|2|2026-05-01T00:00:00Z|5.00|2026-05\n");
    nothing_else_is_left();
}

static void merging_the_same_rows_again_adds_no_file(void **state)
{
    (void)state;
    struct writing w = merging(ROWS("a|1|2026-03-01|1.00", "a|2|~|~"));
    w.app = "run";
    w.app_version = 1;
    assert_written(&w);
    w.app_version = 2;
    assert_written(&w);
    assert_int_equal(w.done.version, 1);
    assert_int_equal(w.done.files, 0);
    assert_false(w.done.already);
    assert_int_equal(log_count("t", 1, "\"add\""), 0);
    assert_int_equal(log_count("t", 1, "\"txn\""), 1);
    w.app = NULL;
    assert_written(&w);
    assert_int_equal(w.done.version, 1);
    assert_rows("t", -1, "a|1|2026-03-01T00:00:00Z|1.00|2026-03\na|2|~|~|~\n");
}

static void a_row_may_move_to_another_partition(void **state)
{
    (void)state;
    struct writing w = merging(ROWS("a|1|2026-03-01|1.00", "a|2|2026-03-02|2.00"));
    assert_written(&w);
    w = merging(ROWS("a|1|2026-04-01|1.00"));
    assert_written(&w);
    assert_rows("t", -1,
                "a|1|2026-04-01T00:00:00Z|1.00|2026-04\na|2|2026-03-02T00:00:00Z|2.00|2026-03\n");
}

static void a_key_that_comes_twice_is_refused_by_name(void **state)
{
    (void)state;
    struct writing w = merging(ROWS("a|1|2026-03-01|1.00", "a|1|2026-03-02|2.00"));
    assert_int_equal(write_rows(&w), ERR_DATA);
    assert_string_equal(w.err.text, "a key is in the rows to merge twice: source \"a\", id \"1\"");
    assert_false(file_exists("t"));
    w = merging(ROWS("a|~|2026-03-01|1.00"));
    assert_int_equal(write_rows(&w), ERR_DATA);
    assert_string_equal(w.err.text, "a row to merge has no key: source \"a\", id null");
    nothing_else_is_left();
}

static void rows_that_a_table_has_twice_become_one(void **state)
{
    (void)state;
    struct writing w = merging(ROWS("a|1|2026-03-01|1.00"));
    w.mode = TABLE_APPEND;
    assert_written(&w);
    assert_written(&w);
    w.rows = ROWS("a|1|2026-03-01|2.00", "a|9|2026-03-01|9.00");
    assert_written(&w);
    w = merging(ROWS("a|1|2026-03-01|1.00"));
    assert_written(&w);
    assert_rows("t", -1,
                "a|1|2026-03-01T00:00:00Z|1.00|2026-03\na|9|2026-03-01T00:00:00Z|9.00|2026-03\n");
}

static void merging_reads_only_files_that_may_hold_the_key(void **state)
{
    (void)state;
    struct writing w = merging(ROWS("a|1|2026-03-01|1.00", "b|5|2026-03-01|2.00"));
    assert_written(&w);
    w = merging(ROWS("a|7|2026-03-01|1.00"));
    assert_written(&w);
    /* Files of b and of a's keys before 7 may be gone: nobody looks. */
    struct error err = {0};
    assert_int_equal(file_remove_tree("t/source=b", &err), 0);
    w = merging(ROWS("a|8|2026-03-01|1.00"));
    assert_written(&w);
    assert_int_equal(w.done.files, 1);
}

static void new_columns_go_behind_and_missing_ones_are_null(void **state)
{
    (void)state;
    struct writing w = {.columns = "a int64, b utf8", .rows = ROWS("1|x"), .mode = TABLE_APPEND};
    assert_written(&w);
    w.columns = "c date, a int64";
    w.rows = ROWS("2026-03-01|2");
    assert_written(&w);
    assert_rows("t", -1, "1|x|~\n2|~|2026-03-01\n");
    assert_rows("t", 0, "1|x\n");
    w.columns = "b int64";
    w.rows = ROWS("1");
    assert_int_equal(write_rows(&w), ERR_DATA);
    assert_string_equal(w.err.text, "column 'b' is int64, and utf8 in the table 't'");
}

static void names_that_readers_do_not_take_are_refused(void **state)
{
    (void)state;
    const char *bad[] = {"a b utf8", "a=b utf8", "a;b utf8", "a utf8, A utf8", "x utf8, X int64"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct writing w = {.columns = bad[i]};
        assert_int_equal(write_rows(&w), ERR_DATA);
    }
    assert_false(file_exists("t"));
}

static void columns_that_are_missing_are_named(void **state)
{
    (void)state;
    struct writing w = {.columns = "a utf8", .rows = ROWS("x"), .partition = "month(at)"};
    assert_int_equal(write_rows(&w), ERR_DATA);
    w.partition = "b";
    assert_int_equal(write_rows(&w), ERR_DATA);
    w.partition = "month(a)";
    assert_int_equal(write_rows(&w), ERR_DATA);
    assert_non_null(strstr(w.err.text, "'a' is neither"));
    w.partition = "a";
    assert_int_equal(write_rows(&w), ERR_DATA); /* no column would be left */
    w.partition = "day(a)";
    assert_int_equal(write_rows(&w), ERR_CONFIG);
    w.partition = "";
    w.sort = "b";
    assert_int_equal(write_rows(&w), ERR_DATA);
}

static void an_application_commits_a_version_once(void **state)
{
    (void)state;
    struct writing w = {.columns = "n int64",
                        .rows = ROWS("1"),
                        .mode = TABLE_APPEND,
                        .app = "run",
                        .app_version = 3};
    assert_written(&w);
    assert_false(w.done.already);
    assert_written(&w);
    assert_true(w.done.already);
    assert_int_equal(w.done.version, 0);
    w.app_version = 2;
    assert_written(&w);
    assert_true(w.done.already);
    w.app_version = 4;
    assert_written(&w);
    assert_false(w.done.already);
    w.app = "other";
    w.app_version = 1;
    assert_written(&w);
    assert_rows("t", -1, "1\n1\n1\n");
}

static void the_same_input_gives_the_same_files(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct writing w = merging(ROWS("a|1|2026-03-01|1.00", "b|2|2026-03-02|2.00"));
        w.table = i ? "two/t" : "one/t";
        assert_written(&w);
        assert_written(&w);
    }
    assert_int_equal(
        system("cd one && find . -name '*.parquet' | sort | xargs sha256sum >../1; cd "
               "../two && find . -name '*.parquet' | sort | xargs sha256sum | cmp ../1"),
        0);
    assert_int_equal(
        system("for d in one two; do sed 's/\"[a-zA-Z]*\\(imestamp\\|Time\\)\":[0-9]*//g' "
               "$d/t/_delta_log/*.json >$d.log; done; cmp one.log two.log && test -s one.log"),
        0);
}

enum { WRITERS = 8, COMMITS = 30 };

static void commit_many(int writer)
{
    for (int i = 0; i < COMMITS; i++) {
        char row[32];
        snprintf(row, sizeof row, "%d|%d", writer, i);
        struct writing w = {.columns = "w int64, i int64", .rows = ROWS(row), .mode = TABLE_APPEND};
        if (write_rows(&w) < 0)
            leave(&w, -1);
    }
    _exit(0);
}

static void writers_at_the_same_time_lose_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < WRITERS; i++)
        if (fork() == 0)
            commit_many(i);
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(table_version("t", NULL), WRITERS * COMMITS - 1);
    char *got = read_rows("t", -1, NULL);
    int n = 0;
    for (const char *at = got; *at; at++)
        n += *at == '\n';
    assert_int_equal(n, WRITERS * COMMITS);
    for (int i = 0; i < WRITERS * COMMITS; i++) {
        char row[32];
        snprintf(row, sizeof row, "%d|%d\n", i / COMMITS, i % COMMITS);
        assert_non_null(strstr(got, row));
    }
    free(got);
}

static void merges_at_the_same_time_lose_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        if (fork() == 0)
            for (int k = 0;; k++) {
                char row[40];
                snprintf(row, sizeof row, "a|%d-%d|2026-03-01|1.00", i, k);
                struct writing w = merging(ROWS(row, "a|0|2026-03-01|2.00"));
                if (k == 6 || write_rows(&w) < 0)
                    leave(&w, k == 6 ? 0 : -1);
            }
    for (int i = 0; i < 4; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    char *got = read_rows("t", -1, "id");
    int n = 0;
    for (const char *at = got; *at; at++)
        n += *at == '\n';
    assert_int_equal(n, 4 * 6 + 1);
    free(got);
}

static void identical_rows_at_the_same_time_are_all_there(void **state)
{
    (void)state;
    for (int i = 0; i < WRITERS; i++)
        if (fork() == 0) {
            struct writing w = {.columns = "n int64", .rows = ROWS("1"), .mode = TABLE_APPEND};
            leave(&w, write_rows(&w));
        }
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_rows("t", -1, "1\n1\n1\n1\n1\n1\n1\n1\n");
}

static void a_write_that_is_given_up_leaves_nothing(void **state)
{
    (void)state;
    struct table_rules rules = {.format = SLICE_LIT("delta")};
    struct table_write_options options = {.rules = &rules};
    struct schema *s = rows_schema("n int64");
    struct sink *to;
    struct error err = {0};
    assert_int_equal(table_write("t", s, &options, NULL, &to, &err), 0);
    assert_int_equal(sink_write(to, rows_batch(s, ROWS("1"), 1), &err), 0);
    sink_close(to);
    schema_unref(s);
    assert_int_equal(system("test -z \"$(ls -A)\""), 0);
}

static void put_log(int64_t version, const char *lines)
{
    struct error err = {0};
    assert_int_equal(file_mkdirs("t/_delta_log", 0, &err), 0);
    char *path = log_path("t", version, ".json");
    assert_int_equal(file_store(path, 0, slice_str(lines), &err), 0);
    free(path);
}

#define PROTOCOL "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n"
#define METADATA                                                                                   \
    "{\"metaData\":{\"id\":\"x\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"            \
    "\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"n\\\","     \
    "\\\"type\\\":\\\"long\\\",\\\"nullable\\\":false,\\\"metadata\\\":{}}]}\","                   \
    "\"partitionColumns\":[],\"configuration\":{}}}\n"

static void assert_refused(const char *log, const char *why)
{
    struct read_options options = {0};
    struct stream *rows;
    struct error err = {0};
    put_log(0, log);
    int code = table_read("t", -1, &options, &rows, &err);
    if (code == 0) {
        struct batch *b;
        code = stream_next(rows, &b, &err);
        stream_close(rows);
    }
    assert_int_equal(code, ERR_DATA);
    if (!strstr(err.text, why))
        fail_msg("'%s' does not say '%s'", err.text, why);
}

static void readers_that_must_know_more_are_told(void **state)
{
    (void)state;
    assert_refused("{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
                   "\"readerFeatures\":[\"deletionVectors\",\"typeWidening\"]}}\n" METADATA,
                   "the Delta feature 'typeWidening'");
    assert_refused("{\"protocol\":{\"minReaderVersion\":4,\"minWriterVersion\":7}}\n" METADATA,
                   "reader of version 4");
    assert_refused(PROTOCOL METADATA "{\"add\":{\"path\":\"a.parquet\",\"partitionValues\":{},"
                                     "\"deletionVector\":{\"storageType\":\"u\"}}}",
                   "a deletion vector in the log");
    assert_refused(METADATA, "no protocol");
    assert_refused(PROTOCOL, "no protocol or schema");
    assert_refused(PROTOCOL METADATA "{\"add\":{", "not a JSON object");
}

static void files_outside_of_the_table_are_not_read(void **state)
{
    (void)state;
    const char *paths[] = {"../x.parquet",      "/etc/x.parquet",   "a/%2e%2e/%2e%2e/x.parquet",
                           "file:///x.parquet", "s3://b/x.parquet", "a//x.parquet",
                           "a%00.parquet",      "a%zz.parquet"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char log[2000];
        snprintf(log, sizeof log,
                 PROTOCOL METADATA "{\"add\":{\"path\":\"%s\",\"partitionValues\":{}}}\n",
                 paths[i]);
        assert_refused(log, "outside of its folder");
    }
}

static void a_gap_in_the_log_is_an_error(void **state)
{
    (void)state;
    struct read_options options = {0};
    struct stream *rows;
    struct error err = {0};
    put_log(0, PROTOCOL METADATA);
    put_log(2, "{\"commitInfo\":{}}\n");
    assert_int_equal(table_read("t", -1, &options, &rows, &err), ERR_DATA);
    assert_string_equal(err.text, "the log of the table 't' has no commit 1");
    assert_int_equal(table_read("t", 9, &options, &rows, &err), ERR_INPUT);
    assert_int_equal(table_read("none", -1, &options, &rows, &err), ERR_INPUT);
}

static void a_removed_file_is_gone_until_it_is_added_again(void **state)
{
    (void)state;
    struct log_state *log;
    struct error err = {0};
    put_log(0, PROTOCOL METADATA "{\"add\":{\"path\":\"a\",\"partitionValues\":{}}}\n"
                                 "{\"add\":{\"path\":\"b\",\"partitionValues\":{}}}\n");
    put_log(1, "{\"remove\":{\"path\":\"a\"}}\n{\"remove\":{\"path\":\"never\"}}\n");
    put_log(2, "{\"add\":{\"path\":\"a\",\"partitionValues\":{},\"size\":7}}\n"
               "{\"add\":{\"path\":\"b\",\"partitionValues\":{},\"size\":8}}\n"
               "{\"unheardOf\":{}}\n");
    assert_int_equal(log_open("t", 1, &log, &err), 0);
    int live = 0;
    for (int i = 0; i < log->n_files; i++)
        live += log->files[i].live;
    assert_int_equal(live, 1);
    assert_int_equal(log_advance(log, &err), 1);
    int64_t size = 0;
    for (int i = 0; i < log->n_files; i++)
        size += log->files[i].live ? log->files[i].size : 0;
    assert_int_equal(size, 15);
    log_free(log);
}

static void what_a_table_forbids_is_not_written(void **state)
{
    (void)state;
    put_log(0, PROTOCOL METADATA);
    struct writing w = {.columns = "n int64", .rows = ROWS("~"), .mode = TABLE_APPEND};
    assert_int_equal(write_rows(&w), ERR_DATA);
    assert_string_equal(w.err.text, "column 'n' of the table 't' takes no nulls");
    put_log(0, "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":4}}\n" METADATA);
    assert_int_equal(write_rows(&w), ERR_DATA);
    assert_non_null(strstr(w.err.text, "writer of version 4"));
}

static void a_plain_table_is_exchanged_whole(void **state)
{
    (void)state;
    struct writing w = {.columns = "s utf8, n int64",
                        .rows = ROWS("a|1", "b|2"),
                        .partition = "s",
                        .format = "parquet"};
    assert_written(&w);
    assert_rows("t", -1, "1|a\n2|b\n");
    w.rows = ROWS("c d|3");
    assert_written(&w);
    assert_rows("t", -1, "3|c d\n");
    assert_false(file_exists("t/s=a"));
    nothing_else_is_left();
}

static void a_plain_table_is_appended_to(void **state)
{
    (void)state;
    struct writing w = {
        .columns = "n int64", .rows = ROWS("1"), .format = "parquet", .mode = TABLE_APPEND};
    assert_written(&w);
    assert_written(&w);
    assert_rows("t", -1, "1\n1\n");
    w.app = "run";
    w.app_version = 5;
    assert_written(&w);
    assert_written(&w);
    assert_rows("t", -1, "1\n1\n1\n");
    w.mode = TABLE_MERGE;
    assert_int_equal(write_rows(&w), ERR_CONFIG);
    assert_string_equal(w.err.text, "mode 'merge' needs a Delta table: -t delta");
    w.mode = TABLE_APPEND;
    w.format = "delta";
    assert_int_equal(write_rows(&w), ERR_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_table_is_read_as_it_was_written),
        TEST(appended_rows_come_behind_and_old_versions_stay),
        TEST(the_same_rows_are_appended_twice),
        TEST(overwriting_takes_the_old_rows_away),
        TEST(a_table_may_have_no_rows),
        TEST(partitions_are_folders_and_come_back_as_columns),
        TEST(what_was_read_of_a_table_can_be_written_to_it),
        TEST(hostile_partition_values_come_back_unharmed),
        TEST(partitions_that_come_are_overwritten_alone),
        TEST(rows_are_sorted_within_a_partition_in_memory_or_not),
        TEST(merged_rows_take_the_place_of_their_keys),
        TEST(merging_the_same_rows_again_adds_no_file),
        TEST(a_row_may_move_to_another_partition),
        TEST(a_key_that_comes_twice_is_refused_by_name),
        TEST(rows_that_a_table_has_twice_become_one),
        TEST(merging_reads_only_files_that_may_hold_the_key),
        TEST(new_columns_go_behind_and_missing_ones_are_null),
        TEST(names_that_readers_do_not_take_are_refused),
        TEST(columns_that_are_missing_are_named),
        TEST(an_application_commits_a_version_once),
        TEST(the_same_input_gives_the_same_files),
        TEST(writers_at_the_same_time_lose_nothing),
        TEST(merges_at_the_same_time_lose_nothing),
        TEST(identical_rows_at_the_same_time_are_all_there),
        TEST(a_write_that_is_given_up_leaves_nothing),
        TEST(readers_that_must_know_more_are_told),
        TEST(files_outside_of_the_table_are_not_read),
        TEST(a_gap_in_the_log_is_an_error),
        TEST(a_removed_file_is_gone_until_it_is_added_again),
        TEST(what_a_table_forbids_is_not_written),
        TEST(a_plain_table_is_exchanged_whole),
        TEST(a_plain_table_is_appended_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
