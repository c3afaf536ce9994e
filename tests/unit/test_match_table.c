/* Tables for matching from batches of canonical records. */
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "core/builder.h"
#include "transform/match/table.h"

#define NAMED(n, t, ...)                                                                           \
    {                                                                                              \
        .name = {(n), sizeof(n) - 1}, .type = (t), __VA_ARGS__                                     \
    }

static const struct field text[] = {NAMED("item", TYPE_UTF8, .n_children = 0)};
static const struct field id_parts[] = {NAMED("name", TYPE_UTF8, .n_children = 0),
                                        NAMED("value", TYPE_UTF8, .n_children = 0)};
static const struct field ids[] = {
    NAMED("item", TYPE_STRUCT, .n_children = 2, .children = id_parts)};
static const struct field fields[] = {
    NAMED("source", TYPE_UTF8, .n_children = 0),
    NAMED("given_name", TYPE_UTF8, .n_children = 0),
    NAMED("birth_date", TYPE_DATE, .n_children = 0),
    NAMED("email", TYPE_LIST, .n_children = 1, .children = text),
    NAMED("ids", TYPE_LIST, .n_children = 1, .children = ids),
    NAMED("shoe_size", TYPE_UTF8, .n_children = 0),
};

static struct batch *two_rows(void)
{
    struct schema *schema = schema_new(fields, 6);
    struct batch_builder bb;
    struct batch *batch;
    struct error err;
    assert_non_null(schema);
    assert_int_equal(batch_builder_init(&bb, schema, &err), 0);
    struct builder *c = bb.columns;
    for (int row = 0; row < 2; row++) {
        builder_slice(&c[0], row ? SLICE_LIT("sales") : SLICE_LIT("billing"));
        builder_slice(&c[1], SLICE_LIT(" Anna "));
        row ? builder_null(&c[2]) : builder_i32(&c[2], 3789); /* 1980-05-17 */
        for (int i = 0; i < 2 - row; i++)
            builder_slice(builder_child(&c[3], 0),
                          i ? SLICE_LIT("b@mail.test") : SLICE_LIT("a@mail.test"));
        builder_close(&c[3]);
        struct builder *entry = builder_child(&c[4], 0);
        builder_slice(builder_child(entry, 0), row ? SLICE_LIT("visa") : SLICE_LIT("passport"));
        builder_slice(builder_child(entry, 1), SLICE_LIT("X123"));
        builder_close(entry);
        builder_close(&c[4]);
        builder_slice(&c[5], SLICE_LIT("42"));
    }
    assert_int_equal(batch_builder_finish(&bb, &batch, &err), 0);
    batch_builder_done(&bb);
    schema_unref(schema);
    return batch;
}

static const struct match_column *column(const struct match_table *t, const char *name)
{
    for (int k = 0; k < t->n_columns; k++)
        if (slice_equal(t->columns[k].name, slice_str(name)))
            return &t->columns[k];
    fail_msg("no column '%s'", name);
    return NULL;
}

static void canonical_records_become_columns_with_meanings(void **state)
{
    (void)state;
    struct batch *batch = two_rows();
    struct batch *const batches[] = {batch, batch};
    struct match_table t;
    struct error err;
    assert_int_equal(match_table_from_records(batches, 2, SLICE_LIT("GB"), &t, &err), 0);
    batch_free(batch); /* the table stands alone */
    assert_int_equal(t.n, 4);
    assert_int_equal(t.source[0], t.source[2]);
    assert_int_not_equal(t.source[0], t.source[1]);
    const struct match_column *given = column(&t, "given_name");
    assert_int_equal(given->meaning, MEANING_GIVEN_NAME);
    assert_true(slice_equal(dict_get(&given->values, given->codes[3]), SLICE_LIT("Anna")));
    const struct match_column *date = column(&t, "birth_date");
    assert_true(slice_equal(dict_get(&date->values, date->codes[0]), SLICE_LIT("1980-05-17")));
    assert_int_equal(date->codes[1], MATCH_MISSING);
    const struct match_column *mail = column(&t, "email");
    const uint32_t offsets[] = {0, 2, 3, 5, 6};
    assert_memory_equal(mail->offsets, offsets, sizeof offsets);
    const struct match_column *visa = column(&t, "ids.visa");
    const uint32_t visas[] = {0, 0, 1, 1, 2};
    assert_int_equal(visa->meaning, MEANING_ID);
    assert_memory_equal(visa->offsets, visas, sizeof visas);
    assert_int_equal(column(&t, "shoe_size")->meaning, MEANING_UNKNOWN);
    match_table_done(&t);
    match_table_done(&t);
}

static void no_batches_make_an_empty_table(void **state)
{
    (void)state;
    struct match_table t;
    struct error err;
    assert_int_equal(match_table_from_records(NULL, 0, SLICE_LIT(""), &t, &err), 0);
    assert_int_equal(t.n, 0);
    match_table_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_records_become_columns_with_meanings),
        cmocka_unit_test(no_batches_make_an_empty_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
