#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/parquet/delta.h"
#include "connectors/parquet/parquet.h"
#include "connectors/parquet/parquet_bounds.h"
#include "connectors/parquet/rle.h"
#include "core/file.h"
#include "tests/unit/sample_batch.h"

static char path[64];

static int setup(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/sluice-parquet-%d.parquet", (int)getpid());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void write_rows(int64_t rows, const struct parquet_options *options,
                       struct parquet_column_stats *ret_stats)
{
    struct error err;
    struct parquet_writer *w;
    struct batch *b = sample_batch(rows, 7);
    int64_t n_rows, n_bytes;
    assert_int_equal(parquet_writer_open(path, b->schema, options, &w, &err), 0);
    assert_int_equal(parquet_writer_write(w, b, &err), 0);
    assert_int_equal(parquet_writer_finish(w, ret_stats, &n_rows, &n_bytes, &err), 0);
    assert_int_equal(n_rows, rows);
    assert_true(n_bytes > 0);
    parquet_writer_free(w);
    batch_free(b);
}

static int read_all(const struct read_options *options, struct error *err)
{
    const char *paths[] = {path};
    struct stream *s;
    struct batch *b;
    int code = parquet_format.read(paths, 1, options, &s, err);
    if (code < 0)
        return code;
    while ((code = stream_next(s, &b, err)) > 0)
        batch_free(b);
    stream_close(s);
    return code;
}

/* All rows in one batch. */
static struct batch *read_back(void)
{
    struct error err;
    struct read_options options = {0};
    const char *paths[] = {path};
    struct stream *s;
    struct batch **parts, *whole = NULL;
    int n;
    assert_int_equal(parquet_format.read(paths, 1, &options, &s, &err), 0);
    assert_int_equal(stream_collect(s, &parts, &n, &err), 0);
    if (n)
        assert_int_equal(batch_concat(parts, n, &whole, &err), 0);
    batches_free(parts, n);
    stream_close(s);
    return whole;
}

static void every_type_comes_back_as_it_was(void **state)
{
    (void)state;
    static const char *const codecs[] = {NULL, "snappy", "gzip", "lz4", "none", "zstd:1"};
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++) {
        struct parquet_options options = {.compression = codecs[i], .row_group_rows = 300};
        write_rows(1000, &options, NULL);
        struct batch *want = sample_batch(1000, 7), *got = read_back();
        assert_true(batch_equal(want, got));
        batch_free(want);
        batch_free(got);
    }
}

static void a_file_of_no_rows_has_its_columns(void **state)
{
    (void)state;
    struct error err;
    struct parquet_options options = {0};
    struct read_options read = {0};
    const char *paths[] = {path};
    struct stream *s;
    struct batch *none;
    write_rows(0, &options, NULL);
    assert_int_equal(parquet_format.read(paths, 1, &read, &s, &err), 0);
    assert_int_equal(s->schema->n_fields, SAMPLE_FIELDS);
    assert_int_equal(stream_next(s, &none, &err), 0);
    stream_close(s);
}

static void threads_do_not_change_the_bytes(void **state)
{
    (void)state;
    struct error err;
    struct buffer one = {0}, many = {0};
    struct parquet_options options = {.row_group_rows = 777};
    write_rows(3000, &options, NULL);
    assert_int_equal(file_slurp(path, 1 << 24, &one, &err), 0);
    options.pool = pool_new(4);
    write_rows(3000, &options, NULL);
    assert_int_equal(file_slurp(path, 1 << 24, &many, &err), 0);
    assert_true(slice_equal(buffer_view(&one), buffer_view(&many)));
    pool_free(options.pool);
    buffer_done(&one);
    buffer_done(&many);
}

static void bounds_are_told_as_text(void **state)
{
    (void)state;
    struct parquet_options options = {.row_group_rows = 100};
    struct parquet_column_stats stats[SAMPLE_FIELDS];
    write_rows(1000, &options, stats);
    assert_true(stats[8].has_bounds);
    assert_string_equal(stats[8].min, "");
    assert_string_equal(stats[8].max, "\xe6\xbc\xa2\xe5\xad\x97");
    assert_true(stats[0].has_bounds);
    assert_string_equal(stats[0].min, "false");
    assert_string_equal(stats[0].max, "true");
    assert_true(stats[7].has_bounds && stats[7].min[0] == '-' && stats[7].max[0] != '-');
    assert_false(stats[9].has_bounds);  /* bytes */
    assert_false(stats[12].has_bounds); /* a list */
    assert_true(stats[1].null_count > 0);
}

static void replace_file(struct slice bytes)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
    fclose(f);
}

static void a_file_cut_anywhere_is_an_error(void **state)
{
    (void)state;
    struct error err;
    struct read_options read = {0};
    struct parquet_options options = {0};
    struct buffer whole = {0};
    write_rows(60, &options, NULL);
    assert_int_equal(file_slurp(path, 1 << 24, &whole, &err), 0);
    for (size_t len = 0; len < whole.len; len++) {
        replace_file(slice_of((const char *)whole.data, len));
        assert_int_equal(read_all(&read, &err), ERR_DATA);
    }
    buffer_done(&whole);
}

static void a_flipped_byte_never_reads_out_of_bounds(void **state)
{
    (void)state;
    struct error err;
    struct read_options read = {0};
    struct parquet_options options = {.row_group_rows = 40};
    struct buffer whole = {0};
    write_rows(60, &options, NULL);
    assert_int_equal(file_slurp(path, 1 << 24, &whole, &err), 0);
    for (size_t i = 0; i < whole.len; i++) {
        uint8_t was = whole.data[i];
        whole.data[i] = (uint8_t)(was ^ (i % 2 ? 0xff : 0x01));
        replace_file(buffer_view(&whole));
        int code = read_all(&read, &err);
        assert_true(code == 0 || code == ERR_DATA || code == ERR_MEMORY);
        whole.data[i] = was;
    }
    buffer_done(&whole);
}

static void an_unfinished_file_is_not_seen(void **state)
{
    (void)state;
    struct error err;
    struct parquet_writer *w;
    struct parquet_options options = {0};
    struct batch *b = sample_batch(100, 1);
    unlink(path);
    assert_int_equal(parquet_writer_open(path, b->schema, &options, &w, &err), 0);
    assert_int_equal(parquet_writer_write(w, b, &err), 0);
    parquet_writer_free(w);
    batch_free(b);
    assert_int_equal(access(path, F_OK), -1);
}

static void an_unknown_codec_names_those_there_are(void **state)
{
    (void)state;
    struct error err;
    struct parquet_writer *w;
    struct parquet_options options = {.compression = "zip"};
    struct batch *b = sample_batch(0, 1);
    assert_int_equal(parquet_writer_open(path, b->schema, &options, &w, &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "snappy"));
    batch_free(b);
}

static void runs_and_packed_values_come_back(void **state)
{
    (void)state;
    uint32_t values[1000], back[1000];
    uint64_t seed = 3;
    for (int width = 1; width <= 32; width++) {
        uint32_t mask = width == 32 ? UINT32_MAX : (1u << width) - 1;
        for (size_t i = 0; i < 1000; i++)
            values[i] =
                (i / 50 % 2 ? sample_random(&seed) * 2654435761u : (uint32_t)(i / 100)) & mask;
        for (size_t n = 0; n <= 1000; n += 111) {
            struct buffer b = {0};
            struct rle_reader r;
            assert_int_equal(rle_put(&b, values, n, width), 0);
            rle_reader_init(&r, buffer_view(&b), width);
            for (size_t at = 0; at < n; at += 37)
                assert_true(rle_read(&r, n - at < 37 ? n - at : 37, back + at));
            assert_memory_equal(values, back, n * sizeof *values);
            buffer_done(&b);
        }
    }
}

static void a_cut_maximum_is_rounded_up(void **state)
{
    (void)state;
    struct field text = {.type = TYPE_UTF8}, bytes = {.type = TYPE_BINARY};
    struct parquet_leaf leaf = {.field = &text, .type = PARQUET_BYTE_ARRAY};
    static const struct {
        const char *value, *text, *bytes;
    } cases[] = {
        {"abcd", "abcd", "abcd"},
        {"abcdef", "abce", "abce"},
        {"abc\xc3\xbf\xc3\xbf", "abd", "abc\xc4"},        /* ÿ does not fit in four bytes */
        {"\xf4\x8f\xbf\xbfzz", NULL, "\xf4\x8f\xbf\xc0"}, /* nothing follows U+10FFFF */
        {"a\x7f\x7f\x7f\x7f", "b", "a\x7f\x7f\x80"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int k = 0; k < 2; k++) {
            struct parquet_bounds b = {0};
            struct buffer max = {0};
            int exact;
            struct slice v = slice_str(cases[i].value);
            const char *want = k ? cases[i].bytes : cases[i].text;
            leaf.field = k ? &bytes : &text;
            parquet_bounds_bytes(&b, v, v);
            assert_int_equal(parquet_bounds_max(&b, &leaf, 4, &max, &exact), 0);
            assert_true(slice_equal(buffer_view(&max), slice_str(want ? want : cases[i].value)));
            assert_true(slice_compare(buffer_view(&max), v) >= 0);
            buffer_done(&max);
            parquet_bounds_done(&b);
        }
}

static void a_delta_header_that_lies_is_refused(void **state)
{
    (void)state;
    struct buffer out = {0};
    /* 128 values a block, 4 miniblocks, 2^28 values, first 0, then nothing. */
    static const char lies[] = "\x80\x01\x04\x80\x80\x80\x80\x01\x00";
    assert_int_equal(delta_ints(slice_of(lies, sizeof lies - 1), 4, 1000, &out), 0);
    assert_int_equal(out.len, 0);
    buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_comes_back_as_it_was),
        cmocka_unit_test(a_file_of_no_rows_has_its_columns),
        cmocka_unit_test(threads_do_not_change_the_bytes),
        cmocka_unit_test(bounds_are_told_as_text),
        cmocka_unit_test(a_file_cut_anywhere_is_an_error),
        cmocka_unit_test(a_flipped_byte_never_reads_out_of_bounds),
        cmocka_unit_test(an_unfinished_file_is_not_seen),
        cmocka_unit_test(an_unknown_codec_names_those_there_are),
        cmocka_unit_test(runs_and_packed_values_come_back),
        cmocka_unit_test(a_cut_maximum_is_rounded_up),
        cmocka_unit_test(a_delta_header_that_lies_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
