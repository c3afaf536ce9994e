/* `record:` and the entries of `events:` → struct record_rules' mappings. */
#include <stdio.h>

#include "schemas/project_build.h"

/* Keys of an entry that are no fields. */
static int is_setting(enum canonical_kind kind, const struct yaml_pair *pair)
{
    if (slice_equal(pair->key, SLICE_LIT("pull")) || slice_equal(pair->key, SLICE_LIT("format")) ||
        slice_equal(pair->key, SLICE_LIT("where")))
        return 1;
    return kind == CANONICAL_EVENT && slice_equal(pair->key, SLICE_LIT("kind")) &&
           pair->value.kind != YAML_MAP;
}

static int is_group(enum canonical_kind kind, struct slice key)
{
    return kind == CANONICAL_RECORD &&
           (slice_equal(key, SLICE_LIT("address")) || slice_equal(key, SLICE_LIT("ids")));
}

static int count_mappings(const struct yaml_node *rules, enum canonical_kind kind)
{
    int n = 0;

    for (int i = 0; i < rules->n; i++)
        n += is_group(kind, rules->pairs[i].key) ? rules->pairs[i].value.n : 1;
    return n;
}

static void check_name(struct project_builder *b, enum canonical_kind kind, const struct mapping *m)
{
    char why[160];

    if (canonical_find(kind, m->field) && !slice_equal(m->field, SLICE_LIT("source")) &&
        !slice_equal(m->field, SLICE_LIT("raw")) &&
        !slice_equal(m->field, SLICE_LIT("formal_name")))
        return;
    if (extra_field_refused(kind, m->field, why))
        finding_add(b->out, m->at, "%s", why);
}

static void check_once(struct project_builder *b, const struct record_rules *rules,
                       const struct mapping *m)
{
    for (const struct mapping *other = rules->mappings; other < m; other++)
        if (slice_equal_nocase(other->field, m->field))
            finding_add(b->out, m->at, "'%.*s' is mapped twice, first on line %d",
                        FINDING_SLICE(m->field), other->at.line);
}

static int is_one_of(struct slice s, const char *const *names)
{
    for (; *names; names++)
        if (slice_equal(s, slice_str(*names)))
            return 1;
    return 0;
}

/* What a mapped kind or consent turns into must be something we know. */
static void check_results(struct project_builder *b, const struct mapping *m, enum type_id type,
                          const struct yaml_node *node)
{
    static const char *const bools[] = {"yes", "no", "true", "false", "1", "0", NULL};
    int is_kind = slice_equal(m->field, SLICE_LIT("kind"));
    const char *const *words = is_kind ? event_kinds() : type == TYPE_BOOL ? bools : NULL;
    const struct yaml_node *map = yaml_get(node, "map");

    for (int i = 0; words && map && i < m->n_map; i++)
        if (m->map[i].value.ptr && !is_one_of(m->map[i].value, words))
            finding_add(b->out, map->pairs[i].value.at, "'%.*s' is no %s",
                        FINDING_SLICE(m->map[i].value), is_kind ? "kind of event" : "yes or no");
    if (words && m->has_value && !is_one_of(m->value, words))
        finding_add(b->out, yaml_get(node, "value")->at, "'%.*s' is no %s", FINDING_SLICE(m->value),
                    is_kind ? "kind of event" : "yes or no");
}

static int add_mapping(struct project_builder *b, const struct yaml_pair *pair, struct slice field,
                       enum canonical_kind kind, struct record_rules *ret)
{
    struct mapping *m = &ret->mappings[ret->n_mappings];
    const struct canonical_field *known = canonical_find(kind, field);
    enum type_id type = known ? known->type : TYPE_UTF8;

    if (pair->value.kind == YAML_NULL)
        return 0;
    *m = (struct mapping){.field = field, .at = pair->key_at, .with = SLICE_LIT(" ")};
    TRY(build_mapping(b, &pair->value, known, m));
    check_results(b, m, type, &pair->value);
    check_once(b, ret, m);
    ret->n_mappings++;
    return 0;
}

static int add_ids(struct project_builder *b, const struct yaml_node *ids, struct record_rules *ret)
{
    for (int i = 0; i < ids->n; i++) {
        const char *name = arena_printf(b->arena, "ids.%s", ids->pairs[i].key.ptr);

        if (!name)
            return error_memory(b->err);
        TRY(add_mapping(b, &ids->pairs[i], slice_str(name), CANONICAL_RECORD, ret));
    }
    return 0;
}

static int add_address(struct project_builder *b, const struct yaml_node *address,
                       struct record_rules *ret)
{
    for (int i = 0; i < address->n; i++)
        /* A part that is none was reported by the schema. */
        if (canonical_find(CANONICAL_RECORD, address->pairs[i].key))
            TRY(add_mapping(b, &address->pairs[i], address->pairs[i].key, CANONICAL_RECORD, ret));
    return 0;
}

static int add_entry(struct project_builder *b, const struct yaml_pair *pair,
                     enum canonical_kind kind, struct record_rules *ret)
{
    int before = ret->n_mappings;

    if (is_setting(kind, pair))
        return 0;
    if (is_group(kind, pair->key)) {
        if (pair->value.kind != YAML_MAP)
            return 0;
        return slice_equal(pair->key, SLICE_LIT("ids")) ? add_ids(b, &pair->value, ret)
                                                        : add_address(b, &pair->value, ret);
    }
    TRY(add_mapping(b, pair, pair->key, kind, ret));
    if (ret->n_mappings > before)
        check_name(b, kind, &ret->mappings[before]);
    return 0;
}

int build_mappings(struct project_builder *b, const struct yaml_node *rules,
                   enum canonical_kind kind, struct record_rules *ret)
{
    const struct yaml_node *where = yaml_get(rules, "where"), *constant = yaml_get(rules, "kind");

    ret->at = rules->at;
    ret->where = node_text(where);
    ret->where_at = where ? where->at : (struct position){0};
    if (rules->kind != YAML_MAP)
        return 0;
    ret->mappings = ARENA_ARRAY(b->arena, struct mapping, (size_t)count_mappings(rules, kind) + 1);
    if (!ret->mappings)
        return error_memory(b->err);
    for (int i = 0; i < rules->n; i++)
        TRY(add_entry(b, &rules->pairs[i], kind, ret));
    if (kind == CANONICAL_EVENT && constant)
        ret->kind = constant->kind == YAML_MAP ? node_text(yaml_get(constant, "value"))
                                               : node_text(constant);
    return 0;
}
