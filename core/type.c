#include "core/type.h"

#include <stdio.h>
#include <stdlib.h>

static int field_copy(struct field *to, const struct field *from, struct arena *a)
{
    *to = *from;
    to->name = arena_copy(a, from->name);
    to->children = NULL;
    if (!to->name.ptr)
        return -1;
    if (!from->n_children)
        return 0;
    struct field *children = ARENA_ARRAY(a, struct field, (size_t)from->n_children);
    if (!children)
        return -1;
    to->children = children;
    for (int i = 0; i < from->n_children; i++)
        if (field_copy(&children[i], &from->children[i], a) < 0)
            return -1;
    return 0;
}

static int schema_fill(struct schema *s, const struct field *fields, const struct key_value *meta)
{
    struct field *copies = ARENA_ARRAY(&s->arena, struct field, (size_t)s->n_fields + 1);
    struct key_value *pairs = ARENA_ARRAY(&s->arena, struct key_value, (size_t)s->n_meta + 1);
    if (!copies || !pairs)
        return -1;
    s->fields = copies;
    s->meta = pairs;
    for (int i = 0; i < s->n_fields; i++)
        if (field_copy(&copies[i], &fields[i], &s->arena) < 0)
            return -1;
    for (int i = 0; i < s->n_meta; i++) {
        pairs[i].key = arena_copy(&s->arena, meta[i].key);
        pairs[i].value = arena_copy(&s->arena, meta[i].value);
        if (!pairs[i].key.ptr || !pairs[i].value.ptr)
            return -1;
    }
    return 0;
}

struct schema *schema_new(const struct field *fields, int n_fields)
{
    return schema_new_meta(fields, n_fields, NULL, 0);
}

struct schema *schema_new_meta(const struct field *fields, int n_fields,
                               const struct key_value *meta, int n_meta)
{
    struct schema *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    *s = (struct schema){.n_fields = n_fields, .n_meta = n_meta, .refs = 1};
    if (schema_fill(s, fields, meta) < 0) {
        schema_unref(s);
        return NULL;
    }
    return s;
}

struct schema *schema_insert(const struct schema *s, int at, const struct field *fields, int n)
{
    struct field *all = calloc((size_t)(s->n_fields + n) + 1, sizeof *all);
    if (!all)
        return NULL;
    for (int i = 0; i < s->n_fields; i++)
        all[i < at ? i : i + n] = s->fields[i];
    for (int i = 0; i < n; i++)
        all[at + i] = fields[i];
    struct schema *inserted = schema_new_meta(all, s->n_fields + n, s->meta, s->n_meta);
    free(all);
    return inserted;
}

/* The count is the one thing in a schema that changes; callers hold it as const. */
static struct schema *counted(const struct schema *s)
{
    return (struct schema *)(uintptr_t)s;
}

struct schema *schema_ref(const struct schema *s)
{
    struct schema *mutable = counted(s);
    __atomic_add_fetch(&mutable->refs, 1, __ATOMIC_RELAXED);
    return mutable;
}

void schema_unref(const struct schema *s)
{
    if (!s)
        return;
    struct schema *mutable = counted(s);
    if (__atomic_sub_fetch(&mutable->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        arena_done(&mutable->arena);
        free(mutable);
    }
}

int schema_find(const struct schema *s, struct slice name)
{
    for (int i = 0; i < s->n_fields; i++)
        if (slice_equal(s->fields[i].name, name))
            return i;
    return -1;
}

int schema_no_field(const struct schema *s, struct slice name, struct error *err)
{
    const char **names = calloc((size_t)s->n_fields + 1, sizeof(char *));
    if (!names)
        return error_memory(err);
    for (int i = 0; i < s->n_fields; i++)
        names[i] = s->fields[i].name.ptr;
    const char *near = slice_nearest(name, names, (size_t)s->n_fields);
    int code = near ? error_set(err, ERR_USAGE, "no column '%.*s': did you mean '%s'?",
                                (int)name.len, name.ptr, near)
                    : error_set(err, ERR_USAGE, "no column '%.*s'", (int)name.len, name.ptr);
    free(names);
    return code;
}

static int need_column(const struct schema *s, struct slice name, const char *rows,
                       struct error *err)
{
    int at = schema_find(s, name);
    return at >= 0 ? at
                   : error_set(err, ERR_DATA, "%s have no column '%.*s'", rows, (int)name.len,
                               name.ptr);
}

int schema_need_text(const struct schema *s, struct slice name, const char *rows, struct error *err)
{
    int at;
    TRY(at = need_column(s, name, rows, err));
    if (s->fields[at].type != TYPE_UTF8 && s->fields[at].type != TYPE_DICT)
        return error_set(err, ERR_DATA, "column '%.*s' of %s is not text", (int)name.len, name.ptr,
                         rows);
    return at;
}

int schema_need_time(const struct schema *s, struct slice name, const char *rows, struct error *err)
{
    int at;
    TRY(at = need_column(s, name, rows, err));
    if (s->fields[at].type != TYPE_TIMESTAMP)
        return error_set(err, ERR_DATA,
                         "column '%.*s' of %s is not a timestamp: Arrow and Parquet keep types, "
                         "text formats do not",
                         (int)name.len, name.ptr, rows);
    return at;
}

int field_equal(const struct field *a, const struct field *b)
{
    if (a->type != b->type || a->n_children != b->n_children || !slice_equal(a->name, b->name))
        return 0;
    if (a->type == TYPE_DECIMAL && (a->precision != b->precision || a->scale != b->scale))
        return 0;
    for (int i = 0; i < a->n_children; i++)
        if (!field_equal(&a->children[i], &b->children[i]))
            return 0;
    return 1;
}

int schema_equal(const struct schema *a, const struct schema *b)
{
    if (a == b)
        return 1;
    if (a->n_fields != b->n_fields)
        return 0;
    for (int i = 0; i < a->n_fields; i++)
        if (!field_equal(&a->fields[i], &b->fields[i]))
            return 0;
    return 1;
}

struct slice schema_meta(const struct schema *s, struct slice key)
{
    for (int i = 0; i < s->n_meta; i++)
        if (slice_equal(s->meta[i].key, key))
            return s->meta[i].value;
    return (struct slice){0};
}

static const struct {
    const char *name;
    size_t width;
} types[] = {
    [TYPE_BOOL] = {"bool", 0},       [TYPE_INT32] = {"int32", 4},
    [TYPE_INT64] = {"int64", 8},     [TYPE_FLOAT32] = {"float32", 4},
    [TYPE_FLOAT64] = {"float64", 8}, [TYPE_DECIMAL] = {"decimal", 16},
    [TYPE_UTF8] = {"utf8", 0},       [TYPE_BINARY] = {"binary", 0},
    [TYPE_DATE] = {"date", 4},       [TYPE_TIMESTAMP] = {"timestamp", 8},
    [TYPE_LIST] = {"list", 0},       [TYPE_STRUCT] = {"struct", 0},
    [TYPE_DICT] = {"dictionary", 4},
};

size_t type_width(enum type_id type)
{
    return types[type].width;
}

static int decimal_type(struct slice text, struct field *ret_field)
{
    char copy[32];
    int precision, scale, used = 0;
    if (text.len >= sizeof copy)
        return 0;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    if (sscanf(copy, "decimal(%2d,%2d)%n", &precision, &scale, &used) != 2 ||
        (size_t)used != text.len || precision < 1 || precision > 38 || scale < 0 ||
        scale > precision)
        return 0;
    ret_field->type = TYPE_DECIMAL;
    ret_field->precision = precision;
    ret_field->scale = scale;
    return 1;
}

int type_parse(struct slice text, struct field *ret_field, struct error *err)
{
    text = slice_trim(text);
    if (slice_equal(text, SLICE_LIT("string")))
        text = SLICE_LIT("utf8");
    if (decimal_type(text, ret_field))
        return 0;
    for (int i = 0; i <= TYPE_TIMESTAMP; i++)
        if (i != TYPE_DECIMAL && slice_equal(text, slice_str(types[i].name))) {
            ret_field->type = (enum type_id)i;
            return 0;
        }
    return error_set(err, ERR_USAGE,
                     "no type '%.*s': there are bool int32 int64 float32 float64 decimal(P,S) utf8 "
                     "binary date timestamp",
                     (int)text.len, text.ptr);
}

static char *struct_name(const struct field *f, struct arena *a)
{
    char *text = arena_printf(a, "struct<");
    for (int i = 0; i < f->n_children && text; i++) {
        char *child = type_name(&f->children[i], a);
        if (!child)
            return NULL;
        text = arena_printf(a, "%s%s%.*s: %s", text, i ? ", " : "", (int)f->children[i].name.len,
                            f->children[i].name.ptr, child);
    }
    return text ? arena_printf(a, "%s>", text) : NULL;
}

char *type_name(const struct field *f, struct arena *a)
{
    switch (f->type) {
    case TYPE_DECIMAL:
        return arena_printf(a, "decimal(%d,%d)", f->precision, f->scale);
    case TYPE_LIST: {
        char *child = type_name(&f->children[0], a);
        return child ? arena_printf(a, "list<%s>", child) : NULL;
    }
    case TYPE_STRUCT:
        return struct_name(f, a);
    default:
        return arena_printf(a, "%s", types[f->type].name);
    }
}
