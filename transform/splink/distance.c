/* String distances exactly as DuckDB defines them: over bytes. For Spark, whose strings are of
 * characters, the characters of the two strings are renamed to bytes first.
 *
 * Levenshtein by Myers' bit vectors where the shorter string has at most 64 bytes; Damerau's
 * distance is the unrestricted one (a pair may be swapped and edited in between); Jaro matches
 * each byte of the second string with the first free one in reach, and halves transpositions
 * rounding down; Winkler's bonus of .1 per byte of a common prefix of at most four bytes is given
 * above .7; Jaccard is over the sets of bytes. */
#include <stdlib.h>

#include "transform/splink/functions.h"
#include "transform/splink/value.h"

struct strings {
    const unsigned char *a, *b;
    size_t n, m; /* lengths */
};

struct renaming {
    uint32_t runes[256];
    int n;
};

/* A character's byte; those past the 255th different one share the last. */
static unsigned char rename_rune(struct renaming *r, uint32_t rune)
{
    for (int i = 0; i < r->n; i++)
        if (r->runes[i] == rune)
            return (unsigned char)i;
    if (r->n == 256)
        return 255;
    r->runes[r->n] = rune;
    return (unsigned char)r->n++;
}

static struct slice renamed(struct renaming *r, struct slice s, struct arena *a)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0, step;
    uint32_t rune;
    if (!out)
        return slice_of(NULL, 0);
    while ((step = slice_utf8_next(s, &rune)) > 0) {
        out[n++] = (char)rename_rune(r, rune);
        s = slice_of(s.ptr + step, s.len - step);
    }
    return slice_of(out, n);
}

static int is_ascii(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] & 0x80)
            return 0;
    return 1;
}

static int take_strings(struct sql_scope *s, const struct sql_value *args, struct strings *ret)
{
    struct slice a = sql_to_text(&args[0], s->arena), b = sql_to_text(&args[1], s->arena);
    struct renaming r = {.n = 0};
    if (s->dialect == SQL_SPARK && !(is_ascii(a) && is_ascii(b))) {
        a = renamed(&r, a, s->arena);
        b = renamed(&r, b, s->arena);
    }
    if (!a.ptr || !b.ptr)
        return ERR_MEMORY;
    *ret =
        (struct strings){(const unsigned char *)a.ptr, (const unsigned char *)b.ptr, a.len, b.len};
    return 0;
}

/* Myers (1999), the whole distance; n <= 64. */
static size_t levenshtein_short(const struct strings *s)
{
    uint64_t peq[256] = {0}, plus = ~UINT64_C(0), minus = 0;
    size_t distance = s->n;
    if (s->n == 0)
        return s->m;
    uint64_t last = UINT64_C(1) << (s->n - 1);
    for (size_t i = 0; i < s->n; i++)
        peq[s->a[i]] |= UINT64_C(1) << i;
    for (size_t j = 0; j < s->m; j++) {
        uint64_t eq = peq[s->b[j]];
        uint64_t diagonal = (((eq & plus) + plus) ^ plus) | eq | minus;
        uint64_t up = minus | ~(diagonal | plus), down = plus & diagonal;
        distance += (up & last) != 0;
        distance -= (down & last) != 0;
        up = up << 1 | 1;
        down <<= 1;
        plus = down | ~(diagonal | up);
        minus = up & diagonal;
    }
    return distance;
}

static int levenshtein_long(struct sql_scope *scope, const struct strings *s, size_t *ret)
{
    uint32_t *row = arena_alloc(scope->arena, (s->n + 1) * sizeof *row);
    if (!row)
        return ERR_MEMORY;
    for (size_t i = 0; i <= s->n; i++)
        row[i] = (uint32_t)i;
    for (size_t j = 1; j <= s->m; j++) {
        uint32_t corner = row[0];
        row[0] = (uint32_t)j;
        for (size_t i = 1; i <= s->n; i++) {
            uint32_t best = corner + (s->a[i - 1] != s->b[j - 1]);
            corner = row[i];
            best = row[i] + 1 < best ? row[i] + 1 : best;
            row[i] = row[i - 1] + 1 < best ? row[i - 1] + 1 : best;
        }
    }
    *ret = row[s->n];
    return 0;
}

int sql_levenshtein(struct sql_scope *scope, const struct sql_value *args, int n,
                    struct sql_value *ret)
{
    struct strings s;
    size_t distance;
    (void)n;
    TRY(take_strings(scope, args, &s));
    if (s.n > s.m)
        s = (struct strings){s.b, s.a, s.m, s.n};
    if (s.n <= 64)
        distance = levenshtein_short(&s);
    else
        TRY(levenshtein_long(scope, &s, &distance));
    *ret = sql_number((double)distance);
    return 0;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Lowrance and Wagner (1975). d is (n + 2) by (m + 2), its first row and column a bound. */
static uint32_t damerau(const struct strings *s, uint32_t *d)
{
    size_t width = s->m + 2, last_row[256] = {0};
    uint32_t far = (uint32_t)(s->n + s->m);
    d[0] = far;
    for (size_t i = 0; i <= s->n; i++) {
        d[(i + 1) * width] = far;
        d[(i + 1) * width + 1] = (uint32_t)i;
    }
    for (size_t j = 0; j <= s->m; j++) {
        d[j + 1] = far;
        d[width + j + 1] = (uint32_t)j;
    }
    for (size_t i = 1; i <= s->n; i++) {
        size_t last_column = 0;
        for (size_t j = 1; j <= s->m; j++) {
            size_t row = last_row[s->b[j - 1]], column = last_column;
            uint32_t same = s->a[i - 1] == s->b[j - 1];
            if (same)
                last_column = j;
            uint32_t best = d[i * width + j] + !same;
            best = least(best, d[(i + 1) * width + j] + 1);
            best = least(best, d[i * width + j + 1] + 1);
            d[(i + 1) * width + j + 1] = least(
                best, d[row * width + column] + (uint32_t)((i - row - 1) + 1 + (j - column - 1)));
        }
        last_row[s->a[i - 1]] = i;
    }
    return d[(s->n + 1) * width + s->m + 1];
}

int sql_damerau(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct strings s;
    (void)n;
    TRY(take_strings(scope, args, &s));
    size_t cells;
    if (__builtin_mul_overflow(s.n + 2, s.m + 2, &cells) || cells > SIZE_MAX / 8)
        return ERR_MEMORY;
    uint32_t *d = arena_alloc(scope->arena, cells * sizeof *d);
    if (!d)
        return ERR_MEMORY;
    *ret = sql_number(damerau(&s, d));
    return 0;
}

/* Matched positions in either string, as flags. */
static size_t jaro_match(const struct strings *s, char *in_a, char *in_b)
{
    size_t longest = s->n > s->m ? s->n : s->m, matched = 0;
    size_t reach = longest / 2 > 0 ? longest / 2 - 1 : 0;
    for (size_t j = 0; j < s->m; j++) {
        size_t from = j > reach ? j - reach : 0;
        size_t to = j + reach + 1 < s->n ? j + reach + 1 : s->n;
        for (size_t i = from; i < to; i++)
            if (!in_a[i] && s->a[i] == s->b[j]) {
                in_a[i] = in_b[j] = 1;
                matched++;
                break;
            }
    }
    return matched;
}

static size_t jaro_moved(const struct strings *s, const char *in_a, const char *in_b)
{
    size_t moved = 0, i = 0;
    for (size_t j = 0; j < s->m; j++) {
        if (!in_b[j])
            continue;
        while (!in_a[i])
            i++;
        moved += s->a[i++] != s->b[j];
    }
    return moved;
}

static int jaro(struct sql_scope *scope, const struct strings *s, double *ret)
{
    char *in_a = arena_zalloc(scope->arena, s->n + s->m + 1);
    if (!in_a)
        return ERR_MEMORY;
    double matched = (double)jaro_match(s, in_a, in_a + s->n);
    *ret = 0;
    if (matched > 0) {
        double halves = (double)(jaro_moved(s, in_a, in_a + s->n) / 2);
        *ret = (matched / (double)s->n + matched / (double)s->m + (matched - halves) / matched) / 3;
    }
    return 0;
}

int sql_jaro(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct strings s;
    double x;
    (void)n;
    TRY(take_strings(scope, args, &s));
    TRY(jaro(scope, &s, &x));
    *ret = sql_number(x);
    return 0;
}

int sql_jaro_winkler(struct sql_scope *scope, const struct sql_value *args, int n,
                     struct sql_value *ret)
{
    struct strings s;
    double x;
    size_t prefix = 0;
    (void)n;
    TRY(take_strings(scope, args, &s));
    TRY(jaro(scope, &s, &x));
    while (prefix < 4 && prefix < s.n && prefix < s.m && s.a[prefix] == s.b[prefix])
        prefix++;
    if (x > .7)
        x += (double)prefix * .1 * (1 - x);
    *ret = sql_number(x);
    return 0;
}

int sql_jaccard(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct strings s;
    unsigned char in[256] = {0};
    int both = 0, any = 0;
    (void)n;
    TRY(take_strings(scope, args, &s));
    for (size_t i = 0; i < s.n; i++)
        in[s.a[i]] |= 1;
    for (size_t j = 0; j < s.m; j++)
        in[s.b[j]] |= 2;
    for (int c = 0; c < 256; c++) {
        both += in[c] == 3;
        any += in[c] != 0;
    }
    *ret = sql_number(any ? (double)both / any : 0);
    return 0;
}

int sql_hamming(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct strings s;
    size_t apart = 0;
    (void)n;
    TRY(take_strings(scope, args, &s));
    for (size_t i = 0; i < s.n && i < s.m; i++)
        apart += s.a[i] != s.b[i];
    *ret = s.n == s.m ? sql_number((double)apart) : (struct sql_value){0};
    return 0;
}
