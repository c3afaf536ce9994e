/* Training and clustering on cases whose answer is known. */
#include <math.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "core/hash.h"
#include "transform/match/cluster.h"
#include "transform/match/evaluate.h"
#include "transform/match/train.h"

enum { FIELDS = 5, PAIRS = 60000, MATCHES = 20000 };

static double chance(uint64_t i, uint64_t what)
{
    return (double)(hash_pair(i + 1, what + 1) >> 11) / 9007199254740992.0;
}

/* Level 1 with the given chance, else 2 a third of the time, else 4 (of an identifier). */
static int draw_level(double exact, uint64_t i, uint64_t field)
{
    double x = chance(i, field);
    return x < exact ? 1 : x < exact + (1 - exact) / 3 ? 2 : 4;
}

static struct match_model *known_model(void)
{
    struct match_model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->n_fields = FIELDS;
    m->learned = 1;
    m->n_records = 20000;
    for (int k = 0; k < FIELDS; k++) {
        struct field_model *f = &m->fields[k];
        *f = (struct field_model){.kind = COMPARE_ID, .meaning = MEANING_PLACE};
        for (int s = 0; s < STATES; s++)
            for (int l = 1; l <= 4; l++) {
                double start[LEVELS];
                model_start_m(f->kind, start);
                f->m[s][l] = f->h[s][l] = start[l];
                /* strangers agree one time in twenty: .05, then a third and two thirds of the rest
                 */
                f->u[s][l] = l == 1 ? .05 : l == 2 ? .95 / 3 : l == 3 ? 1e-6 : .95 * 2 / 3;
            }
    }
    m->lambda_m = .1;
    m->lambda_h = 1e-9;
    return m;
}

static void em_finds_the_shares_it_was_drawn_from(void **state)
{
    (void)state;
    struct match_model *m = known_model();
    struct training_pair *pairs = calloc(PAIRS, sizeof *pairs);
    assert_non_null(pairs);
    for (uint64_t i = 0; i < PAIRS; i++)
        for (int k = 0; k < FIELDS; k++) {
            double exact = i < MATCHES ? .7 + .05 * k : .05;
            pairs[i].pattern |= level_bits(draw_level(exact, i, (uint64_t)k), k);
        }
    struct training_set set;
    assert_int_equal(training_group_pairs(pairs, PAIRS, 1, PAIRS, &set), 0);
    em_run(m, &set, EM_ALL);
    assert_true(fabs(m->lambda_m - (double)MATCHES / PAIRS) < .02);
    for (int k = 0; k < FIELDS; k++) { /* 13 % of the prior stays in by design */
        double prior[LEVELS];
        model_start_m(COMPARE_ID, prior);
        double expected = ((.7 + .05 * k) + .15 * prior[1]) / 1.15;
        assert_true(fabs(m->fields[k].m[0][1] - expected) < .03);
    }
    training_set_done(&set);
    free(pairs);
    free(m);
}

static void contradictions_are_counted(void **state)
{
    (void)state;
    struct match_model *m = known_model();
    m->fields[0].kind = COMPARE_GIVEN;
    m->fields[1].kind = COMPARE_DATE;
    assert_true(model_contradicts(m, level_bits(NAME_DIFFERS, 0) | level_bits(14, 1)));
    assert_false(model_contradicts(m, level_bits(NAME_DIFFERS, 0) | level_bits(1, 1)));
    free(m);
}

static void cluster(const struct edge *edges, size_t n_edges, uint32_t n, uint32_t *out)
{
    struct cluster_options o = {.stop = 0};
    struct error err;
    assert_int_equal(cluster_edges(edges, n_edges, n, &o, NULL, out, &err), 0);
}

static void a_chain_of_weak_links_does_not_become_one(void **state)
{
    (void)state;
    /* 0-1-2 strong, 3-4-5 strong, one link between them */
    const struct edge edges[] = {{0, 1, 9000}, {0, 2, 9000}, {1, 2, 9000}, {2, 3, 4000},
                                 {3, 4, 9000}, {3, 5, 9000}, {4, 5, 9000}};
    uint32_t c[6];
    cluster(edges, 7, 6, c);
    assert_int_equal(c[0], 0);
    assert_int_equal(c[2], 0);
    assert_int_equal(c[3], 3);
    assert_int_equal(c[5], 3);
}

static void the_best_links_join_first(void **state)
{
    (void)state;
    /* 1 goes to 2, whose link is stronger, and 0 stays out: 0-2 says no */
    const struct edge edges[] = {{0, 1, 5000}, {0, 2, -17000}, {1, 2, 12000}};
    uint32_t c[3];
    cluster(edges, 3, 3, c);
    assert_int_equal(c[1], c[2]);
    assert_int_not_equal(c[0], c[1]);
}

static void what_is_certain_joins_whatever_it_scores(void **state)
{
    (void)state;
    const struct edge edges[] = {{0, 1, WEIGHT_CERTAIN}, {0, 2, -9000}, {1, 2, WEIGHT_CERTAIN}};
    uint32_t c[3];
    cluster(edges, 3, 3, c);
    assert_int_equal(c[1], 0);
    assert_int_equal(c[2], 0);
}

static int not_zero_with_two(void *arg, enum join_reason why, const uint32_t *a, uint32_t n_a,
                             const uint32_t *b, uint32_t n_b)
{
    int zero = 0, two = 0;
    (void)arg;
    (void)why;
    for (uint32_t i = 0; i < n_a; i++)
        zero |= a[i] == 0, two |= a[i] == 2;
    for (uint32_t i = 0; i < n_b; i++)
        zero |= b[i] == 0, two |= b[i] == 2;
    return !(zero && two);
}

static void what_must_stay_apart_stays_apart_through_others(void **state)
{
    (void)state;
    const struct edge edges[] = {{0, 1, 12000}, {0, 2, 9000}, {1, 2, 11000}};
    struct cluster_options o = {.allowed = not_zero_with_two};
    struct error err;
    uint32_t c[3];
    assert_int_equal(cluster_edges(edges, 3, 3, &o, NULL, c, &err), 0);
    assert_int_equal(c[1], 0);
    assert_int_equal(c[2], 2);
}

/* Both edges are beyond what clustering looks at; record 1 may join but one of 0 and 2. */
static void of_equal_scores_the_greater_evidence_joins(void **state)
{
    (void)state;
    const struct edge edges[] = {{0, 1, WEIGHT_CLIP + 1000}, {1, 2, WEIGHT_CLIP + 5000}};
    struct cluster_options o = {.allowed = not_zero_with_two};
    struct error err;
    uint32_t c[3];
    assert_int_equal(cluster_edges(edges, 2, 3, &o, NULL, c, &err), 0);
    assert_int_equal(c[0], 0);
    assert_int_equal(c[2], c[1]);
}

static void pairs_never_compared_count_against(void **state)
{
    (void)state;
    struct linkage l = {3000, 1, 3000, INT32_MIN};
    assert_true(linkage_score(&l, 1) == 3000);
    assert_true(linkage_score(&l, 9) < 0);
}

static void evaluation_counts_cells_not_pairs(void **state)
{
    (void)state;
    const uint32_t found[] = {7, 7, 7, 3, 3, 9}, truth[] = {1, 1, 2, 2, 2, 4};
    struct evaluation e;
    struct error err;
    assert_int_equal(evaluate_clusters(found, truth, 6, &e, &err), 0);
    assert_int_equal(e.pairs_found, 4);
    assert_int_equal(e.pairs_true, 4);
    assert_int_equal(e.pairs_both, 2);
    assert_true(fabs(e.pairwise.f1 - .5) < 1e-12);
    /* by record: 2/3 2/3 1/3 1 1 1 of its cluster; 1 1 1/3 2/3 2/3 1 of its truth */
    assert_true(fabs(e.bcubed.precision - (2. / 3 + 2. / 3 + 1. / 3 + 3) / 6) < 1e-12);
    assert_true(fabs(e.bcubed.recall - (2 + 1. / 3 + 2. / 3 + 2. / 3 + 1) / 6) < 1e-12);
    assert_int_equal(e.clusters_exact, 1);
    assert_int_equal(e.largest_found, 3);
    struct true_pair pairs[] = {{1, 0}, {3, 4}, {0, 1}, {2, 2}};
    assert_int_equal(evaluate_pairs(found, 6, pairs, 4, &e, &err), 0);
    assert_int_equal(e.pairs_true, 2);
    assert_int_equal(e.pairs_both, 2);
    assert_int_equal(evaluate_clusters(found, truth, 0, &e, &err), 0);
    assert_true(e.pairwise.f1 == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(em_finds_the_shares_it_was_drawn_from),
        cmocka_unit_test(contradictions_are_counted),
        cmocka_unit_test(a_chain_of_weak_links_does_not_become_one),
        cmocka_unit_test(the_best_links_join_first),
        cmocka_unit_test(what_is_certain_joins_whatever_it_scores),
        cmocka_unit_test(what_must_stay_apart_stays_apart_through_others),
        cmocka_unit_test(of_equal_scores_the_greater_evidence_joins),
        cmocka_unit_test(pairs_never_compared_count_against),
        cmocka_unit_test(evaluation_counts_cells_not_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
