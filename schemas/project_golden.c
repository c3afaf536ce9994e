/* `golden:` → struct golden_rules. */
#include "schemas/project_build.h"

static const char *const survivor_names[SURVIVE_COUNT] = {
    "trust",    "recent",    "frequent", "longest", "shortest", "complete",
    "verified", "strictest", "min",      "max",     "first",    "last",
};

const char *survivor_rule_name(enum survivor_rule_id id)
{
    return survivor_names[id];
}

static int read_trust(struct project_builder *b, const struct yaml_node *trust)
{
    struct project *p = b->project;
    int n = trust && trust->kind == YAML_MAP ? trust->n : 0;
    struct slice *names = ARENA_ARRAY(b->arena, struct slice, (size_t)p->n_sources + 1);

    p->golden.trust = ARENA_ARRAY(b->arena, struct trust_rank, (size_t)n + 1);
    if (!p->golden.trust || !names)
        return error_memory(b->err);
    for (int i = 0; i < p->n_sources; i++)
        names[i] = p->sources[i].name;
    for (int i = 0; i < n; i++) {
        const struct yaml_pair *pair = &trust->pairs[i];
        char hint[120];

        p->golden.trust[i] =
            (struct trust_rank){.source = pair->key, .rank = yaml_int(&pair->value, 0)};
        if (name_listed(names, p->n_sources, pair->key))
            continue;
        did_you_mean(pair->key, names, p->n_sources, hint);
        finding_add(b->out, pair->key_at, "no source is named '%.*s'%s", FINDING_SLICE(pair->key),
                    hint);
    }
    p->golden.n_trust = n;
    return 0;
}

/* The fields of a group that is named without `together`. */
static const char *const *named_group(struct slice name)
{
    static const char *const person[] = {"title",       "given_name", "middle_name",
                                         "family_name", "suffix",     NULL};
    static const char *const address[] = {"line1",    "line2",   "city", "region",
                                          "postcode", "country", NULL};

    if (slice_equal(name, SLICE_LIT("name")))
        return person;
    return slice_equal(name, SLICE_LIT("address")) ? address : NULL;
}

static int expand_group(struct project_builder *b, const char *const *group,
                        struct golden_rule *ret)
{
    ret->fields = ARENA_ARRAY(b->arena, struct slice, 8);
    if (!ret->fields)
        return error_memory(b->err);
    for (; *group; group++)
        ret->fields[ret->n_fields++] = slice_str(*group);
    return 0;
}

static int read_fields(struct project_builder *b, const struct yaml_pair *pair,
                       const struct names *known, struct golden_rule *ret)
{
    const struct yaml_node *together = yaml_get(&pair->value, "together");
    struct yaml_node own = {.kind = YAML_TEXT, .at = pair->key_at, .text = pair->key};

    if (!together && named_group(pair->key))
        return expand_group(b, named_group(pair->key), ret);
    TRY(node_texts(b, together ? together : &own, &ret->fields, &ret->n_fields, NULL));
    if (!together)
        check_field(b, known, &own);
    for (int i = 0; together && together->kind == YAML_LIST && i < together->n; i++)
        check_field(b, known, &together->items[i]);
    return 0;
}

static void read_prefer(struct project_builder *b, const struct yaml_node *prefer,
                        struct golden_rule *ret)
{
    int is_list = prefer && prefer->kind == YAML_LIST;
    int n = is_list ? prefer->n : node_text(prefer).ptr != NULL;

    for (int i = 0; i < n && ret->n_prefer < 8; i++) {
        const struct yaml_node *one = is_list ? &prefer->items[i] : prefer;
        struct slice word = node_text(one);

        for (int id = 0; id < SURVIVE_COUNT; id++) {
            if (!slice_equal(word, slice_str(survivor_names[id])))
                continue;
            for (int j = 0; j < ret->n_prefer; j++)
                if ((int)ret->prefer[j] == id)
                    finding_add(b->out, one->at, "'%s' is there twice", survivor_names[id]);
            ret->prefer[ret->n_prefer++] = (enum survivor_rule_id)id;
        }
    }
}

/* A field's value comes from one rule. */
static void check_rules(struct project_builder *b)
{
    const struct golden_rules *g = &b->project->golden;

    for (int i = 0; i < g->n_rules; i++)
        for (int f = 0; f < g->rules[i].n_fields; f++)
            for (int j = 0; j <= i; j++) {
                int before = j < i ? g->rules[j].n_fields : f;

                if (name_listed(g->rules[j].fields, before, g->rules[i].fields[f]))
                    finding_add(b->out, g->rules[i].at,
                                "field '%.*s' has a rule already, on line %d",
                                FINDING_SLICE(g->rules[i].fields[f]), g->rules[j].at.line);
            }
}

int build_golden(struct project_builder *b, const struct yaml_node *golden)
{
    struct golden_rules *g = &b->project->golden;
    const struct yaml_node *fields = yaml_get(golden, "fields");
    int n = fields && fields->kind == YAML_MAP ? fields->n : 0;
    struct names known;

    TRY(known_fields(b, &known.list, &known.n));
    TRY(read_trust(b, yaml_get(golden, "trust")));
    g->rules = ARENA_ARRAY(b->arena, struct golden_rule, (size_t)n + 1);
    if (!g->rules)
        return error_memory(b->err);
    for (int i = 0; i < n; i++) {
        const struct yaml_pair *pair = &fields->pairs[i];

        g->rules[i] = (struct golden_rule){.name = pair->key, .at = pair->key_at};
        TRY(read_fields(b, pair, &known, &g->rules[i]));
        read_prefer(b, yaml_get(&pair->value, "prefer"), &g->rules[i]);
        g->rules[i].keep_all =
            slice_equal(node_text(yaml_get(&pair->value, "keep")), SLICE_LIT("all"));
    }
    g->n_rules = n;
    check_rules(b);
    return 0;
}
