#include "connectors/delta/conform.h"

#include <stdlib.h>

#include "core/builder.h"

struct conformer {
    const struct schema *from;
    struct schema *to;
    struct schema *both; /* `from`, and behind it the columns that are made */
    struct conform_column *columns;
    struct builder *made; /* of the columns that are made, in their order */
    int n_made;
    int *keep; /* columns of `both` */
    int64_t emptied;
};

/* The member of a struct by its name; NULL. */
static const struct field *member(const struct field *f, struct slice name)
{
    for (int i = 0; i < f->n_children; i++)
        if (slice_equal(f->children[i].name, name))
            return &f->children[i];
    return NULL;
}

/* Members by name: `to` may have more of them, which are null then. */
static int members_convert(const struct field *from, const struct field *to)
{
    for (int i = 0; i < from->n_children; i++) {
        const struct field *same = member(to, from->children[i].name);
        if (!same || !conform_converts(&from->children[i], same))
            return 0;
    }
    return 1;
}

int conform_converts(const struct field *from, const struct field *to)
{
    if (field_equal(from, to))
        return 1;
    if (from->type == TYPE_DICT || from->type == TYPE_UTF8 || from->type == TYPE_BINARY)
        return to->type == TYPE_UTF8 || (from->type == TYPE_BINARY && to->type == TYPE_BINARY);
    if (from->type == TYPE_INT32)
        return to->type == TYPE_INT64;
    if (from->type == TYPE_FLOAT32)
        return to->type == TYPE_FLOAT64;
    if (from->type == TYPE_DECIMAL)
        return to->type == TYPE_DECIMAL && from->scale == to->scale &&
               from->precision <= to->precision;
    if (from->type != to->type || !from->n_children)
        return 0;
    return from->type == TYPE_STRUCT ? members_convert(from, to)
                                     : conform_converts(&from->children[0], &to->children[0]);
}

static int convert(struct builder *b, const struct field *f, const struct column *c, int64_t row);

static int convert_nested(struct builder *b, const struct field *f, const struct column *c,
                          int64_t row)
{
    int32_t first = 0, n = f->type == TYPE_LIST ? column_list(c, row, &first) : 0;
    for (int32_t i = 0; i < n; i++)
        TRY(convert(&b->children[0], &f->children[0], &c->children[0], first + i));
    for (int i = 0; f->type == TYPE_STRUCT && i < b->field->n_children; i++) {
        const struct field *has = member(f, b->field->children[i].name);
        TRY(has ? convert(&b->children[i], has, &c->children[has - f->children], row)
                : builder_null(&b->children[i]));
    }
    return builder_close(b);
}

static int convert(struct builder *b, const struct field *f, const struct column *c, int64_t row)
{
    if (column_null(c, row))
        return builder_null(b);
    switch (f->type) {
    case TYPE_DICT:
        return builder_slice(b, column_text(f, c, row));
    case TYPE_INT32:
        if (b->field->type == TYPE_INT64)
            return builder_i64(b, column_i32(c, row));
        return builder_i32(b, column_i32(c, row));
    case TYPE_FLOAT32:
        if (b->field->type == TYPE_FLOAT64)
            return builder_f64(b, (double)((const float *)c->values)[row]);
        return builder_f32(b, ((const float *)c->values)[row]);
    case TYPE_LIST:
    case TYPE_STRUCT:
        return convert_nested(b, f, c, row);
    default:
        return builder_copy(b, c, row);
    }
}

static int no_empty(struct conformer *k, struct builder *b, const struct field *f,
                    const struct column *c, int64_t row)
{
    int is_text = f->type == TYPE_UTF8 || f->type == TYPE_DICT;
    if (is_text && !column_null(c, row) && column_text(f, c, row).len == 0) {
        k->emptied++;
        return builder_null(b);
    }
    return convert(b, f, c, row);
}

static int compute(struct builder *b, const struct conform_column *how, const struct field *f,
                   const struct column *c, int64_t row)
{
    if (column_null(c, row))
        return builder_null(b);
    struct buffer text = {0};
    int code = partition_compute(how->part, f, c, row, &text);
    if (code == 0)
        code = builder_slice(b, buffer_view(&text));
    buffer_done(&text);
    return code;
}

/* 1 appended, 0 not a value of the type, negative out of memory. */
static int constant(struct builder *b, struct slice value)
{
    if (!value.ptr)
        return builder_null(b) < 0 ? ERR_MEMORY : 1;
    return builder_text(b, value);
}

static int make_value(struct conformer *k, struct builder *b, const struct conform_column *how,
                      const struct batch *from, int64_t row)
{
    if (how->how == CONFORM_VALUE)
        return constant(b, how->value) == 1 ? 0 : ERR_MEMORY;
    const struct field *f = &from->schema->fields[how->from];
    const struct column *c = &from->columns[how->from];
    if (how->how == CONFORM_COMPUTE)
        return compute(b, how, f, c, row);
    return how->how == CONFORM_NO_EMPTY ? no_empty(k, b, f, c, row) : convert(b, f, c, row);
}

static int make_columns(struct conformer *k, const struct batch *b)
{
    int made = 0;
    for (int i = 0; i < k->to->n_fields; i++) {
        if (k->columns[i].how == CONFORM_KEEP)
            continue;
        for (int64_t row = 0; row < b->n_rows; row++)
            TRY(make_value(k, &k->made[made], &k->columns[i], b, row));
        made++;
    }
    return 0;
}

int conformer_apply(struct conformer *c, struct batch *b, struct error *err)
{
    if (make_columns(c, b) < 0)
        return error_memory(err);
    if (c->n_made)
        TRY(batch_insert_columns(b, c->both, c->from->n_fields, c->made, c->n_made, err));
    return batch_select(b, c->to, c->keep, err);
}

int64_t conformer_emptied(const struct conformer *c)
{
    return c->emptied;
}

static int check_value(const struct field *f, struct slice value, struct error *err)
{
    struct builder b;
    int code = builder_init(&b, f);
    if (code == 0)
        code = constant(&b, value);
    builder_done(&b);
    if (code == 0)
        return error_set(err, ERR_DATA, "the partition value '%.*s' is not of the type of '%s'",
                         (int)value.len, value.ptr, f->name.ptr);
    return code < 0 ? error_memory(err) : 0;
}

static int ready(struct conformer *c, struct error *err)
{
    int n = c->to->n_fields;
    struct field *fields = calloc((size_t)n + 1, sizeof *fields);
    int code = fields ? 0 : error_memory(err);
    for (int i = 0; i < n && code == 0; i++) {
        const struct conform_column *how = &c->columns[i];
        if (how->how == CONFORM_VALUE)
            code = check_value(&c->to->fields[i], how->value, err);
        c->keep[i] = how->how == CONFORM_KEEP ? how->from : c->from->n_fields + c->n_made;
        if (how->how == CONFORM_KEEP || code < 0)
            continue;
        fields[c->n_made] = c->to->fields[i];
        if (builder_init(&c->made[c->n_made++], &c->to->fields[i]) < 0)
            code = error_memory(err);
    }
    if (code == 0) {
        c->both = schema_insert(c->from, c->from->n_fields, fields, c->n_made);
        code = c->both ? 0 : error_memory(err);
    }
    free(fields);
    return code;
}

int conformer_new(const struct schema *from, const struct schema *to,
                  const struct conform_column *columns, struct conformer **ret, struct error *err)
{
    size_t n = (size_t)to->n_fields + 1;
    struct conformer *c = calloc(1, sizeof *c);
    if (!c)
        return error_memory(err);
    c->from = schema_ref(from);
    c->to = schema_ref(to);
    c->columns = calloc(n, sizeof *c->columns);
    c->made = calloc(n, sizeof *c->made);
    c->keep = calloc(n, sizeof *c->keep);
    int code = c->columns && c->made && c->keep ? 0 : error_memory(err);
    if (code == 0) {
        memcpy(c->columns, columns, (n - 1) * sizeof *columns);
        code = ready(c, err);
    }
    if (code < 0) {
        conformer_free(c);
        return code;
    }
    *ret = c;
    return 0;
}

void conformer_free(struct conformer *c)
{
    if (!c)
        return;
    for (int i = 0; i < c->n_made; i++)
        if (c->made[i].field)
            builder_done(&c->made[i]);
    free(c->made);
    free(c->columns);
    free(c->keep);
    schema_unref(c->from);
    schema_unref(c->to);
    schema_unref(c->both);
    free(c);
}
