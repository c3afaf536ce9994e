#include "core/batch.h"

#include <stdlib.h>

#include "core/builder.h"

void batch_free(struct batch *b)
{
    if (!b)
        return;
    schema_unref(b->schema);
    arena_done(&b->arena);
    free(b);
}

int batch_select(struct batch *b, struct schema *schema, const int *keep, struct error *err)
{
    struct column *columns = ARENA_ARRAY(&b->arena, struct column, (size_t)schema->n_fields + 1);
    if (!columns)
        return error_memory(err);
    for (int i = 0; i < schema->n_fields; i++)
        columns[i] = b->columns[keep[i]];
    schema_ref(schema);
    schema_unref(b->schema);
    b->schema = schema;
    b->columns = columns;
    return 0;
}

/* A dictionary goes along whole: codes keep their meaning. */
static int copy_dictionary(struct builder *b, const struct column *from)
{
    if (b->field->type != TYPE_DICT)
        return 0;
    const struct column *dictionary = &from->children[0];
    for (int64_t i = 0; i < dictionary->length; i++)
        TRY(builder_copy(&b->children[0], dictionary, i));
    return 0;
}

/* Rows `first + i`, or rows[i] when rows is given. */
static int copy_rows(const struct batch *b, const int32_t *rows, int64_t first, int64_t n,
                     struct batch **ret, struct error *err)
{
    struct batch_builder bb;
    int code = batch_builder_init(&bb, b->schema, err);
    for (int c = 0; code == 0 && c < b->schema->n_fields; c++) {
        for (int64_t i = 0; code == 0 && i < n; i++)
            if (builder_copy(&bb.columns[c], &b->columns[c], rows ? rows[i] : first + i) < 0)
                code = error_memory(err);
        if (code == 0 && copy_dictionary(&bb.columns[c], &b->columns[c]) < 0)
            code = error_memory(err);
    }
    if (code == 0)
        code = batch_builder_finish(&bb, ret, err);
    if (code == 0)
        (*ret)->n_rows = n;
    batch_builder_done(&bb);
    return code;
}

int batch_slice(const struct batch *b, int64_t first, int64_t n, struct batch **ret,
                struct error *err)
{
    return copy_rows(b, NULL, first, n, ret, err);
}

int batch_take(const struct batch *b, const int32_t *rows, int64_t n, struct batch **ret,
               struct error *err)
{
    return copy_rows(b, rows, 0, n, ret, err);
}

int batch_concat(struct batch *const *parts, int n_parts, struct batch **ret, struct error *err)
{
    struct batch_builder bb;
    int code = batch_builder_init(&bb, parts[0]->schema, err);
    for (int p = 0; code == 0 && p < n_parts; p++)
        for (int c = 0; code == 0 && c < bb.schema->n_fields; c++)
            for (int64_t i = 0; code == 0 && i < parts[p]->n_rows; i++)
                if (builder_copy(&bb.columns[c], &parts[p]->columns[c], i) < 0)
                    code = error_memory(err);
    if (code == 0)
        code = batch_builder_finish(&bb, ret, err);
    batch_builder_done(&bb);
    return code;
}

size_t batch_bytes(const struct batch *b)
{
    return b->arena.used + sizeof *b;
}

static int value_equal(const struct field *f, const struct column *a, int64_t i,
                       const struct column *b, int64_t j)
{
    if (column_null(a, i) || column_null(b, j))
        return column_null(a, i) && column_null(b, j);
    size_t width = type_width(f->type);
    int32_t first_a, first_b, n;
    switch (f->type) {
    case TYPE_BOOL:
        return column_bool(a, i) == column_bool(b, j);
    case TYPE_UTF8:
    case TYPE_BINARY:
        return slice_equal(column_slice(a, i), column_slice(b, j));
    case TYPE_DICT:
        return slice_equal(column_text(f, a, i), column_text(f, b, j));
    case TYPE_STRUCT:
        for (int k = 0; k < f->n_children; k++)
            if (!value_equal(&f->children[k], &a->children[k], i, &b->children[k], j))
                return 0;
        return 1;
    case TYPE_LIST:
        n = column_list(a, i, &first_a);
        if (column_list(b, j, &first_b) != n)
            return 0;
        for (int32_t k = 0; k < n; k++)
            if (!value_equal(&f->children[0], &a->children[0], first_a + k, &b->children[0],
                             first_b + k))
                return 0;
        return 1;
    default:
        return memcmp((const char *)a->values + (size_t)i * width,
                      (const char *)b->values + (size_t)j * width, width) == 0;
    }
}

int batch_equal(const struct batch *a, const struct batch *b)
{
    if (a->n_rows != b->n_rows || !schema_equal(a->schema, b->schema))
        return 0;
    for (int c = 0; c < a->schema->n_fields; c++)
        for (int64_t i = 0; i < a->n_rows; i++)
            if (!value_equal(&a->schema->fields[c], &a->columns[c], i, &b->columns[c], i))
                return 0;
    return 1;
}
