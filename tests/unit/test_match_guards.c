/* What keeps two clusters apart whatever their linkage says, seen to refuse and to let pass; and
 * rows that no comparison can tell apart. */
#include <stdio.h>

#include "tests/unit/match_table.h"

#include "transform/match/guards.h"
#include "transform/match/identical.h"
#include "transform/match/model_entries.h"
#include "transform/match/train.h"

enum { COLUMNS = 5 };
static const struct table_column columns[COLUMNS] = {{"given_name", MEANING_GIVEN_NAME},
                                                     {"family_name", MEANING_FAMILY_NAME},
                                                     {"birth_date", MEANING_BIRTH_DATE},
                                                     {"tax_id", MEANING_ID},
                                                     {"source", MEANING_SOURCE}};
enum { ANNA, ANNA_AGAIN, OTTO, NEAR_BOTH, ANNA_OTHER_ID, ANNA_NO_ID, ANNA_SLIP, N };
static const char *const rows[N][COLUMNS] = {
    {"Anna", "Berg", "1970-02-03", "48151623", "a"},
    {"Anna", "Berg", "1970-02-03", "48151623", "b"},
    {"Otto", "Berg", "1931-11-27", "90125577", "a"},
    {"", "Berg", "", "", "b"},
    {"Anna", "Berg", "", "77003344", "b"},
    {"Anna", "Berg", "1970-02-03", "", "c"},
    {"Anna", "Berg", "1970-02-03", "48151632", "c"},
};

struct made {
    struct match_table table;
    struct encoded e;
    struct twins twins;
    struct match_model *model;
    struct alias_set aliases[COMPARISONS_MAX];
    struct scorer scorer;
    struct rules rules;
    struct guards guards;
};

static void made_init(struct made *m, const struct match_rules *rules,
                      const struct match_decision *decisions, size_t n)
{
    struct error err = {0};
    *m = (struct made){.model = model_new()};
    assert_non_null(m->model);
    table_make(&m->table, columns, COLUMNS, rows[0], N);
    assert_int_equal(encode(&m->table, NULL, &m->e, &err), 0);
    assert_int_equal(twins_find(&m->twins, &m->e), 0);
    model_init(m->model, &m->e, N);
    assert_int_equal(train_u(m->model, &m->e, &m->twins, NULL, NULL, &err), 0);
    model_weigh(m->model);
    m->model->learned = 1;
    for (int k = 0; k < m->model->n_fields; k++)
        if (m->model->fields[k].kind == COMPARE_ID)
            m->model->fields[k].m[0][4] = .001;
    assert_int_equal(scorer_init(&m->scorer, &m->e, m->model, m->aliases), 0);
    assert_int_equal(rules_init(&m->rules, rules, &m->table, &m->e, &err), 0);
    assert_int_equal(guards_init(&m->guards, &m->rules, &m->scorer, decisions, n, &err), 0);
    guards_reset(&m->guards);
}

static void made_done(struct made *m)
{
    guards_done(&m->guards);
    rules_done(&m->rules);
    scorer_done(&m->scorer);
    match_model_free(m->model);
    twins_done(&m->twins);
    encoded_done(&m->e);
    table_free(&m->table);
}

static int allow(struct made *m, enum join_reason why, uint32_t a, uint32_t b)
{
    return guards_allow(&m->guards, why, &m->e.rank[a], 1, &m->e.rank[b], 1);
}

static void two_people_of_clearly_different_name_and_date_stay_apart(void **state)
{
    (void)state;
    struct made m;
    made_init(&m, NULL, NULL, 0);
    assert_false(allow(&m, JOIN_SCORED, ANNA, OTTO));
    assert_int_equal(m.guards.refused_people, 1);
    assert_true(allow(&m, JOIN_SCORED, ANNA, ANNA_AGAIN));
    assert_true(allow(&m, JOIN_SCORED, ANNA, NEAR_BOTH));
    assert_int_equal(m.guards.refused_people, 1);
    made_done(&m);
}

static void a_record_near_both_does_not_join_two_people(void **state)
{
    (void)state;
    struct made m;
    made_init(&m, NULL, NULL, 0);
    uint32_t a[] = {m.e.rank[ANNA], m.e.rank[NEAR_BOTH]}, b[] = {m.e.rank[OTTO]};
    assert_false(guards_allow(&m.guards, JOIN_SCORED, a, 2, b, 1));
    assert_true(guards_allow(&m.guards, JOIN_CERTAIN, a, 2, b, 1));
    made_done(&m);
}

static void strong_ids_in_conflict_keep_apart_and_a_slip_or_none_does_not(void **state)
{
    (void)state;
    struct made m;
    char line[1][200];
    made_init(&m, NULL, NULL, 0);
    assert_int_equal(m.guards.n_ids, 1);
    assert_false(allow(&m, JOIN_SCORED, ANNA, ANNA_OTHER_ID));
    assert_int_equal(m.guards.refused_id, 1);
    assert_true(allow(&m, JOIN_SCORED, ANNA, ANNA_NO_ID));
    assert_true(allow(&m, JOIN_SCORED, ANNA, ANNA_AGAIN));
    assert_true(allow(&m, JOIN_SCORED, ANNA, ANNA_SLIP)); /* two digits changed places */
    assert_int_equal(m.guards.refused_id, 1);
    assert_int_equal(guards_say(&m.guards, line, 1), 1);
    assert_non_null(strstr(line[0], "'tax_id'"));
    guards_reset(&m.guards);
    assert_int_equal(guards_say(&m.guards, line, 1), 0);
    made_done(&m);
}

static void an_id_in_which_matches_differ_is_not_strong(void **state)
{
    (void)state;
    struct made m;
    made_init(&m, NULL, NULL, 0);
    for (int k = 0; k < m.model->n_fields; k++)
        if (m.model->fields[k].kind == COMPARE_ID)
            m.model->fields[k].m[0][4] = .2;
    guards_reset(&m.guards);
    assert_int_equal(m.guards.n_ids, 0);
    assert_true(allow(&m, JOIN_SCORED, ANNA, ANNA_OTHER_ID));
    made_done(&m);
}

static void what_a_person_parted_stays_apart_even_where_a_rule_is_certain(void **state)
{
    (void)state;
    struct match_decision d[] = {{ANNA_AGAIN, ANNA, -1}, {ANNA, OTTO, 1}};
    struct made m;
    made_init(&m, NULL, d, 2);
    assert_false(allow(&m, JOIN_CERTAIN, ANNA, ANNA_AGAIN));
    assert_false(allow(&m, JOIN_CERTAIN, ANNA_AGAIN, ANNA));
    assert_int_equal(m.guards.refused_decided, 2);
    assert_true(allow(&m, JOIN_CERTAIN, ANNA, OTTO)); /* the other decision parts nobody */
    made_done(&m);
}

static void a_never_rule_keeps_apart_what_is_certain(void **state)
{
    (void)state;
    struct never_rule never = {.field = SLICE_LIT("birth_date"), .apart = 7305};
    struct match_rules rules = {.never = &never, .n_never = 1};
    struct made m;
    made_init(&m, &rules, NULL, 0);
    assert_false(allow(&m, JOIN_CERTAIN, ANNA, OTTO));
    assert_true(allow(&m, JOIN_CERTAIN, ANNA, NEAR_BOTH));
    made_done(&m);
}

static void equal_rows_join_only_where_they_say_who_they_are(void **state)
{
    (void)state;
    static const struct table_column mailed[] = {{"email", MEANING_EMAIL}, {"id", MEANING_KEY}};
    static const struct table_column named[] = {{"family", MEANING_FAMILY_NAME},
                                                {"id", MEANING_KEY}};
    static const char *const mails[] = {"a@x.test", "1", "a@x.test", "2", "", "3", "", "4"};
    static const char *const names[] = {"Berg", "1", "Berg", "2"};
    struct match_table t;
    struct encoded e;
    struct error err = {0};
    uint32_t cluster[4] = {0, 1, 2, 3};
    table_make(&t, mailed, 2, mails, 4);
    assert_int_equal(encode(&t, NULL, &e, &err), 0);
    assert_int_equal(identical_join(&t, &e, cluster), 1);
    assert_int_equal(cluster[e.rank[0]], cluster[e.rank[1]]);
    assert_int_not_equal(cluster[e.rank[2]], cluster[e.rank[3]]); /* nothing is not equal */
    encoded_done(&e);
    table_free(&t);
    uint32_t two[2] = {0, 1};
    table_make(&t, named, 2, names, 2);
    assert_int_equal(encode(&t, NULL, &e, &err), 0);
    assert_int_equal(identical_join(&t, &e, two), 0); /* half a town is called so */
    assert_int_not_equal(two[0], two[1]);
    encoded_done(&e);
    table_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_people_of_clearly_different_name_and_date_stay_apart),
        cmocka_unit_test(a_record_near_both_does_not_join_two_people),
        cmocka_unit_test(strong_ids_in_conflict_keep_apart_and_a_slip_or_none_does_not),
        cmocka_unit_test(an_id_in_which_matches_differ_is_not_strong),
        cmocka_unit_test(what_a_person_parted_stays_apart_even_where_a_rule_is_certain),
        cmocka_unit_test(a_never_rule_keeps_apart_what_is_certain),
        cmocka_unit_test(equal_rows_join_only_where_they_say_who_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
