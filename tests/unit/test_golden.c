/* Survivorship: which value wins, and what the lineage says. */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "core/builder.h"
#include "core/calendar.h"
#include "transform/golden/golden.h"

static const struct field item = {.name = SLICE_INIT("item"), .type = TYPE_UTF8};
static const struct field linked_fields[] = {
    {.name = SLICE_INIT("customer_id"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("source"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("key"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("updated_at"), .type = TYPE_TIMESTAMP},
    {.name = SLICE_INIT("family_name"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("email"), .type = TYPE_LIST, .n_children = 1, .children = &item},
    {.name = SLICE_INIT("line1"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("line2"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("city"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("consent_email"), .type = TYPE_BOOL},
};
enum { N_FIELDS = sizeof linked_fields / sizeof *linked_fields };

/* A row as text: "" is null; e-mails are separated by spaces. */
struct row {
    const char *values[N_FIELDS];
};

static void put(struct builder *b, const char *text)
{
    struct slice rest = slice_str(text), part;
    if (b->field->type == TYPE_LIST) {
        while (slice_cut(&rest, ' ', &part))
            if (part.len)
                builder_slice(builder_child(b, 0), part);
        builder_close(b);
    } else if (!rest.len) {
        builder_null(b);
    } else {
        assert_int_equal(builder_text(b, rest), 1);
    }
}

struct merged {
    struct batch **customers, **lineage;
    int n_customers, n_lineage;
};

static void merge(const struct row *rows, size_t n, const struct golden_rules *rules,
                  struct merged *ret)
{
    struct schema *schema = schema_new(linked_fields, N_FIELDS);
    struct batch_builder bb;
    struct batch *b;
    struct stream *linked, *customers, *lineage;
    struct error err;
    struct totals totals = {0};
    struct golden_options options = {.rules = rules, .totals = &totals};
    assert_int_equal(batch_builder_init(&bb, schema, NULL), 0);
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < N_FIELDS; c++)
            put(&bb.columns[c], rows[i].values[c]);
    assert_int_equal(batch_builder_finish(&bb, &b, NULL), 0);
    assert_int_equal(stream_of_batches(schema, &b, 1, &linked, NULL), 0);
    assert_int_equal(golden_merge(linked, &options, &customers, &lineage, &err), 0);
    assert_int_equal(totals_check(&totals, "merge", &err), 0);
    assert_int_equal(totals.rows[TOTALS_IN], (int64_t)n);
    assert_int_equal(stream_collect(customers, &ret->customers, &ret->n_customers, NULL), 0);
    assert_int_equal(stream_collect(lineage, &ret->lineage, &ret->n_lineage, NULL), 0);
    stream_close(customers);
    stream_close(lineage);
    batch_builder_done(&bb);
    schema_unref(schema);
}

static void merged_done(struct merged *m)
{
    batches_free(m->customers, m->n_customers);
    batches_free(m->lineage, m->n_lineage);
}

/* A golden value as text, in scratch space of the caller's. */
static const char *golden(const struct merged *m, int64_t row, const char *field,
                          struct buffer *text)
{
    const struct batch *b = m->customers[0];
    int at = schema_find(b->schema, slice_str(field));
    assert_true(at >= 0);
    buffer_reset(text);
    value_text(&b->schema->fields[at], &b->columns[at], row, text);
    buffer_putc(text, 0);
    return (const char *)text->data;
}

/* A lineage column of a field, as text. */
static const char *lineage(const struct merged *m, const char *field, const char *column,
                           struct buffer *text)
{
    const struct batch *b = m->lineage[0];
    int at = schema_find(b->schema, slice_str(column));
    buffer_reset(text);
    for (int64_t row = 0; row < b->n_rows; row++)
        if (slice_equal(column_slice(&b->columns[1], row), slice_str(field)))
            value_text(&b->schema->fields[at], &b->columns[at], row, text);
    buffer_putc(text, 0);
    return (const char *)text->data;
}

static struct golden_rule rule_of(const char *name, struct slice *fields, int n,
                                  enum survivor_rule_id first, enum survivor_rule_id second)
{
    return (struct golden_rule){.name = slice_str(name),
                                .fields = fields,
                                .n_fields = n,
                                .prefer = {first, second},
                                .n_prefer = 2};
}

static void an_address_is_never_mixed_of_two(void **state)
{
    (void)state; /* "200 Cedar Springs Road" and "Suite 950" belong to two addresses */
    static const struct row rows[] = {
        {{"c1", "crm", "1", "2026-01-01", "Doe", "", "200 Cedar Springs Road", "", "Dallas", ""}},
        {{"c1", "erp", "2", "2026-02-01", "Doe", "", "1 Main Street", "Suite 950", "", ""}},
    };
    struct merged m;
    struct buffer text = {0};
    merge(rows, 2, NULL, &m);
    const char *line1 = golden(&m, 0, "line1", &text);
    int first = strcmp(line1, "200 Cedar Springs Road") == 0;
    assert_string_equal(golden(&m, 0, "line2", &text), first ? "" : "Suite 950");
    assert_string_equal(golden(&m, 0, "city", &text), first ? "Dallas" : "");
    buffer_done(&text);
    merged_done(&m);
}

static void trust_decides_then_time_breaks_the_tie(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{"c1", "billing", "1", "2026-01-01", "Smith", "", "", "", "", ""}},
        {{"c1", "sales", "2", "2026-03-01", "Smyth", "", "", "", "", ""}},
        {{"c1", "billing", "3", "2026-02-01", "Smithe", "", "", "", "", ""}},
    };
    struct slice field = SLICE_LIT("family_name");
    struct golden_rule rule = rule_of("family_name", &field, 1, SURVIVE_TRUST, SURVIVE_RECENT);
    struct trust_rank trust[] = {{SLICE_LIT("billing"), 90}, {SLICE_LIT("sales"), 80}};
    struct golden_rules rules = {.trust = trust, .n_trust = 2, .rules = &rule, .n_rules = 1};
    struct merged m;
    struct buffer text = {0};
    merge(rows, 3, &rules, &m);
    assert_string_equal(golden(&m, 0, "family_name", &text), "Smithe");
    assert_string_equal(lineage(&m, "family_name", "rule", &text), "recent");
    assert_string_equal(lineage(&m, "family_name", "key", &text), "3");
    buffer_done(&text);
    merged_done(&m);
}

static void the_most_frequent_mailbox_wins_and_the_others_stay(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{"c1", "a", "1", "2026-01-01", "", "x@example.com y@example.com", "", "", "", ""}},
        {{"c1", "b", "2", "2026-02-01", "", "y@example.com", "", "", "", ""}},
    };
    struct slice field = SLICE_LIT("email");
    struct golden_rule rule = rule_of("email", &field, 1, SURVIVE_FREQUENT, SURVIVE_RECENT);
    rule.keep_all = 1;
    struct golden_rules rules = {.rules = &rule, .n_rules = 1};
    struct merged m;
    struct buffer text = {0};
    merge(rows, 2, &rules, &m);
    assert_string_equal(golden(&m, 0, "email", &text), "y@example.com");
    assert_string_equal(golden(&m, 0, "email_all", &text), "[\"y@example.com\",\"x@example.com\"]");
    buffer_done(&text);
    merged_done(&m);
}

static void a_consent_withdrawn_in_one_source_is_withdrawn(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{"c1", "a", "1", "2026-01-01", "", "", "", "", "", "true"}},
        {{"c1", "b", "2", "2020-01-01", "", "", "", "", "", "false"}},
        {{"c1", "c", "3", "2026-03-01", "", "", "", "", "", "true"}},
        {{"c2", "c", "4", "2026-03-01", "", "", "", "", "", ""}},
    };
    struct merged m;
    struct buffer text = {0};
    merge(rows, 4, NULL, &m);
    assert_string_equal(golden(&m, 0, "consent_email", &text), "false");
    assert_string_equal(golden(&m, 1, "consent_email", &text), ""); /* missing is not granted */
    assert_string_equal(lineage(&m, "consent_email", "rule", &text), "strictest");
    buffer_done(&text);
    merged_done(&m);
}

static void records_in_any_order_give_the_same_customer(void **state)
{
    (void)state;
    struct row rows[] = {
        {{"c1", "a", "1", "2026-01-01", "A", "m@example.com", "1 High Street", "", "Leeds",
          "true"}},
        {{"c1", "b", "2", "2026-01-01", "B", "n@example.com", "2 High Street", "", "Leeds", ""}},
        {{"c1", "c", "3", "2026-01-01", "C", "o@example.com", "", "", "York", "true"}},
    };
    struct merged forth, back;
    merge(rows, 3, NULL, &forth);
    struct row first = rows[0];
    rows[0] = rows[2];
    rows[2] = first;
    merge(rows, 3, NULL, &back);
    assert_true(batch_equal(forth.customers[0], back.customers[0]));
    assert_true(batch_equal(forth.lineage[0], back.lineage[0]));
    merged_done(&forth);
    merged_done(&back);
}

static void what_lost_stands_in_the_lineage_with_the_reason(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{"c1", "a", "1", "2026-01-01", "Old", "", "", "", "", ""}},
        {{"c1", "a", "2", "2026-02-01", "New", "", "", "", "", ""}},
    };
    struct slice field = SLICE_LIT("family_name");
    struct golden_rule rule = rule_of("family_name", &field, 1, SURVIVE_RECENT, SURVIVE_TRUST);
    struct golden_rules rules = {.rules = &rule, .n_rules = 1};
    struct merged m;
    struct buffer text = {0};
    merge(rows, 2, &rules, &m);
    assert_string_equal(lineage(&m, "family_name", "candidates", &text),
                        "[{\"source\":\"a\",\"key\":\"1\",\"value\":\"Old\",\"why\":\"recent\"}]");
    assert_string_equal(lineage(&m, "family_name", "confidence", &text), "0.5");
    buffer_done(&text);
    merged_done(&m);
}

static void no_record_gives_no_customer(void **state)
{
    (void)state;
    struct merged m;
    merge(NULL, 0, NULL, &m);
    assert_int_equal(m.customers[0]->n_rows, 0);
    merged_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_never_mixed_of_two),
        cmocka_unit_test(trust_decides_then_time_breaks_the_tie),
        cmocka_unit_test(the_most_frequent_mailbox_wins_and_the_others_stay),
        cmocka_unit_test(a_consent_withdrawn_in_one_source_is_withdrawn),
        cmocka_unit_test(records_in_any_order_give_the_same_customer),
        cmocka_unit_test(what_lost_stands_in_the_lineage_with_the_reason),
        cmocka_unit_test(no_record_gives_no_customer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
