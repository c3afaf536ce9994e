#include "connectors/delta/roaring.h"

#include <stdlib.h>

enum {
    COOKIE_RUNS = 12347,
    COOKIE_PLAIN = 12346,
    CONTAINERS = 65536,
    ARRAY_MOST = 4096,   /* values of an array container */
    BITSET_BYTES = 8192, /* of a bitset container */
    OFFSETS_FROM = 4     /* containers from which a bitmap with runs has offsets */
};

struct reader {
    const uint8_t *at;
    size_t left;
    struct roaring_ranges *to;
};

/* Little-endian bytes; 0 when there are not so many. */
static int take(struct reader *r, size_t n, uint64_t *ret)
{
    if (r->left < n)
        return 0;
    *ret = 0;
    for (size_t i = 0; i < n; i++)
        *ret |= (uint64_t)r->at[i] << 8 * i;
    r->at += n;
    r->left -= n;
    return 1;
}

static int skip(struct reader *r, size_t n, const uint8_t **ret)
{
    if (r->left < n)
        return 0;
    *ret = r->at;
    r->at += n;
    r->left -= n;
    return 1;
}

/* 1, 0 when it is out of order, or ERR_MEMORY. */
static int put(struct roaring_ranges *to, int64_t first, int64_t n)
{
    struct roaring_range *last = to->n ? &to->list[to->n - 1] : NULL;
    if (last && first < last->end)
        return 0;
    to->bits += n;
    if (last && first == last->end) {
        last->end += n;
        return 1;
    }
    if (to->n == to->cap) {
        size_t cap = to->cap ? 2 * to->cap : 64;
        struct roaring_range *grown = realloc(to->list, cap * sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        to->list = grown;
        to->cap = cap;
    }
    to->list[to->n++] = (struct roaring_range){.first = first, .end = first + n};
    return 1;
}

static int read_runs(struct reader *r, int64_t base)
{
    uint64_t n, first, more;
    if (!take(r, 2, &n))
        return 0;
    for (int code; n > 0; n--) {
        if (!take(r, 2, &first) || !take(r, 2, &more) || first + more >= CONTAINERS)
            return 0;
        if ((code = put(r->to, base + (int64_t)first, (int64_t)more + 1)) <= 0)
            return code;
    }
    return 1;
}

static int read_array(struct reader *r, int64_t base, uint64_t n)
{
    uint64_t value;
    for (int code; n > 0; n--) {
        if (!take(r, 2, &value))
            return 0;
        if ((code = put(r->to, base + (int64_t)value, 1)) <= 0)
            return code;
    }
    return 1;
}

static int read_bitset(struct reader *r, int64_t base)
{
    const uint8_t *bits;
    if (!skip(r, BITSET_BYTES, &bits))
        return 0;
    for (int i = 0, code; i < CONTAINERS; i++)
        if (bits[i >> 3] >> (i & 7) & 1 && (code = put(r->to, base + i, 1)) <= 0)
            return code;
    return 1;
}

/* The number of containers, and which of them are runs (NULL: none). */
static int read_cookie(struct reader *r, uint64_t *ret_n, const uint8_t **ret_runs)
{
    uint64_t cookie;
    *ret_runs = NULL;
    if (!take(r, 4, &cookie))
        return 0;
    if (cookie == COOKIE_PLAIN)
        return take(r, 4, ret_n) && *ret_n <= CONTAINERS;
    *ret_n = (cookie >> 16) + 1;
    return (cookie & 0xffff) == COOKIE_RUNS && skip(r, (size_t)(*ret_n + 7) / 8, ret_runs);
}

static int read_bitmap(struct reader *r, int64_t base)
{
    uint64_t n, key, count;
    const uint8_t *runs, *heads, *unused;
    if (!read_cookie(r, &n, &runs) || !skip(r, (size_t)n * 4, &heads) ||
        ((!runs || n >= OFFSETS_FROM) && !skip(r, (size_t)n * 4, &unused)))
        return 0;
    struct reader head = {.at = heads, .left = (size_t)n * 4};
    for (uint64_t i = 0; i < n; i++) {
        if (!take(&head, 2, &key) || !take(&head, 2, &count))
            return 0;
        int64_t from = base + (int64_t)(key << 16);
        int code = runs && runs[i >> 3] >> (i & 7) & 1 ? read_runs(r, from)
                   : ++count <= ARRAY_MOST             ? read_array(r, from, count)
                                                       : read_bitset(r, from);
        if (code <= 0)
            return code;
    }
    return 1;
}

static int read_all(struct reader *r)
{
    uint64_t n, high;
    if (!take(r, 8, &n))
        return 0;
    for (int code; n > 0; n--) {
        if (!take(r, 4, &high) || high > INT32_MAX)
            return 0;
        if ((code = read_bitmap(r, (int64_t)(high << 32))) <= 0)
            return code;
    }
    return r->left == 0;
}

int roaring_read(struct slice bytes, struct roaring_ranges *ret, struct error *err)
{
    *ret = (struct roaring_ranges){0};
    struct reader r = {.at = (const uint8_t *)bytes.ptr, .left = bytes.len, .to = ret};
    int code = read_all(&r);
    if (code < 0)
        return error_memory(err);
    return code ? 0 : error_set(err, ERR_DATA, "not a roaring bitmap of 64 bits");
}

void roaring_done(struct roaring_ranges *r)
{
    free(r->list);
    *r = (struct roaring_ranges){0};
}
