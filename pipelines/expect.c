#include "pipelines/expect.h"

#include <stdlib.h>

#include "core/calendar.h"
#include "core/decimal.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/number.h"
#include "schemas/project_build.h"
#include "schemas/schema_check.h"

enum { MAX_FILE = 1 << 22, BOUND_SCALE = 9, START = 256 };

static void put(struct hash_set *s, uint64_t hash)
{
    size_t at = (size_t)hash & (s->cap - 1);
    while (s->slots[at])
        at = (at + 1) & (s->cap - 1);
    s->slots[at] = hash;
}

/* 0 marks an empty slot. */
static uint64_t not_zero(uint64_t hash)
{
    return hash ? hash : 1;
}

int hash_set_has(const struct hash_set *s, uint64_t hash)
{
    hash = not_zero(hash);
    for (size_t at = (size_t)hash & (s->cap - 1); s->cap && s->slots[at];
         at = (at + 1) & (s->cap - 1))
        if (s->slots[at] == hash)
            return 1;
    return 0;
}

int hash_set_add(struct hash_set *s, uint64_t hash)
{
    if (hash_set_has(s, hash))
        return 0;
    if (2 * (s->n + 1) > s->cap) {
        struct hash_set wider = {.cap = s->cap ? 2 * s->cap : START, .n = s->n};
        wider.slots = calloc(wider.cap, sizeof *wider.slots);
        if (!wider.slots)
            return ERR_MEMORY;
        for (size_t i = 0; i < s->cap; i++)
            if (s->slots[i])
                put(&wider, s->slots[i]);
        free(s->slots);
        *s = wider;
    }
    put(s, not_zero(hash));
    s->n++;
    return 1;
}

static int fail(const struct expectations *e, struct position at, const char *text,
                struct error *err)
{
    error_set(err, ERR_CONFIG, "%s", text);
    return error_where(err, "%s:%d:%d", e->file, at.line, at.column);
}

static int read_pattern(struct expectations *e, struct expectation *x, const struct yaml_node *node,
                        struct error *err)
{
    struct slice s = node_text(node);
    char *whole = arena_printf(e->arena, "^(%.*s)$", (int)s.len, s.ptr);
    if (!whole)
        return error_memory(err);
    int code = pattern_parse(slice_str(whole), e->arena, &x->pattern, err);
    if (code < 0)
        return error_where(err, "%s:%d:%d", e->file, node->at.line, node->at.column);
    x->says = arena_printf(e->arena, "pattern %.*s", (int)s.len, s.ptr);
    return 0;
}

static void read_bound(const struct yaml_node *node, struct bound *to)
{
    to->text = node_text(node);
    to->given = node->kind != YAML_NULL && to->text.ptr;
    to->is_number = to->given && decimal_parse(to->text, BOUND_SCALE, &to->number);
}

static int read_range(struct expectations *e, struct expectation *x, const struct yaml_node *node)
{
    if (node->kind != YAML_LIST || node->n != 2)
        return 0;
    read_bound(&node->items[0], &x->low);
    read_bound(&node->items[1], &x->high);
    x->says = arena_printf(e->arena, "range %.*s to %.*s", x->low.given ? (int)x->low.text.len : 1,
                           x->low.given ? x->low.text.ptr : "…", (int)x->high.text.len,
                           x->high.given ? x->high.text.ptr : "");
    return 0;
}

static int read_in(struct expectations *e, struct expectation *x, const struct yaml_node *node,
                   struct error *err)
{
    for (int i = 0; node->kind == YAML_LIST && i < node->n; i++) {
        struct slice s = node_text(&node->items[i]);
        if (hash_set_add(&x->set, hash_fixed(s.ptr, s.len)) < 0)
            return error_memory(err);
    }
    x->says = arena_printf(e->arena, "in a list of %d", node->n);
    return 0;
}

/* "36h", "2d". */
static int read_fresh(struct expectations *e, struct expectation *x, const struct yaml_node *node,
                      struct error *err)
{
    struct slice s = node_text(node);
    int64_t n, unit = 0;
    if (s.len > 1)
        unit = s.ptr[s.len - 1] == 'd'   ? MICROS_PER_DAY
               : s.ptr[s.len - 1] == 'h' ? MICROS_PER_DAY / 24
                                         : 0;
    if (!unit || !integer_parse(slice_of(s.ptr, s.len - 1), &n) || n < 0 || n > 100000)
        return fail(e, node->at, "'fresh' takes hours or days, as in 36h or 2d", err);
    x->limit = n * unit;
    x->newest = INT64_MIN;
    x->says = arena_printf(e->arena, "fresh %.*s", (int)s.len, s.ptr);
    return 0;
}

static int read_refers(struct expectations *e, struct expectation *x, const struct yaml_node *node)
{
    x->file = node_text(yaml_get(node, "file"));
    x->other = node_text(yaml_get(node, "column"));
    x->says = arena_printf(e->arena, "refers to %.*s of %.*s", (int)x->other.len, x->other.ptr,
                           (int)x->file.len, x->file.ptr);
    return 0;
}

/* By what key, which kind. */
static const char *const column_keys[] = {"not_null", "unique",    "pattern", "range",
                                          "in",       "refers_to", "fresh"};

static int read_one(struct expectations *e, struct expectation *x, const struct yaml_node *node,
                    struct error *err)
{
    switch (x->kind) {
    case EXPECT_NOT_NULL:
        x->says = "not null";
        return 0;
    case EXPECT_UNIQUE:
        x->says = "unique";
        return 0;
    case EXPECT_PATTERN:
        return read_pattern(e, x, node, err);
    case EXPECT_RANGE:
        return read_range(e, x, node);
    case EXPECT_IN:
        return read_in(e, x, node, err);
    case EXPECT_REFERS_TO:
        return read_refers(e, x, node);
    default:
        return read_fresh(e, x, node, err);
    }
}

static int read_column(struct expectations *e, const struct yaml_pair *pair, struct error *err)
{
    for (int k = EXPECT_NOT_NULL; k <= EXPECT_FRESH; k++) {
        const struct yaml_node *node = yaml_get(&pair->value, column_keys[k]);
        if (!node || (k <= EXPECT_UNIQUE && !node_is_true(node)))
            continue;
        struct expectation *x = &e->list[e->n++];
        *x = (struct expectation){.kind = (enum expect_kind)k, .column = pair->key};
        x->at = pair->key_at;
        TRY(read_one(e, x, node, err));
        if (!x->says)
            return error_memory(err);
    }
    return 0;
}

static int read_count(struct expectations *e, const struct yaml_node *node, struct error *err)
{
    static const struct {
        const char *key;
        enum expect_kind kind;
    } keys[] = {{"least", EXPECT_LEAST}, {"most", EXPECT_MOST}, {"change", EXPECT_CHANGE}};
    for (int k = 0; k < 3; k++) {
        const struct yaml_node *value = yaml_get(node, keys[k].key);
        struct slice s = node_text(value);
        if (!value || !s.ptr)
            continue;
        struct expectation *x = &e->list[e->n++];
        struct slice digits = s;
        *x = (struct expectation){.kind = keys[k].kind, .at = value->at, .index = -1};
        if (x->kind == EXPECT_CHANGE)
            digits.len -= s.ptr[s.len - 1] == '%';
        if (!integer_parse(digits, &x->limit) || x->limit < 0 ||
            (x->kind == EXPECT_CHANGE && digits.len == s.len))
            return fail(e, value->at, "takes a number of rows; 'change' a share of them, as in 10%",
                        err);
        x->says = arena_printf(e->arena, "%s %.*s", keys[k].key, (int)s.len, s.ptr);
        if (!x->says)
            return error_memory(err);
    }
    return 0;
}

static int read_rules(struct expectations *e, const struct yaml_node *rules, struct error *err)
{
    for (int i = 0; rules && rules->kind == YAML_LIST && i < rules->n; i++) {
        const struct yaml_node *node = &rules->items[i];
        struct slice s = node_text(node);
        struct expectation *x = &e->list[e->n++];
        *x = (struct expectation){
            .kind = EXPECT_RULE, .column = SLICE_LIT("rule"), .at = node->at, .index = -1};
        x->says = arena_string(e->arena, s);
        if (!x->says)
            return error_memory(err);
        if (expression_parse(s, e->arena, &x->rule, err) < 0)
            return error_where(err, "%s:%d:%d", e->file, node->at.line, node->at.column);
    }
    return 0;
}

int expectations_read(const struct yaml_node *node, const char *file, struct arena *a,
                      struct expectations *ret, struct error *err)
{
    const struct yaml_node *columns = yaml_get(node, "columns");
    struct project_builder b = {.arena = a, .err = err};
    int n = columns && columns->kind == YAML_MAP ? columns->n : 0;
    *ret = (struct expectations){.file = file, .arena = a};
    const struct yaml_node *rules = yaml_get(node, "rules");
    size_t n_rules = rules && rules->kind == YAML_LIST ? (size_t)rules->n : 0;
    ret->list = ARENA_ARRAY(a, struct expectation, (size_t)n * (EXPECT_FRESH + 1) + 4 + n_rules);
    if (!ret->list)
        return error_memory(err);
    TRY(node_texts(&b, yaml_get(node, "file"), &ret->paths, &ret->n_paths, NULL));
    ret->table = node_text(yaml_get(node, "table"));
    TRY(read_count(ret, yaml_get(node, "row_count"), err));
    for (int i = 0; i < n; i++)
        TRY(read_column(ret, &columns->pairs[i], err));
    return read_rules(ret, rules, err);
}

void expectations_done(struct expectations *e)
{
    for (int i = 0; i < e->n; i++)
        free(e->list[i].set.slots);
    e->n = 0;
}

static int check_shape(const struct yaml_node *root, const char *path, struct arena *a,
                       struct error *err)
{
    struct findings found = {.arena = a};
    struct yaml_node schema, to = {.kind = YAML_TEXT, .text = SLICE_LIT("#/$defs/expectations")};
    TRY(yaml_parse("schemas/sluice.schema.json", project_schema(), a, &schema, err));
    struct yaml_pair pairs[2] = {{.key = SLICE_LIT("$defs"), .value = *yaml_get(&schema, "$defs")},
                                 {.key = SLICE_LIT("$ref"), .value = to}};
    struct yaml_node own = {.kind = YAML_MAP, .pairs = pairs, .n = 2};
    schema_check(&own, root, "the expectations", &found);
    findings_sort(&found);
    if (!found.n)
        return 0;
    error_set(err, ERR_CONFIG, "%s", found.list[0].text);
    return error_where(err, "%s:%d:%d", path, found.list[0].at.line, found.list[0].at.column);
}

int expectations_load(const char *path, struct arena *a, struct expectations *ret,
                      struct error *err)
{
    struct buffer bytes = {0};
    struct yaml_node root;
    int code = file_slurp(path, MAX_FILE, &bytes, err);
    if (code == 0)
        code = yaml_parse(path, buffer_view(&bytes), a, &root, err);
    buffer_done(&bytes);
    TRY(code);
    TRY(check_shape(&root, path, a, err));
    return expectations_read(&root, path, a, ret, err);
}
