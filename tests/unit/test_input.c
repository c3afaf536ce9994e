/* Inputs: compression and archives are looked through, and every way of cutting one short is an
 * error; text of any encoding becomes UTF-8. The archives are made by libarchive's writers. */
#include "connectors/input.h"
#include "connectors/input_text.h"
#include "core/file.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static const char path[] = "/tmp/sluice-input.bin";

struct maker {
    const char *format, *filter, *options, *password;
};

static struct buffer pack(const struct maker *m, const char *const *names,
                          const struct slice *contents, int n)
{
    struct archive *a = archive_write_new();
    struct buffer out = {0};
    size_t used = 0;

    assert_int_equal(archive_write_set_format_by_name(a, m->format), ARCHIVE_OK);
    if (m->filter)
        assert_int_equal(archive_write_add_filter_by_name(a, m->filter), ARCHIVE_OK);
    if (m->options)
        assert_int_equal(archive_write_set_options(a, m->options), ARCHIVE_OK);
    if (m->password)
        assert_int_equal(archive_write_set_passphrase(a, m->password), ARCHIVE_OK);
    buffer_reserve(&out, 8 << 20);
    assert_int_equal(archive_write_open_memory(a, out.data, out.cap, &used), ARCHIVE_OK);
    for (int i = 0; i < n; i++) {
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, names[i]);
        archive_entry_set_filetype(e, AE_IFREG);
        archive_entry_set_perm(e, 0644);
        archive_entry_set_size(e, (int64_t)contents[i].len);
        assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
        archive_write_data(a, contents[i].ptr, contents[i].len);
        archive_entry_free(e);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    out.len = used;
    return out;
}

static struct buffer compress_one(const char *filter, struct slice text)
{
    static const char *const names[] = {"x"};
    struct maker m = {"raw", filter, NULL, NULL};

    return pack(&m, names, &text, 1);
}

/* Text that does not compress to nothing. */
static struct buffer some_text(size_t len)
{
    struct buffer b = {0};
    uint64_t x = 9;

    while (b.len < len) {
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
        buffer_printf(&b, "%llu,line\n", (unsigned long long)(x >> 40));
    }
    return b;
}

/* "name:" and the bytes of each part. */
static int read_parts(const struct input_options *options, struct buffer *out, struct error *err)
{
    struct input *in = NULL;
    int more = input_open(path, options, &in, err);
    char buf[5000];

    if (more >= 0)
        more = 1;
    while (more > 0 && (more = input_next(in, err)) > 0) {
        size_t n = 1;
        buffer_string(out, input_member(in));
        buffer_putc(out, ':');
        while (n && more > 0) {
            int code = input_read(in, buf, sizeof(buf), &n, err);
            more = code < 0 ? code : more;
            if (code >= 0)
                buffer_append(out, buf, n);
        }
    }
    input_close(in);
    return more;
}

static void store(struct slice bytes)
{
    assert_int_equal(file_store(path, FILE_NO_SYNC, bytes, NULL), 0);
}

static void gives(const struct input_options *options, const char *want)
{
    struct buffer got = {0};
    struct error err = {0};
    int code = read_parts(options, &got, &err);

    if (code < 0)
        print_error("%s: %s\n", err.where, err.text);
    assert_int_equal(code, 0);
    buffer_putc(&got, 0);
    assert_string_equal((char *)got.data, want);
    buffer_done(&got);
}

static void fails(const struct input_options *options, int want, const char *where,
                  const char *says)
{
    struct buffer got = {0};
    struct error err = {0};

    assert_int_equal(read_parts(options, &got, &err), want);
    if (!strstr(err.where, where) || !strstr(err.text, says))
        print_error("said %s: %s\n", err.where, err.text);
    assert_non_null(strstr(err.where, where));
    assert_non_null(strstr(err.text, says));
    buffer_done(&got);
}

static const char *const filters[] = {"gzip", "zstd", "xz", "bzip2"};

static void compressed_files_read_as_what_is_in_them(void **state)
{
    struct buffer text = some_text(300000), want = {0};

    (void)state;
    buffer_putc(&want, ':');
    buffer_slice(&want, buffer_view(&text));
    buffer_putc(&want, 0);
    for (int i = 0; i < 4; i++) {
        struct buffer packed = compress_one(filters[i], buffer_view(&text));
        store(buffer_view(&packed));
        gives(NULL, (char *)want.data);
        buffer_done(&packed);
    }
    buffer_done(&text);
    buffer_done(&want);
}

static void several_members_are_one_text(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct buffer a = compress_one(filters[i], SLICE_LIT("one\n"));
        struct buffer b = compress_one(filters[i], SLICE_LIT("two\n"));
        buffer_slice(&a, buffer_view(&b));
        store(buffer_view(&a));
        gives(NULL, ":one\ntwo\n");
        buffer_done(&a);
        buffer_done(&b);
    }
}

/* Cut anywhere behind the magic bytes: never a shorter text. */
static void a_truncated_stream_is_an_error_wherever_it_is_cut(void **state)
{
    struct buffer text = some_text(3000);

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct buffer packed = compress_one(filters[i], buffer_view(&text));
        for (size_t len = 12; len < packed.len; len += len < 60 ? 1 : 97) {
            store(slice_of((char *)packed.data, len));
            fails(NULL, ERR_DATA, path, filters[i]);
        }
        store(slice_of((char *)packed.data, packed.len - 1));
        fails(NULL, ERR_DATA, path, "truncated");
        buffer_done(&packed);
    }
    buffer_done(&text);
}

static void a_damaged_or_followed_gzip_is_an_error(void **state)
{
    struct buffer packed = compress_one("gzip", SLICE_LIT("some text that is packed\n"));

    (void)state;
    packed.data[packed.len - 7] ^= 1; /* in the CRC */
    store(buffer_view(&packed));
    fails(NULL, ERR_DATA, path, "incorrect data check");
    packed.data[packed.len - 7] ^= 1;
    buffer_zeros(&packed, 600);
    store(buffer_view(&packed));
    gives(NULL, ":some text that is packed\n");
    buffer_string(&packed, "junk");
    store(buffer_view(&packed));
    fails(NULL, ERR_DATA, path, "followed by something else");
    buffer_done(&packed);
}

static void a_bomb_is_refused(void **state)
{
    struct buffer zeros = {0}, packed;

    (void)state;
    buffer_zeros(&zeros, 6 << 20);
    packed = compress_one("gzip", buffer_view(&zeros));
    store(buffer_view(&packed));
    fails(&(struct input_options){.max_bytes = 1 << 20}, ERR_DATA, path, "more than 1048576 bytes");
    buffer_done(&zeros);
    buffer_done(&packed);
}

static const struct maker makers[] = {
    {"zip", NULL, NULL, NULL},   {"zip", NULL, "zip:compression=store", NULL},
    {"7zip", NULL, NULL, NULL},  {"ustar", NULL, NULL, NULL},
    {"pax", "gzip", NULL, NULL}, {"gnutar", "zstd", NULL, NULL}};

static void archives_give_their_members_in_order(void **state)
{
    static const char *const names[] = {"b/points.csv", "a.txt", "b/members.csv"};
    const struct slice contents[] = {SLICE_LIT("x,y\n"), SLICE_LIT("hello\n"), SLICE_LIT("")};

    (void)state;
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        struct buffer b = pack(&makers[i], names, contents, 3);
        store(buffer_view(&b));
        gives(&(struct input_options){.member = "*.csv"}, "b/points.csv:x,y\nb/members.csv:");
        gives(&(struct input_options){.member = "a.*"}, "a.txt:hello\n");
        gives(&(struct input_options){.member = "b/p*"}, "b/points.csv:x,y\n");
        fails(&(struct input_options){.member = "c*"}, ERR_INPUT, path,
              "no member that matches 'c*'");
        buffer_done(&b);
    }
}

static void archives_in_archives_are_entered_once(void **state)
{
    static const char *const inner_names[] = {"data.csv", "readme"};
    const struct slice inner_contents[] = {SLICE_LIT("a,b\n"), SLICE_LIT("read me")};

    (void)state;
    for (int outer = 0; outer < 6; outer += 3)
        for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
            struct buffer inner = pack(&makers[i], inner_names, inner_contents, 2), b, c;
            const char *const names[] = {"first.csv", "inner.zip"};
            const struct slice contents[] = {SLICE_LIT("1\n"), buffer_view(&inner)};
            b = pack(&makers[outer], names, contents, 2);
            store(buffer_view(&b));
            gives(&(struct input_options){.member = "*.csv"},
                  "first.csv:1\ninner.zip/data.csv:a,b\n");
            gives(&(struct input_options){.member = "inner.zip"},
                  "inner.zip/data.csv:a,b\ninner.zip/readme:read me");
            const struct slice again[] = {SLICE_LIT("1\n"), buffer_view(&b)};
            c = pack(&makers[outer], names, again, 2);
            store(buffer_view(&c));
            fails(NULL, ERR_DATA, "inner.zip/inner.zip", "archive in an archive in an archive");
            buffer_done(&inner);
            buffer_done(&b);
            buffer_done(&c);
        }
}

static void a_packed_member_is_unpacked(void **state)
{
    static const char *const names[] = {"data.csv.gz"};
    struct buffer inner = compress_one("gzip", SLICE_LIT("a,b\n")), b;
    const struct slice contents[] = {buffer_view(&inner)};

    (void)state;
    b = pack(&makers[0], names, contents, 1);
    store(buffer_view(&b));
    gives(NULL, "data.csv.gz:a,b\n");
    buffer_done(&inner);
    buffer_done(&b);
}

static void a_truncated_archive_is_an_error_wherever_it_is_cut(void **state)
{
    static const char *const names[] = {"one.csv", "two.csv"};
    struct buffer text = some_text(2500);
    const struct slice contents[] = {buffer_view(&text), buffer_view(&text)};

    (void)state;
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        struct buffer b = pack(&makers[i], names, contents, 2);
        /* A tar ends in two zero blocks and padding; losing the second one loses nothing. */
        size_t end = i == 3 ? 2 * (512 + 2560) : b.len;
        for (size_t len = 520; len < end; len += 131) {
            store(slice_of((char *)b.data, len));
            fails(NULL, ERR_DATA, path, "truncated");
        }
        if (i == 3) { /* exactly between the members */
            store(slice_of((char *)b.data, 512 + 2560));
            fails(NULL, ERR_DATA, path, "no end marker");
        }
        buffer_done(&b);
    }
    buffer_done(&text);
}

static void an_encrypted_member_is_refused_by_name(void **state)
{
    static const char *const names[] = {"open.csv"};
    const struct slice contents[] = {SLICE_LIT("a,b\n")};
    struct maker m = {"zip", NULL, "zip:encryption=traditional", "secret"};
    struct buffer b = pack(&m, names, contents, 1);

    (void)state;
    store(buffer_view(&b));
    fails(NULL, ERR_DATA, "open.csv", "member 'open.csv' is encrypted");
    buffer_done(&b);
}

static void what_is_not_a_file_of_data_is_refused(void **state)
{
    static const char *const names[] = {"[Content_Types].xml"};
    const struct slice contents[] = {SLICE_LIT("<Types/>")};
    struct buffer b = pack(&makers[0], names, contents, 1), none;
    struct input *in = NULL;
    struct error err = {0};

    (void)state;
    store(buffer_view(&b));
    fails(NULL, ERR_DATA, path, "save its sheet as CSV");
    none = pack(&makers[0], names, contents, 0);
    store(buffer_view(&none));
    fails(NULL, ERR_DATA, path, "archive");
    assert_int_equal(input_open("/nonexistent/x", NULL, &in, &err), ERR_INPUT);
    assert_non_null(strstr(err.text, "No such file"));
    assert_int_equal(input_open("/tmp", NULL, &in, &err), ERR_INPUT);
    assert_non_null(strstr(err.text, "directory"));
    buffer_done(&b);
    buffer_done(&none);
}

static void encoding_is(struct slice bytes, const char *wanted, const char *want_name,
                        struct slice want)
{
    struct input_options options = {.encoding = wanted};
    struct input *in;
    struct slice head;
    struct error err = {0};
    char buf[6000];
    size_t n, got = 0;

    store(bytes);
    assert_int_equal(input_open(path, &options, &in, &err), 0);
    assert_int_equal(input_next(in, &err), 1);
    assert_int_equal(input_peek(in, &head, &err), 0);
    assert_true(slice_equal(head, want));
    do { /* small reads after looking give the same bytes */
        assert_int_equal(input_read(in, buf + got, 7, &n, &err), 0);
        got += n;
    } while (n);
    assert_true(slice_equal(slice_of(buf, got), want));
    assert_string_equal(input_encoding(in), want_name);
    input_close(in);
}

static void encodings_are_found_and_turned_into_utf8(void **state)
{
    (void)state;
    encoding_is(SLICE_LIT("plain"), NULL, "UTF-8", SLICE_LIT("plain"));
    encoding_is(SLICE_LIT("\xef\xbb\xbf"
                          "a"),
                NULL, "UTF-8", SLICE_LIT("a"));
    encoding_is(SLICE_LIT("\xef\xbb\xbf"
                          "a"),
                "UTF-8", "UTF-8", SLICE_LIT("a"));
    encoding_is(SLICE_LIT("\xef\xbb\xbf"
                          "a"),
                "binary", "binary",
                SLICE_LIT("\xef\xbb\xbf"
                          "a"));
    encoding_is(SLICE_LIT("\xff\xfe"
                          "a\0b\0"),
                NULL, "UTF-16LE", SLICE_LIT("ab"));
    encoding_is(SLICE_LIT("\xff\xfe"
                          "a\0b\0"),
                "UTF-16", "UTF-16LE", SLICE_LIT("ab"));
    encoding_is(SLICE_LIT("\xfe\xff\0a\xd8\x34\xdd\x1e"), NULL, "UTF-16BE",
                SLICE_LIT("a\xf0\x9d\x84\x9e"));
    encoding_is(SLICE_LIT("a\0b\0\n\0"), NULL, "UTF-16LE", SLICE_LIT("ab\n"));
    encoding_is(SLICE_LIT("Z\xfcrich, 5 \x80"), NULL, "windows-1252",
                SLICE_LIT("Z\xc3\xbcrich, 5 \xe2\x82\xac"));
    encoding_is(SLICE_LIT("\xa4"), "ISO-8859-15", "ISO-8859-15", SLICE_LIT("\xe2\x82\xac"));
    encoding_is(SLICE_LIT("\x93\x8c\x8b\x9e"), "Shift_JIS", "Shift_JIS",
                SLICE_LIT("\xe6\x9d\xb1\xe4\xba\xac"));
}

static void bad_bytes_are_marked_not_replaced(void **state)
{
    struct input *in;
    struct error err = {0};

    (void)state;
    encoding_is(SLICE_LIT("ok \xff end"), NULL, "UTF-8", SLICE_LIT("ok \xff end"));
    encoding_is(SLICE_LIT("a\x81"
                          "b"),
                "windows-1252", "windows-1252",
                SLICE_LIT("a\xff"
                          "b"));
    encoding_is(SLICE_LIT("\xff\xfe"
                          "a\0\0\xd8"
                          "b\0"),
                NULL, "UTF-16LE",
                SLICE_LIT("a\xff"
                          "b"));
    encoding_is(SLICE_LIT("\xff\xfe"
                          "a\0b"),
                NULL, "UTF-16LE", SLICE_LIT("a\xff"));
    store(SLICE_LIT("x"));
    assert_int_equal(input_open(path, &(struct input_options){.encoding = "klingon"}, &in, &err),
                     0);
    assert_int_equal(input_next(in, &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "unknown encoding 'klingon'"));
    input_close(in);
}

/* The first byte that is not ASCII may come late. */
static void the_encoding_is_decided_where_it_matters(void **state)
{
    struct buffer text = some_text(400000);
    size_t len = text.len;

    (void)state;
    for (int latin = 0; latin < 2; latin++) {
        struct buffer got = {0};
        struct error err = {0};
        text.len = len;
        buffer_string(&text, latin ? "Z\xfcrich and K\xf6ln\n" : "Z\xc3\xbcrich and K\xc3\xb6ln\n");
        store(buffer_view(&text));
        assert_int_equal(read_parts(NULL, &got, &err), 0);
        assert_true(slice_ends(buffer_view(&got), SLICE_LIT("Z\xc3\xbcrich and K\xc3\xb6ln\n")));
        assert_int_equal(got.len, 1 + len + 18);
        buffer_done(&got);
    }
    buffer_done(&text);
}

static void a_plain_file_can_be_mapped(void **state)
{
    struct input *in;
    struct slice all;
    struct error err = {0};

    (void)state;
    store(SLICE_LIT("some plain text"));
    assert_int_equal(input_open(path, NULL, &in, &err), 0);
    assert_int_equal(input_next(in, &err), 1);
    assert_int_equal(input_map(in, &all), 1);
    assert_true(slice_equal(all, SLICE_LIT("some plain text")));
    assert_int_equal(input_map(in, &all), 0);
    input_close(in);
    store(SLICE_LIT("Z\xfcrich needs recoding"));
    assert_int_equal(input_open(path, NULL, &in, &err), 0);
    assert_int_equal(input_next(in, &err), 1);
    assert_int_equal(input_map(in, &all), 0);
    input_close(in);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressed_files_read_as_what_is_in_them),
        cmocka_unit_test(several_members_are_one_text),
        cmocka_unit_test(a_truncated_stream_is_an_error_wherever_it_is_cut),
        cmocka_unit_test(a_damaged_or_followed_gzip_is_an_error),
        cmocka_unit_test(a_bomb_is_refused),
        cmocka_unit_test(archives_give_their_members_in_order),
        cmocka_unit_test(archives_in_archives_are_entered_once),
        cmocka_unit_test(a_packed_member_is_unpacked),
        cmocka_unit_test(a_truncated_archive_is_an_error_wherever_it_is_cut),
        cmocka_unit_test(an_encrypted_member_is_refused_by_name),
        cmocka_unit_test(what_is_not_a_file_of_data_is_refused),
        cmocka_unit_test(encodings_are_found_and_turned_into_utf8),
        cmocka_unit_test(bad_bytes_are_marked_not_replaced),
        cmocka_unit_test(the_encoding_is_decided_where_it_matters),
        cmocka_unit_test(a_plain_file_can_be_mapped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
