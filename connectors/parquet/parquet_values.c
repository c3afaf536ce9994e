#include "connectors/parquet/parquet_values.h"

#include "connectors/parquet/delta.h"

enum { BLOCK = 1024, DECODED_LIMIT = 1 << 30 };

void parquet_values_done(struct parquet_values *v)
{
    buffer_done(&v->plain_copy);
    parquet_dense_done(&v->dictionary);
}

static int damaged(const struct parquet_node *leaf, struct error *err)
{
    return error_set(err, ERR_DATA, "column '%.*s' of the Parquet file has damaged values",
                     (int)leaf->out->name.len, leaf->out->name.ptr);
}

static int checked(int code, const struct parquet_node *leaf, struct error *err)
{
    return code > 0 ? 0 : code == 0 ? damaged(leaf, err) : error_memory(err);
}

int parquet_values_dictionary(struct parquet_values *v, const struct parquet_node *leaf,
                              struct slice plain, size_t n, struct error *err)
{
    parquet_dense_reset(&v->dictionary);
    v->n_dictionary = n;
    if (leaf->conversion == PARQUET_BOOL)
        return damaged(leaf, err);
    return checked(parquet_convert(leaf, &plain, n, &v->dictionary), leaf, err);
}

static int transcode(struct parquet_values *v, int encoding, struct slice bytes, size_t max)
{
    const struct parquet_element *e = v->leaf->element;
    int width = e->type == PARQUET_INT32 || e->type == PARQUET_FLOAT ? 4
                : e->type == PARQUET_FIXED                           ? e->width
                                                                     : 8;
    int is_int = e->type == PARQUET_INT32 || e->type == PARQUET_INT64;
    int is_bytes = e->type == PARQUET_BYTE_ARRAY;
    buffer_reset(&v->plain_copy);
    v->plain_copy.limit = DECODED_LIMIT;
    int code = 0;
    if (encoding == PARQUET_DELTA_BINARY_PACKED && is_int)
        code = delta_ints(bytes, width, max, &v->plain_copy);
    else if (encoding == PARQUET_DELTA_LENGTH_BYTE_ARRAY && is_bytes)
        code = delta_length_bytes(bytes, max, &v->plain_copy);
    else if (encoding == PARQUET_DELTA_BYTE_ARRAY && (is_bytes || e->type == PARQUET_FIXED))
        code = delta_bytes(bytes, is_bytes ? 0 : width, max, &v->plain_copy);
    else if (encoding == PARQUET_BYTE_STREAM_SPLIT && !is_bytes && e->type != PARQUET_BOOLEAN &&
             e->type != PARQUET_INT96)
        code = byte_stream_split(bytes, width, &v->plain_copy);
    v->plain = buffer_view(&v->plain_copy);
    return code;
}

static int start_codes(struct parquet_values *v, struct slice bytes, struct error *err)
{
    if (!bytes.len || (uint8_t)bytes.ptr[0] > 32)
        return damaged(v->leaf, err);
    v->coded = 1;
    rle_reader_init(&v->codes, slice_of(bytes.ptr + 1, bytes.len - 1), (uint8_t)bytes.ptr[0]);
    return 0;
}

/* Booleans in runs, their length in front. */
static int start_runs(struct parquet_values *v, struct slice bytes, struct error *err)
{
    uint32_t len;
    if (v->leaf->conversion != PARQUET_BOOL || bytes.len < 4)
        return damaged(v->leaf, err);
    memcpy(&len, bytes.ptr, sizeof len);
    if (len > bytes.len - 4)
        return damaged(v->leaf, err);
    v->runs = 1;
    rle_reader_init(&v->codes, slice_of(bytes.ptr + 4, len), 1);
    return 0;
}

int parquet_values_start(struct parquet_values *v, const struct parquet_node *leaf, int encoding,
                         struct slice bytes, size_t max, struct error *err)
{
    v->leaf = leaf;
    v->coded = v->runs = 0;
    v->bit = 0;
    v->plain = bytes;
    switch (encoding) {
    case PARQUET_PLAIN:
        return 0;
    case PARQUET_PLAIN_DICTIONARY:
    case PARQUET_RLE_DICTIONARY:
        return bytes.len ? start_codes(v, bytes, err) : 0; /* a page of nulls alone may be empty */
    case PARQUET_RLE:
        return bytes.len ? start_runs(v, bytes, err) : 0;
    case PARQUET_DELTA_BINARY_PACKED:
    case PARQUET_DELTA_LENGTH_BYTE_ARRAY:
    case PARQUET_DELTA_BYTE_ARRAY:
    case PARQUET_BYTE_STREAM_SPLIT:
        return bytes.len ? checked(transcode(v, encoding, bytes, max), leaf, err) : 0;
    default:
        return error_set(err, ERR_DATA,
                         "column '%.*s' is in Parquet encoding %d, which is not read",
                         (int)leaf->out->name.len, leaf->out->name.ptr, encoding);
    }
}

static int put_coded_bytes(const struct parquet_dense *d, const uint32_t *codes, size_t n,
                           struct parquet_dense *to)
{
    static const int32_t zero = 0;
    const int32_t *offsets = (const int32_t *)(const void *)d->offsets.data;
    if (!to->offsets.len)
        TRY(buffer_append(&to->offsets, &zero, sizeof zero));
    TRY(buffer_reserve(&to->offsets, n * sizeof zero));
    int32_t *out = (int32_t *)(void *)(to->offsets.data + to->offsets.len);
    for (size_t i = 0; i < n; i++) {
        int32_t from = offsets[codes[i]];
        size_t len = (size_t)(offsets[codes[i] + 1] - from);
        if (len > INT32_MAX - to->bytes.len)
            return ERR_MEMORY;
        TRY(buffer_append(&to->bytes, d->bytes.data + from, len));
        out[i] = (int32_t)to->bytes.len;
    }
    to->offsets.len += n * sizeof zero;
    return 0;
}

static int put_coded_fixed(const struct parquet_values *v, const uint32_t *codes, size_t n,
                           struct parquet_dense *to)
{
    size_t width = type_width(v->leaf->out->type);
    TRY(buffer_reserve(&to->fixed, n * width));
    uint8_t *out = to->fixed.data + to->fixed.len;
    const uint8_t *from = v->dictionary.fixed.data;
    for (size_t i = 0; i < n; i++)
        if (width == 8)
            memcpy(out + i * 8, from + codes[i] * (size_t)8, 8);
        else
            memcpy(out + i * width, from + codes[i] * width, width);
    to->fixed.len += n * width;
    return 0;
}

static int read_coded(struct parquet_values *v, size_t n, struct parquet_dense *to,
                      struct error *err)
{
    uint32_t codes[BLOCK];
    for (size_t done = 0; done < n;) {
        size_t step = n - done < BLOCK ? n - done : BLOCK;
        if (!rle_read(&v->codes, step, codes))
            return damaged(v->leaf, err);
        for (size_t i = 0; i < step; i++)
            if (codes[i] >= v->n_dictionary)
                return damaged(v->leaf, err);
        int has_bytes = v->leaf->out->type == TYPE_UTF8 || v->leaf->out->type == TYPE_BINARY;
        if ((has_bytes ? put_coded_bytes(&v->dictionary, codes, step, to)
                       : put_coded_fixed(v, codes, step, to)) < 0)
            return error_memory(err);
        done += step;
    }
    return 0;
}

static int read_bools(struct parquet_values *v, size_t n, struct parquet_dense *to,
                      struct error *err)
{
    if (buffer_reserve(&to->fixed, n) < 0)
        return error_memory(err);
    uint8_t *out = to->fixed.data + to->fixed.len;
    if (v->runs) {
        if (!rle_read_bytes(&v->codes, n, out))
            return damaged(v->leaf, err);
    } else {
        if (n > v->plain.len * 8 - v->bit)
            return damaged(v->leaf, err);
        for (size_t i = 0; i < n; i++, v->bit++)
            out[i] = (uint8_t)v->plain.ptr[v->bit / 8] >> v->bit % 8 & 1;
    }
    to->fixed.len += n;
    return 0;
}

int parquet_values_read(struct parquet_values *v, size_t n, struct parquet_dense *to,
                        struct error *err)
{
    if (!n)
        return 0;
    if (v->coded)
        return read_coded(v, n, to, err);
    if (v->leaf->conversion == PARQUET_BOOL)
        return read_bools(v, n, to, err);
    return checked(parquet_convert(v->leaf, &v->plain, n, to), v->leaf, err);
}
