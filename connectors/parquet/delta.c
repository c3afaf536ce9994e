#include "connectors/parquet/delta.h"

#include "core/error.h"

static int get_varint(struct slice *s, uint64_t *ret)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 64 && s->len; shift += 7) {
        uint8_t byte = (uint8_t)*s->ptr++;
        s->len--;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *ret = v;
            return 1;
        }
    }
    return 0;
}

static int get_zigzag(struct slice *s, int64_t *ret)
{
    uint64_t v;
    if (!get_varint(s, &v))
        return 0;
    *ret = (int64_t)(v >> 1 ^ (0 - (v & 1)));
    return 1;
}

struct delta_head {
    uint64_t block, miniblocks, count;
    int64_t first;
};

static int get_head(struct slice *s, size_t max, struct delta_head *h)
{
    if (!get_varint(s, &h->block) || !get_varint(s, &h->miniblocks) || !get_varint(s, &h->count) ||
        !get_zigzag(s, &h->first))
        return 0;
    return h->count <= max && h->block && h->block % 128 == 0 && h->block <= 1 << 20 &&
           h->miniblocks && h->miniblocks <= 512 && h->block % h->miniblocks == 0 &&
           h->block / h->miniblocks % 32 == 0;
}

/* 64 bits from bit `bit` on, fewer at the end; up to 64 wide. */
static uint64_t get_bits(struct slice s, size_t bit, int width)
{
    uint64_t v = 0;
    for (int got = 0; got < width;) {
        size_t at = (bit + (size_t)got) / 8;
        int from = (int)((bit + (size_t)got) % 8);
        uint64_t byte = at < s.len ? (uint8_t)s.ptr[at] : 0;
        v |= byte >> from << got;
        got += 8 - from;
    }
    return width == 64 ? v : v & (((uint64_t)1 << width) - 1);
}

struct delta_run {
    struct buffer *to;
    int width;
    uint64_t value, left;
};

static int put_value(struct delta_run *r, uint64_t value)
{
    r->value = value;
    r->left--;
    return buffer_append(r->to, &value, (size_t)r->width);
}

static int get_block(struct slice *s, const struct delta_head *h, struct delta_run *r)
{
    int64_t min;
    if (!get_zigzag(s, &min) || h->miniblocks > s->len)
        return 0;
    const uint8_t *widths = (const uint8_t *)s->ptr;
    uint64_t per = h->block / h->miniblocks;
    *s = slice_of(s->ptr + h->miniblocks, s->len - (size_t)h->miniblocks);
    for (uint64_t i = 0; i < h->miniblocks && r->left; i++) {
        int width = widths[i];
        uint64_t n = r->left < per ? r->left : per, need = (n * (uint64_t)width + 7) / 8;
        if (width > 64 || need > s->len)
            return 0;
        for (uint64_t k = 0; k < n; k++)
            TRY(put_value(r, r->value + (uint64_t)min +
                                 get_bits(*s, (size_t)(k * (uint64_t)width), width)));
        uint64_t whole = per * (uint64_t)width / 8;
        whole = whole > s->len ? s->len : whole;
        *s = slice_of(s->ptr + whole, s->len - (size_t)whole);
    }
    return 1;
}

/* Leaves *s behind the last block. */
static int get_ints(struct slice *s, int width, size_t max, struct buffer *ret)
{
    struct delta_head h;
    if (!get_head(s, max, &h))
        return 0;
    struct delta_run r = {.to = ret, .width = width, .left = h.count};
    if (r.left)
        TRY(put_value(&r, (uint64_t)h.first));
    while (r.left) {
        int code = get_block(s, &h, &r);
        if (code <= 0)
            return code;
    }
    return 1;
}

int delta_ints(struct slice bytes, int width, size_t max, struct buffer *ret)
{
    return get_ints(&bytes, width, max, ret);
}

static uint32_t length_at(const struct buffer *lengths, size_t i)
{
    uint32_t v;
    memcpy(&v, lengths->data + i * sizeof v, sizeof v);
    return v;
}

static int put_lengths(const struct buffer *lengths, struct slice bytes, struct buffer *ret)
{
    for (size_t i = 0; i < lengths->len / 4; i++) {
        uint32_t len = length_at(lengths, i);
        if (len > bytes.len)
            return 0;
        TRY(buffer_append(ret, &len, sizeof len));
        TRY(buffer_append(ret, bytes.ptr, len));
        bytes = slice_of(bytes.ptr + len, bytes.len - len);
    }
    return 1;
}

int delta_length_bytes(struct slice bytes, size_t max, struct buffer *ret)
{
    struct buffer lengths = {0};
    int code = get_ints(&bytes, 4, max, &lengths);
    if (code > 0)
        code = put_lengths(&lengths, bytes, ret);
    buffer_done(&lengths);
    return code;
}

/* Each value is a prefix of the one before and a suffix of its own. */
static int put_joined(const struct buffer *prefixes, const struct buffer *lengths,
                      struct slice bytes, int width, struct buffer *ret)
{
    size_t before = 0, before_len = 0;
    if (prefixes->len != lengths->len)
        return 0;
    for (size_t i = 0; i < lengths->len / 4; i++) {
        uint32_t prefix = length_at(prefixes, i), len = length_at(lengths, i);
        if (len > bytes.len || prefix > before_len || (width && prefix + len != (uint32_t)width))
            return 0;
        uint32_t whole = prefix + len;
        if (!width)
            TRY(buffer_append(ret, &whole, sizeof whole));
        size_t at = ret->len;
        TRY(buffer_reserve(ret, whole));
        if (prefix)
            memcpy(ret->data + at, ret->data + before, prefix);
        if (len)
            memcpy(ret->data + at + prefix, bytes.ptr, len);
        ret->len += whole;
        bytes = slice_of(bytes.ptr + len, bytes.len - len);
        before = at;
        before_len = whole;
    }
    return 1;
}

int delta_bytes(struct slice bytes, int width, size_t max, struct buffer *ret)
{
    struct buffer prefixes = {0}, lengths = {0};
    int code = get_ints(&bytes, 4, max, &prefixes);
    if (code > 0)
        code = get_ints(&bytes, 4, max, &lengths);
    if (code > 0)
        code = put_joined(&prefixes, &lengths, bytes, width, ret);
    buffer_done(&prefixes);
    buffer_done(&lengths);
    return code;
}

int byte_stream_split(struct slice bytes, int width, struct buffer *ret)
{
    size_t n = bytes.len / (size_t)width;
    if (n * (size_t)width != bytes.len)
        return 0;
    TRY(buffer_reserve(ret, bytes.len));
    uint8_t *to = ret->data + ret->len;
    for (int k = 0; k < width; k++)
        for (size_t i = 0; i < n; i++)
            to[i * (size_t)width + (size_t)k] = (uint8_t)bytes.ptr[(size_t)k * n + i];
    ret->len += bytes.len;
    return 1;
}
