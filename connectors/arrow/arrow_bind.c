#include "connectors/arrow/arrow.h"
#include "connectors/arrow/arrow_array.h"

int arrow_bind_start(struct arrow_binding *b, const struct fb_table *records, int64_t *ret_rows,
                     struct error *err)
{
    b->nodes = fb_get_vector(records, 1, 16);
    b->buffers = fb_get_vector(records, 2, 16);
    b->variadic = fb_get_vector(records, 4, 8);
    b->codec = ARROW_STORED;
    struct fb_table compression = fb_get_table(records, 3);
    if (compression.doc)
        b->codec = (enum arrow_codec)fb_int(&compression, 0, 1, 0);
    if (b->codec != ARROW_STORED && b->codec != ARROW_LZ4 && b->codec != ARROW_ZSTD)
        return error_set(err, ERR_DATA, "the Arrow body is compressed with unknown codec %d",
                         (int)b->codec);
    int64_t rows = fb_int(records, 0, 8, 0);
    if (!records->doc || records->doc->bad)
        return error_set(err, ERR_DATA, "the Arrow message is damaged");
    if (rows < 0 || rows > ARROW_BATCH_ROWS)
        return error_set(err, ERR_DATA, "an Arrow batch of %lld rows: at most %d are read",
                         (long long)rows, ARROW_BATCH_ROWS);
    *ret_rows = rows;
    return 0;
}

static int damaged(const struct arrow_field *f, const char *what, struct error *err)
{
    return error_set(err, ERR_DATA, "the Arrow message is damaged: column '%.*s' %s",
                     (int)f->out->name.len, f->out->name.ptr, what);
}

/* The next buffer, stored bytes. */
static int next_stored(struct arrow_binding *b, const struct arrow_field *f,
                       struct arrow_bytes *ret, struct error *err)
{
    if (b->buffer >= b->buffers.n)
        return damaged(f, "has too few buffers", err);
    const uint8_t *extent = fb_vector_bytes(&b->buffers, b->buffer++, 16);
    int64_t at = load_i64(extent), len = load_i64(extent + 8);
    if (len == 0) {
        *ret = (struct arrow_bytes){0};
        return 0;
    }
    if (at < 0 || len < 0 || (uint64_t)at > b->body.len || (uint64_t)len > b->body.len - (size_t)at)
        return damaged(f, "has a buffer outside the message", err);
    b->end = at < b->end || b->end < 0 ? -1 : at + len;
    *ret = (struct arrow_bytes){.ptr = b->body.ptr + at, .len = (size_t)len};
    return 0;
}

static int next_buffer(struct arrow_binding *b, const struct arrow_field *f, int64_t least,
                       struct arrow_bytes *ret, struct error *err)
{
    struct arrow_bytes stored;
    TRY(next_stored(b, f, &stored, err));
    TRY(arrow_inflate(b, stored, ret, err));
    return (int64_t)ret->len < least ? damaged(f, "has a buffer that is too short", err) : 0;
}

static int next_node(struct arrow_binding *b, const struct arrow_field *f, int64_t *ret_length,
                     int64_t *ret_nulls, struct error *err)
{
    if (b->node >= b->nodes.n)
        return damaged(f, "has no length", err);
    const uint8_t *node = fb_vector_bytes(&b->nodes, b->node++, 16);
    int64_t length = load_i64(node), nulls = load_i64(node + 8);
    if (length < 0 || length > INT32_MAX || nulls < 0 || nulls > length)
        return damaged(f, "has an impossible length", err);
    *ret_length = length;
    *ret_nulls = nulls;
    return 0;
}

static int variadic_count(struct arrow_binding *b, const struct arrow_field *f, int64_t *ret,
                          struct error *err)
{
    if (b->view >= b->variadic.n)
        return damaged(f, "has no count of data buffers", err);
    int64_t n = load_i64(fb_vector_bytes(&b->variadic, b->view++, 8));
    if (n < 0 || (uint64_t)n > b->buffers.n - b->buffer)
        return damaged(f, "has an impossible count of data buffers", err);
    *ret = n;
    return 0;
}

static int bind_views(struct arrow_binding *b, struct arrow_array *a, struct error *err)
{
    TRY(next_buffer(b, a->field, 16 * a->length, &a->data[0], err));
    TRY(variadic_count(b, a->field, &a->n_variadic, err));
    a->variadic = ARENA_ARRAY(b->arena, struct arrow_bytes, (size_t)a->n_variadic + 1);
    if (!a->variadic)
        return error_memory(err);
    for (int64_t i = 0; i < a->n_variadic; i++)
        TRY(next_buffer(b, a->field, 0, &a->variadic[i], err));
    return 0;
}

static int bind_children(struct arrow_binding *b, int64_t length, struct arrow_array *a,
                         struct error *err)
{
    const struct arrow_field *f = a->field;
    a->children = ARENA_ARRAY(b->arena, struct arrow_array, (size_t)f->n_children + 1);
    if (!a->children)
        return error_memory(err);
    for (int i = 0; i < f->n_children; i++)
        TRY(arrow_bind(b, &f->children[i], length, &a->children[i], err));
    return 0;
}

/* Bytes that the first data buffer needs. */
static int64_t least_bytes(const struct arrow_array *a)
{
    const struct arrow_field *f = a->field;
    if (f->coded)
        return a->length * f->code_width;
    if (f->kind == ARROW_BOOL)
        return (a->length + 7) / 8;
    if (f->kind == ARROW_BYTES || f->kind == ARROW_LIST)
        return a->length ? (a->length + 1) * f->width : 0;
    return a->length * f->width;
}

static int bind_values(struct arrow_binding *b, struct arrow_array *a, struct error *err)
{
    const struct arrow_field *f = a->field;
    if (f->coded)
        return next_buffer(b, f, least_bytes(a), &a->data[0], err);
    switch (f->kind) {
    case ARROW_VIEW:
        return bind_views(b, a, err);
    case ARROW_STRUCT:
        return bind_children(b, a->length, a, err);
    case ARROW_FIXED_LIST:
        if (f->width && a->length > INT32_MAX / f->width)
            return damaged(f, "has too many elements", err);
        return bind_children(b, a->length * f->width, a, err);
    case ARROW_LIST:
        TRY(next_buffer(b, f, least_bytes(a), &a->data[0], err));
        return bind_children(b, -1, a, err);
    case ARROW_BYTES:
        TRY(next_buffer(b, f, least_bytes(a), &a->data[0], err));
        return next_buffer(b, f, 0, &a->data[1], err);
    default:
        return next_buffer(b, f, least_bytes(a), &a->data[0], err);
    }
}

/* What the dictionary holds must be known by now. */
static int find_dictionary(const struct arrow_binding *b, struct arrow_array *a, struct error *err)
{
    for (int i = 0; i < b->dictionaries->n; i++)
        if (b->dictionaries->items[i].id == a->field->dictionary_id)
            a->dictionary = &b->dictionaries->items[i];
    if (!a->dictionary || a->dictionary->field->type != a->field->out->type)
        return damaged(a->field, "comes before its dictionary", err);
    return 0;
}

int arrow_bind(struct arrow_binding *b, const struct arrow_field *f, int64_t length,
               struct arrow_array *ret, struct error *err)
{
    struct arrow_array a = {.field = f};
    int64_t nulls;
    TRY(next_node(b, f, &a.length, &nulls, err));
    /* Not more rows than memory can be asked for when no bytes stand behind them. */
    if (a.length > ARROW_BATCH_ROWS && !f->width)
        return damaged(f, "has too many values", err);
    if (length >= 0 && a.length < length)
        return damaged(f, "has fewer values than rows", err);
    if (f->coded)
        TRY(find_dictionary(b, &a, err));
    if (f->kind != ARROW_NULL || f->coded) {
        TRY(next_buffer(b, f, 0, &a.validity, err));
        if (!a.validity.len && nulls)
            return damaged(f, "has nulls but does not say where", err);
        if (a.validity.len && (int64_t)a.validity.len < (a.length + 7) / 8)
            return damaged(f, "has a bitmap that is too short", err);
        if (!nulls)
            a.validity = (struct arrow_bytes){0};
        TRY(bind_values(b, &a, err));
    }
    *ret = a;
    return 0;
}

int arrow_bind_skip(struct arrow_binding *b, const struct arrow_field *f, struct error *err)
{
    int64_t length, nulls, n = 0;
    TRY(next_node(b, f, &length, &nulls, err));
    if (f->coded) {
        b->buffer += 2;
        return 0;
    }
    switch (f->kind) {
    case ARROW_NULL:
        return 0;
    case ARROW_VIEW:
        b->buffer += 2;
        if (b->buffer > b->buffers.n)
            return damaged(f, "has too few buffers", err);
        TRY(variadic_count(b, f, &n, err));
        break;
    case ARROW_STRUCT:
    case ARROW_FIXED_LIST:
        n = 1;
        break;
    case ARROW_BYTES:
        n = 3;
        break;
    default:
        n = 2;
    }
    b->buffer += (size_t)n;
    for (int i = 0; i < f->n_children; i++)
        TRY(arrow_bind_skip(b, &f->children[i], err));
    return 0;
}
