#include "transform/match/edit.h"

static struct slice cut(struct slice s)
{
    return slice_of(s.ptr, s.len > EDIT_MAX ? EDIT_MAX : s.len);
}

/* Bits 0-25 letters, 26-35 digits, 36-45 digits seen twice, 46-57 common letters seen twice, 58-63
 * the rest. */
static int bit_of(unsigned char c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? 26 + c - '0' : 58 + c % 6;
}

static int bit_of_second(int bit)
{
    static const int8_t letters[26] = {46, 0,  47, 48, 49, 0,  0,  0, 50, 0, 0, 51, 52,
                                       53, 54, 0,  0,  55, 56, 57, 0, 0,  0, 0, 0,  0};
    return bit < 26 ? letters[bit] : bit < 36 ? bit + 10 : 0;
}

uint64_t edit_mask(struct slice s)
{
    uint64_t mask = 0;
    s = cut(s);
    for (size_t i = 0; i < s.len; i++) {
        int bit = bit_of((unsigned char)s.ptr[i]), second = bit_of_second(bit);
        if (second && mask >> bit & 1)
            mask |= UINT64_C(1) << second;
        mask |= UINT64_C(1) << bit;
    }
    return mask;
}

static void masks_set(struct edit_scratch *s, struct slice a)
{
    for (size_t i = 0; i < a.len; i++)
        s->mask[(unsigned char)a.ptr[i]] |= UINT64_C(1) << i;
}

static void masks_clear(struct edit_scratch *s, struct slice a)
{
    for (size_t i = 0; i < a.len; i++)
        s->mask[(unsigned char)a.ptr[i]] = 0;
}

static int osa_columns(const struct edit_scratch *s, size_t len_a, struct slice b)
{
    uint64_t vp = ~UINT64_C(0), vn = 0, d0 = 0, before = 0, last = UINT64_C(1) << (len_a - 1);
    int distance = (int)len_a;
    for (size_t j = 0; j < b.len; j++) {
        uint64_t match = s->mask[(unsigned char)b.ptr[j]];
        uint64_t swapped = ((~d0 & match) << 1) & before;
        d0 = (((match & vp) + vp) ^ vp) | match | vn | swapped;
        uint64_t hp = vn | ~(d0 | vp), hn = d0 & vp;
        distance += (hp & last) != 0;
        distance -= (hn & last) != 0;
        hp = hp << 1 | 1;
        hn <<= 1;
        vp = hn | ~(d0 | hp);
        vn = hp & d0;
        before = match;
    }
    return distance;
}

int edit_osa(struct edit_scratch *s, struct slice a, struct slice b)
{
    a = cut(a);
    b = cut(b);
    if (a.len == 0 || b.len == 0)
        return (int)(a.len + b.len);
    masks_set(s, a);
    int distance = osa_columns(s, a.len, b);
    masks_clear(s, a);
    return distance;
}

struct jaro_flags {
    uint64_t a, b; /* places that found a partner */
};

/* Each byte of b takes the first free equal byte of a within half the longer length. */
static struct jaro_flags jaro_partners(const struct edit_scratch *s, size_t len_a, struct slice b)
{
    size_t longer = len_a > b.len ? len_a : b.len;
    size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
    struct jaro_flags f = {0, 0};
    uint64_t window = reach + 1 >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << (reach + 1)) - 1;
    for (size_t j = 0; j < b.len; j++) {
        uint64_t free_match = s->mask[(unsigned char)b.ptr[j]] & window & ~f.a;
        f.a |= free_match & -free_match;
        f.b |= (uint64_t)(free_match != 0) << j;
        window = j < reach ? window << 1 | 1 : window << 1;
    }
    return f;
}

static int jaro_transposed(const struct edit_scratch *s, struct jaro_flags f, struct slice b)
{
    int moved = 0;
    while (f.b) {
        uint64_t place_a = f.a & -f.a;
        int place_b = __builtin_ctzll(f.b);
        moved += (s->mask[(unsigned char)b.ptr[place_b]] & place_a) == 0;
        f.a ^= place_a;
        f.b &= f.b - 1;
    }
    return moved / 2;
}

static double winkler(double jaro, struct slice a, struct slice b)
{
    if (jaro <= .7)
        return jaro;
    size_t shorter = a.len < b.len ? a.len : b.len, prefix = 0;
    while (prefix < shorter && prefix < 4 && a.ptr[prefix] == b.ptr[prefix])
        prefix++;
    return jaro + .1 * (double)prefix * (1 - jaro);
}

double edit_jaro_winkler(struct edit_scratch *s, struct slice a, struct slice b)
{
    a = cut(a);
    b = cut(b);
    if (a.len == 0 || b.len == 0)
        return a.len == b.len ? 1 : 0;
    masks_set(s, a);
    struct jaro_flags f = jaro_partners(s, a.len, b);
    int common = __builtin_popcountll(f.a);
    int moved = common ? jaro_transposed(s, f, b) : 0;
    masks_clear(s, a);
    if (!common)
        return 0;
    double m = common;
    return winkler((m / (double)a.len + m / (double)b.len + (m - moved) / m) / 3, a, b);
}

double edit_winkler_at_most(struct slice a, struct slice b, uint64_t mask_a, uint64_t mask_b)
{
    a = cut(a);
    b = cut(b);
    int from_a = (int)a.len - edit_bits(mask_a & ~mask_b);
    int from_b = (int)b.len - edit_bits(mask_b & ~mask_a);
    int common = from_a < from_b ? from_a : from_b;
    if (common <= 0)
        return 0;
    double m = common;
    return winkler((m / (double)a.len + m / (double)b.len + 1) / 3, a, b);
}
