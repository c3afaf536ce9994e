/* How one field is made: `EMAIL`, `[TEL1, TEL2]`, `{from: DOB, format: …}` → struct mapping. */
#include <stdio.h>

#include "schemas/project_build.h"

static struct slice default_separator(void)
{
    return SLICE_LIT(" ");
}

/* A field of the project's own (NULL) is text, but what goes into it may be put into order like a
 * time or an amount. */
static int takes_times(const struct canonical_field *field)
{
    return !field || field->type == TYPE_DATE || field->type == TYPE_TIMESTAMP;
}

static int takes_amounts(const struct canonical_field *field)
{
    return !field || field->type == TYPE_DECIMAL || field->type == TYPE_INT64;
}

static void check_goes_with(struct project_builder *b, const struct yaml_node *node,
                            const char *key, const char *with)
{
    const struct yaml_pair *pair = yaml_pair(node, key);

    if (pair && !yaml_get(node, with))
        finding_add(b->out, pair->key_at, "'%s' needs '%s'", key, with);
}

/* A key that a field of this type has no use for. */
static void check_useless(struct project_builder *b, const struct yaml_node *node, const char *key,
                          const char *what, const struct mapping *m)
{
    const struct yaml_pair *pair = yaml_pair(node, key);

    if (pair)
        finding_add(b->out, pair->key_at, "'%s' is for %s, and '%.*s' is neither", key, what,
                    FINDING_SLICE(m->field));
}

/* One of from, join and value says where the field comes from. */
static void check_origin(struct project_builder *b, const struct yaml_node *node,
                         const struct mapping *m)
{
    static const char *const origins[] = {"from", "join", "value"};
    const struct yaml_pair *first = NULL;

    for (int i = 0; i < 3; i++) {
        const struct yaml_pair *pair = yaml_pair(node, origins[i]);

        if (pair && first)
            finding_add(b->out, pair->key_at, "'%s' and '%s' exclude each other", first->key.ptr,
                        origins[i]);
        if (pair && !first)
            first = pair;
    }
    if (!first)
        finding_add(b->out, m->at, "'%.*s' needs 'from', 'join' or 'value'",
                    FINDING_SLICE(m->field));
}

static char mark(struct project_builder *b, const struct yaml_node *node, const char *key)
{
    const struct yaml_node *value = yaml_get(node, key);
    struct slice s = node_text(value);

    if (s.len > 1)
        finding_add(b->out, value->at, "'%s' must be one character", key);
    return s.len ? s.ptr[0] : 0;
}

/* A date format has at least one conversion, and none that map does not know. */
static void check_format(struct project_builder *b, const struct yaml_node *node)
{
    static const char known[] = "YymdeHIMSfjbBhaApzsTRFD";
    struct slice s = node_text(node);
    int conversions = 0;

    for (size_t i = 0; i + 1 < s.len; i++) {
        if (s.ptr[i] != '%')
            continue;
        i++;
        if (s.ptr[i] == '%')
            continue;
        conversions++;
        if (!memchr(known, s.ptr[i], sizeof known - 1))
            finding_add(b->out, node->at, "date formats have no '%%%c'", s.ptr[i]);
    }
    if (s.ptr && !conversions)
        finding_add(b->out, node->at,
                    "'%.*s' is no date format: it is written as in \"%%d.%%m.%%Y\"",
                    FINDING_SLICE(s));
}

static void check_formats(struct project_builder *b, const struct yaml_node *node)
{
    if (!node || node->kind != YAML_LIST) {
        check_format(b, node);
        return;
    }
    for (int i = 0; i < node->n; i++)
        check_format(b, &node->items[i]);
}

static int read_map(struct project_builder *b, const struct yaml_node *node, struct mapping *ret)
{
    int n = node && node->kind == YAML_MAP ? node->n : 0;

    if (!n)
        return 0;
    ret->map = ARENA_ARRAY(b->arena, struct key_value, (size_t)n);
    if (!ret->map)
        return error_memory(b->err);
    for (int i = 0; i < n; i++)
        ret->map[i] = (struct key_value){.key = node->pairs[i].key,
                                         .value = node_text(&node->pairs[i].value)};
    ret->n_map = n;
    return 0;
}

static int others(const struct yaml_node *node)
{
    if (!node || slice_equal(node->text, SLICE_LIT("reject")))
        return 0;
    return slice_equal(node->text, SLICE_LIT("keep")) ? 1 : 2;
}

static void check_object(struct project_builder *b, const struct yaml_node *node,
                         const struct canonical_field *field, const struct mapping *m)
{
    check_origin(b, node, m);
    check_goes_with(b, node, "with", "join");
    check_goes_with(b, node, "part", "split");
    check_goes_with(b, node, "else", "map");
    if (!takes_times(field)) {
        check_useless(b, node, "format", "dates and times", m);
        check_useless(b, node, "zone", "dates and times", m);
    }
    if (!takes_amounts(field)) {
        check_useless(b, node, "decimal", "amounts and numbers", m);
        check_useless(b, node, "group", "amounts and numbers", m);
        check_useless(b, node, "minor", "amounts and numbers", m);
    }
    check_formats(b, yaml_get(node, "format"));
    if (yaml_get(node, "part") && yaml_int(yaml_get(node, "part"), 0) == 0)
        finding_add(b->out, yaml_get(node, "part")->at,
                    "'part' counts from 1, or from -1 at the end");
}

static int read_object(struct project_builder *b, const struct yaml_node *node, struct mapping *ret)
{
    const struct yaml_node *join = yaml_get(node, "join"), *value = yaml_get(node, "value");
    const struct yaml_node *with = yaml_get(node, "with");

    TRY(node_texts(b, join ? join : yaml_get(node, "from"), &ret->from, &ret->n_from,
                   &ret->from_at));
    ret->join = join != NULL;
    ret->with = with ? node_text(with) : default_separator();
    ret->has_value = value != NULL;
    ret->value = node_text(value);
    TRY(node_texts(b, yaml_get(node, "format"), &ret->formats, &ret->n_formats, NULL));
    ret->zone = node_text(yaml_get(node, "zone"));
    ret->decimal = mark(b, node, "decimal");
    ret->group = mark(b, node, "group");
    ret->minor = yaml_int(yaml_get(node, "minor"), 0);
    TRY(read_map(b, yaml_get(node, "map"), ret));
    ret->map_others = others(yaml_get(node, "else"));
    ret->split = node_text(yaml_get(node, "split"));
    ret->part = ret->split.len ? yaml_int(yaml_get(node, "part"), 1) : 0;
    return 0;
}

int build_mapping(struct project_builder *b, const struct yaml_node *node,
                  const struct canonical_field *field, struct mapping *ret)
{
    if (node->kind != YAML_MAP)
        return node_texts(b, node, &ret->from, &ret->n_from, &ret->from_at);
    check_object(b, node, field, ret);
    return read_object(b, node, ret);
}
