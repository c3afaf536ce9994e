/* What holds a cluster together where its records do not: cut, or left and said. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "transform/match/bridge_piece.h"

enum { MOST = 80, STRONG = 15000, AGAINST = -15000 };

struct made {
    struct encoded e;
    struct scorer scorer;
    struct cluster_options options;
    struct bridges_input in;
    uint32_t nodes[MOST], local[MOST], part[MOST], scratch[MOST];
    struct bridge_edge edges[MOST * MOST / 2];
    struct buffer found;
    struct bridge_piece p;
};

static struct made *made_new(uint32_t n)
{
    struct made *m = calloc(1, sizeof *m);
    assert_non_null(m);
    for (uint32_t i = 0; i < n; i++)
        m->nodes[i] = m->local[i] = i;
    m->e = (struct encoded){.n = n, .record = m->nodes, .rank = m->nodes};
    m->scorer.e = &m->e;
    m->in = (struct bridges_input){.scorer = &m->scorer, .options = &m->options};
    m->p = (struct bridge_piece){.in = &m->in,
                                 .nodes = m->nodes,
                                 .n = n,
                                 .local = m->local,
                                 .edges = m->edges,
                                 .part = m->part,
                                 .scratch = m->scratch,
                                 .found = &m->found};
    return m;
}

static void made_free(struct made *m)
{
    buffer_done(&m->found);
    free(m);
}

/* All pairs: those within the first `size` records and within the rest agree, others do not. */
static void two_groups(struct made *m, uint32_t size)
{
    for (uint32_t a = 0; a < m->p.n; a++)
        for (uint32_t b = a + 1; b < m->p.n; b++) {
            int32_t w = (a < size) == (b < size) ? STRONG : AGAINST;
            m->edges[m->p.n_edges++] = (struct bridge_edge){{a, b, w}, FREE};
        }
}

static struct bridge_edge *edge_of(struct made *m, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < m->p.n_edges; i++)
        if (m->edges[i].edge.a == a && m->edges[i].edge.b == b)
            return &m->edges[i];
    fail();
    return NULL;
}

static size_t n_found(const struct made *m)
{
    return m->found.len / sizeof(struct match_bridge);
}

static void two_groups_on_one_weak_pair_are_cut_there(void **state)
{
    (void)state;
    struct made *m = made_new(7);
    two_groups(m, 4);
    edge_of(m, 2, 5)->edge.weight = 3000;
    assert_int_equal(bridge_cut_weak(&m->p), 0);
    for (uint32_t i = 0; i < 7; i++)
        assert_int_equal(m->part[i], i < 4 ? 0 : 4);
    assert_int_equal(n_found(m), 1);
    const struct match_bridge *b = (const struct match_bridge *)(const void *)m->found.data;
    assert_int_equal(b->a, 2);
    assert_int_equal(b->b, 5);
    assert_int_equal(b->weight, 3000);
    assert_int_equal(b->n_a, 4);
    assert_int_equal(b->n_b, 3);
    assert_int_equal(b->pairs, 12);
    assert_int_equal(b->agree, 1);
    assert_int_equal(b->kind, BRIDGE_WEAK);
    assert_int_equal(b->cut, 1);
    made_free(m);
}

static void a_strong_pair_is_no_weak_bridge(void **state)
{
    (void)state;
    struct made *m = made_new(7);
    two_groups(m, 4);
    edge_of(m, 2, 5)->edge.weight = STRONG;
    assert_int_equal(bridge_cut_weak(&m->p), 0);
    assert_int_equal(n_found(m), 0);
    for (uint32_t i = 0; i < 7; i++)
        assert_int_equal(m->part[i], 0);
    made_free(m);
}

static void many_agreeing_pairs_are_no_bridge(void **state)
{
    (void)state;
    struct made *m = made_new(6);
    two_groups(m, 3);
    for (uint32_t b = 3; b < 6; b++)
        edge_of(m, 0, b)->edge.weight = 3000;
    assert_int_equal(bridge_cut_weak(&m->p), 0);
    assert_int_equal(n_found(m), 0);
    made_free(m);
}

static void what_a_rule_or_a_person_joined_is_not_a_weak_bridge(void **state)
{
    (void)state;
    for (int fixed = FIXED_BY_RULE; fixed <= FIXED_BY_PERSON; fixed++) {
        struct made *m = made_new(6);
        two_groups(m, 3);
        edge_of(m, 2, 5)->edge.weight = 3000;
        edge_of(m, 1, 4)->fixed = fixed == FIXED_BY_RULE ? FIXED_BY_RULE : FIXED_BY_PERSON;
        assert_int_equal(bridge_cut_weak(&m->p), 0);
        assert_int_equal(n_found(m), 0);
        made_free(m);
    }
}

static void one_record_beside_a_group_is_not_cut_off(void **state)
{
    (void)state;
    struct made *m = made_new(5);
    two_groups(m, 4);
    edge_of(m, 3, 4)->edge.weight = 3000;
    assert_int_equal(bridge_cut_weak(&m->p), 0);
    assert_int_equal(n_found(m), 0);
    made_free(m);
}

static void a_group_that_does_not_hold_together_is_not_cut_off(void **state)
{
    (void)state;
    struct made *m = made_new(6);
    two_groups(m, 3);
    edge_of(m, 3, 4)->edge.weight = edge_of(m, 3, 5)->edge.weight = AGAINST;
    edge_of(m, 2, 5)->edge.weight = 3000;
    edge_of(m, 2, 3)->edge.weight = 2000;
    assert_int_equal(bridge_cut_weak(&m->p), 0);
    assert_int_equal(n_found(m), 0);
    made_free(m);
}

static void a_large_chain_is_left_and_said(void **state)
{
    (void)state;
    struct made *m = made_new(MOST);
    for (uint32_t a = 0; a + 1 < MOST; a++)
        m->edges[m->p.n_edges++] = (struct bridge_edge){{a, a + 1, STRONG}, FREE};
    m->edges[40].edge.weight = 9000;
    assert_int_equal(bridge_cut_weak(&m->p), 0);
    assert_int_equal(n_found(m), 1);
    const struct match_bridge *b = (const struct match_bridge *)(const void *)m->found.data;
    assert_int_equal(b->kind, BRIDGE_LOOSE);
    assert_int_equal(b->cut, 0);
    assert_int_equal(b->a, 40);
    assert_int_equal(b->n_a, 41);
    made_free(m);
}

static void a_rule_through_one_record_is_cut(void **state)
{
    (void)state;
    struct made *m = made_new(6);
    two_groups(m, 3);
    edge_of(m, 2, 3)->fixed = edge_of(m, 2, 4)->fixed = FIXED_BY_RULE;
    edge_of(m, 2, 3)->edge.weight = 2000; /* the number they share speaks for them */
    assert_int_equal(bridge_cut_rules(&m->p), 0);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(m->part[i], i < 3 ? 0 : 3);
    assert_int_equal(n_found(m), 1);
    const struct match_bridge *b = (const struct match_bridge *)(const void *)m->found.data;
    assert_int_equal(b->kind, BRIDGE_BY_RULE);
    assert_int_equal(b->cut, 1);
    assert_int_equal(b->a, 2);
    assert_int_equal(b->b, 3);
    made_free(m);
}

static void a_rule_through_two_records_of_each_side_stays_and_is_said(void **state)
{
    (void)state;
    struct made *m = made_new(6);
    two_groups(m, 3);
    edge_of(m, 1, 3)->fixed = edge_of(m, 2, 4)->fixed = FIXED_BY_RULE;
    assert_int_equal(bridge_cut_rules(&m->p), 0);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(m->part[i], 0);
    assert_int_equal(n_found(m), 1);
    const struct match_bridge *b = (const struct match_bridge *)(const void *)m->found.data;
    assert_int_equal(b->cut, 0);
    made_free(m);
}

static void a_record_that_only_a_rule_holds_stays_and_is_said(void **state)
{
    (void)state;
    struct made *m = made_new(4);
    two_groups(m, 3);
    edge_of(m, 2, 3)->fixed = FIXED_BY_RULE;
    assert_int_equal(bridge_cut_rules(&m->p), 0);
    assert_int_equal(m->part[3], 0);
    assert_int_equal(n_found(m), 1);
    made_free(m);
}

static void what_a_person_joined_is_neither_cut_nor_said(void **state)
{
    (void)state;
    struct made *m = made_new(6);
    two_groups(m, 3);
    edge_of(m, 2, 3)->fixed = FIXED_BY_PERSON;
    edge_of(m, 2, 3)->edge.weight = WEIGHT_CERTAIN;
    edge_of(m, 2, 4)->fixed = FIXED_BY_RULE;
    assert_int_equal(bridge_cut_rules(&m->p), 0);
    assert_int_equal(m->part[5], 0);
    assert_int_equal(n_found(m), 0);
    made_free(m);
}

static void groups_that_agree_elsewhere_stay_together(void **state)
{
    (void)state;
    struct made *m = made_new(6);
    two_groups(m, 3);
    edge_of(m, 2, 3)->fixed = FIXED_BY_RULE;
    edge_of(m, 0, 5)->edge.weight = 4000;
    edge_of(m, 1, 3)->edge.weight = 4000; /* not through record 2, nor through 3 alone */
    assert_int_equal(bridge_cut_rules(&m->p), 0);
    assert_int_equal(m->part[5], 0);
    assert_int_equal(n_found(m), 0);
    made_free(m);
}

static void a_chain_of_typing_slips_is_cut_at_each(void **state)
{
    (void)state;
    struct made *m = made_new(9); /* three customers; 2 bears a number of 3, 5 one of 6 */
    for (uint32_t a = 0; a < 9; a++)
        for (uint32_t b = a + 1; b < 9; b++)
            m->edges[m->p.n_edges++] =
                (struct bridge_edge){{a, b, a / 3 == b / 3 ? STRONG : AGAINST}, FREE};
    edge_of(m, 2, 3)->fixed = edge_of(m, 5, 6)->fixed = FIXED_BY_RULE;
    assert_int_equal(bridge_cut_rules(&m->p), 0);
    for (uint32_t i = 0; i < 9; i++)
        assert_int_equal(m->part[i], i / 3 * 3);
    assert_int_equal(n_found(m), 2);
    made_free(m);
}

static void a_record_that_came_by_its_score_stays_with_the_nearest(void **state)
{
    (void)state;
    struct made *m = made_new(7); /* 6 agrees with 3 a little, and with too few others to join */
    two_groups(m, 3);
    for (uint32_t a = 0; a < 6; a++)
        edge_of(m, a, 6)->edge.weight = a == 3 ? 1000 : AGAINST;
    edge_of(m, 2, 3)->fixed = edge_of(m, 2, 4)->fixed = FIXED_BY_RULE;
    assert_int_equal(bridge_cut_rules(&m->p), 0);
    assert_int_equal(m->part[2], 0);
    assert_int_equal(m->part[5], 3);
    assert_int_equal(m->part[6], 3);
    made_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_groups_on_one_weak_pair_are_cut_there),
        cmocka_unit_test(a_strong_pair_is_no_weak_bridge),
        cmocka_unit_test(many_agreeing_pairs_are_no_bridge),
        cmocka_unit_test(what_a_rule_or_a_person_joined_is_not_a_weak_bridge),
        cmocka_unit_test(one_record_beside_a_group_is_not_cut_off),
        cmocka_unit_test(a_group_that_does_not_hold_together_is_not_cut_off),
        cmocka_unit_test(a_large_chain_is_left_and_said),
        cmocka_unit_test(a_rule_through_one_record_is_cut),
        cmocka_unit_test(a_rule_through_two_records_of_each_side_stays_and_is_said),
        cmocka_unit_test(a_record_that_only_a_rule_holds_stays_and_is_said),
        cmocka_unit_test(what_a_person_joined_is_neither_cut_nor_said),
        cmocka_unit_test(groups_that_agree_elsewhere_stay_together),
        cmocka_unit_test(a_chain_of_typing_slips_is_cut_at_each),
        cmocka_unit_test(a_record_that_came_by_its_score_stays_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
