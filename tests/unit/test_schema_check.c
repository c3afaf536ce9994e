/* The JSON Schema subset: every keyword says what is wrong, and where. */
#include <stdio.h>

#include "tests/unit/unit.h"

#include "schemas/schema_check.h"

static const char schema_text[] =
    "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"name\"],"
    " \"properties\": {"
    "  \"name\": {\"type\": \"string\", \"minLength\": 2},"
    "  \"rank\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 100},"
    "  \"share\": {\"type\": \"number\", \"minimum\": 0},"
    "  \"mode\": {\"type\": [\"string\", \"null\"], \"enum\": [\"append\", \"merge\", null]},"
    "  \"pair\": {\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2, \"items\": {\"type\": "
    "\"number\"}},"
    "  \"field\": {\"$ref\": \"#/$defs/mapping\"},"
    "  \"more\": {\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/mapping\"}}"
    " },"
    " \"$defs\": {\"mapping\": {\"anyOf\": [{\"type\": \"string\"},"
    "  {\"type\": \"array\", \"items\": {\"type\": \"string\"}},"
    "  {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"from\": "
    "{\"type\": \"string\"}}}]}}}";

static const struct {
    const char *document, *found; /* "LINE:COL text|…" */
} cases[] = {
    {"name: abc\nrank: 5\nshare: 0.5\nmode: null\npair: [1, 2.5]\nfield: x\n", ""},
    {"name: abc\nfield: [a, b]\nmore: {x: y, z: {from: q}}\n", ""},
    {"rank: 1\n", "1:1 it needs 'name'"},
    {"[a]\n", "1:1 it must be keys and values, not a list"},
    {"name: a\n", "1:7 'name' must not be empty"},
    {"name: 12\n", "1:7 'name' must be text, not a whole number"},
    {"name: abc\nrnk: 1\n", "2:1 unknown key 'rnk', did you mean 'rank'?"},
    {"name: abc\nzzzzzz: 1\n",
     "2:1 unknown key 'zzzzzz' in it: expected name, rank, share, mode, pair, field or more"},
    {"name: abc\nrank: 101\n", "2:7 'rank' must be 0 to 100, not 101"},
    {"name: abc\nrank: 1.5\n", "2:7 'rank' must be a whole number, not a number"},
    {"name: abc\nshare: -1\n", "2:8 'share' must be 0 or more, not -1"},
    {"name: abc\nshare: much\n", "2:8 'share' must be a number, not text"},
    {"name: abc\nmode: mrege\n", "2:7 'mode' cannot be 'mrege', did you mean 'merge'?"},
    {"name: abc\nmode: xyzzy\n", "2:7 'mode' cannot be 'xyzzy': expected append or merge"},
    {"name: abc\npair: [1]\n", "2:7 'pair' must have 2 entries, not 1"},
    {"name: abc\npair: [1, x]\n", "2:11 an entry of 'pair' must be a number, not text"},
    {"name: abc\nfield: {form: x}\n", "2:9 unknown key 'form', did you mean 'from'?"},
    {"name: abc\nfield: [x, {a: b}]\n",
     "2:12 an entry of 'field' must be text, not keys and values"},
    {"name: abc\nfield: true\n",
     "2:8 'field' must be text, a list or keys and values, not true or false"},
    {"name: abc\nmore: {x: {y: z}}\n", "2:12 unknown key 'y' in 'x': expected from"},
    {"name: abc\nname: abd\n", "2:1 'name' is there twice, first on line 1"},
};

static void every_mistake_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a;
        struct findings found = {.arena = &a};
        struct yaml_node schema, document;
        char got[600] = "";

        arena_init(&a, 0);
        assert_int_equal(yaml_parse("s", slice_str(schema_text), &a, &schema, NULL), 0);
        assert_int_equal(yaml_parse("d", slice_str(cases[i].document), &a, &document, NULL), 0);
        schema_check(&schema, &document, "it", &found);
        for (int j = 0; j < found.n; j++)
            snprintf(got + strlen(got), sizeof got - strlen(got), "%s%d:%d %s", j ? "|" : "",
                     found.list[j].at.line, found.list[j].at.column, found.list[j].text);
        assert_string_equal(got, cases[i].found);
        arena_done(&a);
    }
}

static void findings_stand_in_order_of_place_and_once(void **state)
{
    (void)state;
    struct arena a;
    struct findings f = {.arena = &a};
    arena_init(&a, 0);
    finding_add(&f, (struct position){3, 1}, "c");
    finding_add(&f, (struct position){1, 5}, "b");
    finding_add(&f, (struct position){1, 2}, "a");
    finding_add(&f, (struct position){1, 5}, "b");
    finding_add(&f, (struct position){1, 5}, "other");
    findings_sort(&f);
    assert_int_equal(f.n, 4);
    assert_string_equal(f.list[0].text, "a");
    assert_string_equal(f.list[1].text, "b");
    assert_string_equal(f.list[2].text, "other");
    assert_string_equal(f.list[3].text, "c");
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_named_with_its_place),
        cmocka_unit_test(findings_stand_in_order_of_place_and_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
