/* Functions of text: positions and lengths are of characters. */
#include <stdlib.h>
#include <unicode/uchar.h>

#include "transform/splink/functions.h"
#include "transform/splink/value.h"

static struct slice text_of(struct sql_scope *s, const struct sql_value *v)
{
    return sql_to_text(v, s->arena);
}

/* A text, or null when there is none. */
static int give(struct slice s, struct sql_value *ret)
{
    *ret = s.ptr ? sql_text_value(s) : (struct sql_value){0};
    return 0;
}

typedef UChar32 rune_fn(UChar32 c);

static int map_runes(struct sql_scope *scope, const struct sql_value *arg, rune_fn *fn,
                     struct sql_value *ret)
{
    struct slice s = text_of(scope, arg);
    char *out = arena_alloc(scope->arena, s.len * 4 + 1);
    size_t n = 0, step;
    uint32_t rune;
    if (!out)
        return ERR_MEMORY;
    while ((step = slice_utf8_next(s, &rune)) > 0) {
        n += utf8_put((uint32_t)fn((UChar32)rune), out + n);
        s = slice_of(s.ptr + step, s.len - step);
    }
    return give(slice_of(out, n), ret);
}

int sql_lower(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)n;
    return map_runes(s, args, u_tolower, ret);
}

int sql_upper(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)n;
    return map_runes(s, args, u_toupper, ret);
}

enum { TRIM_LEFT = 1, TRIM_RIGHT = 2 };

static int trim(struct sql_scope *scope, const struct sql_value *args, int ends,
                struct sql_value *ret)
{
    struct slice s = text_of(scope, args);
    while ((ends & TRIM_LEFT) && s.len && s.ptr[0] == ' ')
        s = slice_of(s.ptr + 1, s.len - 1);
    while ((ends & TRIM_RIGHT) && s.len && s.ptr[s.len - 1] == ' ')
        s.len--;
    return give(s, ret);
}

int sql_trim(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)n;
    return trim(s, args, TRIM_LEFT | TRIM_RIGHT, ret);
}

int sql_ltrim(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)n;
    return trim(s, args, TRIM_LEFT, ret);
}

int sql_rtrim(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)n;
    return trim(s, args, TRIM_RIGHT, ret);
}

static double count_runes(struct slice s)
{
    double n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    return n;
}

/* Characters first .. last (from 0, last not included) of s. */
static struct slice runes_between(struct slice s, double first, double last)
{
    size_t from = s.len, to = s.len;
    double at = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (((unsigned char)s.ptr[i] & 0xc0) == 0x80)
            continue;
        if (at >= last && to == s.len)
            to = i;
        if (at >= first && from == s.len)
            from = i;
        at++;
    }
    return from < to ? slice_of(s.ptr + from, to - from) : SLICE_LIT("");
}

/* Positions count from 1, negative ones from the end; position 0 stands before the first. */
int sql_substr(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct slice s = text_of(scope, &args[0]);
    double from, len = 1e18;
    if (!s.ptr || !sql_to_number(&args[1], &from) || (n > 2 && !sql_to_number(&args[2], &len)))
        return give(slice_of(NULL, 0), ret);
    double first = from > 0   ? from - 1
                   : from < 0 ? count_runes(s) + from
                              : (scope->dialect == SQL_SPARK ? 0 : -1);
    double last = first + len;
    return give(runes_between(s, first < 0 ? 0 : first, last < 0 ? 0 : last), ret);
}

int sql_left(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct slice s = text_of(scope, &args[0]);
    double len;
    (void)n;
    if (!s.ptr || !sql_to_number(&args[1], &len))
        return give(slice_of(NULL, 0), ret);
    return give(runes_between(s, 0, len < 0 ? count_runes(s) + len : len), ret);
}

int sql_right(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct slice s = text_of(scope, &args[0]);
    double len, all = count_runes(s);
    (void)n;
    if (!s.ptr || !sql_to_number(&args[1], &len))
        return give(slice_of(NULL, 0), ret);
    return give(runes_between(s, len < 0 ? -len : all - len, all), ret);
}

int sql_length(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)n;
    *ret = sql_number(args[0].type == SQL_LIST ? args[0].n : count_runes(text_of(scope, args)));
    return 0;
}

static int join(struct sql_scope *scope, struct slice with, const struct sql_value *args, int n,
                struct sql_value *ret)
{
    struct buffer out = {0};
    int some = 0, code = 0;
    for (int i = 0; i < n && code == 0; i++) {
        struct slice s = text_of(scope, &args[i]);
        if (!s.ptr)
            continue;
        code = some++ ? buffer_slice(&out, with) : 0;
        code = code < 0 ? code : buffer_slice(&out, s);
    }
    if (code == 0)
        code = give(arena_copy(scope->arena, buffer_view(&out)), ret);
    buffer_done(&out);
    return code < 0 ? ERR_MEMORY : 0;
}

/* Spark's concat of a null is null; DuckDB's leaves it out. */
int sql_concat(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    for (int i = 0; scope->dialect == SQL_SPARK && i < n; i++)
        if (sql_is_null(&args[i]))
            return give(slice_of(NULL, 0), ret);
    return join(scope, SLICE_LIT(""), args, n, ret);
}

/* concat_ws: the first argument is what stands between. */
int sql_join(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct slice with = text_of(scope, &args[0]);
    return with.ptr ? join(scope, with, args + 1, n - 1, ret) : give(with, ret);
}

/* Where needle first stands in s, or s.len. */
static size_t find(struct slice s, struct slice needle)
{
    for (size_t i = 0; needle.len && i + needle.len <= s.len; i++)
        if (memcmp(s.ptr + i, needle.ptr, needle.len) == 0)
            return i;
    return s.len;
}

int sql_replace(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct slice s = text_of(scope, &args[0]), needle = text_of(scope, &args[1]);
    struct slice with = n > 2 ? text_of(scope, &args[2]) : SLICE_LIT("");
    struct buffer out = {0};
    int code = s.ptr && needle.ptr && with.ptr ? 0 : ERR_MEMORY;
    while (code == 0 && s.len) {
        size_t at = find(s, needle);
        int found = at < s.len;
        code = buffer_append(&out, s.ptr, at);
        if (code == 0 && found)
            code = buffer_slice(&out, with);
        at += found ? needle.len : 0;
        s = slice_of(s.ptr + at, s.len - at);
    }
    if (code == 0)
        code = give(arena_copy(scope->arena, buffer_view(&out)), ret);
    buffer_done(&out);
    return code < 0 ? ERR_MEMORY : 0;
}

int sql_split_part(struct sql_scope *scope, const struct sql_value *args, int n,
                   struct sql_value *ret)
{
    struct slice s = text_of(scope, &args[0]), by = text_of(scope, &args[1]);
    double part;
    (void)n;
    if (!s.ptr || !by.ptr || !sql_to_number(&args[2], &part))
        return give(slice_of(NULL, 0), ret);
    for (double i = 1; part >= 1; i++) {
        size_t at = find(s, by);
        if (i >= part)
            return give(slice_of(s.ptr, at), ret);
        if (at == s.len)
            break;
        s = slice_of(s.ptr + at + by.len, s.len - at - by.len);
    }
    return give(SLICE_LIT(""), ret);
}

int sql_reverse(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct slice s = text_of(scope, &args[0]);
    char *out = arena_alloc(scope->arena, s.len + 1);
    size_t at = s.len, step;
    uint32_t rune;
    (void)n;
    if (!out)
        return ERR_MEMORY;
    struct slice rest = s;
    while ((step = slice_utf8_next(rest, &rune)) > 0) {
        memcpy(out + (at -= step), rest.ptr, step);
        rest = slice_of(rest.ptr + step, rest.len - step);
    }
    return give(slice_of(out, s.len), ret);
}

/* % any run, _ one character. The last % is all that need be gone back to. */
static int is_like(struct slice s, struct slice p)
{
    size_t i = 0, j = 0, star = SIZE_MAX, from = 0;
    while (i < s.len) {
        if (j < p.len && p.ptr[j] == '%') {
            star = j++;
            from = i;
        } else if (j < p.len && (p.ptr[j] == '_' || p.ptr[j] == s.ptr[i])) {
            i++;
            while (p.ptr[j] == '_' && i < s.len && ((unsigned char)s.ptr[i] & 0xc0) == 0x80)
                i++;
            j++;
        } else if (star != SIZE_MAX) {
            j = star + 1;
            i = ++from;
        } else {
            return 0;
        }
    }
    while (j < p.len && p.ptr[j] == '%')
        j++;
    return j == p.len;
}

int sql_like(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)n;
    *ret = sql_bool(is_like(text_of(scope, &args[0]), text_of(scope, &args[1])));
    return 0;
}

int sql_ilike(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct sql_value lower[2];
    TRY(sql_lower(scope, &args[0], 1, &lower[0]));
    TRY(sql_lower(scope, &args[1], 1, &lower[1]));
    return sql_like(scope, lower, n, ret);
}

int sql_starts_with(struct sql_scope *scope, const struct sql_value *args, int n,
                    struct sql_value *ret)
{
    (void)n;
    *ret = sql_bool(slice_starts(text_of(scope, &args[0]), text_of(scope, &args[1])));
    return 0;
}

int sql_contains_text(struct sql_scope *scope, const struct sql_value *args, int n,
                      struct sql_value *ret)
{
    struct slice s = text_of(scope, &args[0]), needle = text_of(scope, &args[1]);
    (void)n;
    *ret = sql_bool(needle.len == 0 || find(s, needle) < s.len);
    return 0;
}
