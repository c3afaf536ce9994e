/* `sources:` → struct source. */
#include <stdio.h>

#include "schemas/file_schema.h"
#include "schemas/project_build.h"

static const struct layout detect = LAYOUT_DETECT;

/* Names become folders and partition values. */
static void check_source_name(struct project_builder *b, const struct yaml_pair *pair)
{
    struct slice s = pair->key;
    int good = s.len > 0 && s.len <= 64 && s.ptr[0] != '.' && s.ptr[0] != '-';

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        good &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '_' || c == '-' || c == '.';
    }
    if (!good)
        finding_add(b->out, pair->key_at,
                    "a source's name is letters, digits, '_', '-' and '.', not '%.*s'",
                    FINDING_SLICE(s));
}

static void read_rejects(struct project_builder *b, const struct yaml_node *node,
                         struct source *ret)
{
    const struct yaml_node *max = yaml_get(node, "max");

    ret->rejects = (struct reject_limit){.rows = 0};
    if (node_text(max).ptr && !reject_limit_parse(node_text(max), &ret->rejects))
        finding_add(
            b->out, max->at,
            "'max' must be a number of rows or a share of them, as in 10 or 1%%, not '%.*s'",
            FINDING_SLICE(node_text(max)));
}

static enum delivery read_delivery(const struct yaml_node *node, const struct source *s)
{
    struct slice text = node_text(node);

    if (!text.ptr)
        return s->record ? DELIVERY_SNAPSHOT : DELIVERY_APPEND;
    if (slice_equal(text, SLICE_LIT("upsert")))
        return DELIVERY_UPSERT;
    return slice_equal(text, SLICE_LIT("append")) ? DELIVERY_APPEND : DELIVERY_SNAPSHOT;
}

static int read_rules(struct project_builder *b, const struct source *s,
                      const struct yaml_node *node, enum canonical_kind kind,
                      struct record_rules *ret)
{
    *ret = (struct record_rules){.layout = s->layout};
    TRY(node_texts(b, yaml_get(node, "pull"), &ret->pull, &ret->n_pull, NULL));
    TRY(build_layout(b, yaml_pair(node, "format"), &ret->layout));
    return build_mappings(b, node, kind, ret);
}

static int read_record(struct project_builder *b, const struct yaml_pair *pair, struct source *ret)
{
    if (!pair)
        return 0;
    ret->record = ARENA_NEW(b->arena, struct record_rules);
    if (!ret->record)
        return error_memory(b->err);
    TRY(read_rules(b, ret, &pair->value, CANONICAL_RECORD, ret->record));
    ret->record->at = pair->key_at;
    return 0;
}

static int read_events(struct project_builder *b, const struct yaml_node *list, struct source *ret)
{
    int n = list && list->kind == YAML_LIST ? list->n : 0;

    ret->events = ARENA_ARRAY(b->arena, struct record_rules, (size_t)n + 1);
    if (!ret->events)
        return error_memory(b->err);
    for (int i = 0; i < n; i++)
        TRY(read_rules(b, ret, &list->items[i], CANONICAL_EVENT, &ret->events[i]));
    ret->n_events = n;
    return 0;
}

static void check_pull(struct project_builder *b, const struct yaml_pair *pair,
                       const struct source *s)
{
    int lacks = s->record && !s->record->n_pull;

    for (int i = 0; i < s->n_events; i++)
        lacks |= !s->events[i].n_pull;
    if (lacks && !s->n_pull)
        finding_add(b->out, pair->key_at, "'%.*s' needs 'pull', the files to read",
                    FINDING_SLICE(s->name));
}

/* `schema:`: a file of its own with the source's format and record. A mistake in it is reported
 * where it is named. */
static int read_schema(struct project_builder *b, const struct yaml_node *node, struct source *ret,
                       struct file_schema *schema)
{
    struct error own = {0};
    char *path;

    *schema = (struct file_schema){.layout = detect};
    if (!node || node->kind != YAML_TEXT)
        return 0;
    path = node->text.ptr[0] == '/' ? arena_string(b->arena, node->text)
                                    : arena_printf(b->arena, "%s/%.*s", b->project->folder,
                                                   (int)node->text.len, node->text.ptr);
    if (!path)
        return error_memory(b->err);
    if (file_schema_read(path, b->arena, schema, &own) < 0)
        finding_add(b->out, node->at, "%s%s%s", own.where, own.where[0] ? ": " : "", own.text);
    ret->layout = schema->layout;
    return 0;
}

static int read_source(struct project_builder *b, const struct yaml_pair *pair, struct source *ret)
{
    const struct yaml_node *node = &pair->value;
    const struct yaml_pair *record = yaml_pair(node, "record");
    struct file_schema schema;

    *ret = (struct source){.name = pair->key, .at = pair->key_at, .layout = detect};
    check_source_name(b, pair);
    TRY(read_schema(b, yaml_get(node, "schema"), ret, &schema));
    TRY(node_texts(b, yaml_get(node, "pull"), &ret->pull, &ret->n_pull, NULL));
    TRY(build_layout(b, yaml_pair(node, "format"), &ret->layout));
    ret->of = node_text(yaml_get(node, "of"));
    TRY(read_record(b, record ? record : yaml_pair(&schema.root, "record"), ret));
    TRY(read_events(b, yaml_get(node, "events"), ret));
    read_rejects(b, yaml_get(node, "rejects"), ret);
    ret->delivery = read_delivery(yaml_get(node, "delivery"), ret);
    ret->clean = node_is_true(yaml_get(node, "clean"));
    if (node->kind == YAML_MAP)
        check_pull(b, pair, ret);
    return 0;
}

static void suggest_source(struct project_builder *b, struct slice word, char to[120])
{
    struct slice names[64];
    int n = 0;

    for (int i = 0; i < b->project->n_sources && n < 64; i++)
        if (b->project->sources[i].record)
            names[n++] = b->project->sources[i].name;
    did_you_mean(word, names, n, to);
}

/* Whose keys the customers of a source's events are. */
static void check_of(struct project_builder *b, const struct source *s,
                     const struct yaml_node *node)
{
    const struct yaml_pair *of = yaml_pair(node, "of");
    const struct source *other = s->of.ptr ? project_source(b->project, s->of) : NULL;
    char hint[120];

    if (!s->record && !s->n_events)
        finding_add(b->out, s->at, "'%.*s' needs 'record' or 'events'", FINDING_SLICE(s->name));
    else if (!s->record && !of)
        finding_add(b->out, s->at,
                    "'%.*s' has no 'record', so it needs 'of', the source whose keys its "
                    "'customer' fields hold",
                    FINDING_SLICE(s->name));
    if (!of || !s->of.ptr)
        return;
    if (s->record) {
        finding_add(b->out, of->key_at, "'of' is for a source without 'record'");
    } else if (!other) {
        suggest_source(b, s->of, hint);
        finding_add(b->out, of->value.at, "no source is named '%.*s'%s", FINDING_SLICE(s->of),
                    hint);
    } else if (!other->record) {
        finding_add(b->out, of->value.at, "source '%.*s' has no 'record' itself",
                    FINDING_SLICE(s->of));
    }
}

/* Extra fields are columns of one table: two spellings of one name would collide in the lake. */
static void check_spelling(struct project_builder *b, const struct record_rules *rules,
                           const struct record_rules *others, enum canonical_kind kind)
{
    for (int i = 0; i < rules->n_mappings; i++) {
        const struct mapping *m = &rules->mappings[i];

        for (int j = 0; j < others->n_mappings && !canonical_find(kind, m->field); j++) {
            const struct mapping *o = &others->mappings[j];

            if (slice_equal_nocase(m->field, o->field) && !slice_equal(m->field, o->field))
                finding_add(b->out, m->at, "field '%.*s' is spelt '%.*s' on line %d",
                            FINDING_SLICE(m->field), FINDING_SLICE(o->field), o->at.line);
        }
    }
}

static void check_spellings(struct project_builder *b)
{
    const struct project *p = b->project;

    for (int i = 0; i < p->n_sources; i++)
        for (int j = 0; j < i; j++) {
            const struct source *s = &p->sources[i], *t = &p->sources[j];

            if (s->record && t->record)
                check_spelling(b, s->record, t->record, CANONICAL_RECORD);
            for (int k = 0; k < s->n_events * t->n_events; k++)
                check_spelling(b, &s->events[k / t->n_events], &t->events[k % t->n_events],
                               CANONICAL_EVENT);
        }
}

int build_sources(struct project_builder *b, const struct yaml_node *sources)
{
    struct project *p = b->project;
    int n = sources && sources->kind == YAML_MAP ? sources->n : 0;

    p->sources = ARENA_ARRAY(b->arena, struct source, (size_t)n + 1);
    if (!p->sources)
        return error_memory(b->err);
    for (int i = 0; i < n; i++)
        TRY(read_source(b, &sources->pairs[i], &p->sources[i]));
    p->n_sources = n;
    if (sources && sources->kind == YAML_MAP && !n)
        finding_add(b->out, sources->at, "'sources' must name at least one source");
    for (int i = 0; i < n; i++)
        check_of(b, &p->sources[i], &sources->pairs[i].value);
    check_spellings(b);
    return 0;
}
