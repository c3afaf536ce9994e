/* Labels that contradict each other: by pair, along chains, and in large numbers. */
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "pipelines/train/label_conflicts.h"
#include "pipelines/train/label_file.h"

static struct label_row pair(uint32_t a, uint32_t b, int same, uint32_t row)
{
    return (struct label_row){.a = a, .b = b, .same = same, .row = row};
}

static void words_are_labels(void **state)
{
    (void)state;
    assert_int_equal(label_word(SLICE_LIT("Yes")), 1);
    assert_int_equal(label_word(SLICE_LIT("MATCH")), 1);
    assert_int_equal(label_word(SLICE_LIT("no match")), 0);
    assert_int_equal(label_word(SLICE_LIT("non-match")), 0);
    assert_int_equal(label_word(SLICE_LIT("0")), 0);
    assert_int_equal(label_word(SLICE_LIT("")), -1);
    assert_int_equal(label_word(SLICE_LIT("unsure")), -1);
    assert_int_equal(label_word(SLICE_LIT("2")), -2);
    assert_int_equal(label_word(SLICE_LIT("a word longer than any label is")), -2);
}

static void labels_that_agree_are_all_good(void **state)
{
    (void)state;
    uint32_t root[5];
    struct label_row rows[] = {pair(0, 1, 1, 0), pair(0, 3, 0, 1), pair(1, 2, 1, 2),
                               pair(2, 4, 0, 3)};
    assert_int_equal(label_conflicts(rows, 4, 5, root), 0);
    for (int i = 0; i < 4; i++)
        assert_false(rows[i].bad);
    assert_int_equal(root[2], 0);
    assert_int_equal(root[3], 3);
}

static void a_pair_labelled_both_ways_names_each_other(void **state)
{
    (void)state;
    uint32_t root[2];
    struct label_row rows[] = {pair(0, 1, 0, 7), pair(0, 1, 1, 4), pair(0, 1, 1, 5)};
    assert_int_equal(label_conflicts(rows, 3, 2, root), 0);
    for (int i = 0; i < 3; i++)
        assert_true(rows[i].bad);
    assert_int_equal(rows[1].against[0], 7);
    assert_int_equal(root[1], 1);
}

static void a_chain_against_a_different_pair_is_bad_and_its_branches_are_not(void **state)
{
    (void)state;
    uint32_t root[6];
    /* 0-1-2-3 with 4 beside 1; 0 and 3 are different */
    struct label_row rows[] = {pair(0, 1, 1, 0), pair(0, 3, 0, 1), pair(1, 2, 1, 2),
                               pair(1, 4, 1, 3), pair(2, 3, 1, 4)};
    assert_int_equal(label_conflicts(rows, 5, 6, root), 0);
    assert_true(rows[0].bad && rows[1].bad && rows[2].bad && rows[4].bad);
    assert_false(rows[3].bad);
    assert_int_equal(rows[1].n_against, 3);
    assert_int_equal(root[4], 1);
    assert_int_equal(root[0], 0);
}

static void two_hundred_thousand_contradictions_along_one_chain_take_no_time(void **state)
{
    (void)state;
    enum { N = 200000 };
    struct label_row *rows = calloc(2 * N, sizeof *rows);
    uint32_t *root = calloc(N, sizeof *root);
    size_t n = 0;
    assert_non_null(rows);
    assert_non_null(root);
    for (uint32_t i = 0; i + 1 < N; i++) {
        if (i + 2 < N - i)
            rows[n] = pair(i, N - 1 - i, 0, (uint32_t)n), n++;
        rows[n] = pair(i, i + 1, 1, (uint32_t)n), n++;
    }
    assert_int_equal(label_conflicts(rows, n, N, root), 0);
    for (size_t i = 0; i < n; i++)
        assert_true(rows[i].bad);
    free(rows);
    free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_labels),
        cmocka_unit_test(labels_that_agree_are_all_good),
        cmocka_unit_test(a_pair_labelled_both_ways_names_each_other),
        cmocka_unit_test(a_chain_against_a_different_pair_is_bad_and_its_branches_are_not),
        cmocka_unit_test(two_hundred_thousand_contradictions_along_one_chain_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
