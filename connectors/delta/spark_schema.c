#include "connectors/delta/spark_schema.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { NESTING = 32 };

static const struct {
    const char *spark;
    enum type_id type;
} names[] = {
    {"boolean", TYPE_BOOL},  {"integer", TYPE_INT32},  {"long", TYPE_INT64},
    {"float", TYPE_FLOAT32}, {"double", TYPE_FLOAT64}, {"string", TYPE_UTF8},
    {"binary", TYPE_BINARY}, {"date", TYPE_DATE},      {"timestamp", TYPE_TIMESTAMP},
    {"short", TYPE_INT32},   {"byte", TYPE_INT32},     {"string", TYPE_DICT},
};
enum { N_NAMES = sizeof names / sizeof *names };

static json_t *type_json(const struct field *f);

static json_t *field_json(const struct field *f)
{
    return json_pack("{s:s%,s:o,s:b,s:{}}", "name", f->name.ptr, f->name.len, "type", type_json(f),
                     "nullable", 1, "metadata");
}

static json_t *fields_json(const struct field *fields, int n)
{
    json_t *list = json_array();
    for (int i = 0; list && i < n; i++)
        if (json_array_append_new(list, field_json(&fields[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    return json_pack("{s:s,s:o}", "type", "struct", "fields", list);
}

/* NULL when out of memory. */
static json_t *type_json(const struct field *f)
{
    char text[40];
    switch (f->type) {
    case TYPE_LIST:
        return json_pack("{s:s,s:o,s:b}", "type", "array", "elementType",
                         type_json(&f->children[0]), "containsNull", 1);
    case TYPE_STRUCT:
        return fields_json(f->children, f->n_children);
    case TYPE_DECIMAL:
        snprintf(text, sizeof text, "decimal(%d,%d)", f->precision, f->scale);
        return json_string(text);
    default:
        for (int i = 0; i < N_NAMES; i++)
            if (names[i].type == f->type)
                return json_string(names[i].spark);
        return NULL;
    }
}

static int dump(json_t *json, char **ret, struct error *err)
{
    *ret = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return *ret ? 0 : error_memory(err);
}

int spark_schema_text(const struct schema *s, char **ret, struct error *err)
{
    return dump(fields_json(s->fields, s->n_fields), ret, err);
}

int spark_schema_extend(const char *text, const struct field *fields, int n, char **ret,
                        struct error *err)
{
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    json_t *list = json_object_get(json, "fields");
    for (int i = 0; i < n; i++)
        if (json_array_append_new(list, field_json(&fields[i])) < 0) {
            json_decref(json);
            return error_memory(err);
        }
    return dump(json, ret, err);
}

static int name_fields(json_t *list, int depth, struct error *err);

/* Of a type, the fields of the structs in it. */
static int name_type(json_t *type, int depth, struct error *err)
{
    static const char *const parts[] = {"elementType", "keyType", "valueType"};
    if (!json_is_object(type) || depth >= NESTING)
        return 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        TRY(name_type(json_object_get(type, parts[i]), depth + 1, err));
    return name_fields(json_object_get(type, "fields"), depth + 1, err);
}

static int name_fields(json_t *list, int depth, struct error *err)
{
    size_t i;
    json_t *field;
    json_array_foreach(list, i, field)
    {
        json_t *name =
            json_object_get(json_object_get(field, "metadata"), "delta.columnMapping.physicalName");
        const char *own = json_string_value(json_object_get(field, "name"));
        if (!json_is_string(name))
            return error_set(err, ERR_DATA, "the mapped column '%s' has no physical name",
                             own ? own : "?");
        if (json_object_set(field, "name", name) < 0)
            return error_memory(err);
        TRY(name_type(json_object_get(field, "type"), depth, err));
    }
    return 0;
}

int spark_schema_physical(const char *text, char **ret, struct error *err)
{
    json_t *json = json_loads(text ? text : "", JSON_REJECT_DUPLICATES, NULL);
    int code = name_fields(json_object_get(json, "fields"), 0, err);
    if (code < 0)
        json_decref(json);
    return code < 0 ? code : dump(json, ret, err);
}

static int parse_type(json_t *type, struct arena *a, struct field *ret, int depth,
                      struct error *err);

static int unknown_type(const struct field *f, json_t *type, struct error *err)
{
    char *text = json_dumps(type, JSON_COMPACT | JSON_ENCODE_ANY);
    int code = error_set(err, ERR_DATA, "column '%s' has the type %s, which sluice cannot read",
                         f->name.ptr, text ? text : "?");
    free(text);
    return code;
}

static int parse_name(const char *name, struct field *ret)
{
    int precision, scale, end = 0;
    if (sscanf(name, "decimal(%2d,%2d)%n", &precision, &scale, &end) == 2 && end && !name[end] &&
        precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision) {
        ret->type = TYPE_DECIMAL;
        ret->precision = precision;
        ret->scale = scale;
        return 1;
    }
    for (int i = 0; i < N_NAMES; i++)
        if (strcmp(names[i].spark, name) == 0) {
            ret->type = names[i].type;
            return 1;
        }
    return 0;
}

static int parse_field(json_t *json, struct arena *a, struct field *ret, int depth,
                       struct error *err)
{
    json_t *name = json_object_get(json, "name");
    if (!json_is_string(name))
        return error_set(err, ERR_DATA, "a column in the table's schema has no name");
    ret->name = arena_copy(a, slice_of(json_string_value(name), json_string_length(name)));
    if (!ret->name.ptr)
        return error_memory(err);
    return parse_type(json_object_get(json, "type"), a, ret, depth, err);
}

static int parse_children(json_t *list, struct arena *a, struct field *ret, int depth,
                          struct error *err)
{
    size_t n = json_array_size(list);
    struct field *children = ARENA_ARRAY(a, struct field, n + 1);
    if (!children)
        return error_memory(err);
    for (size_t i = 0; i < n; i++)
        TRY(parse_field(json_array_get(list, i), a, &children[i], depth, err));
    ret->type = TYPE_STRUCT;
    ret->children = children;
    ret->n_children = (int)n;
    return 0;
}

static int parse_array(json_t *type, struct arena *a, struct field *ret, int depth,
                       struct error *err)
{
    struct field *element = ARENA_NEW(a, struct field);
    if (!element)
        return error_memory(err);
    element->name = SLICE_LIT("item");
    TRY(parse_type(json_object_get(type, "elementType"), a, element, depth, err));
    ret->type = TYPE_LIST;
    ret->children = element;
    ret->n_children = 1;
    return 0;
}

static int parse_type(json_t *type, struct arena *a, struct field *ret, int depth,
                      struct error *err)
{
    if (json_is_string(type) && parse_name(json_string_value(type), ret))
        return 0;
    const char *kind = json_string_value(json_object_get(type, "type"));
    json_t *fields = json_object_get(type, "fields");
    if (depth < NESTING && kind && strcmp(kind, "struct") == 0 && json_is_array(fields))
        return parse_children(fields, a, ret, depth + 1, err);
    if (depth < NESTING && kind && strcmp(kind, "array") == 0)
        return parse_array(type, a, ret, depth + 1, err);
    return unknown_type(ret, type, err);
}

static int has_rules(json_t *field)
{
    json_t *metadata = json_object_get(field, "metadata");
    return json_object_get(metadata, "delta.invariants") ||
           json_object_get(metadata, "delta.generationExpression") ||
           json_object_get(metadata, "delta.identity.start");
}

static int read_rules(json_t *list, struct schema *s, int **ret_required, const char **ret_rules)
{
    int *required = calloc((size_t)s->n_fields + 1, sizeof *required);
    if (!required)
        return ERR_MEMORY;
    *ret_rules = NULL;
    for (int i = 0; i < s->n_fields; i++) {
        json_t *field = json_array_get(list, (size_t)i);
        required[i] = json_is_false(json_object_get(field, "nullable"));
        if (has_rules(field))
            *ret_rules = s->fields[i].name.ptr;
    }
    *ret_required = required;
    return 0;
}

int spark_schema_parse(const char *text, struct arena *a, struct schema **ret, int **ret_required,
                       const char **ret_rules, struct error *err)
{
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    json_t *fields = json_object_get(json, "fields");
    struct field root = {.name = SLICE_LIT("")};
    struct schema *s = NULL;
    int code = json_is_array(fields)
                   ? parse_children(fields, a, &root, 0, err)
                   : error_set(err, ERR_DATA, "the table's schema cannot be understood");
    if (code == 0) {
        s = schema_new(root.children, root.n_children);
        code = s && read_rules(fields, s, ret_required, ret_rules) == 0 ? 0 : error_memory(err);
    }
    json_decref(json);
    if (code < 0) {
        schema_unref(s);
        return code;
    }
    *ret = s;
    return 0;
}

static int check_field(const struct field *f, struct error *err)
{
    for (size_t i = 0; i < f->name.len; i++)
        if (memchr(" ,;{}()\n\t=", f->name.ptr[i], 10))
            return error_set(err, ERR_DATA,
                             "Delta tables take no column named '%.*s', with a space or one of "
                             ",;{}()= in it: rename it, or write a plain table (-t parquet)",
                             (int)f->name.len, f->name.ptr);
    if (!f->name.len)
        return error_set(err, ERR_DATA, "a column has no name");
    for (int i = 0; f->type == TYPE_STRUCT && i < f->n_children; i++)
        TRY(check_field(&f->children[i], err));
    for (int i = 0; f->type == TYPE_LIST && i < f->children[0].n_children; i++)
        TRY(check_field(&f->children[0].children[i], err));
    return 0;
}

int spark_schema_check_names(const struct schema *s, struct error *err)
{
    for (int i = 0; i < s->n_fields; i++) {
        TRY(check_field(&s->fields[i], err));
        for (int k = 0; k < i; k++)
            if (slice_equal_nocase(s->fields[i].name, s->fields[k].name))
                return error_set(err, ERR_DATA,
                                 "the columns '%s' and '%s' are one to a table, which does not "
                                 "tell upper from lower case: rename one",
                                 s->fields[k].name.ptr, s->fields[i].name.ptr);
    }
    return 0;
}
