/* Models beside each other: labels move what they are about, drift says by how much, the chart and
 * the JSON hold what a model holds. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "core/file.h"
#include "transform/match/labels.h"
#include "transform/match/model_chart.h"
#include "transform/match/model_drift.h"
#include "transform/match/model_entries.h"
#include "transform/match/model_notes.h"

/* One comparison of category, 1000 records; u: 10 % agree. */
static struct match_model *model_of_one(void)
{
    struct match_model *m = model_new();
    assert_non_null(m);
    m->n_fields = 1;
    m->n_records = 1000;
    m->learned = 1;
    m->lambda_m = m->lambda_h = 1e-3;
    struct field_model *f = &m->fields[0];
    *f = (struct field_model){.kind = COMPARE_EXACT, .meaning = MEANING_GENDER};
    memcpy(f->name, "group", 6);
    for (int s = 0; s < STATES; s++) {
        f->m[s][1] = .9, f->m[s][2] = .1;
        f->h[s][1] = f->u[s][1] = .1;
        f->h[s][2] = f->u[s][2] = .9;
    }
    f->seen_m[1] = 450, f->seen_m[2] = 50;
    model_weigh(m);
    return m;
}

static void train(struct match_model *m, double same_that_differ, double weight)
{
    struct training_group groups[] = {{level_bits(1, 0), 0, 0, 900},
                                      {level_bits(2, 0), 0, 0, 9000}};
    struct labelled_group labelled[] = {
        {{level_bits(2, 0), 0, 0, same_that_differ * weight}, 1},
        {{level_bits(1, 0), 0, 0, 50 * weight}, 0},
    };
    const struct training_set set = {.groups = groups,
                                     .n = 2,
                                     .labelled = labelled,
                                     .n_labelled = same_that_differ > 0 ? 2 : 0,
                                     .n_all_pairs = 499500};
    em_run(m, &set, EM_ALL);
}

static void labels_move_the_levels_that_they_are_about(void **state)
{
    (void)state;
    struct match_model *without = model_of_one(), *some = model_of_one(), *many = model_of_one();
    train(without, 0, 1);
    train(some, 100, 1);
    train(many, 5000, 1);
    double a = without->fields[0].m[0][2], b = some->fields[0].m[0][2], c = many->fields[0].m[0][2];
    assert_true(a < b && b < c);
    assert_true(c > .75);
    assert_true(many->fields[0].seen_m[2] >= 5000);
    match_model_free(without);
    match_model_free(some);
    match_model_free(many);
}

/* One comparison in a table too small to learn from alone. */
static struct match_model *small_model(uint32_t labels)
{
    struct match_model *m = model_of_one();
    struct field_model *f = &m->fields[0];
    m->learned = 0;
    m->household_frequency = 1;
    m->n_records = 100;
    m->labels_same = labels;
    memcpy(f->base_m, f->m, sizeof f->m);
    memcpy(f->base_h, f->h, sizeof f->h);
    return m;
}

static void a_few_labels_hardly_move_what_a_small_table_leans_on(void **state)
{
    (void)state;
    struct match_model *few = small_model(LABELS_TRUSTED_SMALL - 1);
    struct match_model *many = small_model(LABELS_TRUSTED_SMALL);
    train(few, 100, 1);
    train(many, 100, 1);
    double of_few = few->fields[0].m[0][2], of_many = many->fields[0].m[0][2];
    assert_true(of_few > .1 && of_few < .25);
    assert_true(of_many > 2 * of_few);
    match_model_free(few);
    match_model_free(many);
}

static void a_small_table_leans_the_more_the_smaller_it_is(void **state)
{
    (void)state;
    struct match_model *smaller = small_model(0), *larger = small_model(0);
    larger->n_records = 499;
    train(smaller, 100, 1);
    train(larger, 100, 1);
    assert_true(smaller->fields[0].m[0][2] > .1);
    assert_true(larger->fields[0].m[0][2] > smaller->fields[0].m[0][2] + .05);
    match_model_free(smaller);
    match_model_free(larger);
}

static void the_prior_guards_few_labels_more_than_many(void **state)
{
    (void)state;
    assert_true(label_guarded(0, 0) == 1);
    assert_true(label_guarded(1000, 10) > .99);
    assert_true(label_guarded(10000, 10000) < .01);
}

static void drift_is_measured_in_bits(void **state)
{
    (void)state;
    struct match_model *before = model_of_one(), *after = model_of_one();
    struct model_drift d;
    model_drift(before, after, NULL, NULL, &d);
    assert_int_equal(d.weights, 2);
    assert_int_equal(d.moved, 0);
    after->fields[0].m[0][2] = .2; /* one bit more */
    after->lambda_m *= 2;
    model_weigh(after);
    model_drift(before, after, NULL, NULL, &d);
    assert_int_equal(d.moved, 1);
    assert_int_equal(d.largest.level, 2);
    assert_true(d.largest.after_bits - d.largest.before_bits > .999);
    assert_true(d.largest.after_bits - d.largest.before_bits < 1.001);
    assert_true(d.prior > .999 && d.prior < 1.001);
    memcpy(after->fields[0].name, "other", 6);
    model_drift(before, after, NULL, NULL, &d);
    assert_int_equal(d.fields_new, 1);
    assert_int_equal(d.fields_gone, 1);
    assert_int_equal(d.weights, 0);
    match_model_free(before);
    match_model_free(after);
}

static void the_chart_puts_weights_left_and_right_of_zero(void **state)
{
    (void)state;
    struct match_model *m = model_of_one();
    struct buffer out = {0};
    assert_int_equal(model_chart(m, CHART_ASCII, &out), 0);
    assert_int_equal(buffer_putc(&out, 0), 0);
    assert_non_null(strstr((char *)out.data, "|######     "));
    assert_non_null(strstr((char *)out.data, "######|     "));
    assert_non_null(strstr((char *)out.data, "+3.17"));
    assert_non_null(strstr((char *)out.data, "-3.17"));
    buffer_done(&out);
    match_model_free(m);
}

static void count_note(void *arg, const char *note)
{
    int *n = arg;
    n[0]++;
    n[1] += strstr(note, "'group'") && strstr(note, "'differs'");
}

static void a_level_that_no_match_showed_is_named(void **state)
{
    (void)state;
    struct match_model *m = model_of_one();
    int n[2] = {0, 0};
    model_notes(m, count_note, n);
    assert_int_equal(n[0], 0);
    m->fields[0].seen_m[2] = 0;
    model_notes(m, count_note, n);
    assert_int_equal(n[0], 1);
    assert_int_equal(n[1], 1);
    match_model_free(m);
}

static void a_model_comes_back_from_its_file_as_it_was(void **state)
{
    (void)state;
    struct match_model *m = model_of_one(), *again;
    struct error err;
    char path[] = "/tmp/test-match-train-XXXXXX", a[65], b[65];
    assert_true(mkstemp(path) >= 0);
    m->effort = MATCH_LOW;
    m->rounds = 17;
    m->labels_same = 3;
    m->label_weight = 1.5;
    assert_int_equal(model_add_column(m, SLICE_LIT("group"), MEANING_GENDER, SLICE_LIT("")), 0);
    assert_int_equal(model_add_column(m, SLICE_LIT("n\xc3\xa4me"), MEANING_TEXT, SLICE_LIT("thin")),
                     0);
    assert_int_equal(match_model_write(m, path, &err), 0);
    assert_int_equal(match_model_read(path, &again, &err), 0);
    match_model_digest(m, a);
    match_model_digest(again, b);
    assert_string_equal(a, b);
    assert_int_equal(again->effort, MATCH_LOW);
    assert_int_equal(again->rounds, 17);
    assert_int_equal(again->n_columns, 2);
    struct match_model *clone = model_clone(again);
    assert_non_null(clone);
    match_model_free(again);
    match_model_digest(clone, b);
    assert_string_equal(a, b);
    match_model_free(clone);
    match_model_free(m);
    remove(path);
}

/* Whatever byte is missing at the end or changed inside, reading ends in a model or an error. */
static void broken_models_are_refused_or_read(void **state)
{
    (void)state;
    struct match_model *m = model_of_one(), *bad;
    struct error err;
    char path[] = "/tmp/test-match-train-XXXXXX";
    struct buffer text = {0};
    assert_true(mkstemp(path) >= 0);
    assert_int_equal(match_model_write(m, path, &err), 0);
    assert_int_equal(file_slurp(path, 1 << 20, &text, &err), 0);
    for (size_t cut = 0; cut < text.len - 1; cut += 7) {
        FILE *f = fopen(path, "w");
        fwrite(text.data, 1, cut, f);
        fclose(f);
        assert_int_equal(match_model_read(path, &bad, &err), ERR_DATA);
        assert_true(err.where[0]);
    }
    for (size_t at = 0; at < text.len; at += 5) {
        uint8_t was = text.data[at];
        text.data[at] = was == '9' ? '-' : '9';
        FILE *f = fopen(path, "w");
        fwrite(text.data, 1, text.len, f);
        fclose(f);
        if (match_model_read(path, &bad, &err) == 0)
            match_model_free(bad);
        text.data[at] = was;
    }
    buffer_done(&text);
    match_model_free(m);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_move_the_levels_that_they_are_about),
        cmocka_unit_test(a_few_labels_hardly_move_what_a_small_table_leans_on),
        cmocka_unit_test(a_small_table_leans_the_more_the_smaller_it_is),
        cmocka_unit_test(the_prior_guards_few_labels_more_than_many),
        cmocka_unit_test(drift_is_measured_in_bits),
        cmocka_unit_test(the_chart_puts_weights_left_and_right_of_zero),
        cmocka_unit_test(a_level_that_no_match_showed_is_named),
        cmocka_unit_test(a_model_comes_back_from_its_file_as_it_was),
        cmocka_unit_test(broken_models_are_refused_or_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
