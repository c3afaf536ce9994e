#include "connectors/parquet/rle.h"

enum { BLOCK = 256 };

void bits_get(const uint8_t *bytes, const uint8_t *end, size_t bit, int width, size_t n,
              uint32_t *ret)
{
    uint64_t mask = ((uint64_t)1 << width) - 1;
    size_t len = (size_t)(end - bytes), i = 0;
    for (; i < n && bit / 8 + 8 <= len; i++, bit += (size_t)width) {
        uint64_t word;
        memcpy(&word, bytes + bit / 8, 8);
        ret[i] = (uint32_t)(word >> bit % 8 & mask);
    }
    for (; i < n; i++, bit += (size_t)width) {
        uint64_t word = 0;
        size_t at = bit / 8;
        if (at < len)
            memcpy(&word, bytes + at, len - at < 8 ? len - at : 8);
        ret[i] = (uint32_t)(word >> bit % 8 & mask);
    }
}

void rle_reader_init(struct rle_reader *r, struct slice bytes, int width)
{
    *r = (struct rle_reader){.at = (const uint8_t *)bytes.ptr, .width = width};
    r->end = r->at + bytes.len;
}

/* The head of the next run; 1 or 0. The last packed group may be cut short by the end. */
static int next_run(struct rle_reader *r)
{
    uint64_t head = 0;
    for (int shift = 0;; shift += 7) {
        if (r->at == r->end || shift > 35)
            return 0;
        head |= (uint64_t)(*r->at & 0x7f) << shift;
        if (*r->at++ < 0x80)
            break;
    }
    uint64_t count = head >> 1, left = (uint64_t)(r->end - r->at);
    if (!(head & 1)) {
        size_t bytes = (size_t)(r->width + 7) / 8;
        if (bytes > left || !count)
            return 0;
        r->value = 0;
        memcpy(&r->value, r->at, bytes);
        r->at += bytes;
        r->run_left = count;
        return 1;
    }
    uint64_t bytes = count * (uint64_t)r->width;
    r->packed = r->at;
    r->bit = 0;
    r->packed_left = count * 8;
    if (bytes > left) {
        bytes = left;
        r->packed_left = left * 8 / (uint64_t)r->width;
    }
    r->at += bytes;
    r->packed_end = r->at;
    return r->packed_left > 0;
}

/* Up to n values of the current run, 0 when there is none. */
static size_t take(struct rle_reader *r, size_t n, uint32_t *ret)
{
    if (r->run_left) {
        n = n < r->run_left ? n : (size_t)r->run_left;
        for (size_t i = 0; i < n; i++)
            ret[i] = r->value;
        r->run_left -= n;
        return n;
    }
    n = n < r->packed_left ? n : (size_t)r->packed_left;
    if (n)
        bits_get(r->packed, r->packed_end, r->bit, r->width, n, ret);
    r->bit += n * (size_t)r->width;
    r->packed_left -= n;
    return n;
}

int rle_read(struct rle_reader *r, size_t n, uint32_t *ret)
{
    if (!r->width) {
        memset(ret, 0, n * sizeof *ret);
        return 1;
    }
    for (size_t done = 0; done < n;) {
        if (!r->run_left && !r->packed_left && !next_run(r))
            return 0;
        done += take(r, n - done, ret + done);
    }
    return 1;
}

int rle_read_bytes(struct rle_reader *r, size_t n, uint8_t *ret)
{
    uint32_t block[BLOCK];
    while (n) {
        if (!r->run_left && !r->packed_left && r->width && !next_run(r))
            return 0;
        size_t step = n;
        if (r->run_left || !r->width) {
            step = r->width && r->run_left < n ? (size_t)r->run_left : n;
            memset(ret, r->width ? (int)r->value : 0, step);
            r->run_left -= r->width ? step : 0;
        } else {
            step = take(r, n < BLOCK ? n : BLOCK, block);
            for (size_t i = 0; i < step; i++)
                ret[i] = (uint8_t)block[i];
        }
        ret += step;
        n -= step;
    }
    return 1;
}
