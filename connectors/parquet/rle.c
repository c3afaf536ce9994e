#include "connectors/parquet/rle.h"

#include "core/error.h"

enum { GROUP = 8 };

static int put_varint(struct buffer *b, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        TRY(buffer_putc(b, (char)(v | 0x80)));
    return buffer_putc(b, (char)v);
}

/* The lowest bits first; `n` values make ceil(n × width / 8) bytes. */
int bits_put(struct buffer *b, const uint32_t *values, size_t n, int width)
{
    TRY(buffer_reserve(b, (n * (size_t)width + 7) / 8 + 8));
    uint8_t *out = b->data + b->len;
    uint64_t word = 0;
    int filled = 0;
    for (size_t i = 0; i < n; i++) {
        word |= (uint64_t)values[i] << filled;
        filled += width;
        if (filled >= 32) {
            memcpy(out, &word, 4);
            out += 4;
            word >>= 32;
            filled -= 32;
        }
    }
    memcpy(out, &word, 8);
    b->len += (n * (size_t)width + 7) / 8;
    return 0;
}

static int put_run(struct buffer *b, uint32_t value, size_t n, int width)
{
    TRY(put_varint(b, (uint64_t)n << 1));
    return buffer_append(b, &value, (size_t)(width + 7) / 8);
}

/* Whole groups of eight, the last one filled up with zeros. */
static int put_packed(struct buffer *b, const uint32_t *values, size_t n, int width)
{
    static const uint32_t zeros[GROUP];
    if (!n)
        return 0;
    size_t whole = n / GROUP * GROUP, rest = n - whole;
    TRY(put_varint(b, (n + GROUP - 1) / GROUP << 1 | 1));
    TRY(bits_put(b, values, whole, width));
    if (!rest)
        return 0;
    uint32_t last[GROUP];
    memcpy(last, zeros, sizeof last);
    memcpy(last, values + whole, rest * sizeof *last);
    return bits_put(b, last, GROUP, width);
}

static size_t run_length(const uint32_t *values, size_t n)
{
    size_t i = 1;
    while (i < n && values[i] == values[0])
        i++;
    return i;
}

/* A run is worth its header from eight values on. Packed groups can only be whole, so runs are
 * looked for where a group begins. */
int rle_put(struct buffer *b, const uint32_t *values, size_t n, int width)
{
    size_t start = 0, at = 0;
    while (at < n) {
        size_t run = run_length(values + at, n - at);
        if (run < GROUP) {
            at = n - at < GROUP ? n : at + GROUP;
            continue;
        }
        TRY(put_packed(b, values + start, at - start, width));
        TRY(put_run(b, values[at], run, width));
        start = at += run;
    }
    return put_packed(b, values + start, n - start, width);
}

static int all_equal(const uint8_t *values, size_t n)
{
    return n == 0 || memcmp(values, values + 1, n - 1) == 0;
}

/* Levels are mostly one run: only the others are widened, all at once so that runs stay whole. */
int rle_put_levels(struct buffer *b, const uint8_t *values, size_t n, int width)
{
    if (!n)
        return 0;
    if (all_equal(values, n))
        return put_run(b, values[0], n, width);
    struct buffer wide = {0};
    int code = buffer_reserve(&wide, n * sizeof(uint32_t));
    if (code == 0) {
        uint32_t *to = (uint32_t *)(void *)wide.data;
        for (size_t i = 0; i < n; i++)
            to[i] = values[i];
        code = rle_put(b, to, n, width);
    }
    buffer_done(&wide);
    return code;
}
