#include "core/builder.h"

#include <stdlib.h>

static int has_offsets(enum type_id type)
{
    return type == TYPE_UTF8 || type == TYPE_BINARY || type == TYPE_LIST;
}

static int put_i32(struct buffer *b, int32_t v)
{
    return buffer_append(b, &v, 4);
}

/* The first offset is written with the first value, so that an empty builder needs no memory. */
static int offsets_start(struct builder *b)
{
    return b->offsets.len ? 0 : put_i32(&b->offsets, 0);
}

int builder_init(struct builder *b, const struct field *field)
{
    *b = (struct builder){.field = field};
    if (field->n_children) {
        b->children = calloc((size_t)field->n_children, sizeof *b->children);
        if (!b->children)
            return ERR_MEMORY;
        for (int i = 0; i < field->n_children; i++)
            TRY(builder_init(&b->children[i], &field->children[i]));
    }
    return 0;
}

void builder_done(struct builder *b)
{
    for (int i = 0; b->children && i < b->field->n_children; i++)
        builder_done(&b->children[i]);
    free(b->children);
    buffer_done(&b->validity);
    buffer_done(&b->offsets);
    buffer_done(&b->values);
    *b = (struct builder){0};
}

static void builder_reset(struct builder *b)
{
    buffer_reset(&b->validity);
    buffer_reset(&b->offsets);
    buffer_reset(&b->values);
    b->length = b->null_count = 0;
    for (int i = 0; b->children && i < b->field->n_children; i++)
        builder_reset(&b->children[i]);
}

/* Makes the bitmap once the first null comes: all bits before it are set. */
static int validity_start(struct builder *b)
{
    size_t bytes = (size_t)(b->length / 8);
    TRY(buffer_reserve(&b->validity, bytes + 1));
    memset(b->validity.data, 0xff, bytes);
    b->validity.len = bytes;
    if (b->length % 8)
        TRY(buffer_putc(&b->validity, (char)((1 << b->length % 8) - 1)));
    return 0;
}

static int count(struct builder *b, int valid)
{
    if (b->validity.len || !valid) {
        if (!b->null_count && !b->validity.len)
            TRY(validity_start(b));
        if (b->length % 8 == 0)
            TRY(buffer_putc(&b->validity, 0));
        if (valid)
            bit_set(b->validity.data, b->length);
    }
    b->null_count += !valid;
    b->length++;
    return 0;
}

static int bits_grow(struct builder *b)
{
    return b->length % 8 == 0 ? buffer_putc(&b->values, 0) : 0;
}

static int end_offset(struct builder *b)
{
    size_t at = b->field->type == TYPE_LIST ? (size_t)b->children[0].length : b->values.len;
    return at > INT32_MAX ? ERR_MEMORY : put_i32(&b->offsets, (int32_t)at);
}

int builder_null(struct builder *b)
{
    enum type_id type = b->field->type;
    if (has_offsets(type)) {
        TRY(offsets_start(b));
        TRY(end_offset(b));
    } else if (type == TYPE_BOOL) {
        TRY(bits_grow(b));
    } else if (type == TYPE_STRUCT) {
        for (int i = 0; i < b->field->n_children; i++)
            TRY(builder_null(&b->children[i]));
    } else {
        TRY(buffer_zeros(&b->values, type_width(type)));
    }
    return count(b, 0);
}

int builder_slice(struct builder *b, struct slice s)
{
    TRY(offsets_start(b));
    if (s.len > INT32_MAX - b->values.len)
        return ERR_MEMORY;
    TRY(buffer_append(&b->values, s.ptr, s.len));
    TRY(put_i32(&b->offsets, (int32_t)b->values.len));
    return count(b, 1);
}

/* Short copies without a call; two that overlap cover any length between. */
static inline void copy_short(uint8_t *to, const char *from, size_t len)
{
    uint64_t a, b;
    if (len > 16) {
        memcpy(to, from, len);
    } else if (len >= 8) {
        memcpy(&a, from, 8);
        memcpy(&b, from + len - 8, 8);
        memcpy(to, &a, 8);
        memcpy(to + len - 8, &b, 8);
    } else if (len >= 4) {
        uint32_t c, d;
        memcpy(&c, from, 4);
        memcpy(&d, from + len - 4, 4);
        memcpy(to, &c, 4);
        memcpy(to + len - 4, &d, 4);
    } else {
        for (size_t i = 0; i < len; i++)
            to[i] = (uint8_t)from[i];
    }
}

/* The bitmap for n more values, as `count` would have made it one by one. */
static int count_slices(struct builder *b, const struct slice *values, size_t n, int64_t nulls)
{
    if (nulls || b->validity.len) {
        size_t bytes = ((size_t)b->length + n + 7) / 8;
        if (!b->validity.len)
            TRY(validity_start(b));
        TRY(buffer_zeros(&b->validity, bytes - b->validity.len));
        for (size_t i = 0; i < n; i++)
            if (values[i].ptr)
                bit_set(b->validity.data, b->length + (int64_t)i);
    }
    b->null_count += nulls;
    b->length += (int64_t)n;
    return 0;
}

int builder_slices(struct builder *b, const struct slice *values, size_t n)
{
    size_t bytes = 0;
    int64_t nulls = 0;
    for (size_t i = 0; i < n; i++) {
        bytes += values[i].len;
        nulls += values[i].ptr == NULL;
    }
    if (bytes > INT32_MAX - b->values.len)
        return ERR_MEMORY;
    TRY(buffer_reserve(&b->values, bytes));
    TRY(offsets_start(b));
    TRY(buffer_reserve(&b->offsets, n * 4));
    for (size_t i = 0; i < n; i++) {
        if (values[i].len)
            copy_short(b->values.data + b->values.len, values[i].ptr, values[i].len);
        b->values.len += values[i].len;
        int32_t end = (int32_t)b->values.len;
        memcpy(b->offsets.data + b->offsets.len, &end, 4);
        b->offsets.len += 4;
    }
    return count_slices(b, values, n, nulls);
}

int builder_i32(struct builder *b, int32_t v)
{
    TRY(buffer_append(&b->values, &v, sizeof v));
    return count(b, 1);
}

int builder_i64(struct builder *b, int64_t v)
{
    TRY(buffer_append(&b->values, &v, sizeof v));
    return count(b, 1);
}

int builder_f32(struct builder *b, float v)
{
    TRY(buffer_append(&b->values, &v, sizeof v));
    return count(b, 1);
}

int builder_f64(struct builder *b, double v)
{
    TRY(buffer_append(&b->values, &v, sizeof v));
    return count(b, 1);
}

int builder_decimal(struct builder *b, decimal128 v)
{
    TRY(buffer_append(&b->values, &v, sizeof v));
    return count(b, 1);
}

int builder_bool(struct builder *b, int v)
{
    TRY(bits_grow(b));
    if (v)
        bit_set(b->values.data, b->length);
    return count(b, 1);
}

int builder_close(struct builder *b)
{
    if (b->field->type == TYPE_LIST) {
        TRY(offsets_start(b));
        TRY(end_offset(b));
    }
    return count(b, 1);
}

static int copy_nested(struct builder *b, const struct column *from, int64_t row)
{
    if (b->field->type == TYPE_STRUCT) {
        for (int i = 0; i < b->field->n_children; i++)
            TRY(builder_copy(&b->children[i], &from->children[i], row));
        return builder_close(b);
    }
    int32_t first, n = column_list(from, row, &first);
    for (int32_t i = 0; i < n; i++)
        TRY(builder_copy(&b->children[0], &from->children[0], first + i));
    return builder_close(b);
}

int builder_copy(struct builder *b, const struct column *from, int64_t row)
{
    if (column_null(from, row))
        return builder_null(b);
    switch (b->field->type) {
    case TYPE_UTF8:
    case TYPE_BINARY:
        return builder_slice(b, column_slice(from, row));
    case TYPE_BOOL:
        return builder_bool(b, column_bool(from, row));
    case TYPE_LIST:
    case TYPE_STRUCT:
        return copy_nested(b, from, row);
    default: {
        size_t width = type_width(b->field->type);
        TRY(buffer_append(&b->values, (const char *)from->values + (size_t)row * width, width));
        return count(b, 1);
    }
    }
}

int batch_builder_init(struct batch_builder *bb, const struct schema *schema, struct error *err)
{
    *bb = (struct batch_builder){.schema = schema_ref(schema)};
    bb->columns = ARENA_ARRAY(&bb->arena, struct builder, (size_t)schema->n_fields + 1);
    if (!bb->columns)
        return error_memory(err);
    for (int i = 0; i < schema->n_fields; i++)
        if (builder_init(&bb->columns[i], &schema->fields[i]) < 0)
            return error_memory(err);
    return 0;
}

void batch_builder_done(struct batch_builder *bb)
{
    for (int i = 0; bb->columns && i < bb->schema->n_fields; i++)
        if (bb->columns[i].field)
            builder_done(&bb->columns[i]);
    schema_unref(bb->schema);
    arena_done(&bb->arena);
    *bb = (struct batch_builder){0};
}

int64_t batch_builder_rows(const struct batch_builder *bb)
{
    return bb->schema->n_fields ? bb->columns[0].length : 0;
}

static size_t builder_bytes(const struct builder *b)
{
    size_t bytes = b->validity.len + b->offsets.len + b->values.len;
    for (int i = 0; i < b->field->n_children; i++)
        bytes += builder_bytes(&b->children[i]);
    return bytes;
}

size_t batch_builder_bytes(const struct batch_builder *bb)
{
    size_t bytes = 0;
    for (int i = 0; i < bb->schema->n_fields; i++)
        bytes += builder_bytes(&bb->columns[i]);
    return bytes;
}

void batch_builder_reset(struct batch_builder *bb)
{
    for (int i = 0; i < bb->schema->n_fields; i++)
        builder_reset(&bb->columns[i]);
}

/* Memory of a buffer moves to the arena; an empty one is a valid pointer all the same. */
static void *hand_over(struct arena *a, struct buffer *b)
{
    size_t len = b->len;
    void *data = buffer_take(b);
    if (!data)
        return arena_zalloc(a, 8);
    return arena_adopt(a, data, len) < 0 ? NULL : data;
}

static int column_finish(struct column *c, struct builder *b, struct arena *a)
{
    const struct field *f = b->field;
    if (has_offsets(f->type))
        TRY(offsets_start(b));
    *c = (struct column){.length = b->length, .null_count = b->null_count};
    if (b->validity.len && !(c->validity = hand_over(a, &b->validity)))
        return ERR_MEMORY;
    if (has_offsets(f->type) && !(c->offsets = hand_over(a, &b->offsets)))
        return ERR_MEMORY;
    if (!(c->values = hand_over(a, &b->values)))
        return ERR_MEMORY;
    c->children = ARENA_ARRAY(a, struct column, (size_t)f->n_children + 1);
    if (!c->children)
        return ERR_MEMORY;
    for (int i = 0; i < f->n_children; i++)
        TRY(column_finish(&c->children[i], &b->children[i], a));
    b->length = b->null_count = 0;
    return 0;
}

static int lengths_agree(const struct batch_builder *bb, struct error *err)
{
    for (int i = 1; i < bb->schema->n_fields; i++)
        if (bb->columns[i].length != bb->columns[0].length)
            return error_set(err, ERR_BUG, "column '%s' has %lld values, '%s' has %lld",
                             bb->schema->fields[i].name.ptr, (long long)bb->columns[i].length,
                             bb->schema->fields[0].name.ptr, (long long)bb->columns[0].length);
    return 0;
}

int batch_builder_finish(struct batch_builder *bb, struct batch **ret, struct error *err)
{
    TRY(lengths_agree(bb, err));
    struct batch *b = calloc(1, sizeof *b);
    if (!b)
        return error_memory(err);
    b->schema = schema_ref(bb->schema);
    b->n_rows = batch_builder_rows(bb);
    b->columns = ARENA_ARRAY(&b->arena, struct column, (size_t)b->schema->n_fields + 1);
    int code = b->columns ? 0 : ERR_MEMORY;
    for (int i = 0; code == 0 && i < b->schema->n_fields; i++)
        code = column_finish(&b->columns[i], &bb->columns[i], &b->arena);
    if (code < 0) {
        batch_free(b);
        return error_memory(err);
    }
    *ret = b;
    return 0;
}

int batch_insert_columns(struct batch *b, struct schema *schema, int at, struct builder *cols,
                         int n_cols, struct error *err)
{
    int old = b->schema->n_fields;
    struct column *columns = ARENA_ARRAY(&b->arena, struct column, (size_t)(old + n_cols) + 1);
    if (!columns)
        return error_memory(err);
    for (int i = 0; i < old; i++)
        columns[i < at ? i : i + n_cols] = b->columns[i];
    for (int i = 0; i < n_cols; i++) {
        if (cols[i].length != b->n_rows)
            return error_set(err, ERR_BUG, "a column of %lld values for %lld rows",
                             (long long)cols[i].length, (long long)b->n_rows);
        if (column_finish(&columns[at + i], &cols[i], &b->arena) < 0)
            return error_memory(err);
    }
    schema_ref(schema);
    schema_unref(b->schema);
    b->schema = schema;
    b->columns = columns;
    return 0;
}
