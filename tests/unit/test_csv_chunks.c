/* What a CSV file holds does not depend on where chunks are cut or on how many threads there are;
 * places point at the rows they name. */
#include "connectors/csv_write.h"
#include "connectors/rows.h"
#include "core/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* Rows of four fields, some of them quoted, some irregular, some ragged or of bad bytes. */
static void random_csv(uint64_t seed, int irregular, struct buffer *out)
{
    static const char *const fields[] = {"",
                                         "a",
                                         "12",
                                         "\"\"",
                                         "\"a,b\"",
                                         "\"x\ny\"",
                                         "\"say \"\"hi\"\"\"",
                                         "some words here",
                                         "caf\xc3\xa9",
                                         "2026-03-01",
                                         "\"5\" pipe\"",
                                         "5\" pipe",
                                         "\xff"};
    uint32_t n_fields = irregular ? 13 : 10;

    buffer_string(out, "id,a,b,c\r\n");
    for (int row = 0; row < 9000; row++) {
        uint32_t width = next_random(&seed) % 200 == 0 ? next_random(&seed) % 6 : 3;
        buffer_printf(out, "%d", row);
        for (uint32_t i = 0; i < width; i++) {
            uint32_t pick = next_random(&seed) % n_fields;
            if (pick >= 10 && next_random(&seed) % 50)
                pick = 2;
            buffer_putc(out, ',');
            buffer_string(out, fields[pick]);
        }
        buffer_string(out, next_random(&seed) % 3 ? "\n" : "\r\n");
    }
}

struct result {
    struct batch *all;
    struct buffer rejects;
    int64_t rows_in;
};

static void read_all(const char *path, size_t chunk, struct pool *pool, struct result *ret)
{
    static const struct field types[] = {{.name = {"id", 2}, .type = TYPE_INT64},
                                         {.name = {"b", 1}, .type = TYPE_DATE}};
    const char *paths[] = {path};
    struct read_options options = {.layout = LAYOUT_DETECT,
                                   .types = types,
                                   .n_types = 2,
                                   .flags = READ_WITH_PLACE,
                                   .rejects = rejects_new(),
                                   .pool = pool,
                                   .ret_rows_in = &ret->rows_in};
    struct stream *s = NULL, *bad = NULL;
    struct batch **batches;
    struct error err = {0};
    int n;

    *ret = (struct result){0};
    options.layout.encoding = "UTF-8";
    assert_int_equal(rows_open(ROWS_CSV, paths, 1, &options, chunk, &s, &err), 0);
    assert_int_equal(stream_collect(s, &batches, &n, &err), 0);
    assert_int_equal(batch_concat(batches, n, &ret->all, &err), 0);
    batches_free(batches, n);
    stream_close(s);
    assert_true(rejects_count(options.rejects) > 100);
    assert_int_equal(rejects_count(options.rejects) + ret->all->n_rows, ret->rows_in);
    assert_int_equal(rejects_stream(options.rejects, &bad, NULL), 0);
    assert_int_equal(stream_collect(bad, &batches, &n, &err), 0);
    for (int i = 0; i < n; i++)
        for (int64_t r = 0; r < batches[i]->n_rows; r++)
            for (int c = 0; c < batches[i]->schema->n_fields; c++) {
                value_json(&batches[i]->schema->fields[c], &batches[i]->columns[c], r,
                           &ret->rejects);
                buffer_putc(&ret->rejects, '\n');
            }
    batches_free(batches, n);
    stream_close(bad);
    rejects_free(options.rejects);
}

static void result_done(struct result *r)
{
    batch_free(r->all);
    buffer_done(&r->rejects);
}

/* __raw stands in the file at __offset, which __line lines precede. */
static void places_are_right(const struct result *r, struct slice file)
{
    const struct column *c = r->all->columns;
    int64_t line = 1;
    size_t at = 0;

    for (int64_t row = 0; row < r->all->n_rows; row++) {
        struct slice raw = column_slice(&c[8], row);
        size_t offset = (size_t)column_i64(&c[7], row);
        for (; at < offset; at++)
            line += file.ptr[at] == '\n';
        assert_int_equal(line, column_i64(&c[6], row));
        assert_true(slice_equal(raw, slice_of(file.ptr + offset, raw.len)));
    }
}

static void chunks_and_threads_do_not_matter_in(int irregular)
{
    static const size_t chunks[] = {100, 1000, 70000};
    char path[] = "/tmp/sluice-chunks-XXXXXX";
    struct buffer text = {0};
    struct pool *pool = pool_new(2);
    struct result want, got;
    int fd = mkstemp(path);

    random_csv(11, irregular, &text);
    assert_int_equal(write(fd, text.data, text.len), text.len);
    close(fd);
    read_all(path, 0, NULL, &want);
    places_are_right(&want, buffer_view(&text));
    for (size_t i = 0; i < 6; i++) {
        read_all(path, chunks[i / 2], i % 2 ? pool : NULL, &got);
        assert_true(batch_equal(want.all, got.all));
        assert_true(slice_equal(buffer_view(&want.rejects), buffer_view(&got.rejects)));
        result_done(&got);
    }
    result_done(&want);
    pool_free(pool);
    buffer_done(&text);
    unlink(path);
}

static void chunks_and_threads_do_not_matter(void **state)
{
    (void)state;
    chunks_and_threads_do_not_matter_in(0);
}

static void nor_in_irregular_text(void **state)
{
    (void)state;
    chunks_and_threads_do_not_matter_in(1);
}

static int open_text(const char *path, struct slice text, struct stream **ret, struct error *err)
{
    const char *paths[] = {path};
    struct read_options options = {.layout = LAYOUT_DETECT};

    options.layout.delimiter = ',';
    assert_int_equal(file_store(path, 0, text, NULL), 0);
    return rows_open(ROWS_CSV, paths, 1, &options, 0, ret, err);
}

/* All batches thrown away; the code at the end. */
static int drain(struct stream *s, struct error *err)
{
    struct batch *b;
    int more;

    while ((more = stream_next(s, &b, err)) > 0)
        batch_free(b);
    return more;
}

static void a_field_of_15_mib_works_and_one_of_17_is_refused(void **state)
{
    static const char path[] = "/tmp/sluice-long.csv";
    struct buffer text = {0};
    struct stream *s = NULL;
    struct error err = {0};

    (void)state;
    buffer_string(&text, "a,b\n1,2\n3,\"");
    while (text.len < 15u << 20)
        buffer_string(&text, "a field that is quoted and does not end\n");
    size_t len = text.len;
    buffer_string(&text, "\"\n5,6\n");
    assert_int_equal(open_text(path, buffer_view(&text), &s, &err), 0);
    assert_int_equal(drain(s, &err), 0);
    stream_close(s);
    text.len = len;
    while (text.len < 40u << 20)
        buffer_string(&text, "and goes on and on\n");
    buffer_string(&text, "\"\n5,6\n");
    assert_int_equal(open_text(path, buffer_view(&text), &s, &err), 0);
    assert_int_equal(drain(s, &err), ERR_DATA);
    stream_close(s);
    assert_non_null(strstr(err.where, ":3"));
    assert_non_null(strstr(err.text, "longer than 16 MiB"));
    buffer_done(&text);
    unlink(path);
}

static void the_first_bad_row_is_an_error_without_rejects(void **state)
{
    static const char path[] = "/tmp/sluice-bad.csv";
    struct stream *s = NULL;
    struct error err = {0};

    (void)state;
    assert_int_equal(open_text(path, SLICE_LIT("a,b\n1,2\n3\n4\n"), &s, &err), ERR_DATA);
    assert_string_equal(err.where, "/tmp/sluice-bad.csv:3");
    assert_string_equal(err.text, "the row has 1 field, the header 2");
    unlink(path);
}

static void files_are_one_stream_by_name(void **state)
{
    const char *paths[] = {"/tmp/sluice-one.csv", "/tmp/sluice-two.csv"};
    struct read_options options = {.layout = LAYOUT_DETECT};
    struct stream *s = NULL;
    struct batch **batches;
    struct error err = {0};
    int n;

    (void)state;
    file_store(paths[0], 0, SLICE_LIT("a,b\n1,2\n"), NULL);
    file_store(paths[1], 0, SLICE_LIT("b;a\n4;3\n"), NULL);
    assert_int_equal(rows_open(ROWS_CSV, paths, 2, &options, 0, &s, &err), 0);
    assert_int_equal(stream_collect(s, &batches, &n, &err), 0);
    assert_int_equal(n, 2);
    assert_true(slice_equal(column_slice(&batches[1]->columns[0], 0), SLICE_LIT("3")));
    batches_free(batches, n);
    stream_close(s);
    file_store(paths[1], 0, SLICE_LIT("b,c\n4,3\n"), NULL);
    assert_int_equal(rows_open(ROWS_CSV, paths, 2, &options, 0, &s, &err), 0);
    assert_int_equal(drain(s, &err), ERR_DATA);
    assert_string_equal(err.where, paths[1]);
    assert_non_null(strstr(err.text, "has no column 'a'"));
    stream_close(s);
    unlink(paths[0]);
    unlink(paths[1]);
}

static const struct field all_types[] = {
    {.name = {"text", 4}, .type = TYPE_UTF8},
    {.name = {"n", 1}, .type = TYPE_INT64},
    {.name = {"money", 5}, .type = TYPE_DECIMAL, .precision = 18, .scale = 2},
    {.name = {"day", 3}, .type = TYPE_DATE},
    {.name = {"at, UTC", 7}, .type = TYPE_TIMESTAMP},
    {.name = {"flag", 4}, .type = TYPE_BOOL},
};

static struct batch *random_batch(uint64_t *seed, struct schema *schema, int rows)
{
    static const char *const texts[] = {
        "",     "a",        "a,b",   "\"",          "x\ny",
        "x\ry", " spaced ", "plain", "caf\xc3\xa9", "a longer text, with \"quotes\" in it"};
    struct batch_builder bb;
    struct batch *b = NULL;

    assert_int_equal(batch_builder_init(&bb, schema, NULL), 0);
    for (int i = 0; i < rows; i++) {
        builder_slice(&bb.columns[0], slice_str(texts[next_random(seed) % 10]));
        builder_i64(&bb.columns[1], (int64_t)next_random(seed) - 1000);
        builder_decimal(&bb.columns[2], (decimal128)next_random(seed) - 500);
        if (next_random(seed) % 4)
            builder_i32(&bb.columns[3], (int32_t)(next_random(seed) % 30000));
        else
            builder_null(&bb.columns[3]);
        builder_i64(&bb.columns[4], (int64_t)next_random(seed) * 1000);
        builder_bool(&bb.columns[5], (int)(next_random(seed) % 2));
    }
    assert_int_equal(batch_builder_finish(&bb, &b, NULL), 0);
    batch_builder_done(&bb);
    return b;
}

static void write_and_read_back(const char *path, struct pool *pool, int delimiter)
{
    struct schema *schema = schema_new(all_types, 6);
    struct write_options how = {.pool = pool, .delimiter = delimiter};
    struct read_options options = {
        .layout = LAYOUT_DETECT, .types = all_types, .n_types = 6, .pool = pool};
    const char *paths[] = {path};
    struct batch *want[7], *all, *got, **batches;
    struct sink *sink;
    struct stream *s;
    struct error err = {0};
    uint64_t seed = 5;
    int n;

    for (int i = 0; i < 7; i++)
        want[i] = random_batch(&seed, schema, 1 + i * 3000);
    assert_int_equal(batch_concat(want, 7, &all, &err), 0);
    assert_int_equal(csv_write(path, schema, &how, &sink, &err), 0);
    for (int i = 0; i < 7; i++)
        assert_int_equal(sink_write(sink, want[i], &err), 0);
    assert_int_equal(sink_finish(sink, &err), 0);
    sink_close(sink);
    assert_int_equal(rows_open(ROWS_CSV, paths, 1, &options, 0, &s, &err), 0);
    assert_int_equal(stream_collect(s, &batches, &n, &err), 0);
    assert_int_equal(batch_concat(batches, n, &got, &err), 0);
    assert_true(batch_equal(all, got));
    batches_free(batches, n);
    stream_close(s);
    batch_free(all);
    batch_free(got);
    schema_unref(schema);
    unlink(path);
}

static void what_is_written_reads_back_the_same(void **state)
{
    struct pool *pool = pool_new(2);

    (void)state;
    write_and_read_back("/tmp/sluice-write.csv", NULL, 0);
    write_and_read_back("/tmp/sluice-write.csv.gz", NULL, ';');
    write_and_read_back("/tmp/sluice-write.csv.zst", pool, '|');
    write_and_read_back("/tmp/sluice-write2.csv.gz", pool, '\t');
    pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_and_threads_do_not_matter),
        cmocka_unit_test(nor_in_irregular_text),
        cmocka_unit_test(a_field_of_15_mib_works_and_one_of_17_is_refused),
        cmocka_unit_test(the_first_bad_row_is_an_error_without_rejects),
        cmocka_unit_test(files_are_one_stream_by_name),
        cmocka_unit_test(what_is_written_reads_back_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
