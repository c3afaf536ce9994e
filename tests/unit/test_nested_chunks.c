/* Nested files that are longer than a chunk: every record comes out once, from where its place says
 * that it stood, whatever the number of threads; records too long are rejected and nothing else;
 * and no path is lost, wherever it first appears. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/format.h"
#include "core/file.h"
#include "core/hash.h"
#include "tests/unit/unit.h"

enum { LONG_RECORD = 17 << 20 };

static char folder[] = "/tmp/sluice-nested.XXXXXX";

static char *path_of(const char *name)
{
    char *path = file_join(folder, name);
    assert_non_null(path);
    return path;
}

static void store(const char *path, const struct buffer *b)
{
    assert_int_equal(file_store(path, 0, buffer_view(b), NULL), 0);
}

struct outcome {
    int64_t rows, seen, rejects;
    uint64_t hash;
    int code, n_fields;
    struct error err;
};

/* Each row's raw bytes stand in `text` where its place says. */
static void check_places(const struct batch *b, struct slice text)
{
    int n = b->schema->n_fields;
    static int64_t line;
    static size_t counted;
    for (int64_t r = 0; r < b->n_rows; r++) {
        struct slice raw = column_slice(&b->columns[n - 1], r);
        size_t at = (size_t)column_i64(&b->columns[n - 2], r);
        assert_true(at + raw.len <= text.len && memcmp(text.ptr + at, raw.ptr, raw.len) == 0);
        if (at < counted || counted == 0) {
            line = 1;
            counted = 0;
        }
        for (; counted < at; counted++)
            line += text.ptr[counted] == '\n';
        assert_int_equal(column_i64(&b->columns[n - 3], r), line);
    }
}

static void read_file(const char *path, struct read_options *options, struct slice text,
                      struct outcome *ret)
{
    struct stream *s = NULL;
    struct batch *b;
    struct buffer row = {0};
    int more = 0;
    *ret = (struct outcome){0};
    options->rejects = rejects_new();
    options->ret_rows_in = &ret->seen;
    ret->code = format_read(&path, 1, options, &s, &ret->err);
    while (ret->code == 0 && (more = stream_next(s, &b, &ret->err)) > 0) {
        ret->n_fields = b->schema->n_fields;
        if (options->flags & READ_WITH_PLACE)
            check_places(b, text);
        for (int64_t r = 0; r < b->n_rows; r++) {
            buffer_reset(&row);
            for (int i = 0; i < b->schema->n_fields; i++)
                value_json(&b->schema->fields[i], &b->columns[i], r, &row);
            ret->hash = hash_pair(ret->hash, hash_fixed(row.data, row.len));
        }
        ret->rows += b->n_rows;
        batch_free(b);
    }
    ret->code = ret->code < 0 ? ret->code : more;
    ret->rejects = rejects_count(options->rejects);
    stream_close(s);
    rejects_free(options->rejects);
    buffer_done(&row);
}

static void with_threads(const char *path, const struct read_options *how, int threads,
                         struct slice text, struct outcome *ret)
{
    struct read_options options = *how;
    options.pool = pool_new(threads);
    read_file(path, &options, text, ret);
    pool_free(options.pool);
}

enum kind { LINES, DOCUMENT, XML };

static const char *const names[] = {"x.jsonl", "x.json", "x.xml"};

static void put_open(enum kind kind, struct buffer *out)
{
    static const char *const opens[] = {"", "{\"n\":[1,2],\n \"rows\" : [\n", "<rows>\n\n"};
    buffer_string(out, opens[kind]);
}

static void put_close(enum kind kind, struct buffer *out)
{
    static const char *const closes[] = {"", "\n], \"end\": {\"a\": \"}\"}}",
                                         "<!-- end -->\n</rows>\n"};
    buffer_string(out, closes[kind]);
}

static void put_text(struct buffer *out, size_t n)
{
    buffer_reserve(out, n + 1);
    for (size_t i = 0; i < n; i++)
        buffer_putc(out, (char)('a' + i % 26));
}

static void put_record(enum kind kind, int i, size_t text, struct buffer *out)
{
    if (kind == DOCUMENT && i)
        buffer_string(out, i % 5 ? ",\n" : " ,");
    if (kind == XML) {
        buffer_printf(out, " <row id='%d'><t>]]&gt; &amp; ", i);
        put_text(out, text);
        buffer_printf(out, "</t>%s<k>%d</k></row>%s", i % 7 ? "" : "\n<!-- </row> -->\n", i % 3,
                      i % 4 ? "\n" : "");
        return;
    }
    buffer_printf(out, "{\"id\":%d,\"t\":\"}]\\\" ", i);
    put_text(out, text);
    buffer_printf(out, "\",%s\"k\":[%d]}", kind == DOCUMENT && i % 7 == 0 ? "\n" : "", i % 3);
    if (kind == LINES)
        buffer_string(out, i % 9 ? "\n" : "\r\n\n");
}

static void every_record_comes_out_where_it_stood(void **state)
{
    (void)state;
    for (int kind = LINES; kind <= XML; kind++) {
        struct buffer b = {0};
        struct outcome one, two;
        char *path = path_of(names[kind]);
        struct read_options how = {.layout = LAYOUT_DETECT, .flags = READ_WITH_PLACE};
        put_open((enum kind)kind, &b);
        for (int i = 0; i < 9000; i++)
            put_record((enum kind)kind, i, i % 1000 == 7 ? 300000 : (size_t)(i * 37 % 900), &b);
        put_close((enum kind)kind, &b);
        store(path, &b);
        with_threads(path, &how, 1, buffer_view(&b), &one);
        with_threads(path, &how, 3, buffer_view(&b), &two);
        if (one.code)
            fail_msg("%s: %s: %s", names[kind], one.err.where, one.err.text);
        assert_int_equal(one.rows, 9000);
        assert_int_equal(one.seen, 9000);
        assert_int_equal(one.rejects, 0);
        assert_true(one.hash == two.hash && one.rows == two.rows);
        unlink(path);
        free(path);
        buffer_done(&b);
    }
}

static void a_record_too_long_to_hold_costs_itself(void **state)
{
    (void)state;
    for (int kind = LINES; kind <= XML; kind++) {
        struct buffer b = {0};
        struct outcome got;
        char *path = path_of(names[kind]);
        struct read_options how = {.layout = LAYOUT_DETECT};
        put_open((enum kind)kind, &b);
        for (int i = 0; i < 5; i++)
            put_record((enum kind)kind, i, i == 1 || i == 3 ? LONG_RECORD * (size_t)i : 10, &b);
        put_close((enum kind)kind, &b);
        store(path, &b);
        with_threads(path, &how, 2, slice_of(NULL, 0), &got);
        if (got.code)
            fail_msg("%s: %s: %s", names[kind], got.err.where, got.err.text);
        assert_int_equal(got.rows, 3);
        assert_int_equal(got.rejects, 2);
        assert_int_equal(got.seen, 5);
        unlink(path);
        free(path);
        buffer_done(&b);
    }
}

static void put_late(struct buffer *b)
{
    while (b->len < ((size_t)36 << 20)) {
        buffer_string(b, "{\"id\":1,\"t\":\"");
        put_text(b, 2000);
        buffer_string(b, "\"}\n");
    }
    buffer_string(b, "{\"id\":2,\"late\":{\"x\":1}}\n");
}

static void a_path_that_comes_late_is_found_in_a_file(void **state)
{
    (void)state;
    struct buffer b = {0};
    struct outcome got;
    char *path = path_of("late.jsonl");
    struct read_options how = {.layout = LAYOUT_DETECT};
    put_late(&b);
    store(path, &b);
    with_threads(path, &how, 2, slice_of(NULL, 0), &got);
    assert_int_equal(got.code, 0);
    assert_int_equal(got.n_fields, 3);
    unlink(path);
    free(path);
    buffer_done(&b);
}

static void and_is_an_error_in_a_pipe_unless_columns_are_named(void **state)
{
    (void)state;
    struct buffer b = {0};
    struct outcome got;
    char *path = path_of("late.jsonl");
    struct slice column = SLICE_LIT("id");
    struct read_options how = {.layout = LAYOUT_DETECT};
    put_late(&b);
    store(path, &b);
    assert_non_null(freopen(path, "r", stdin));
    with_threads("-", &how, 2, slice_of(NULL, 0), &got);
    assert_int_equal(got.code, ERR_DATA);
    assert_non_null(strstr(got.err.text, "late"));
    assert_non_null(strstr(got.err.text, "--columns"));
    assert_non_null(freopen(path, "r", stdin));
    how.columns = &column;
    how.n_columns = 1;
    with_threads("-", &how, 2, slice_of(NULL, 0), &got);
    assert_int_equal(got.code, 0);
    assert_int_equal(got.n_fields, 1);
    unlink(path);
    free(path);
    buffer_done(&b);
}

static void put_repeated(struct buffer *b, const char *text, int n)
{
    while (n--)
        buffer_string(b, text);
}

/* A record of that inside, between two good ones. */
static void one_reject(const char *name, const char *before, const char *text, int n,
                       const char *after)
{
    struct buffer b = {0};
    struct outcome got;
    char *path = path_of(name);
    struct slice id = SLICE_LIT("id");
    int is_xml = strstr(name, "xml") != NULL;
    struct read_options how = {
        .layout = {.each = is_xml ? "r" : "."}, .columns = &id, .n_columns = 1};
    buffer_string(&b, is_xml ? "<x><r><id>1</id></r><r>" : "{\"id\":1}\n{");
    buffer_string(&b, before);
    put_repeated(&b, text, n);
    buffer_string(&b, after);
    buffer_string(&b, is_xml ? "</r><r><id>3</id></r></x>" : "}\n{\"id\":3}\n");
    store(path, &b);
    with_threads(path, &how, 1, slice_of(NULL, 0), &got);
    if (got.code)
        fail_msg("%s: %s: %s", name, got.err.where, got.err.text);
    assert_int_equal(got.rows, 2);
    assert_int_equal(got.rejects, 1);
    unlink(path);
    free(path);
    buffer_done(&b);
}

static void hostile_records_are_refused_in_good_time(void **state)
{
    (void)state;
    one_reject("h.xml", "", "<a>", 100000, "");
    one_reject("h.xml", "<a", " b='1'", 200000, "/>");
    one_reject("h.xml", "<a>", "12345678", 3000000, "</a>");
    one_reject("h.xml", "", "&lol;", 100000, "");
    one_reject("h.jsonl", "\"a\":", "[", 100000, "");
    one_reject("h.jsonl", "\"a\":", "{\"b\":", 100000, "");
    one_reject("h.jsonl", "\"a\":1", ",\"a\":1", 100000, "");
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return file_remove_tree(folder, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_comes_out_where_it_stood),
        cmocka_unit_test(a_record_too_long_to_hold_costs_itself),
        cmocka_unit_test(a_path_that_comes_late_is_found_in_a_file),
        cmocka_unit_test(and_is_an_error_in_a_pipe_unless_columns_are_named),
        cmocka_unit_test(hostile_records_are_refused_in_good_time),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
