#include "transform/golden/plan.h"

/* Parts that only make sense together: a part that no rule names goes with the others. */
static const char *const name_parts[] = {"title",  "given_name", "middle_name", "family_name",
                                         "suffix", "full_name",  "formal_name", NULL};
static const char *const address_parts[] = {"line1",    "line2",   "city", "region",
                                            "postcode", "country", NULL};
static const char *const *const families[] = {name_parts, address_parts};

static const enum survivor_rule_id group_default[] = {SURVIVE_COMPLETE, SURVIVE_RECENT,
                                                      SURVIVE_TRUST};
static const enum survivor_rule_id contact_default[] = {SURVIVE_VERIFIED, SURVIVE_FREQUENT,
                                                        SURVIVE_RECENT, SURVIVE_TRUST};
static const enum survivor_rule_id consent_default[] = {SURVIVE_STRICTEST};
static const enum survivor_rule_id plain_default[] = {SURVIVE_TRUST, SURVIVE_RECENT,
                                                      SURVIVE_FREQUENT};

/* Columns of a linked record that are not values of the customer. */
static int is_value(struct slice name)
{
    static const char *const others[] = {"customer_id", "match_probability", "source",
                                         "key",         "updated_at",        "raw"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (slice_equal(name, slice_str(others[i])))
            return 0;
    return 1;
}

static const char *const *family_of(struct slice column)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
        for (size_t i = 0; families[f][i]; i++)
            if (slice_equal(column, slice_str(families[f][i])))
                return families[f];
    return NULL;
}

static struct attribute *attribute_with(struct golden_plan *p, int column)
{
    for (int i = 0; i < p->n_attributes; i++)
        for (int c = 0; c < p->attributes[i].n_columns; c++)
            if (p->attributes[i].columns[c] == column)
                return &p->attributes[i];
    return NULL;
}

static struct attribute *attribute_add(struct golden_plan *p, struct slice name)
{
    struct attribute *a = &p->attributes[p->n_attributes++];
    *a = (struct attribute){.name = name};
    a->columns = ARENA_ARRAY(&p->arena, int, (size_t)p->linked->n_fields);
    return a->columns ? a : NULL;
}

static void prefer(struct attribute *a, const enum survivor_rule_id *rules, size_t n)
{
    for (size_t i = 0; i < n && i < 8; i++)
        a->prefer[i] = rules[i];
    a->n_prefer = (int)(n < 8 ? n : 8);
}

#define PREFER(a, list) prefer((a), (list), sizeof(list) / sizeof *(list))

static int from_rule(struct golden_plan *p, const struct golden_rule *r, struct error *err)
{
    struct attribute *a = attribute_add(p, r->name);
    if (!a)
        return error_memory(err);
    prefer(a, r->prefer, (size_t)r->n_prefer);
    a->keep_all = r->keep_all;
    for (int i = 0; i < r->n_fields; i++) {
        int column = schema_find(p->linked, r->fields[i]);
        if (column < 0)
            return error_set(
                err, ERR_CONFIG, "golden rule '%.*s': the records have no field '%.*s'",
                (int)r->name.len, r->name.ptr, (int)r->fields[i].len, r->fields[i].ptr);
        if (attribute_with(p, column))
            return error_set(err, ERR_CONFIG, "golden rule '%.*s': field '%.*s' has a rule already",
                             (int)r->name.len, r->name.ptr, (int)r->fields[i].len,
                             r->fields[i].ptr);
        a->columns[a->n_columns++] = column;
    }
    return 0;
}

/* The attribute that holds another part of this column's family, or NULL. */
static struct attribute *relatives(struct golden_plan *p, const char *const *family)
{
    for (size_t i = 0; family[i]; i++) {
        int column = schema_find(p->linked, slice_str(family[i]));
        struct attribute *a = column < 0 ? NULL : attribute_with(p, column);
        if (a)
            return a;
    }
    return NULL;
}

static void default_rule(struct attribute *a, const struct field *f, const char *const *family)
{
    if (family)
        PREFER(a, group_default);
    else if (slice_equal(f->name, SLICE_LIT("email")) || slice_equal(f->name, SLICE_LIT("phone")))
        PREFER(a, contact_default);
    else if (slice_starts(f->name, SLICE_LIT("consent_")))
        PREFER(a, consent_default);
    else
        PREFER(a, plain_default);
}

static int by_default(struct golden_plan *p, int column, struct error *err)
{
    const struct field *f = &p->linked->fields[column];
    const char *const *family = family_of(f->name);
    struct attribute *a = family ? relatives(p, family) : NULL;
    if (!a) {
        struct slice name = family == name_parts      ? SLICE_LIT("name")
                            : family == address_parts ? SLICE_LIT("address")
                                                      : f->name;
        if (!(a = attribute_add(p, name)))
            return error_memory(err);
        default_rule(a, f, family);
    }
    a->columns[a->n_columns++] = column;
    return 0;
}

static int lists_stand_alone(struct golden_plan *p, struct error *err)
{
    for (int i = 0; i < p->n_attributes; i++) {
        struct attribute *a = &p->attributes[i];
        for (int c = 0; c < a->n_columns; c++)
            a->is_list |= p->linked->fields[a->columns[c]].type == TYPE_LIST;
        if (a->is_list && a->n_columns > 1)
            return error_set(err, ERR_CONFIG,
                             "golden rule '%.*s': a list survives alone, not together with others",
                             (int)a->name.len, a->name.ptr);
    }
    return 0;
}

static const struct field text = {.name = SLICE_INIT("item"), .type = TYPE_UTF8};

/* A list gives one value; of structs (ids) it stays a list of all. */
static struct field value_field(const struct field *f)
{
    struct field value = *f;
    if (f->type == TYPE_LIST && f->children[0].type != TYPE_STRUCT) {
        value = f->children[0];
        value.name = f->name;
    }
    return value;
}

static int customer_schema(struct golden_plan *p)
{
    int n = 0, most = 2 * p->linked->n_fields + 8;
    struct field *fields = ARENA_ARRAY(&p->arena, struct field, (size_t)most);
    if (!fields)
        return -1;
    fields[n++] = (struct field){.name = SLICE_LIT("customer_id"), .type = TYPE_UTF8};
    for (int c = 0; c < p->linked->n_fields; c++) {
        const struct field *f = &p->linked->fields[c];
        const struct attribute *a = attribute_with(p, c);
        p->value_at[c] = p->all_at[c] = -1;
        if (!a)
            continue;
        p->value_at[c] = n;
        fields[n++] = value_field(f);
        if (!a->keep_all || (f->type == TYPE_LIST && f->children[0].type == TYPE_STRUCT))
            continue;
        struct field *item = ARENA_NEW(&p->arena, struct field);
        char *name = arena_printf(&p->arena, "%.*s_all", (int)f->name.len, f->name.ptr);
        if (!item || !name)
            return -1;
        *item = fields[n - 1];
        item->name = SLICE_LIT("item");
        p->all_at[c] = n;
        fields[n++] = (struct field){
            .name = slice_str(name), .type = TYPE_LIST, .n_children = 1, .children = item};
    }
    fields[n++] = (struct field){.name = SLICE_LIT("records"), .type = TYPE_INT64};
    fields[n++] = (struct field){
        .name = SLICE_LIT("sources"), .type = TYPE_LIST, .n_children = 1, .children = &text};
    fields[n++] = (struct field){.name = SLICE_LIT("updated_at"), .type = TYPE_TIMESTAMP};
    p->customers = schema_new(fields, n);
    return p->customers ? 0 : -1;
}

static struct schema *lineage_schema(void)
{
    static const struct field parts[] = {
        {.name = SLICE_INIT("source"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("key"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("value"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("why"), .type = TYPE_UTF8},
    };
    static const struct field candidate = {
        .name = SLICE_INIT("item"), .type = TYPE_STRUCT, .n_children = 4, .children = parts};
    static const struct field fields[] = {
        {.name = SLICE_INIT("customer_id"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("field"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("value"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("source"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("key"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("rule"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("confidence"), .type = TYPE_FLOAT64},
        {.name = SLICE_INIT("candidates"),
         .type = TYPE_LIST,
         .n_children = 1,
         .children = &candidate},
    };
    return schema_new(fields, sizeof fields / sizeof *fields);
}

static int find_columns(struct golden_plan *p, struct error *err)
{
    static const char *const names[] = {"customer_id", "source", "key", "updated_at"};
    int *const at[] = {&p->customer_id, &p->source, &p->key, &p->updated_at};
    for (int i = 0; i < 4; i++) {
        *at[i] = schema_find(p->linked, slice_str(names[i]));
        if (*at[i] < 0 && i < 3)
            return error_set(
                err, ERR_DATA,
                "the input has no column '%s': linked records come from 'sluice match'", names[i]);
        if (i < 3)
            TRY(schema_need_text(p->linked, slice_str(names[i]), "linked records", err));
    }
    if (p->updated_at >= 0)
        TRY(schema_need_time(p->linked, SLICE_LIT("updated_at"), "linked records", err));
    return 0;
}

static int make(struct golden_plan *p, const struct golden_rules *rules, struct error *err)
{
    size_t n = (size_t)p->linked->n_fields + 1;
    p->attributes =
        ARENA_ARRAY(&p->arena, struct attribute, n + (rules ? (size_t)rules->n_rules : 0));
    p->value_at = ARENA_ARRAY(&p->arena, int, n);
    p->all_at = ARENA_ARRAY(&p->arena, int, n);
    if (!p->attributes || !p->value_at || !p->all_at)
        return error_memory(err);
    TRY(find_columns(p, err));
    for (int i = 0; rules && i < rules->n_rules; i++)
        TRY(from_rule(p, &rules->rules[i], err));
    for (int c = 0; c < p->linked->n_fields; c++)
        if (is_value(p->linked->fields[c].name) && !attribute_with(p, c))
            TRY(by_default(p, c, err));
    TRY(lists_stand_alone(p, err));
    p->lineage = lineage_schema();
    return p->lineage && customer_schema(p) == 0 ? 0 : error_memory(err);
}

int golden_plan_make(struct golden_plan *plan, const struct schema *linked,
                     const struct golden_rules *rules, struct error *err)
{
    *plan = (struct golden_plan){.linked = linked};
    if (rules) {
        plan->trust = rules->trust;
        plan->n_trust = rules->n_trust;
    }
    int code = make(plan, rules, err);
    if (code < 0)
        golden_plan_done(plan);
    return code;
}

void golden_plan_done(struct golden_plan *plan)
{
    schema_unref(plan->customers);
    schema_unref(plan->lineage);
    arena_done(&plan->arena);
    *plan = (struct golden_plan){0};
}
