#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "connectors/delta/deletion_vector.h"
#include "connectors/delta/roaring.h"
#include "core/builder.h"

/* One bitmap with the high half 1: {array 5, 6, 9}, {runs 0–9, 20}, as CRoaring writes them. */
static const uint8_t runs[] = {1,    0,    0, 0, 0, 0, 0,  0, /* bitmaps */
                               1,    0,    0, 0,              /* upper half */
                               0x3b, 0x30, 1, 0, 2, /* cookie, two containers, which are runs */
                               0,    0,    2, 0, 3, 0, 10, 0, /* key and values less one of each */
                               5,    0,    6, 0, 9, 0,        /* array */
                               2,    0,    0, 0, 9, 0, 20, 0, 0, 0}; /* runs */

static struct slice of(const uint8_t *bytes, size_t n)
{
    return slice_of((const char *)bytes, n);
}

static void arrays_and_runs_are_read(void **state)
{
    (void)state;
    static const int64_t base = (int64_t)1 << 32;
    static const struct roaring_range want[] = {
        {5, 7}, {9, 10}, {3 << 16, (3 << 16) + 10}, {(3 << 16) + 20, (3 << 16) + 21}};
    struct roaring_ranges got;
    struct error err = {0};
    assert_int_equal(roaring_read(of(runs, sizeof runs), &got, &err), 0);
    assert_int_equal(got.n, 4);
    assert_int_equal(got.bits, 14);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(got.list[i].first, base + want[i].first);
        assert_int_equal(got.list[i].end, base + want[i].end);
    }
    roaring_done(&got);
}

static void bitsets_are_read(void **state)
{
    (void)state;
    enum { HEAD = 12 + 8 + 4 + 4, BYTES = 8192 };
    uint8_t bytes[HEAD + BYTES] = {1, [12] = 0x3a, 0x30, [16] = 1, [22] = 0xff, 0xff};
    struct roaring_ranges got;
    struct error err = {0};
    memset(bytes + HEAD, 0xff, BYTES);
    assert_int_equal(roaring_read(of(bytes, sizeof bytes), &got, &err), 0);
    assert_int_equal(got.n, 1);
    assert_int_equal(got.list[0].end, 65536);
    roaring_done(&got);
}

static void a_bitmap_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof runs; n++) {
        uint8_t *cut = malloc(n + 1); /* of its own, so that a read past its end is seen */
        struct roaring_ranges got;
        struct error err = {0};
        memcpy(cut, runs, n);
        uint8_t *tight = realloc(cut, n ? n : 1);
        assert_int_equal(roaring_read(of(tight, n), &got, &err), ERR_DATA);
        roaring_done(&got);
        free(tight);
    }
}

static void any_byte_may_be_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof runs; i++)
        for (int value = 0; value < 256; value++) {
            uint8_t bytes[sizeof runs];
            struct roaring_ranges got;
            struct error err = {0};
            memcpy(bytes, runs, sizeof runs);
            bytes[i] = (uint8_t)value;
            int code = roaring_read(of(bytes, sizeof bytes), &got, &err);
            assert_true(code == 0 || code == ERR_DATA);
            for (size_t k = 1; k < got.n; k++)
                assert_true(got.list[k - 1].end < got.list[k].first);
            roaring_done(&got);
        }
}

static struct batch *numbers(int64_t first, int64_t n)
{
    static const struct field field = {.name = SLICE_INIT("n"), .type = TYPE_INT64};
    struct schema *schema = schema_new(&field, 1);
    struct batch_builder bb = {0};
    struct error err = {0};
    struct batch *b;
    assert_int_equal(batch_builder_init(&bb, schema, &err), 0);
    for (int64_t i = first; i < first + n; i++)
        assert_int_equal(builder_i64(&bb.columns[0], i), 0);
    assert_int_equal(batch_builder_finish(&bb, &b, &err), 0);
    batch_builder_done(&bb);
    schema_unref(schema);
    return b;
}

/* Rows 3, 4, 7, 11, 18 and 29 in an array of 16-bit values. */
static const char portable[] = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";
/* The same in the protocol's example, which is of the format before the portable one. */
static const char native[] = "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";

static int read_inline(const char *vector, int size, int rows, struct deletion_vector **ret,
                       struct error *err)
{
    char text[256];
    int n = snprintf(text, sizeof text,
                     "{\"storageType\":\"i\",\"pathOrInlineDv\":\"%s\",\"sizeInBytes\":%d,"
                     "\"cardinality\":%d}",
                     vector, size, rows);
    return deletion_vector_read("nowhere", slice_of(text, (size_t)n), ret, err);
}

static void a_vector_in_the_log_deletes_its_rows(void **state)
{
    (void)state;
    static const int64_t gone[] = {3, 4, 7, 11, 18, 29};
    struct deletion_vector *v;
    struct error err = {0};
    size_t at = 0;
    assert_int_equal(read_inline(portable, 44, 6, &v, &err), 0);
    for (int64_t first = 0; first < 40; first += 8) {
        struct batch *b = numbers(first, 8);
        assert_int_equal(deletion_vector_apply(v, &b, &err), 0);
        for (int64_t row = 0, i = first; i < first + 8; i++) {
            if (at < 6 && gone[at] == i)
                at++;
            else
                assert_int_equal(((int64_t *)b->columns[0].values)[row++], i);
        }
        batch_free(b);
    }
    assert_int_equal(at, 6);
    deletion_vector_free(v);
}

static void another_size_or_count_than_the_logs_is_refused(void **state)
{
    (void)state;
    struct deletion_vector *v = NULL;
    struct error err = {0};
    assert_int_equal(read_inline(portable, 44, 7, &v, &err), ERR_DATA);
    assert_int_equal(read_inline(portable, 43, 6, &v, &err), ERR_DATA);
    assert_int_equal(read_inline(portable, 4000, 6, &v, &err), ERR_DATA);
}

static void the_old_format_is_refused(void **state)
{
    (void)state;
    struct deletion_vector *v = NULL;
    struct error err = {0};
    assert_int_equal(read_inline(native, 40, 6, &v, &err), ERR_DATA);
    assert_non_null(strstr(err.text, "format that sluice cannot read"));
}

static void vectors_outside_of_the_table_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"storageType\":\"p\",\"pathOrInlineDv\":\"file:///etc/passwd\",\"cardinality\":1}",
        "{\"storageType\":\"u\",\"pathOrInlineDv\":\"../"
        "ab^-aqEH.-t@S}K{vb[*k^\",\"cardinality\":1}",
        "{\"storageType\":\"u\",\"pathOrInlineDv\":\"..ab^-aqEH.-t@S}K{vb[*k^\",\"cardinality\":1}",
        "{\"storageType\":\"u\",\"pathOrInlineDv\":\"short\",\"cardinality\":1}",
        "{\"storageType\":\"x\",\"pathOrInlineDv\":\"short\",\"cardinality\":1}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct deletion_vector *v = NULL;
        struct error err = {0};
        assert_int_equal(deletion_vector_read("/tmp", slice_str(texts[i]), &v, &err), ERR_DATA);
        assert_null(v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_and_runs_are_read),
        cmocka_unit_test(bitsets_are_read),
        cmocka_unit_test(a_bitmap_cut_anywhere_is_refused),
        cmocka_unit_test(any_byte_may_be_wrong),
        cmocka_unit_test(a_vector_in_the_log_deletes_its_rows),
        cmocka_unit_test(another_size_or_count_than_the_logs_is_refused),
        cmocka_unit_test(the_old_format_is_refused),
        cmocka_unit_test(vectors_outside_of_the_table_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
