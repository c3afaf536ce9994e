#include "schemas/schema_check.h"

#include <stdio.h>

enum { MAX_NAMES = 96 };

struct checker {
    const struct yaml_node *root; /* of the schema, for $ref */
    struct findings *out;
};

/* What messages call a node, and where a thing missing from it is reported. */
struct label {
    char name[100]; /* "'threshold'", "an entry of 'events'" */
    struct position at;
};

static void check_node(const struct checker *c, const struct yaml_node *schema,
                       const struct yaml_node *node, const struct label *label);

static const struct yaml_node *follow_ref(const struct checker *c, const struct yaml_node *schema)
{
    static const struct slice prefix = {"#/$defs/", 8};

    for (int hops = 0; hops < 8; hops++) {
        const struct yaml_node *ref = yaml_get(schema, "$ref");

        if (!ref)
            break;
        if (!slice_starts(ref->text, prefix))
            return NULL;
        schema = yaml_get(yaml_get(c->root, "$defs"), ref->text.ptr + prefix.len);
    }
    return schema;
}

static int type_takes(struct slice type, enum yaml_kind kind)
{
    static const char *const names[] = {"null",   "boolean", "integer", "number",
                                        "string", "array",   "object"};

    if (slice_equal(type, slice_str(names[kind])))
        return 1;
    return kind == YAML_INT && slice_equal(type, SLICE_LIT("number"));
}

/* Does the schema's `type` take a node of this kind? Without a type it takes all. */
static int takes_kind(const struct checker *c, const struct yaml_node *schema, enum yaml_kind kind)
{
    const struct yaml_node *type, *any;

    schema = follow_ref(c, schema);
    any = yaml_get(schema, "anyOf");
    for (int i = 0; any && i < any->n; i++)
        if (takes_kind(c, &any->items[i], kind))
            return 1;
    type = yaml_get(schema, "type");
    if (any || !type)
        return !any;
    if (type->kind != YAML_LIST)
        return type_takes(type->text, kind);
    for (int i = 0; i < type->n; i++)
        if (type_takes(type->items[i].text, kind))
            return 1;
    return 0;
}

static void append(char *to, size_t size, const char *text)
{
    size_t len = strlen(to);

    snprintf(to + len, size - len, "%s", text);
}

/* "text, a list or keys and values" */
static void expected_kinds(const struct checker *c, const struct yaml_node *schema, char *to,
                           size_t size)
{
    static const enum yaml_kind order[] = {YAML_TEXT, YAML_BOOL, YAML_INT,
                                           YAML_REAL, YAML_LIST, YAML_MAP};
    const char *names[8];
    int n = 0;
    int text = takes_kind(c, schema, YAML_TEXT);

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        int scalar = order[i] == YAML_BOOL || order[i] == YAML_INT || order[i] == YAML_REAL;

        /* Where text is welcome, numbers are only text as it is written. */
        if ((text && scalar) || !takes_kind(c, schema, order[i]))
            continue;
        if (order[i] == YAML_INT && takes_kind(c, schema, YAML_REAL))
            continue;
        names[n++] = yaml_kind_name(order[i]);
    }
    to[0] = 0;
    for (int i = 0; i < n; i++) {
        if (i)
            append(to, size, i == n - 1 ? " or " : ", ");
        append(to, size, names[i]);
    }
}

/* ", did you mean 'x'?" or ": expected a, b or c" for a word that is not among `names`. */
static void suggest(struct slice word, const char *const *names, int n, char *to, size_t size)
{
    const char *near = n ? slice_nearest(word, names, (size_t)n) : NULL;

    to[0] = 0;
    if (near) {
        snprintf(to, size, ", did you mean '%s'?", near);
    } else if (n <= 16) {
        for (int i = 0; i < n; i++) {
            append(to, size, i == 0 ? ": expected " : i == n - 1 ? " or " : ", ");
            append(to, size, names[i]);
        }
    }
}

static void check_enum(const struct checker *c, const struct yaml_node *values,
                       const struct yaml_node *node, const struct label *label)
{
    const char *names[MAX_NAMES];
    char hint[240];
    int n = 0;

    for (int i = 0; i < values->n; i++) {
        if (values->items[i].kind == node->kind && slice_equal(values->items[i].text, node->text))
            return;
        if (values->items[i].kind == YAML_TEXT && n < MAX_NAMES)
            names[n++] = values->items[i].text.ptr;
    }
    suggest(node->text, names, n, hint, sizeof hint);
    finding_add(c->out, node->at, "%s cannot be '%.*s'%s", label->name, FINDING_SLICE(node->text),
                hint);
}

static void check_range(const struct checker *c, const struct yaml_node *schema,
                        const struct yaml_node *node, const struct label *label)
{
    const struct yaml_node *low = yaml_get(schema, "minimum"), *high = yaml_get(schema, "maximum");
    double value, bound;

    if (!yaml_number(node, &value))
        return;
    if (!(yaml_number(low, &bound) && value < bound) &&
        !(yaml_number(high, &bound) && value > bound))
        return;
    if (low && high)
        finding_add(c->out, node->at, "%s must be %s to %s, not %.*s", label->name, low->text.ptr,
                    high->text.ptr, FINDING_SLICE(node->text));
    else
        finding_add(c->out, node->at, "%s must be %s or %s, not %.*s", label->name,
                    low ? low->text.ptr : high->text.ptr, low ? "more" : "less",
                    FINDING_SLICE(node->text));
}

static void check_list(const struct checker *c, const struct yaml_node *schema,
                       const struct yaml_node *node, const struct label *label)
{
    const struct yaml_node *items = yaml_get(schema, "items");
    int least = yaml_int(yaml_get(schema, "minItems"), 0);
    int most = yaml_int(yaml_get(schema, "maxItems"), node->n);

    if (node->n < least || node->n > most)
        finding_add(c->out, node->at, "%s must have %s%d entries, not %d", label->name,
                    least == most     ? ""
                    : node->n < least ? "at least "
                                      : "at most ",
                    node->n < least ? least : most, node->n);
    for (int i = 0; items && i < node->n; i++) {
        struct label entry = {.at = node->items[i].at};

        snprintf(entry.name, sizeof entry.name, "an entry of %.80s", label->name);
        check_node(c, items, &node->items[i], &entry);
    }
}

static void unknown_key(const struct checker *c, const struct yaml_node *properties,
                        const struct yaml_pair *pair, const struct label *label)
{
    const char *names[MAX_NAMES];
    char hint[300];
    int n = 0;

    for (int i = 0; properties && i < properties->n && n < MAX_NAMES; i++)
        names[n++] = properties->pairs[i].key.ptr;
    suggest(pair->key, names, n, hint, sizeof hint);
    if (hint[0] == ',')
        finding_add(c->out, pair->key_at, "unknown key '%.*s'%s", FINDING_SLICE(pair->key), hint);
    else
        finding_add(c->out, pair->key_at, "unknown key '%.*s' in %s%s", FINDING_SLICE(pair->key),
                    label->name, hint);
}

static void check_pair(const struct checker *c, const struct yaml_node *schema,
                       const struct yaml_pair *pair, const struct label *label)
{
    const struct yaml_node *properties = yaml_get(schema, "properties");
    const struct yaml_node *of = yaml_get(properties, pair->key.ptr);
    struct label inner = {.at = pair->key_at};

    if (!of)
        of = yaml_get(schema, "additionalProperties");
    if (of && of->kind == YAML_BOOL && slice_equal(of->text, SLICE_LIT("false"))) {
        unknown_key(c, properties, pair, label);
        return;
    }
    snprintf(inner.name, sizeof inner.name, "'%.*s'", FINDING_SLICE(pair->key));
    if (of)
        check_node(c, of, &pair->value, &inner);
}

static void check_map(const struct checker *c, const struct yaml_node *schema,
                      const struct yaml_node *node, const struct label *label)
{
    const struct yaml_node *required = yaml_get(schema, "required");

    for (int i = 0; i < node->n; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const struct yaml_pair *first = yaml_pair(node, pair->key.ptr);

        if (first != pair)
            finding_add(c->out, pair->key_at, "'%.*s' is there twice, first on line %d",
                        FINDING_SLICE(pair->key), first->key_at.line);
        check_pair(c, schema, pair, label);
    }
    for (int i = 0; required && i < required->n; i++)
        if (!yaml_get(node, required->items[i].text.ptr))
            finding_add(c->out, label->at, "%s needs '%s'", label->name,
                        required->items[i].text.ptr);
}

/* The first branch that finds nothing wrong, else the last that takes the node's kind. */
static void check_any(const struct checker *c, const struct yaml_node *any,
                      const struct yaml_node *node, const struct label *label)
{
    int before = c->out->n;

    for (int i = 0; i < any->n; i++) {
        if (!takes_kind(c, &any->items[i], node->kind))
            continue;
        c->out->n = before;
        check_node(c, &any->items[i], node, label);
        if (c->out->n == before)
            return;
    }
}

static void check_node(const struct checker *c, const struct yaml_node *schema,
                       const struct yaml_node *node, const struct label *label)
{
    const struct yaml_node *part;

    if (!takes_kind(c, schema, node->kind)) {
        char expected[120];

        expected_kinds(c, schema, expected, sizeof expected);
        finding_add(c->out, node->at, "%s must be %s, not %s", label->name, expected,
                    yaml_kind_name(node->kind));
        return;
    }
    schema = follow_ref(c, schema);
    if ((part = yaml_get(schema, "anyOf")))
        check_any(c, part, node, label);
    if ((part = yaml_get(schema, "enum")))
        check_enum(c, part, node, label);
    if (node->text.len < (size_t)yaml_int(yaml_get(schema, "minLength"), 0) &&
        node->kind == YAML_TEXT)
        finding_add(c->out, node->at, "%s must not be empty", label->name);
    check_range(c, schema, node, label);
    if (node->kind == YAML_LIST)
        check_list(c, schema, node, label);
    if (node->kind == YAML_MAP)
        check_map(c, schema, node, label);
}

void schema_check(const struct yaml_node *schema, const struct yaml_node *document,
                  const char *name, struct findings *out)
{
    struct checker c = {.root = schema, .out = out};
    struct label label = {.at = document->at};

    snprintf(label.name, sizeof label.name, "%s", name);
    check_node(&c, schema, document, &label);
}
