/* Regular expressions, by ICU: like RE2 they take the first alternative that fits, not the longest.
 * Patterns are compiled once a thread; backtracking is bounded in time and memory, past which a
 * text does not match. */
#include <stdlib.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include "transform/splink/functions.h"
#include "transform/splink/value.h"

enum { KEPT = 16, STEPS = 100, STACK = 1 << 20, PATTERN_MAX = 1000 };

struct sql_regexes {
    struct slice patterns[KEPT]; /* of literals: their address is their name */
    URegularExpression *compiled[KEPT];
    int n;
};

struct sql_regexes *sql_regexes_new(void)
{
    return calloc(1, sizeof(struct sql_regexes));
}

void sql_regexes_free(struct sql_regexes *r)
{
    for (int i = 0; r && i < r->n; i++)
        uregex_close(r->compiled[i]);
    free(r);
}

static URegularExpression *compile(struct slice pattern)
{
    UChar text[PATTERN_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n;
    u_strFromUTF8(text, PATTERN_MAX, &n, pattern.ptr, (int32_t)pattern.len, &status);
    URegularExpression *e = U_SUCCESS(status) ? uregex_open(text, n, 0, NULL, &status) : NULL;
    if (e) {
        uregex_setTimeLimit(e, STEPS, &status);
        uregex_setStackLimit(e, STACK, &status);
    }
    return e;
}

int sql_pattern_check(struct slice pattern, struct error *err)
{
    URegularExpression *e = pattern.len < PATTERN_MAX ? compile(pattern) : NULL;
    if (!e)
        return error_set(err, ERR_DATA, "the regular expression '%.*s' is not understood",
                         (int)(pattern.len < 200 ? pattern.len : 200), pattern.ptr);
    uregex_close(e);
    return 0;
}

static URegularExpression *compiled(struct sql_regexes *r, struct slice pattern)
{
    for (int i = 0; i < r->n; i++)
        if (r->patterns[i].ptr == pattern.ptr)
            return r->compiled[i];
    URegularExpression *e = compile(pattern);
    if (!e)
        return NULL;
    if (r->n == KEPT)
        uregex_close(r->compiled[--r->n]);
    r->patterns[r->n] = pattern;
    r->compiled[r->n++] = e;
    return e;
}

/* The text as ICU wants it, in the arena. */
static int set_text(struct sql_scope *s, URegularExpression *e, struct slice text)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar *wide = arena_alloc(s->arena, (text.len + 1) * sizeof *wide);
    int32_t n;
    if (!wide || text.len > INT32_MAX / 4)
        return ERR_MEMORY;
    u_strFromUTF8WithSub(wide, (int32_t)text.len + 1, &n, text.ptr, (int32_t)text.len, 0xfffd, NULL,
                         &status);
    uregex_setText(e, wide, n, &status);
    return U_SUCCESS(status) ? 0 : ERR_MEMORY;
}

static int narrow(struct sql_scope *s, const UChar *wide, int32_t n, struct sql_value *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    char *out = arena_alloc(s->arena, (size_t)n * 3 + 1);
    int32_t len;
    if (!out)
        return ERR_MEMORY;
    u_strToUTF8WithSub(out, n * 3 + 1, &len, wide, n, 0xfffd, NULL, &status);
    *ret = sql_text_value(slice_of(out, (size_t)len));
    return U_SUCCESS(status) ? 0 : ERR_MEMORY;
}

/* The expression set to the text; NULL when memory is out. */
static URegularExpression *ready(struct sql_scope *s, const struct sql_value *args)
{
    struct slice text = sql_to_text(&args[0], s->arena);
    URegularExpression *e = s->regexes ? compiled(s->regexes, args[1].text) : NULL;
    return e && set_text(s, e, text) == 0 ? e : NULL;
}

int sql_regexp_extract(struct sql_scope *s, const struct sql_value *args, int n,
                       struct sql_value *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    double group = s->dialect == SQL_SPARK ? 1 : 0;
    int32_t len;
    URegularExpression *e = ready(s, args);
    if (!e)
        return ERR_MEMORY;
    *ret = sql_text_value(SLICE_LIT(""));
    if (n > 2)
        sql_to_number(&args[2], &group);
    if (!(group >= 0 && group <= uregex_groupCount(e, &status)) || !uregex_find(e, 0, &status) ||
        U_FAILURE(status))
        return 0;
    int32_t from = uregex_start(e, (int32_t)group, &status);
    int32_t to = uregex_end(e, (int32_t)group, &status);
    const UChar *wide = uregex_getText(e, &len, &status);
    return U_SUCCESS(status) && from >= 0 ? narrow(s, wide + from, to - from, ret) : 0;
}

int sql_regexp_matches(struct sql_scope *s, const struct sql_value *args, int n,
                       struct sql_value *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    URegularExpression *e = ready(s, args);
    (void)n;
    if (!e)
        return ERR_MEMORY;
    *ret = sql_bool(uregex_find(e, 0, &status) && U_SUCCESS(status));
    return 0;
}

/* The replacement is taken as it is written; DuckDB replaces the first, Spark (and DuckDB with the
 * option 'g') all. */
int sql_regexp_replace(struct sql_scope *s, const struct sql_value *args, int n,
                       struct sql_value *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    struct slice with = sql_to_text(&args[2], s->arena);
    URegularExpression *e = ready(s, args);
    struct buffer out = {0};
    int all = s->dialect == SQL_SPARK || (n > 3 && slice_equal(args[3].text, SLICE_LIT("g")));
    int32_t len, at = 0, code = 0;
    struct sql_value part;
    if (!e || !with.ptr)
        return ERR_MEMORY;
    const UChar *wide = uregex_getText(e, &len, &status);
    while (code == 0 && uregex_findNext(e, &status) && U_SUCCESS(status)) {
        int32_t from = uregex_start(e, 0, &status);
        code = narrow(s, wide + at, from - at, &part);
        if (code == 0 && (buffer_slice(&out, part.text) < 0 || buffer_slice(&out, with) < 0))
            code = ERR_MEMORY;
        at = uregex_end(e, 0, &status);
        if (!all)
            break;
    }
    if (code == 0)
        code = narrow(s, wide + at, len - at, &part);
    if (code == 0 && buffer_slice(&out, part.text) < 0)
        code = ERR_MEMORY;
    if (code == 0)
        *ret = sql_text_value(arena_copy(s->arena, buffer_view(&out)));
    buffer_done(&out);
    return code;
}
