/* Decisions that people wrote down: which stand, which contradict each other, what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "core/file.h"
#include "pipelines/decisions.h"

enum { RECORDS = 6 };

struct made {
    char path[64];
    struct dict names;
    uint32_t index[RECORDS];
    struct decisions d;
};

/* Records crm:0 to crm:5, and the lines; the code of reading them. */
static int made_read(struct made *m, const char *lines, struct error *err)
{
    char name[16];
    snprintf(m->path, sizeof m->path, "/tmp/test_decisions_XXXXXX.csv");
    int fd = mkstemps(m->path, 4);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, lines, strlen(lines)), (ssize_t)strlen(lines));
    close(fd);
    assert_int_equal(dict_init(&m->names), 0);
    for (uint32_t i = 0; i < RECORDS; i++) {
        snprintf(name, sizeof name, "crm:%u", i);
        m->index[dict_add(&m->names, slice_str(name))] = i;
    }
    return decisions_read(m->path, &m->names, m->index, &m->d, err);
}

static void made_done(struct made *m)
{
    unlink(m->path);
    decisions_done(&m->d);
    dict_done(&m->names);
}

static void the_later_line_about_a_pair_counts_either_way_round(void **state)
{
    (void)state;
    struct made m;
    struct error err = {0};
    assert_int_equal(made_read(&m,
                               "action,a,b\nlink,crm:1,crm:2\nlink,crm:3,crm:4\n"
                               " Unlink ,crm:2, crm:1 \n",
                               &err),
                     0);
    assert_int_equal(m.d.n, 2);
    assert_int_equal(m.d.list[0].a, 1);
    assert_int_equal(m.d.list[0].b, 2);
    assert_int_equal(m.d.list[0].says, -1);
    assert_int_equal(m.d.list[1].says, 1);
    assert_int_equal(m.d.n_warnings, 0);
    made_done(&m);
}

static void lines_that_cannot_all_be_kept_are_named(void **state)
{
    (void)state;
    struct made m;
    struct error err = {0};
    assert_int_equal(made_read(&m,
                               "action,a,b\nlink,crm:0,crm:1\nlink,crm:1,crm:2\nlink,crm:4,crm:5\n"
                               "unlink,crm:0,crm:2\nunlink,crm:0,crm:4\n",
                               &err),
                     0);
    assert_int_equal(m.d.n, 5);
    assert_int_equal(m.d.n_warnings, 1);
    assert_non_null(strstr(m.d.warnings[0], "line 5 parts"));
    assert_non_null(strstr(m.d.warnings[0], "lines 2, 3 make"));
    made_done(&m);
}

static void records_that_are_not_here_wait(void **state)
{
    (void)state;
    struct made m;
    struct error err = {0};
    assert_int_equal(
        made_read(&m, "action,a,b\nlink,crm:0,crm:9\nunlink,crm:1,crm:1\nlink,,\n", &err), 0);
    assert_int_equal(m.d.n, 0);
    assert_int_equal(m.d.unknown, 3);
    assert_int_equal(m.d.n_warnings, 1);
    made_done(&m);
}

static void many_contradictions_fit_the_room_for_them(void **state)
{
    (void)state;
    struct made m;
    struct error err = {0};
    char lines[2048] = "action,a,b\n";
    for (int i = 0; i + 1 < RECORDS; i++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "link,crm:%d,crm:%d\n", i,
                 i + 1);
    for (int i = 0; i + 2 < RECORDS; i++)
        for (int k = i + 2; k < RECORDS; k++)
            snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "unlink,crm:%d,crm:%d\n",
                     i, k);
    assert_int_equal(made_read(&m, lines, &err), 0);
    assert_int_equal(m.d.n, 15);
    assert_int_equal(m.d.n_warnings, DECISION_WARNINGS);
    made_done(&m);
}

static void what_is_no_decision_is_refused_at_its_line(void **state)
{
    (void)state;
    struct made m;
    struct error err = {0};
    assert_int_equal(made_read(&m, "action,a,b\nlink,crm:0,crm:1\nmerge,crm:0,crm:1\n", &err),
                     ERR_DATA);
    assert_non_null(strstr(err.text, "line 3"));
    assert_non_null(strstr(err.text, "'merge'"));
    assert_int_equal(m.d.n, 0);
    made_done(&m);
    assert_int_equal(made_read(&m, "what,a,b\nlink,crm:0,crm:1\n", &err), ERR_DATA);
    assert_non_null(strstr(err.text, "'action'"));
    made_done(&m);
}

static void no_file_and_no_lines_are_no_decisions(void **state)
{
    (void)state;
    struct made m;
    struct error err = {0};
    struct decisions d;
    assert_int_equal(made_read(&m, "action,a,b\n", &err), 0);
    assert_int_equal(m.d.n, 0);
    assert_int_equal(decisions_read("/nowhere/decisions.csv", &m.names, m.index, &d, &err), 0);
    assert_int_equal(d.n, 0);
    made_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_later_line_about_a_pair_counts_either_way_round),
        cmocka_unit_test(lines_that_cannot_all_be_kept_are_named),
        cmocka_unit_test(records_that_are_not_here_wait),
        cmocka_unit_test(many_contradictions_fit_the_room_for_them),
        cmocka_unit_test(what_is_no_decision_is_refused_at_its_line),
        cmocka_unit_test(no_file_and_no_lines_are_no_decisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
