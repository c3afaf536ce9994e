/* What a match is judged by: the account of a pair, the links of a cluster, the pairs compared. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "transform/match/evidence.h"
#include "transform/match/explain.h"
#include "transform/match/links.h"

enum { COLUMNS = 4 };

static void table_init(struct match_table *t, uint32_t n)
{
    static const enum meaning meanings[COLUMNS] = {MEANING_GIVEN_NAME, MEANING_FAMILY_NAME,
                                                   MEANING_BIRTH_DATE, MEANING_PHONE};
    static const char *const names[COLUMNS] = {"given_name", "family_name", "birth_date", "phone"};
    *t = (struct match_table){.n = n, .n_columns = COLUMNS};
    t->columns = calloc(COLUMNS, sizeof *t->columns);
    assert_non_null(t->columns);
    for (int k = 0; k < COLUMNS; k++) {
        t->columns[k].name = slice_str(names[k]);
        t->columns[k].meaning = meanings[k];
        assert_int_equal(dict_init(&t->columns[k].values), 0);
        t->columns[k].codes = malloc(((size_t)n + 1) * sizeof *t->columns[k].codes);
        assert_non_null(t->columns[k].codes);
    }
}

static void put(struct match_table *t, uint32_t row, const char *const values[COLUMNS])
{
    for (int k = 0; k < COLUMNS; k++)
        t->columns[k].codes[row] =
            *values[k] ? (uint32_t)dict_add(&t->columns[k].values, slice_str(values[k]))
                       : MATCH_MISSING;
}

static void table_done(struct match_table *t)
{
    for (int k = 0; k < t->n_columns; k++) {
        dict_done(&t->columns[k].values);
        free(t->columns[k].codes);
    }
    free(t->columns);
}

/* A person twice, that person's spouse at the same telephone, and somebody else. */
static void family_init(struct match_table *t)
{
    static const char *const rows[][COLUMNS] = {
        {"anna", "winterbourne", "1970-03-04", "01632960123"},
        {"anna", "winterbourn", "1970-03-04", "01632960123"},
        {"georg", "winterbourne", "1968-11-30", "01632960123"},
        {"susan", "okafor", "1991-07-21", ""},
        {"anna", "meier", "", "01632960999"},
    };
    table_init(t, 5);
    for (uint32_t i = 0; i < 5; i++)
        put(t, i, rows[i]);
}

struct matched_family {
    struct match_table t;
    struct match_result r;
    struct match_evidence evidence;
    struct explainer *x;
};

static void family_match(struct matched_family *f, const struct match_rules *rules)
{
    struct error err = {0};
    *f = (struct matched_family){.r = {0}};
    family_init(&f->t);
    const struct match_options o = {.evidence = &f->evidence, .rules = rules};
    assert_int_equal(match_records(&f->t, &o, &f->r, &err), 0);
    assert_int_equal(explainer_new(&f->t, f->r.model, rules, &f->x, &err), 0);
}

static void family_done(struct matched_family *f)
{
    explainer_free(f->x);
    match_evidence_done(&f->evidence);
    match_model_free(f->r.model);
    match_result_done(&f->r);
    table_done(&f->t);
}

static void an_account_adds_up_to_its_weight(void **state)
{
    (void)state;
    struct matched_family f;
    struct pair_account a;
    struct error err;
    family_match(&f, NULL);
    for (uint32_t i = 0; i < f.t.n; i++)
        for (uint32_t k = 0; k < f.t.n; k++) {
            if (i == k)
                continue;
            assert_int_equal(explainer_pair(f.x, i, k, &a, &err), 0);
            int32_t same = a.prior_same + a.together_same;
            int32_t household = a.prior_household + a.together_household;
            for (int s = 0; s < a.n; s++) {
                same += a.steps[s].same;
                household += a.steps[s].household;
            }
            assert_int_equal(same, a.same);
            assert_int_equal(household, a.household);
            assert_true(fabs(a.p_same + a.p_household + a.p_unrelated - 1) < 1e-9);
            assert_true(fabs(a.p_same - weight_probability(a.weight)) < .002);
        }
    family_done(&f);
}

static void the_chances_tell_person_household_and_stranger(void **state)
{
    (void)state;
    struct matched_family f;
    struct pair_account a;
    struct error err;
    family_match(&f, NULL);
    assert_int_equal(explainer_pair(f.x, 0, 1, &a, &err), 0);
    assert_true(a.p_same > .9);
    assert_int_equal(explainer_pair(f.x, 0, 2, &a, &err), 0);
    assert_true(a.p_household > a.p_same && a.p_household > a.p_unrelated);
    assert_int_equal(explainer_pair(f.x, 0, 3, &a, &err), 0);
    assert_true(a.p_unrelated > .9);
    assert_int_equal(explainer_pair(f.x, 2, 2, &a, &err), ERR_USAGE);
    assert_int_equal(explainer_pair(f.x, 0, 9, &a, &err), ERR_USAGE);
    family_done(&f);
}

static void rules_show_in_the_account(void **state)
{
    (void)state;
    struct slice phone[] = {SLICE_LIT("phone"), {0}};
    struct slice *certain[] = {phone};
    struct never_rule never = {.field = SLICE_LIT("birth_date")};
    struct match_rules rules = {.certain = certain, .n_certain = 1};
    struct matched_family f;
    struct pair_account a;
    struct error err;
    family_match(&f, &rules);
    assert_int_equal(explainer_pair(f.x, 0, 2, &a, &err), 0);
    assert_int_equal(a.rule, ACCOUNT_CERTAIN);
    assert_int_equal(explainer_pair(f.x, 0, 4, &a, &err), 0);
    assert_int_equal(a.rule, ACCOUNT_NO_RULE);
    family_done(&f);
    rules = (struct match_rules){.never = &never, .n_never = 1};
    family_match(&f, &rules);
    assert_int_equal(explainer_pair(f.x, 0, 2, &a, &err), 0);
    assert_int_equal(a.rule, ACCOUNT_NEVER);
    family_done(&f);
}

static void evidence_has_each_compared_pair_once_with_its_weight(void **state)
{
    (void)state;
    struct matched_family f;
    struct pair_account a;
    struct error err;
    int64_t blocks = 0;
    family_match(&f, NULL);
    assert_true(f.evidence.n_pairs >= 3); /* the three at one telephone */
    for (size_t i = 0; i < f.evidence.n_pairs; i++) {
        const struct match_pair *p = &f.evidence.pairs[i];
        assert_true(p->a < p->b && p->b < f.t.n);
        if (i)
            assert_true(p[-1].a < p->a || (p[-1].a == p->a && p[-1].b < p->b));
        assert_int_equal(explainer_pair(f.x, p->a, p->b, &a, &err), 0);
        assert_int_equal(p->weight, a.weight);
    }
    for (int i = 0; i < EVIDENCE_BLOCK_CLASSES; i++)
        blocks += f.evidence.blocks[i];
    assert_true(blocks > 0);
    family_done(&f);
}

/* 0 = 1 strong, 1 - 2 weak, 2 = 3 strong; 0 - 3 weaker still; 4 and 5 a cluster of their own. */
static const struct match_pair pairs[] = {{0, 1, 9000}, {0, 3, 100}, {1, 2, 500},
                                          {2, 3, 8000}, {4, 5, 700}, {3, 4, 9999}};

static void links_are_the_strongest_that_hold_a_cluster(void **state)
{
    (void)state;
    const uint32_t cluster[] = {0, 0, 0, 0, 4, 4};
    struct match_pair links[6];
    assert_int_equal(links_find(pairs, 6, cluster, 6, links), 4);
    assert_int_equal(links[0].weight, 9000);
    assert_int_equal(links[1].weight, 8000);
    assert_int_equal(links[2].weight, 700);
    assert_int_equal(links[3].weight, 500); /* and neither 0 - 3 nor the pair between clusters */
    assert_int_equal(links_find(pairs, 6, NULL, 6, links), 5);
    assert_int_equal(links_find(pairs, 0, cluster, 6, links), 0);
}

static void cutting_a_link_leaves_its_two_sides(void **state)
{
    (void)state;
    const struct match_pair links[] = {{0, 1, 9000}, {2, 3, 8000}, {1, 2, 500}};
    uint8_t side[4];
    assert_int_equal(links_cut(links, 3, 2, 4, side), 0);
    assert_true(side[0] == 1 && side[1] == 1 && side[2] == 0 && side[3] == 0);
    assert_int_equal(links_cut(links, 3, 0, 4, side), 0);
    assert_true(side[0] == 1 && side[1] == 0 && side[2] == 0 && side[3] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_adds_up_to_its_weight),
        cmocka_unit_test(the_chances_tell_person_household_and_stranger),
        cmocka_unit_test(rules_show_in_the_account),
        cmocka_unit_test(evidence_has_each_compared_pair_once_with_its_weight),
        cmocka_unit_test(links_are_the_strongest_that_hold_a_cluster),
        cmocka_unit_test(cutting_a_link_leaves_its_two_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
