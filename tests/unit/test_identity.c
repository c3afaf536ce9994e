/* Ids over time: golden.md's rule, case by case. */
#include "tests/unit/unit.h"

#include <string.h>

#include "core/builder.h"
#include "transform/golden/identity.h"

enum { MOST = 8 };

struct night {
    struct identity_member members[MOST];
    size_t n;
    struct arena arena;
    struct batch **events;
    int n_events;
};

static const struct field xref_fields[] = {
    {.name = SLICE_INIT("source"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("key"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("customer_id"), .type = TYPE_UTF8},
};

/* The xref that a night leaves. */
static struct stream *xref_of(const struct night *night)
{
    struct schema *schema = schema_new(xref_fields, 3);
    struct batch_builder bb;
    struct batch *b;
    struct stream *s;
    assert_int_equal(batch_builder_init(&bb, schema, NULL), 0);
    for (size_t i = 0; i < night->n; i++) {
        builder_slice(&bb.columns[0], night->members[i].source);
        builder_slice(&bb.columns[1], night->members[i].key);
        builder_slice(&bb.columns[2], night->members[i].id);
    }
    assert_int_equal(batch_builder_finish(&bb, &b, NULL), 0);
    assert_int_equal(stream_of_batches(schema, &b, 1, &s, NULL), 0);
    batch_builder_done(&bb);
    schema_unref(schema);
    return s;
}

/* A night of members "a", "b" … in the clusters that `clusters` gives: "aab" puts the first two
 * together. A '-' is a member that is gone. */
static void night_of(struct night *night, const char *clusters, const struct night *before)
{
    static const char *const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    struct stream *events, *previous = before ? xref_of(before) : NULL;
    *night = (struct night){0};
    for (size_t i = 0; clusters[i]; i++)
        if (clusters[i] != '-')
            night->members[night->n++] = (struct identity_member){.source = SLICE_LIT("s"),
                                                                  .key = slice_str(keys[i]),
                                                                  .cluster = (uint32_t)clusters[i]};
    assert_int_equal(
        identity_assign(night->members, night->n, previous, 0, &night->arena, &events, NULL), 0);
    assert_int_equal(stream_collect(events, &night->events, &night->n_events, NULL), 0);
    stream_close(events);
    stream_close(previous);
}

static void night_done(struct night *night)
{
    batches_free(night->events, night->n_events);
    arena_done(&night->arena);
}

static struct slice id_of(const struct night *night, const char *key)
{
    for (size_t i = 0; i < night->n; i++)
        if (slice_equal(night->members[i].key, slice_str(key)))
            return night->members[i].id;
    fail_msg("no member %s", key);
    return (struct slice){0};
}

static int same_id(const struct night *x, const char *a, const struct night *y, const char *b)
{
    return slice_equal(id_of(x, a), id_of(y, b));
}

/* How many events of a name there are about an id (ptr NULL: any). */
static int count_events(const struct night *night, const char *name, struct slice id)
{
    int n = 0;
    for (int b = 0; b < night->n_events; b++)
        for (int64_t row = 0; row < night->events[b]->n_rows; row++)
            n += slice_equal(column_slice(&night->events[b]->columns[1], row), slice_str(name)) &&
                 (!id.ptr || slice_equal(column_slice(&night->events[b]->columns[2], row), id));
    return n;
}

static const struct slice any = {0};

static void ids_are_thirteen_characters_and_differ(void **state)
{
    (void)state;
    struct night n;
    night_of(&n, "aab", NULL);
    assert_int_equal(id_of(&n, "a").len, CUSTOMER_ID_LEN);
    assert_true(same_id(&n, "a", &n, "b"));
    assert_false(same_id(&n, "a", &n, "c"));
    assert_int_equal(count_events(&n, "created", any), 2);
    night_done(&n);
}

static void a_night_without_change_has_no_events(void **state)
{
    (void)state;
    struct night first, second;
    night_of(&first, "aabbc", NULL);
    night_of(&second, "zzyyx", &first);
    for (size_t i = 0; i < first.n; i++)
        assert_true(slice_equal(first.members[i].id, second.members[i].id));
    assert_int_equal(second.n_events ? second.events[0]->n_rows : 0, 0);
    night_done(&first);
    night_done(&second);
}

static void a_merge_keeps_the_id_of_the_larger(void **state)
{
    (void)state;
    struct night first, second;
    night_of(&first, "abb", NULL);
    night_of(&second, "aaa", &first);
    assert_true(same_id(&second, "a", &first, "b"));
    assert_int_equal(count_events(&second, "merged", id_of(&first, "a")), 1);
    assert_int_equal(count_events(&second, "created", any), 0);
    night_done(&first);
    night_done(&second);
}

static void a_tie_goes_to_the_oldest_member(void **state)
{
    (void)state;
    struct night first, second;
    night_of(&first, "ba", NULL);
    night_of(&second, "aa", &first);
    assert_true(same_id(&second, "b", &first, "a"));
    night_done(&first);
    night_done(&second);
}

static void a_split_leaves_the_id_with_most_members(void **state)
{
    (void)state;
    struct night first, second;
    night_of(&first, "aaa", NULL);
    night_of(&second, "baa", &first);
    assert_true(same_id(&second, "b", &first, "b"));
    assert_false(same_id(&second, "a", &first, "a"));
    assert_int_equal(count_events(&second, "split", id_of(&second, "a")), 1);
    night_done(&first);
    night_done(&second);
}

static void an_undone_merge_gives_the_old_id_back_to_the_larger_part(void **state)
{
    (void)state;
    struct night first, second, third;
    night_of(&first, "aabbb", NULL);
    night_of(&second, "aaaaa", &first);
    night_of(&third, "aabbb", &second);
    assert_true(same_id(&third, "c", &first, "c"));
    assert_false(same_id(&third, "a", &third, "c"));
    night_done(&first);
    night_done(&second);
    night_done(&third);
}

static void a_customer_with_no_record_left_is_retired(void **state)
{
    (void)state;
    struct night first, second;
    night_of(&first, "aab", NULL);
    night_of(&second, "aa-", &first);
    assert_int_equal(count_events(&second, "retired", id_of(&first, "c")), 1);
    night_done(&first);
    night_done(&second);
}

static void members_in_another_order_get_the_same_ids(void **state)
{
    (void)state;
    struct night n;
    struct identity_member turned[3];
    struct arena arena = {0};
    night_of(&n, "aab", NULL);
    for (int i = 0; i < 3; i++)
        turned[i] = n.members[2 - i];
    assert_int_equal(identity_assign(turned, 3, NULL, 0, &arena, NULL, NULL), 0);
    for (int i = 0; i < 3; i++)
        assert_true(slice_equal(turned[i].id, n.members[2 - i].id));
    arena_done(&arena);
    night_done(&n);
}

static void base32_is_crockfords(void **state)
{
    (void)state;
    char text[CUSTOMER_ID_LEN + 1];
    customer_id_text(0, text);
    assert_string_equal(text, "0000000000000");
    customer_id_text(UINT64_MAX, text);
    assert_string_equal(text, "FZZZZZZZZZZZZ");
    customer_id_text(1234, text);
    assert_string_equal(text, "000000000016J");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_thirteen_characters_and_differ),
        cmocka_unit_test(a_night_without_change_has_no_events),
        cmocka_unit_test(a_merge_keeps_the_id_of_the_larger),
        cmocka_unit_test(a_tie_goes_to_the_oldest_member),
        cmocka_unit_test(a_split_leaves_the_id_with_most_members),
        cmocka_unit_test(an_undone_merge_gives_the_old_id_back_to_the_larger_part),
        cmocka_unit_test(a_customer_with_no_record_left_is_retired),
        cmocka_unit_test(members_in_another_order_get_the_same_ids),
        cmocka_unit_test(base32_is_crockfords),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
