/* `match:` → struct match_rules. */
#include "schemas/project_build.h"

static int read_certain(struct project_builder *b, const struct yaml_node *list,
                        const struct names *known)
{
    struct match_rules *m = &b->project->match;
    int n = list && list->kind == YAML_LIST ? list->n : 0;

    m->certain = ARENA_ARRAY(b->arena, struct slice *, (size_t)n + 1);
    if (!m->certain)
        return error_memory(b->err);
    for (int i = 0; i < n; i++) {
        const struct yaml_node *fields = &list->items[i];
        int n_fields;

        /* node_texts leaves a slice with ptr NULL behind the last. */
        TRY(node_texts(b, fields, &m->certain[i], &n_fields, NULL));
        for (int j = 0; fields->kind == YAML_LIST && j < fields->n; j++)
            check_field(b, known, &fields->items[j]);
    }
    m->n_certain = n;
    return 0;
}

/* "20y", "6m", "2w", "90d", "90" → days; -1 when it is none of these. */
static int64_t span_days(struct slice s)
{
    int64_t n = 0;
    size_t i = 0;

    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' && n < 100000; i++)
        n = 10 * n + (s.ptr[i] - '0');
    if (i == 0 || n >= 100000 || s.len > i + 1)
        return -1;
    switch (i < s.len ? s.ptr[i] : 'd') {
    case 'd':
        return n;
    case 'w':
        return 7 * n;
    case 'm':
        return n * 1461 / 48;
    case 'y':
        return n * 1461 / 4;
    default:
        return -1;
    }
}

static void read_never_rule(struct project_builder *b, const struct yaml_node *node,
                            const struct names *known, struct never_rule *ret)
{
    const struct yaml_node *apart = yaml_get(node, "apart");
    const struct canonical_field *f;

    *ret = (struct never_rule){.field = node_text(yaml_get(node, "field")), .at = node->at};
    check_field(b, known, yaml_get(node, "field"));
    if (!node_text(apart).ptr)
        return;
    f = canonical_find(CANONICAL_RECORD, ret->field);
    if (f && f->type != TYPE_DATE && f->type != TYPE_TIMESTAMP)
        finding_add(b->out, apart->at, "'apart' is for dates, and '%s' is none", f->name);
    ret->apart = span_days(node_text(apart));
    if (ret->apart < 0)
        finding_add(b->out, apart->at,
                    "'apart' must be a span as in 20y, 6m, 2w or 90d, not '%.*s'",
                    FINDING_SLICE(node_text(apart)));
}

static int read_never(struct project_builder *b, const struct yaml_node *list,
                      const struct names *known)
{
    struct match_rules *m = &b->project->match;
    int n = list && list->kind == YAML_LIST ? list->n : 0;

    m->never = ARENA_ARRAY(b->arena, struct never_rule, (size_t)n + 1);
    if (!m->never)
        return error_memory(b->err);
    for (int i = 0; i < n; i++)
        read_never_rule(b, &list->items[i], known, &m->never[i]);
    m->n_never = n;
    return 0;
}

/* One key of a rule, as `prefix(postcode,3)`. */
static void read_block_key(struct project_builder *b, const struct yaml_node *node,
                           const struct names *known, struct block_rule *rule)
{
    struct block_key *key = &rule->keys[rule->n_keys];
    char why[160], hint[120];

    if (!node_text(node).ptr)
        return;
    if (!block_key_parse(node_text(node), key, why)) {
        finding_add(b->out, node->at, "%s", why);
        return;
    }
    rule->n_keys++;
    if (name_listed(known->list, known->n, key->field))
        return;
    did_you_mean(key->field, known->list, known->n, hint);
    finding_add(b->out, node->at, "no source maps a field '%.*s'%s", FINDING_SLICE(key->field),
                hint);
}

static int read_block(struct project_builder *b, const struct yaml_node *match,
                      const struct names *known)
{
    struct match_rules *m = &b->project->match;
    const struct yaml_node *list = yaml_get(match, "block");
    int n = list && list->kind == YAML_LIST ? list->n : 0;

    n = n < BLOCK_RULES_MAX ? n : BLOCK_RULES_MAX; /* more is the schema's finding */
    m->block = ARENA_ARRAY(b->arena, struct block_rule, (size_t)n + 1);
    if (!m->block)
        return error_memory(b->err);
    for (int i = 0; i < n; i++) {
        const struct yaml_node *keys = &list->items[i];

        m->block[i].at = keys->at;
        for (int j = 0; keys->kind == YAML_LIST && j < keys->n && j < BLOCK_KEYS_MAX; j++)
            read_block_key(b, &keys->items[j], known, &m->block[i]);
    }
    m->n_block = n;
    block_mode_parse(node_text(yaml_get(match, "block_mode")), &m->block_mode);
    if (!n && yaml_get(match, "block_mode"))
        finding_add(b->out, yaml_get(match, "block_mode")->at,
                    "'block_mode' says what the rules of 'block' do, and there are none");
    return 0;
}

static void read_probabilities(struct project_builder *b, const struct yaml_node *match)
{
    struct match_rules *m = &b->project->match;
    const struct yaml_node *review = yaml_get(match, "review");

    m->one_to_one = node_is_true(yaml_get(match, "one_to_one")) ? ONE_TO_ONE_YES : ONE_TO_ONE_NO;
    m->threshold = 0.5;
    m->review[0] = 0.2;
    m->review[1] = 0.8;
    yaml_number(yaml_get(match, "threshold"), &m->threshold);
    for (int i = 0; review && review->kind == YAML_LIST && i < review->n && i < 2; i++)
        yaml_number(&review->items[i], &m->review[i]);
    if (m->review[0] > m->review[1])
        finding_add(b->out, review->at,
                    "'review' must go from the lower to the higher probability");
}

int build_match(struct project_builder *b, const struct yaml_node *match)
{
    struct names known;

    TRY(known_fields(b, &known.list, &known.n));
    b->project->match.model = node_text(yaml_get(match, "model"));
    TRY(read_certain(b, yaml_get(match, "certain"), &known));
    TRY(read_never(b, yaml_get(match, "never"), &known));
    TRY(read_block(b, match, &known));
    read_probabilities(b, match);
    return 0;
}
