#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

/* Each test runs in an empty folder of its own. */
static int enter_folder(void **state)
{
    char *dir = strdup("/tmp/sluice-file.XXXXXX");
    *state = dir;
    umask(022);
    signal(SIGPIPE, SIG_IGN);
    return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    int code = chdir("/") < 0 ? -1 : file_remove_tree(*state, NULL);
    free(*state);
    return code;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)

static int count_entries(const char *path)
{
    DIR *d = opendir(path);
    assert_non_null(d);
    int n = -2;
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static void assert_content(const char *path, const char *want)
{
    struct buffer b = {0};
    struct error err = {0};
    assert_int_equal(file_slurp(path, 1 << 20, &b, &err), 0);
    assert_int_equal(b.len, strlen(want));
    assert_memory_equal(b.data, want, b.len);
    buffer_done(&b);
}

static void store(const char *path, int flags, const char *text)
{
    struct error err = {0};
    assert_int_equal(file_store(path, flags, slice_str(text), &err), 0);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static void a_file_appears_only_when_committed(void **state)
{
    (void)state;
    struct file_out *f;
    struct error err = {0};
    assert_int_equal(file_create("out", 0, &f, &err), 0);
    assert_int_equal(file_write(f, "abc", 3, &err), 0);
    assert_int_equal(file_offset(f), 3);
    assert_false(file_exists("out"));
    assert_int_equal(file_commit(f, &err), 0);
    file_close(f);
    assert_content("out", "abc");
    assert_int_equal(count_entries("."), 1);
}

static void an_uncommitted_file_leaves_nothing_behind(void **state)
{
    (void)state;
    struct file_out *f;
    struct error err = {0};
    assert_int_equal(file_create("out", 0, &f, &err), 0);
    assert_int_equal(file_write(f, "abc", 3, &err), 0);
    file_close(f);
    assert_int_equal(count_entries("."), 0);
}

static void an_uncommitted_file_leaves_the_old_one_alone(void **state)
{
    (void)state;
    struct file_out *f;
    struct error err = {0};
    store("out", 0, "old");
    assert_int_equal(file_create("out", 0, &f, &err), 0);
    assert_int_equal(file_write(f, "new", 3, &err), 0);
    file_close(f);
    assert_content("out", "old");
}

static void the_temporary_is_hidden_and_recognisable(void **state)
{
    (void)state;
    struct file_out *f;
    struct error err = {0};
    char want[64];
    snprintf(want, sizeof want, ".out.tmp-%ld-0", (long)getpid());
    assert_int_equal(file_create("out", 0, &f, &err), 0);
    assert_true(file_exists(want));
    file_close(f);
}

static void two_writers_of_one_name_do_not_meet(void **state)
{
    (void)state;
    struct file_out *a, *b;
    struct error err = {0};
    assert_int_equal(file_create("out", 0, &a, &err), 0);
    assert_int_equal(file_create("out", 0, &b, &err), 0);
    assert_int_equal(file_write(a, "first", 5, &err), 0);
    assert_int_equal(file_write(b, "second", 6, &err), 0);
    assert_int_equal(file_commit(a, &err), 0);
    assert_content("out", "first");
    assert_int_equal(file_commit(b, &err), 0);
    assert_content("out", "second");
    file_close(a);
    file_close(b);
}

static void new_files_are_private_unless_shared(void **state)
{
    (void)state;
    store("private", 0, "x");
    store("shared", FILE_SHARED, "x");
    assert_int_equal(mode_of("private"), 0600);
    assert_int_equal(mode_of("shared"), 0644);
}

static void a_replaced_file_keeps_its_mode_and_the_link_to_it(void **state)
{
    (void)state;
    assert_int_equal(mkdir("dir", 0700), 0);
    store("dir/real", 0, "old");
    assert_int_equal(chmod("dir/real", 0640), 0);
    assert_int_equal(symlink("dir/real", "link"), 0);
    store("link", 0, "new");
    assert_content("dir/real", "new");
    assert_int_equal(mode_of("dir/real"), 0640);
    struct stat st;
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void a_new_file_that_exists_is_refused_at_commit(void **state)
{
    (void)state;
    struct file_out *f;
    struct error err = {0};
    assert_int_equal(file_create("log", FILE_NEW, &f, &err), 0);
    assert_int_equal(file_write(f, "mine", 4, &err), 0);
    store("log", FILE_NEW, "theirs");
    assert_int_equal(file_commit(f, &err), ERR_CREATE);
    assert_string_equal(err.text, "'log' exists already");
    file_close(f);
    assert_content("log", "theirs");
    assert_int_equal(count_entries("."), 1);
}

static void long_names_get_a_temporary_too(void **state)
{
    (void)state;
    char name[256];
    memset(name, 'n', 255);
    name[255] = 0;
    store(name, 0, "x");
    assert_content(name, "x");
}

static void more_than_a_buffer_keeps_its_order(void **state)
{
    (void)state;
    struct file_out *f;
    struct error err = {0};
    enum { N = 300000 };
    char *bytes = malloc(N);
    for (int i = 0; i < N; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    assert_int_equal(file_create("out", FILE_NO_SYNC, &f, &err), 0);
    assert_int_equal(file_write(f, bytes, 3, &err), 0);
    assert_int_equal(file_write(f, bytes + 3, N - 4, &err), 0);
    assert_int_equal(file_write(f, bytes + N - 1, 1, &err), 0);
    for (int i = 0; i < N; i += 1000)
        assert_int_equal(file_write(f, bytes + i, 1000, &err), 0);
    assert_int_equal(file_offset(f), 2 * N);
    assert_int_equal(file_commit(f, &err), 0);
    file_close(f);
    struct buffer b = {0};
    assert_int_equal(file_slurp("out", 2 * N, &b, &err), 0);
    assert_int_equal(b.len, 2 * N);
    assert_memory_equal(b.data, bytes, N);
    assert_memory_equal(b.data + N, bytes, N);
    buffer_done(&b);
    free(bytes);
}

static void a_full_device_is_an_io_error_that_names_it(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(file_store("/dev/full", 0, SLICE_LIT("x"), &err), ERR_IO);
    assert_non_null(strstr(err.text, "'/dev/full'"));
    assert_non_null(strstr(err.text, strerror(ENOSPC)));
    struct stat st;
    assert_int_equal(stat("/dev/full", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
}

static void nothing_is_published_after_a_failed_write(void **state)
{
    (void)state;
    struct file_out *f;
    struct error err = {0};
    assert_int_equal(file_create("/dev/full", 0, &f, &err), 0);
    char *bytes = calloc(1, 1 << 19);
    assert_int_equal(file_write(f, bytes, 1 << 19, &err), ERR_IO);
    assert_int_equal(file_write(f, bytes, 1 << 19, &err), ERR_IO);
    assert_int_equal(file_commit(f, &err), ERR_IO);
    file_close(f);
    free(bytes);
}

static void a_file_that_grows_too_large_is_not_published(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {.rlim_cur = 100000, .rlim_max = before.rlim_max};
    char *bytes = calloc(1, 300000);
    struct error err = {0};
    store("out", 0, "old");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int code = file_store("out", 0, slice_of(bytes, 300000), &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    free(bytes);
    assert_int_equal(code, ERR_IO);
    assert_non_null(strstr(err.text, "'out'"));
    assert_content("out", "old");
    assert_int_equal(count_entries("."), 1);
}

static void a_device_is_written_in_place(void **state)
{
    (void)state;
    store("/dev/null", 0, "x");
    struct stat st;
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
}

static void a_descriptor_is_written_by_name_and_stays_open(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    char name[32], got[3];
    snprintf(name, sizeof name, "/dev/fd/%d", ends[1]);
    store(name, 0, "abc");
    assert_int_equal(read(ends[0], got, 3), 3);
    assert_memory_equal(got, "abc", 3);
    assert_true(fcntl(ends[1], F_GETFD) >= 0);
    close(ends[0]);
    close(ends[1]);
}

static void a_reader_that_left_ends_it_quietly(void **state)
{
    (void)state;
    int ends[2];
    struct error err = {0};
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    char name[32];
    snprintf(name, sizeof name, "/dev/fd/%d", ends[1]);
    assert_int_equal(file_store(name, 0, SLICE_LIT("x"), &err), ERR_PIPE);
    close(ends[1]);
}

static void places_that_cannot_be_written_are_refused(void **state)
{
    (void)state;
    struct file_out *f;
    struct error err = {0};
    assert_int_equal(mkdir("dir", 0700), 0);
    assert_int_equal(file_create("dir", 0, &f, &err), ERR_CREATE);
    assert_string_equal(err.text, "cannot write 'dir': it is a directory");
    assert_int_equal(file_create("none/out", 0, &f, &err), ERR_CREATE);
    assert_non_null(strstr(err.text, "'none/out'"));
    assert_int_equal(file_create("", 0, &f, &err), ERR_CREATE);
    assert_int_equal(file_create("/dev/fd/987", 0, &f, &err), ERR_CREATE);
    /* Even root may not create files here. */
    assert_int_equal(file_create("/proc/out", 0, &f, &err), ERR_CREATE);
    if (geteuid() == 0)
        return;
    assert_int_equal(chmod("dir", 0500), 0);
    assert_int_equal(file_create("dir/out", 0, &f, &err), ERR_CREATE);
}

static void slurp_says_what_it_cannot_read(void **state)
{
    (void)state;
    struct buffer b = {0};
    struct error err = {0};
    assert_int_equal(file_slurp("none", 10, &b, &err), ERR_INPUT);
    assert_int_equal(file_slurp(".", 10, &b, &err), ERR_INPUT);
    store("ten", 0, "0123456789");
    assert_int_equal(file_slurp("ten", 9, &b, &err), ERR_DATA);
    assert_string_equal(err.text, "'ten' is larger than the 9 bytes allowed");
    buffer_reset(&b);
    assert_int_equal(file_slurp("ten", 10, &b, &err), 0);
    assert_int_equal(b.len, 10);
    buffer_done(&b);
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(file_mkdirs("a/b//c/", 0, &err), 0);
    assert_int_equal(file_mkdirs("a/b/c", 0, &err), 0);
    assert_int_equal(file_mkdirs("s/t", FILE_SHARED, &err), 0);
    assert_int_equal(mode_of("a/b/c"), 0700);
    assert_int_equal(mode_of("s/t"), 0755);
    store("a/file", 0, "x");
    assert_int_equal(file_mkdirs("a/file/d", 0, &err), ERR_CREATE);
    assert_string_equal(err.text, "cannot create 'a/file': a file is in its place");
    assert_int_equal(file_mkdirs("/proc/none/d", 0, &err), ERR_CREATE);
}

static void a_tree_is_removed_without_following_links(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(file_mkdirs("tree/b/c", 0, &err), 0);
    assert_int_equal(mkdir("kept", 0700), 0);
    store("tree/b/file", 0, "x");
    store("kept/file", 0, "x");
    assert_int_equal(symlink("../kept", "tree/link"), 0);
    assert_int_equal(file_remove_tree("tree", &err), 0);
    assert_false(file_exists("tree"));
    assert_true(file_exists("kept/file"));
    assert_int_equal(file_remove_tree("tree", &err), 0);
    assert_int_equal(file_remove_tree("kept/file", &err), 0);
    assert_int_equal(count_entries("kept"), 0);
}

static void paths_are_joined_with_one_slash(void **state)
{
    (void)state;
    const char *cases[][3] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"},
                              {"a", "/b", "/b"}, {"/", "b", "/b"},   {"a", "", "a/"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = file_join(cases[i][0], cases[i][1]);
        assert_string_equal(got, cases[i][2]);
        free(got);
    }
}

static void assert_glob(const char *pattern, const char *want)
{
    struct error err = {0};
    char **paths, got[200] = "";
    size_t n;
    assert_int_equal(file_glob(pattern, &paths, &n, &err), 0);
    for (size_t i = 0; i < n; i++)
        strcat(strcat(got, paths[i]), " ");
    assert_string_equal(got, want);
    file_list_free(paths, n);
}

static void patterns_match_in_order_of_bytes(void **state)
{
    (void)state;
    const char *names[] = {"b.csv",  "a-2.csv",  "a-10.csv",    "B.csv",
                           ".a.csv", "a[1].csv", "\xc3\xa4.csv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        store(names[i], 0, "x");
    assert_glob("*.csv", "B.csv a-10.csv a-2.csv a[1].csv b.csv \xc3\xa4.csv ");
    assert_glob("a-?.csv", "a-2.csv ");
    assert_glob("[ab].csv", "b.csv ");
    assert_glob("b.csv", "b.csv ");
    assert_glob("a[1].csv", "a[1].csv ");
    assert_glob("none*", "");
    assert_glob("none", "");
    assert_glob("none/*", "");
    assert_glob("b.csv/*", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_appears_only_when_committed),
        TEST(an_uncommitted_file_leaves_nothing_behind),
        TEST(an_uncommitted_file_leaves_the_old_one_alone),
        TEST(the_temporary_is_hidden_and_recognisable),
        TEST(two_writers_of_one_name_do_not_meet),
        TEST(new_files_are_private_unless_shared),
        TEST(a_replaced_file_keeps_its_mode_and_the_link_to_it),
        TEST(a_new_file_that_exists_is_refused_at_commit),
        TEST(long_names_get_a_temporary_too),
        TEST(more_than_a_buffer_keeps_its_order),
        TEST(a_full_device_is_an_io_error_that_names_it),
        TEST(nothing_is_published_after_a_failed_write),
        TEST(a_file_that_grows_too_large_is_not_published),
        TEST(a_device_is_written_in_place),
        TEST(a_descriptor_is_written_by_name_and_stays_open),
        TEST(a_reader_that_left_ends_it_quietly),
        TEST(places_that_cannot_be_written_are_refused),
        TEST(slurp_says_what_it_cannot_read),
        TEST(folders_are_made_with_their_parents),
        TEST(a_tree_is_removed_without_following_links),
        TEST(paths_are_joined_with_one_slash),
        TEST(patterns_match_in_order_of_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
