/* Numbers as text and back. */
#include "tests/unit/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/batch.h"
#include "core/number.h"

static const char *real_text(double v, enum type_id type)
{
    static struct buffer out;
    float narrow = (float)v;
    struct field field = {.name = SLICE_INIT("v"), .type = type};
    struct column column = {.length = 1,
                            .values = type == TYPE_FLOAT32 ? (void *)&narrow : (void *)&v};
    out.len = 0;
    assert_int_equal(value_text(&field, &column, 0, &out), 0);
    assert_int_equal(buffer_append(&out, "", 1), 0);
    return (const char *)out.data;
}

static void reals_are_the_shortest_text_that_reads_back(void **state)
{
    (void)state;
    static const char *const same[] = {"0",      "-0",       "1",           "-1.5",
                                       "0.1",    "123.456",  "0.0001",      "1e-05",
                                       "100000", "1e+15",    "999999.0001", "0.30000000000000004",
                                       "1e+300", "5.25e-10", "1000000",     "123456789012345"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_string_equal(real_text(strtod(same[i], NULL), TYPE_FLOAT64), same[i]);
    assert_string_equal(real_text(0.1, TYPE_FLOAT32), "0.1");
    assert_string_equal(real_text(16777216, TYPE_FLOAT32), "16777216");
}

static void any_real_reads_back(void **state)
{
    (void)state;
    uint64_t bits = 88172645463325252U;
    for (int i = 0; i < 20000; i++) {
        bits = bits * 6364136223846793005U + 1442695040888963407U;
        double v = i & 1 ? (double)(int64_t)(bits >> 30) / 1e4 : (double)(bits >> 11) * 0x1p-53,
               back;
        const char *text = real_text(v, TYPE_FLOAT64);
        assert_true(strtod(text, NULL) == v);
        if (real_parse(slice_str(text), &back))
            assert_true(back == v);
    }
}

static void a_read_real_is_the_nearest(void **state)
{
    (void)state;
    static const char *const texts[] = {"0.1", "-12345.6789012345", ".5", "3.",
                                        "-0",  "999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double got, want = strtod(texts[i], NULL);
        assert_int_equal(real_parse(slice_str(texts[i]), &got), 1);
        assert_memory_equal(&got, &want, sizeof got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_are_the_shortest_text_that_reads_back),
        cmocka_unit_test(any_real_reads_back),
        cmocka_unit_test(a_read_real_is_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
