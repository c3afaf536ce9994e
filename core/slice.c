#include "core/slice.h"

#include <stdlib.h>

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;
    return (unsigned char)(u >= 'A' && u <= 'Z' ? u + 32 : u);
}

int slice_compare(struct slice a, struct slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
    if (order)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

int slice_equal_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return 0;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return 0;
    return 1;
}

int slice_starts(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && slice_equal(slice_of(s.ptr, prefix.len), prefix);
}

int slice_ends(struct slice s, struct slice suffix)
{
    return s.len >= suffix.len &&
           slice_equal(slice_of(s.ptr + s.len - suffix.len, suffix.len), suffix);
}

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice s)
{
    while (s.len && is_space(s.ptr[0]))
        s.ptr++, s.len--;
    while (s.len && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

int slice_cut(struct slice *rest, char sep, struct slice *ret_part)
{
    if (!rest->ptr)
        return 0;
    const char *at = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
    if (!at) {
        *ret_part = *rest;
        *rest = (struct slice){0};
        return 1;
    }
    size_t len = (size_t)(at - rest->ptr);
    *ret_part = slice_of(rest->ptr, len);
    *rest = slice_of(at + 1, rest->len - len - 1);
    return 1;
}

/* Bytes of the sequence that starts `s`, 0 when it is not valid (Unicode 15, table 3-7). */
static size_t sequence(const unsigned char *s, size_t len)
{
    unsigned char c = s[0];
    if (c < 0x80)
        return 1;
    if (c < 0xc2 || c > 0xf4)
        return 0;
    size_t n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (len < n)
        return 0;
    unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

size_t slice_utf8_valid(struct slice s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t i = 0;
    while (i < s.len) {
        uint64_t word;
        while (i + 8 <= s.len && (memcpy(&word, p + i, 8), (word & 0x8080808080808080u) == 0))
            i += 8;
        if (i == s.len)
            break;
        size_t n = sequence(p + i, s.len - i);
        if (!n)
            return i;
        i += n;
    }
    return i;
}

size_t slice_utf8_next(struct slice s, uint32_t *ret_rune)
{
    if (!s.len)
        return 0;
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t n = sequence(p, s.len);
    if (n == 0) {
        *ret_rune = 0xfffd;
        return 1;
    }
    uint32_t rune = n == 1 ? p[0] : p[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++)
        rune = rune << 6 | (p[i] & 0x3fu);
    *ret_rune = rune;
    return n;
}

size_t utf8_put(uint32_t rune, char out[4])
{
    if (rune < 0x80) {
        out[0] = (char)rune;
        return 1;
    }
    size_t n = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (rune & 0x3f));
        rune >>= 6;
    }
    out[0] = (char)((0xf0u << (4 - n) & 0xff) | rune);
    return n;
}

enum { NEAREST_LEN = 64 };

size_t slice_edits(struct slice a, struct slice b)
{
    size_t rows[3][NEAREST_LEN + 1];

    if (a.len > NEAREST_LEN || b.len > NEAREST_LEN)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *now = rows[i % 3], *before = rows[(i - 1) % 3], *two = rows[(i + 1) % 3];
        unsigned char ai = lower(a.ptr[i - 1]);

        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned char bj = lower(b.ptr[j - 1]);
            size_t cost = before[j - 1] + (ai != bj);
            size_t least = before[j] < now[j - 1] ? before[j] + 1 : now[j - 1] + 1;

            now[j] = cost < least ? cost : least;
            if (i > 1 && j > 1 && ai == lower(b.ptr[j - 2]) && lower(a.ptr[i - 2]) == bj &&
                two[j - 2] + 1 < now[j])
                now[j] = two[j - 2] + 1;
        }
    }
    return rows[a.len % 3][b.len];
}

const char *slice_nearest(struct slice s, const char *const *names, size_t n_names)
{
    const char *best = NULL;
    size_t limit = s.len / 3 ? s.len / 3 : 1;
    if (s.len > NEAREST_LEN)
        return NULL;
    for (size_t i = 0; i < n_names; i++) {
        struct slice name = slice_str(names[i]);
        if (name.len > NEAREST_LEN)
            continue;
        size_t d = slice_edits(s, name);
        if (d <= limit) {
            best = names[i];
            if (d == 0)
                break;
            limit = d - 1;
        }
    }
    return best;
}
