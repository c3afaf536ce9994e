#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/arrow/arrow.h"
#include "core/file.h"
#include "tests/unit/sample_batch.h"

static char path[64];

static int setup(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/sluice-arrow-%d.arrow", (int)getpid());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

/* Batches of 0 to `n` - 1 times 100 rows. */
static void write_sample(int n, const char *totals)
{
    struct error err;
    struct sink *sink;
    struct write_options options = {0};
    struct batch *b = sample_batch(0, 0);
    assert_int_equal(arrow_format.write(path, b->schema, &options, &sink, &err), 0);
    batch_free(b);
    for (int i = 0; i < n; i++)
        assert_int_equal(sink_write(sink, sample_batch(i * 100, (uint64_t)i), &err), 0);
    if (totals)
        assert_int_equal(arrow_sink_totals(sink, slice_str(totals), &err), 0);
    assert_int_equal(sink_finish(sink, &err), 0);
    sink_close(sink);
}

static void replace_file(struct slice bytes)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
    fclose(f);
}

/* Reads all of it; the code of the end. */
static int read_all(const struct read_options *options, struct error *err)
{
    const char *paths[] = {path};
    struct stream *s;
    struct batch *b;
    int code = arrow_format.read(paths, 1, options, &s, err);
    if (code < 0)
        return code;
    while ((code = stream_next(s, &b, err)) > 0)
        batch_free(b);
    stream_close(s);
    return code;
}

static void every_type_comes_back_as_it_was(void **state)
{
    (void)state;
    struct error err;
    struct read_options options = {0};
    const char *paths[] = {path};
    struct stream *s;
    struct batch *b;
    write_sample(4, "{\"rows\":1}");
    assert_int_equal(arrow_format.read(paths, 1, &options, &s, &err), 0);
    for (int i = 1; i < 4; i++) {
        struct batch *want = sample_batch(i * 100, (uint64_t)i);
        assert_int_equal(stream_next(s, &b, &err), 1);
        assert_true(batch_equal(want, b));
        batch_free(want);
        batch_free(b);
    }
    assert_null(arrow_stream_totals(s, 0).ptr);
    assert_int_equal(stream_next(s, &b, &err), 0);
    assert_true(slice_equal(arrow_stream_totals(s, 0), SLICE_LIT("{\"rows\":1}")));
    stream_close(s);
}

static void columns_are_chosen_and_reordered(void **state)
{
    (void)state;
    struct error err;
    struct slice columns[] = {SLICE_LIT("nested"), SLICE_LIT("flag")};
    struct read_options options = {.columns = columns, .n_columns = 2};
    const char *paths[] = {path};
    struct stream *s;
    struct batch *b, *want = sample_batch(100, 1);
    write_sample(2, NULL);
    assert_int_equal(arrow_format.read(paths, 1, &options, &s, &err), 0);
    assert_int_equal(s->schema->n_fields, 2);
    assert_int_equal(stream_next(s, &b, &err), 1);
    assert_int_equal(batch_select(want, s->schema, (int[]){15, 0}, &err), 0);
    assert_true(batch_equal(want, b));
    batch_free(b);
    batch_free(want);
    stream_close(s);
    columns[1] = SLICE_LIT("flags");
    assert_int_equal(read_all(&options, &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "did you mean 'flag'"));
}

static void a_stream_cut_anywhere_is_an_error(void **state)
{
    (void)state;
    struct error err;
    struct read_options options = {0};
    struct buffer whole = {0};
    write_sample(2, "{}");
    assert_int_equal(file_slurp(path, 1 << 24, &whole, &err), 0);
    for (size_t len = 0; len < whole.len; len += len < 4096 || len + 64 > whole.len ? 1 : 61) {
        replace_file(slice_of((const char *)whole.data, len));
        assert_int_equal(read_all(&options, &err), ERR_DATA);
    }
    buffer_done(&whole);
}

static void a_flipped_byte_never_reads_out_of_bounds(void **state)
{
    (void)state;
    struct error err;
    struct read_options options = {0};
    struct buffer whole = {0};
    write_sample(2, "{}");
    assert_int_equal(file_slurp(path, 1 << 24, &whole, &err), 0);
    for (size_t i = 0; i < whole.len; i += 1 + i % 3) {
        uint8_t was = whole.data[i];
        whole.data[i] = (uint8_t)(was ^ (i % 2 ? 0xff : 0x01));
        replace_file(buffer_view(&whole));
        int code = read_all(&options, &err);
        assert_true(code == 0 || code == ERR_DATA || code == ERR_MEMORY);
        whole.data[i] = was;
    }
    buffer_done(&whole);
}

static void an_unfinished_sink_leaves_no_file(void **state)
{
    (void)state;
    struct error err;
    struct sink *sink;
    struct write_options options = {0};
    struct batch *b = sample_batch(10, 1);
    unlink(path);
    assert_int_equal(arrow_format.write(path, b->schema, &options, &sink, &err), 0);
    assert_int_equal(sink_write(sink, b, &err), 0);
    sink_close(sink);
    assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_comes_back_as_it_was),
        cmocka_unit_test(columns_are_chosen_and_reordered),
        cmocka_unit_test(a_stream_cut_anywhere_is_an_error),
        cmocka_unit_test(a_flipped_byte_never_reads_out_of_bounds),
        cmocka_unit_test(an_unfinished_sink_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
