/* Splink models at work on a few rows whose answer is reckoned by hand, and settings that are not
 * what they should be. */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/rows.h"

#include "core/file.h"
#include "transform/match/evidence.h"
#include "transform/match/model_entries.h"
#include "transform/splink/splink.h"

static const char settings[] =
    "{\"link_type\":\"dedupe_only\",\"sql_dialect\":\"duckdb\",\"unique_id_column_name\":\"id\","
    "\"probability_two_random_records_match\":0.5,"
    "\"blocking_rules_to_generate_predictions\":[{\"blocking_rule\":\"l.name = r.name\"},"
    "\"substr(l.name,1,1) = substr(r.name,1,1) and l.age <> r.age\"],"
    "\"comparisons\":[{\"output_column_name\":\"name\",\"comparison_levels\":["
    "{\"sql_condition\":\"name_l is null or name_r is null\",\"is_null_level\":true},"
    "{\"sql_condition\":\"name_l = name_r\",\"m_probability\":0.8,\"u_probability\":0.1,"
    "\"tf_adjustment_column\":\"name\"},"
    "{\"sql_condition\":\"ELSE\",\"m_probability\":0.2,\"u_probability\":0.9}]},"
    "{\"output_column_name\":\"age\",\"comparison_levels\":["
    "{\"sql_condition\":\"abs(age_l - age_r) <= 1\",\"m_probability\":0.5,\"u_probability\":0.25},"
    "{\"sql_condition\":\"ELSE\",\"m_probability\":0.5,\"u_probability\":1}]}]}";

static const char *const people[] = {"4|ann|30", "1|bob|40", "3|ann|31",
                                     "2|amy|50", "5|~|30",   "6|ann|70"};
enum { PEOPLE = 6 };

static struct splink_model *parsed(const char *json)
{
    struct splink_model *m = NULL;
    struct error err = {0};
    if (splink_model_parse(slice_str(json), "model.json", &m, &err) < 0)
        fail_msg("%s: %s", err.where, err.text);
    return m;
}

struct outcome {
    struct match_result result;
    struct match_evidence evidence;
};

static struct outcome match_rows(const char *const *rows, int n, int threads)
{
    struct outcome o = {0};
    struct error err = {0};
    struct schema *schema = rows_schema("id utf8, name utf8, age utf8");
    struct batch *batch = rows_batch(schema, rows, n);
    struct pool *pool = threads > 1 ? pool_new(threads) : NULL;
    struct splink_model *m = parsed(settings);
    const struct match_table t = {.n = (uint32_t)n, .batches = &batch, .n_batches = 1};
    const struct match_options options = {.pool = pool, .evidence = &o.evidence};
    if (splink_match(&t, m, &options, &o.result, &err) < 0)
        fail_msg("%s", err.text);
    splink_model_unref(m);
    pool_free(pool);
    batch_free(batch);
    schema_unref(schema);
    return o;
}

static void outcome_done(struct outcome *o)
{
    match_result_done(&o->result);
    match_evidence_done(&o->evidence);
}

static double weight_of(const struct outcome *o, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < o->evidence.n_pairs; i++)
        if (o->evidence.pairs[i].a == a && o->evidence.pairs[i].b == b)
            return o->evidence.pairs[i].weight / 1024.0;
    return NAN;
}

static void a_pair_is_scored_once_and_weighs_what_the_settings_say(void **state)
{
    (void)state;
    struct outcome o = match_rows(people, PEOPLE, 1);
    /* three anns by the name; amy with each ann by the letter: 3 + 3 pairs, each once */
    assert_int_equal(o.evidence.n_pairs, 6);
    /* ann has 3 of 5 names: log2(.8 / .1) + log2(.1 / .6) + log2(.5 / .25), prior 0 */
    assert_true(fabs(weight_of(&o, 0, 2) - (3 + log2(1.0 / 6) + 1)) < .001);
    assert_true(fabs(weight_of(&o, 2, 5) - (3 + log2(1.0 / 6) - 1)) < .001);
    assert_true(fabs(weight_of(&o, 0, 3) - (log2(.2 / .9) - 1)) < .001);
    assert_true(isnan(weight_of(&o, 0, 4))); /* a null is in no block */
    outcome_done(&o);
}

static void threads_and_order_change_nothing(void **state)
{
    (void)state;
    const char *turned[PEOPLE];
    for (int i = 0; i < PEOPLE; i++)
        turned[i] = people[PEOPLE - 1 - i];
    struct outcome one = match_rows(people, PEOPLE, 1), many = match_rows(people, PEOPLE, 3);
    struct outcome other = match_rows(turned, PEOPLE, 1);
    assert_int_equal(one.evidence.n_pairs, many.evidence.n_pairs);
    assert_memory_equal(one.evidence.pairs, many.evidence.pairs,
                        one.evidence.n_pairs * sizeof *one.evidence.pairs);
    for (uint32_t a = 0; a < PEOPLE; a++)
        for (uint32_t b = a + 1; b < PEOPLE; b++) {
            double x = weight_of(&one, a, b), y = weight_of(&other, PEOPLE - 1 - b, PEOPLE - 1 - a);
            assert_true((isnan(x) && isnan(y)) || fabs(x - y) < 1e-9);
        }
    outcome_done(&one);
    outcome_done(&many);
    outcome_done(&other);
}

static void refused(const char *from, const char *to, const char *word)
{
    struct splink_model *m;
    struct error err = {0};
    const char *at = strstr(settings, from);
    assert_non_null(at);
    char *json = calloc(1, sizeof settings + strlen(to));
    assert_non_null(json);
    memcpy(json, settings, (size_t)(at - settings));
    strcat(json, to);
    strcat(json, at + strlen(from));
    int code = splink_model_parse(slice_str(json), "model.json", &m, &err);
    if (code != ERR_DATA || !strstr(err.text, word))
        fail_msg("with '%s' it is %d, %s", to, code, err.text);
    free(json);
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
    (void)state;
    refused("name_l = name_r", "soundex(name_l) = soundex(name_r)", "comparison 'name', level 2");
    refused("name_l = name_r", "soundex(name_l) = soundex(name_r)", "in soundex(name_l)");
    refused("l.name = r.name", "l.name = other.name", "blocking rule 1");
    refused("l.name = r.name", "name_l = name_r", "blocking rule 1");
    refused("\"duckdb\"", "\"sqlite\"", "DuckDB");
    refused("dedupe_only", "guess", "link_type");
    refused("0.5,", "0,", "between 0 and 1");
    refused("\"tf_adjustment_column\":\"name\"", "\"tf_adjustment_column\":\"age\"", "level 2");
    refused("\"comparison_levels\":[", "\"levels\":[", "comparison 1");
    refused("{\"blocking_rule\":\"l.name = r.name\"}", "{}", "blocking rule 1");
    refused("{\"blocking_rule\":\"l.name = r.name\"}", "7", "blocking rule 1");
}

static void cut_settings_are_refused_or_taken_but_never_worse(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof settings - 1; len++) {
        struct splink_model *m;
        struct error err = {0};
        assert_true(splink_model_parse(slice_of(settings, len), "model.json", &m, &err) < 0);
    }
}

static void a_column_that_is_not_there_is_named_with_the_nearest(void **state)
{
    (void)state;
    struct error err = {0};
    const char *const rows[] = {"1|ann|3"};
    struct schema *schema = rows_schema("id utf8, nane utf8, age utf8");
    struct batch *batch = rows_batch(schema, rows, 1);
    struct splink_model *m = parsed(settings);
    struct match_result result;
    const struct match_table t = {.n = 1, .batches = &batch, .n_batches = 1};
    const struct match_options options = {.pool = NULL};
    assert_int_equal(splink_match(&t, m, &options, &result, &err), ERR_DATA);
    assert_non_null(strstr(err.text, "'name'"));
    assert_non_null(strstr(err.text, "'nane'"));
    splink_model_unref(m);
    batch_free(batch);
    schema_unref(schema);
}

static void no_rows_and_one_row_give_no_pairs(void **state)
{
    (void)state;
    for (int n = 0; n < 2; n++) {
        struct outcome o = match_rows(people, n, 1);
        assert_int_equal(o.evidence.n_pairs, 0);
        outcome_done(&o);
    }
}

static void a_model_is_told_by_its_contents_and_written_as_it_was(void **state)
{
    (void)state;
    struct error err = {0};
    struct match_model *m;
    struct buffer back = {0};
    char path[] = "/tmp/sluice-splink-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(write(fd, settings, sizeof settings - 1) == (ssize_t)sizeof settings - 1);
    close(fd);
    assert_true(splink_is_model(slice_str(settings)));
    assert_false(splink_is_model(slice_str("{\"format\":\"sluice match model\",\"version\":1}")));
    assert_false(splink_is_model(slice_str("[1]")));
    assert_int_equal(match_model_read(path, &m, &err), 0);
    struct match_model *copy = model_clone(m);
    assert_non_null(copy);
    match_model_free(m);
    assert_non_null(copy->splink);
    assert_int_equal(match_model_write(copy, path, &err), 0);
    assert_int_equal(file_slurp(path, 1 << 20, &back, &err), 0);
    assert_true(slice_equal(buffer_view(&back), slice_str(settings)));
    match_model_free(copy);
    buffer_done(&back);
    unlink(path);
}

static void an_account_says_each_level_and_the_rule(void **state)
{
    (void)state;
    struct error err = {0};
    struct schema *schema = rows_schema("id utf8, name utf8, age utf8");
    struct batch *batch = rows_batch(schema, people, PEOPLE);
    struct splink_model *m = parsed(settings);
    struct buffer out = {0};
    const struct match_table t = {.n = PEOPLE, .batches = &batch, .n_batches = 1};
    assert_int_equal(splink_explain(&t, m, 0, 2, &out, &err), 0);
    assert_int_equal(buffer_putc(&out, 0), 0);
    assert_non_null(strstr((char *)out.data, "-2.58")); /* log2(1/6) */
    assert_non_null(strstr((char *)out.data, "+1.42  probability 0.7273"));
    assert_non_null(strstr((char *)out.data, "blocking rule 1: l.name = r.name"));
    buffer_reset(&out);
    assert_int_equal(splink_explain(&t, m, 0, 4, &out, &err), 0);
    assert_int_equal(buffer_putc(&out, 0), 0);
    assert_non_null(strstr((char *)out.data, "no blocking rule brings the pair"));
    buffer_done(&out);
    splink_model_unref(m);
    batch_free(batch);
    schema_unref(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_scored_once_and_weighs_what_the_settings_say),
        cmocka_unit_test(threads_and_order_change_nothing),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(cut_settings_are_refused_or_taken_but_never_worse),
        cmocka_unit_test(a_column_that_is_not_there_is_named_with_the_nearest),
        cmocka_unit_test(no_rows_and_one_row_give_no_pairs),
        cmocka_unit_test(a_model_is_told_by_its_contents_and_written_as_it_was),
        cmocka_unit_test(an_account_says_each_level_and_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
