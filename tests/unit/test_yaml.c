/* YAML with positions. */
#include <stdio.h>

#include "tests/unit/unit.h"

#include "schemas/yaml.h"

static struct arena arena;
static struct yaml_node root;
static struct error err;

static int parse(const char *text)
{
    arena_reset(&arena);
    err = (struct error){.code = 0};
    return yaml_parse("f.yaml", slice_str(text), &arena, &root, &err);
}

static void assert_place(struct position at, int line, int column)
{
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
}

static void every_key_and_value_knows_its_place(void **state)
{
    (void)state;
    assert_int_equal(parse("a: 1\nb:\n  - x\n  - {c: \"y\", 'd': z}\n"), 0);
    assert_place(root.pairs[0].key_at, 1, 1);
    assert_place(root.pairs[0].value.at, 1, 4);
    const struct yaml_node *list = yaml_get(&root, "b");
    assert_place(list->at, 3, 3);
    assert_place(list->items[0].at, 3, 5);
    assert_place(list->items[1].pairs[0].value.at, 4, 9);
    assert_place(list->items[1].pairs[1].key_at, 4, 14);
    assert_int_equal(root.weight, 7);
}

static void scalars_keep_their_text_and_get_the_core_schemas_kind(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum yaml_kind kind;
    } cases[] = {
        {"007", YAML_INT},    {"-12", YAML_INT},   {"1.5", YAML_REAL},   {".5", YAML_REAL},
        {"1e3", YAML_REAL},   {"1e", YAML_TEXT},   {".", YAML_TEXT},     {"+", YAML_TEXT},
        {"1%", YAML_TEXT},    {"yes", YAML_TEXT},  {"NO", YAML_TEXT},    {"true", YAML_BOOL},
        {"False", YAML_BOOL}, {"null", YAML_NULL}, {"~", YAML_NULL},     {"\"1\"", YAML_TEXT},
        {"'~'", YAML_TEXT},   {"20y", YAML_TEXT},  {"1.2.3", YAML_TEXT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse(cases[i].text), 0);
        assert_int_equal(root.kind, cases[i].kind);
    }
    assert_int_equal(parse("007"), 0);
    assert_string_equal(root.text.ptr, "007");
    assert_int_equal(yaml_int(&root, -1), 7);
    assert_int_equal(parse("99999999999"), 0);
    assert_int_equal(yaml_int(&root, -1), -1);
}

static void json_is_yaml_too(void **state)
{
    (void)state;
    assert_int_equal(parse("{\"a\": [1, true,\n\t\"x\\u00e9\"]}"), 0);
    assert_string_equal(yaml_get(&root, "a")->items[2].text.ptr, "x\xc3\xa9");
    assert_place(yaml_get(&root, "a")->items[2].at, 2, 2);
}

static void an_alias_stands_for_its_anchor(void **state)
{
    (void)state;
    assert_int_equal(parse("a: &x {k: v}\nb: *x\n"), 0);
    assert_string_equal(yaml_get(yaml_get(&root, "b"), "k")->text.ptr, "v");
    assert_place(yaml_get(&root, "b")->at, 2, 4);
    assert_int_equal(parse("a: &x {k: *x}\n"), ERR_CONFIG);
}

static void an_empty_file_is_nothing(void **state)
{
    (void)state;
    assert_int_equal(parse(""), 0);
    assert_int_equal(root.kind, YAML_NULL);
    assert_int_equal(parse("# only a comment\n"), 0);
    assert_int_equal(root.kind, YAML_NULL);
}

static void bad_files_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } cases[] = {
        {"a: 1\n b: 2\n", "f.yaml:1:4"}, {"a: \"x\n", "f.yaml:2:5"},
        {"a: @x\n", "f.yaml:1:4"},       {"a: b\nc: \xff\n", "f.yaml:2:4"},
        {"a: \x01\n", "f.yaml:1:4"},     {"--- a\n--- b\n", "f.yaml:2:1"},
        {"? [a]\n: b\n", "f.yaml:1:3"},  {"a: \"b\\0\"\n", "f.yaml:1:5"},
        {"a: *none\n", "f.yaml:1:4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse(cases[i].text), ERR_CONFIG);
        assert_int_equal(strncmp(err.where, "f.yaml:", 7), 0);
        if (i != 1) /* where libfyaml sees a string end is its own affair */
            assert_string_equal(err.where, cases[i].where);
    }
}

static void hostile_files_are_bounded(void **state)
{
    (void)state;
    static char deep[4096];
    memset(deep, '[', 200);
    memset(deep + 200, ']', 200);
    deep[400] = 0;
    assert_int_equal(parse(deep), ERR_CONFIG);

    size_t at = (size_t)snprintf(deep, sizeof deep, "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
    for (int i = 1; i < 12; i++)
        at += (size_t)snprintf(deep + at, sizeof deep - at,
                               "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i, i - 1,
                               i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    assert_int_equal(parse(deep), ERR_CONFIG);
    assert_string_equal(err.text, "more than 200,000 entries");
}

static void memory_that_runs_out_is_an_error(void **state)
{
    (void)state;
    struct arena small;
    int code = ERR_MEMORY;
    for (size_t limit = 4096; code == ERR_MEMORY; limit += 4096) {
        arena_init(&small, limit);
        code = yaml_parse("f", SLICE_LIT("a: [1, 2, {b: c}]\nd: &e [f, g]\nh: *e\n"), &small, &root,
                          &err);
        arena_done(&small);
        assert_true(limit < 1 << 20);
    }
    assert_int_equal(code, 0);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_and_value_knows_its_place),
        cmocka_unit_test(scalars_keep_their_text_and_get_the_core_schemas_kind),
        cmocka_unit_test(json_is_yaml_too),
        cmocka_unit_test(an_alias_stands_for_its_anchor),
        cmocka_unit_test(an_empty_file_is_nothing),
        cmocka_unit_test(bad_files_are_refused_with_their_place),
        cmocka_unit_test(hostile_files_are_bounded),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
