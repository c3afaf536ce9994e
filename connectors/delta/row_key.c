#include "connectors/delta/row_key.h"

#include "core/builder.h"

int row_key_sortable(const struct field *f)
{
    return f->type != TYPE_LIST && f->type != TYPE_STRUCT;
}

/* Most significant byte first, so that memcmp compares as numbers do. */
static int put_ordered(struct buffer *out, uint64_t bits, size_t width)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < width; i++)
        bytes[i] = (uint8_t)(bits >> 8 * (width - 1 - i));
    return buffer_append(out, bytes, width);
}

static int put_i64(struct buffer *out, int64_t v)
{
    return put_ordered(out, (uint64_t)v ^ UINT64_C(1) << 63, 8);
}

/* IEEE 754 numbers compare as their bits do once the sign is dealt with. -0 and 0 are one value. */
static int put_f64(struct buffer *out, double v)
{
    uint64_t bits;
    if (v == 0)
        v = 0;
    memcpy(&bits, &v, sizeof bits);
    if (v != v)
        bits = UINT64_C(0x7ff8) << 48;
    return put_ordered(out, bits >> 63 ? ~bits : bits | UINT64_C(1) << 63, 8);
}

static int put_decimal(struct buffer *out, decimal128 v)
{
    __extension__ unsigned __int128 bits = (unsigned __int128)v;
    TRY(put_ordered(out, (uint64_t)(bits >> 64) ^ UINT64_C(1) << 63, 8));
    return put_ordered(out, (uint64_t)bits, 8);
}

/* Ends in 0 0; a 0 within is 0 255, so that no string is the beginning of another. */
static int put_bytes(struct buffer *out, struct slice s)
{
    while (s.len) {
        const char *zero = memchr(s.ptr, 0, s.len);
        size_t len = zero ? (size_t)(zero - s.ptr) : s.len;
        TRY(buffer_append(out, s.ptr, len));
        if (!zero)
            break;
        TRY(buffer_append(out, "\0\xff", 2));
        s = slice_of(zero + 1, s.len - len - 1);
    }
    return buffer_append(out, "\0\0", 2);
}

static int put_list(const struct field *f, const struct column *c, int64_t row, struct buffer *out)
{
    int32_t first, n = column_list(c, row, &first);
    TRY(put_ordered(out, (uint64_t)n, 4));
    for (int32_t i = 0; i < n; i++)
        TRY(row_key_put(&f->children[0], &c->children[0], first + i, out));
    return 0;
}

static int put_struct(const struct field *f, const struct column *c, int64_t row,
                      struct buffer *out)
{
    for (int i = 0; i < f->n_children; i++)
        TRY(row_key_put(&f->children[i], &c->children[i], row, out));
    return 0;
}

int row_key_put(const struct field *f, const struct column *c, int64_t row, struct buffer *out)
{
    if (column_null(c, row))
        return buffer_putc(out, 0);
    TRY(buffer_putc(out, 1));
    switch (f->type) {
    case TYPE_BOOL:
        return buffer_putc(out, (char)column_bool(c, row));
    case TYPE_INT32:
    case TYPE_DATE:
        return put_i64(out, column_i32(c, row));
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
        return put_i64(out, column_i64(c, row));
    case TYPE_FLOAT32:
        return put_f64(out, (double)((const float *)c->values)[row]);
    case TYPE_FLOAT64:
        return put_f64(out, column_f64(c, row));
    case TYPE_DECIMAL:
        return put_decimal(out, column_decimal(c, row));
    case TYPE_LIST:
        return put_list(f, c, row, out);
    case TYPE_STRUCT:
        return put_struct(f, c, row, out);
    default:
        return put_bytes(out, column_text(f, c, row));
    }
}

int row_key_columns(const struct batch *b, int64_t row, const int *columns, int n,
                    struct buffer *out)
{
    for (int i = 0; i < n; i++) {
        int at = columns ? columns[i] : i;
        TRY(row_key_put(&b->schema->fields[at], &b->columns[at], row, out));
    }
    return 0;
}

int row_key_text(const struct field *f, struct slice text, struct buffer *out)
{
    struct builder b;
    int code = builder_init(&b, f);
    if (code == 0)
        code = builder_text(&b, text);
    struct column c = {
        .length = 1, .offsets = (int32_t *)(void *)b.offsets.data, .values = b.values.data};
    int known = code == 1 && b.null_count == 0;
    if (known)
        code = row_key_put(f, &c, 0, out);
    builder_done(&b);
    return code < 0 ? code : known;
}
