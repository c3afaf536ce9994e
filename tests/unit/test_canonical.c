/* The canonical record and event. */
#include "tests/unit/unit.h"

#include "schemas/canonical.h"

static void a_record_has_its_fields_in_order(void **state)
{
    (void)state;
    struct schema *s = canonical_schema(CANONICAL_RECORD, NULL, 0);
    static const char *const some[] = {"source", "key", "updated_at", "title", "given_name"};
    for (int i = 0; i < 5; i++)
        assert_string_equal(s->fields[i].name.ptr, some[i]);
    assert_int_equal(s->fields[schema_find(s, SLICE_LIT("birth_date"))].type, TYPE_DATE);
    assert_int_equal(s->fields[schema_find(s, SLICE_LIT("consent_sms"))].type, TYPE_BOOL);
    assert_string_equal(s->fields[s->n_fields - 1].name.ptr, "raw");
    schema_unref(s);
}

static void nested_fields_have_their_types(void **state)
{
    (void)state;
    struct schema *s = canonical_schema(CANONICAL_RECORD, NULL, 0);
    struct arena a;
    arena_init(&a, 0);
    assert_string_equal(type_name(&s->fields[schema_find(s, SLICE_LIT("email"))], &a),
                        "list<utf8>");
    assert_string_equal(type_name(&s->fields[schema_find(s, SLICE_LIT("ids"))], &a),
                        "list<struct<name: utf8, value: utf8>>");
    assert_string_equal(type_name(&s->fields[schema_find(s, SLICE_LIT("raw"))], &a),
                        "list<struct<field: utf8, value: utf8>>");
    arena_done(&a);
    schema_unref(s);
}

static void extra_fields_stand_sorted_before_raw(void **state)
{
    (void)state;
    struct slice extra[] = {SLICE_LIT("tier"), SLICE_LIT("segment")};
    struct schema *s = canonical_schema(CANONICAL_RECORD, extra, 2);
    assert_string_equal(s->fields[s->n_fields - 3].name.ptr, "segment");
    assert_string_equal(s->fields[s->n_fields - 2].name.ptr, "tier");
    assert_string_equal(s->fields[s->n_fields - 1].name.ptr, "raw");
    schema_unref(s);
}

static void an_event_has_exact_money_and_no_raw(void **state)
{
    (void)state;
    struct slice extra[] = {SLICE_LIT("till")};
    struct schema *s = canonical_schema(CANONICAL_EVENT, extra, 1);
    const struct field *net = &s->fields[schema_find(s, SLICE_LIT("net"))];
    assert_int_equal(net->type, TYPE_DECIMAL);
    assert_int_equal(net->precision, 18);
    assert_int_equal(net->scale, 4);
    assert_int_equal(schema_find(s, SLICE_LIT("raw")), -1);
    assert_string_equal(s->fields[s->n_fields - 1].name.ptr, "till");
    schema_unref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_has_its_fields_in_order),
        cmocka_unit_test(nested_fields_have_their_types),
        cmocka_unit_test(extra_fields_stand_sorted_before_raw),
        cmocka_unit_test(an_event_has_exact_money_and_no_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
