#include "connectors/arrow/arrow_schema.h"

/* Type tags of the union in Schema.fbs. */
static const uint8_t tags[] = {
    [TYPE_BOOL] = 6,    [TYPE_INT32] = 2,      [TYPE_INT64] = 2, [TYPE_FLOAT32] = 3,
    [TYPE_FLOAT64] = 3, [TYPE_DECIMAL] = 7,    [TYPE_UTF8] = 5,  [TYPE_BINARY] = 4,
    [TYPE_DATE] = 8,    [TYPE_TIMESTAMP] = 10, [TYPE_LIST] = 12, [TYPE_STRUCT] = 13,
    [TYPE_DICT] = 5,
};

static int put_timestamp(struct buffer *b, size_t at)
{
    struct fb_slot slots[] = {{.size = 2, .value = 2}, {.size = 4}};
    TRY(fb_put_table(b, at, slots, 2));
    return fb_put_string(b, slots[1].at, SLICE_LIT("UTC"));
}

static int put_type(struct buffer *b, size_t at, const struct field *f)
{
    switch (f->type) {
    case TYPE_INT32:
    case TYPE_INT64: {
        struct fb_slot slots[] = {{.size = 4, .value = f->type == TYPE_INT32 ? 32 : 64},
                                  {.size = 1, .value = 1}};
        return fb_put_table(b, at, slots, 2);
    }
    case TYPE_FLOAT32:
    case TYPE_FLOAT64: {
        struct fb_slot slots[] = {{.size = 2, .value = f->type == TYPE_FLOAT32 ? 1 : 2}};
        return fb_put_table(b, at, slots, 1);
    }
    case TYPE_DECIMAL: {
        struct fb_slot slots[] = {{.size = 4, .value = f->precision},
                                  {.size = 4, .value = f->scale},
                                  {.size = 4, .value = 128}};
        return fb_put_table(b, at, slots, 3);
    }
    case TYPE_DATE: {
        struct fb_slot slots[] = {{.size = 2, .value = 0}};
        return fb_put_table(b, at, slots, 1);
    }
    case TYPE_TIMESTAMP:
        return put_timestamp(b, at);
    default:
        return fb_put_table(b, at, NULL, 0);
    }
}

static int put_fields(struct buffer *b, size_t at, const struct field *fields, int n);

/* A dictionary's own child is its values: it is sent as plain utf8. */
static int put_field(struct buffer *b, size_t at, const struct field *f)
{
    int n_children = f->type == TYPE_DICT ? 0 : f->n_children;
    struct fb_slot slots[] = {{.size = 4},
                              {.size = 1, .value = 1},
                              {.size = 1, .value = tags[f->type]},
                              {.size = 4},
                              {.size = 0},
                              {.size = 4}};
    TRY(fb_put_table(b, at, slots, 6));
    TRY(fb_put_string(b, slots[0].at, f->name));
    TRY(put_type(b, slots[3].at, f));
    return put_fields(b, slots[5].at, f->children, n_children);
}

static int put_fields(struct buffer *b, size_t at, const struct field *fields, int n)
{
    size_t first;
    TRY(fb_put_vector(b, at, (size_t)n, 4, &first));
    for (int i = 0; i < n; i++)
        TRY(put_field(b, first + 4 * (size_t)i, &fields[i]));
    return 0;
}

int arrow_put_pairs(struct buffer *b, size_t at, const struct key_value *pairs, int n)
{
    size_t first;
    TRY(fb_put_vector(b, at, (size_t)n, 4, &first));
    for (int i = 0; i < n; i++) {
        struct fb_slot slots[] = {{.size = 4}, {.size = 4}};
        TRY(fb_put_table(b, first + 4 * (size_t)i, slots, 2));
        TRY(fb_put_string(b, slots[0].at, pairs[i].key));
        TRY(fb_put_string(b, slots[1].at, pairs[i].value));
    }
    return 0;
}

int arrow_begin_message(struct buffer *b, enum arrow_header header, int64_t body_len,
                        size_t *ret_header, size_t *ret_pairs)
{
    struct fb_slot slots[] = {{.size = 2, .value = ARROW_V5},
                              {.size = 1, .value = header},
                              {.size = 4},
                              {.size = 8, .value = body_len},
                              {.size = ret_pairs ? 4 : 0}};
    size_t root;
    buffer_reset(b);
    TRY(buffer_zeros(b, 8));
    TRY(fb_put_root(b, &root));
    TRY(fb_put_table(b, root, slots, 5));
    *ret_header = slots[2].at;
    if (ret_pairs)
        *ret_pairs = slots[4].at;
    return 0;
}

/* Padded to 64 with its prefix, so that bodies of a file stay aligned. */
int arrow_end_message(struct buffer *b)
{
    TRY(buffer_zeros(b, (64 - b->len % 64) % 64));
    uint32_t prefix[2] = {UINT32_MAX, (uint32_t)(b->len - 8)};
    memcpy(b->data, prefix, sizeof prefix);
    return 0;
}

int arrow_put_schema(struct buffer *b, const struct schema *schema)
{
    size_t header;
    TRY(arrow_begin_message(b, ARROW_SCHEMA, 0, &header, NULL));
    struct fb_slot slots[] = {{.size = 0}, {.size = 4}, {.size = schema->n_meta ? 4 : 0}};
    TRY(fb_put_table(b, header, slots, 3));
    TRY(put_fields(b, slots[1].at, schema->fields, schema->n_fields));
    if (schema->n_meta)
        TRY(arrow_put_pairs(b, slots[2].at, schema->meta, schema->n_meta));
    return arrow_end_message(b);
}
