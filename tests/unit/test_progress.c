#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/pool.h"
#include "core/progress.h"

static void assert_bar(struct progress_view v, int width, const char *want)
{
    struct buffer b = {0};
    assert_int_equal(progress_bar(&v, width, &b), 0);
    assert_int_equal(buffer_putc(&b, 0), 0);
    assert_string_equal((char *)b.data, want);
    buffer_done(&b);
}

static void a_bar_has_share_rate_and_time_left(void **state)
{
    (void)state;
    assert_bar((struct progress_view){"match", "rows", 1200000, 4800000, 2000}, 100,
               "match  [#####---------------]  25%  1.20M of 4.80M rows  600k/s  0:06 left");
    assert_bar((struct progress_view){"write", "bytes", 3, 3, 100}, 100,
               "write  [####################] 100%  3 of 3 bytes");
    assert_bar((struct progress_view){"read", "rows", 10, 7210, 1000}, 100,
               "read  [--------------------]   0%  10 of 7.21k rows  10/s  12:00 left");
}

static void an_unknown_total_shows_no_share(void **state)
{
    (void)state;
    assert_bar((struct progress_view){"read", "rows", 45678, 0, 1000}, 100,
               "read  45.6k rows  45.6k/s");
    assert_bar((struct progress_view){"read", "rows", 0, 0, 0}, 100, "read  0 rows");
}

static void more_than_the_total_is_all_of_it(void **state)
{
    (void)state;
    assert_bar((struct progress_view){"read", "rows", 12, 10, 1000}, 100,
               "read  [####################] 100%  12 of 10 rows  12/s");
}

static void a_bar_is_cut_to_the_terminal(void **state)
{
    (void)state;
    assert_bar((struct progress_view){"match", "rows", 1, 2, 1000}, 12, "match  [####");
}

static void big_amounts_stay_short(void **state)
{
    (void)state;
    assert_bar((struct progress_view){"x", "b", INT64_MAX, 0, 0}, 0, "x  9223P b");
    assert_bar((struct progress_view){"x", "b", 999999, 0, 0}, 0, "x  999k b");
    assert_bar((struct progress_view){"x", "b", 1000000, 0, 0}, 0, "x  1.00M b");
}

/* What `run` writes to standard error; at most 64 KiB. */
static char *errors_of(void (*run)(void))
{
    static char text[1 << 16];
    FILE *file = tmpfile();
    assert_non_null(file);
    int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    run();
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

static void add_one(void *arg, size_t i)
{
    (void)i;
    progress_add(arg, 1);
}

static void json_run(void)
{
    struct progress *p = progress_new(PROGRESS_JSON);
    struct pool *pool = pool_new(3);
    progress_stage(p, "re\"ad", "rows", 10000);
    pool_for(pool, 10000, add_one, p);
    progress_stage(p, "match", "pairs", 0);
    progress_end(p);
    progress_add(p, 5);
    progress_free(p);
    pool_free(pool);
}

static void json_lines_begin_and_end_each_stage(void **state)
{
    (void)state;
    char *text = errors_of(json_run);
    int64_t last = -1;
    int lines = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
        json_t *j = json_loads(line, 0, NULL);
        assert_non_null(j);
        json_int_t done = json_integer_value(json_object_get(j, "done"));
        if (!strcmp(json_string_value(json_object_get(j, "stage")), "match")) {
            assert_int_equal(last, 10000);
            assert_true(json_is_null(json_object_get(j, "total")));
        } else {
            assert_true(done >= last);
            last = done;
            assert_int_equal(json_integer_value(json_object_get(j, "total")), 10000);
        }
        json_decref(j);
    }
    assert_true(lines >= 4 && lines < 20);
}

static void bar_run(void)
{
    struct progress *p = progress_new(PROGRESS_BAR);
    progress_stage(p, "read", "rows", 4);
    for (int i = 0; i < 30; i++) {
        usleep(10000);
        progress_add(p, 0);
    }
    progress_free(p);
}

static void a_bar_is_redrawn_ten_times_a_second_and_cleared(void **state)
{
    (void)state;
    const char *text = errors_of(bar_run);
    int draws = 0;
    for (const char *at = text; (at = strstr(at, "\rread")); at++)
        draws++;
    assert_true(draws >= 2 && draws <= 6);
    assert_string_equal(text + strlen(text) - 4, "\r\033[K");
}

static void never_run(void)
{
    struct progress *p = progress_new(PROGRESS_NEVER);
    progress_stage(p, "read", "rows", 4);
    progress_add(p, 4);
    progress_end(p);
    progress_free(p);
}

static void never_writes_nothing(void **state)
{
    (void)state;
    assert_string_equal(errors_of(never_run), "");
}

static void times_run(void)
{
    int n;
    struct progress *p = progress_new(PROGRESS_TIMES);
    progress_stage(p, "read", "rows", 4);
    usleep(20000);
    progress_stage(p, "match", "rows", 4);
    progress_end(p);
    progress_end(p);
    const struct progress_time *times = progress_times(p, &n);
    assert_int_equal(n, 2);
    assert_string_equal(times[0].stage, "read");
    assert_true(times[0].millis >= 19 && times[0].cpu_millis <= times[0].millis);
    assert_string_equal(times[1].stage, "match");
    progress_free(p);
}

static void times_are_kept_and_nothing_is_written(void **state)
{
    (void)state;
    assert_string_equal(errors_of(times_run), "");
}

static int auto_mode, auto_quiet;

static void ask_modes(void)
{
    auto_mode = progress_mode(NULL, 0);
    auto_quiet = progress_mode("auto", 1);
}

static void modes_go_by_name_and_terminal(void **state)
{
    (void)state;
    errors_of(ask_modes); /* a file is no terminal */
    assert_int_equal(auto_mode, PROGRESS_NEVER);
    assert_int_equal(auto_quiet, PROGRESS_NEVER);
    assert_int_equal(progress_mode("always", 1), PROGRESS_BAR);
    assert_int_equal(progress_mode("json", 1), PROGRESS_JSON);
    assert_int_equal(progress_mode("never", 0), PROGRESS_NEVER);
    assert_int_equal(progress_mode("sometimes", 0), -1);
}

static void auto_is_a_bar_on_a_terminal(void **state)
{
    (void)state;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY), saved = dup(STDERR_FILENO);
    if (terminal < 0 || grantpt(terminal) < 0 || unlockpt(terminal) < 0)
        skip();
    char name[64];
    assert_int_equal(ptsname_r(terminal, name, sizeof name), 0);
    int end = open(name, O_RDWR | O_NOCTTY);
    dup2(end, STDERR_FILENO);
    ask_modes();
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(end);
    close(terminal);
    assert_int_equal(auto_mode, PROGRESS_BAR);
    assert_int_equal(auto_quiet, PROGRESS_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bar_has_share_rate_and_time_left),
        cmocka_unit_test(an_unknown_total_shows_no_share),
        cmocka_unit_test(more_than_the_total_is_all_of_it),
        cmocka_unit_test(a_bar_is_cut_to_the_terminal),
        cmocka_unit_test(big_amounts_stay_short),
        cmocka_unit_test(json_lines_begin_and_end_each_stage),
        cmocka_unit_test(a_bar_is_redrawn_ten_times_a_second_and_cleared),
        cmocka_unit_test(never_writes_nothing),
        cmocka_unit_test(times_are_kept_and_nothing_is_written),
        cmocka_unit_test(modes_go_by_name_and_terminal),
        cmocka_unit_test(auto_is_a_bar_on_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
