/* Strings and numbers of JSON. */
#include "connectors/json/string.h"

#include "connectors/json/scan.h"

int walk_fault(struct json_walk *w, const char *problem)
{
    if (!w->code) {
        w->code = "bad-json";
        w->problem = w->at >= w->end ? "the record ends too early" : problem;
    }
    return ERR_DATA;
}

static int hex4(const char *p, uint32_t *ret)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)p[i], lower = c | 0x20;
        if (c >= '0' && c <= '9')
            v = v << 4 | (uint32_t)(c - '0');
        else if (lower >= 'a' && lower <= 'f')
            v = v << 4 | (uint32_t)(lower - 'a' + 10);
        else
            return 0;
    }
    *ret = v;
    return 1;
}

/* At the u of an escape: its code point, of two escapes when it takes a pair. */
static int escape_rune(struct json_walk *w, uint32_t *ret)
{
    uint32_t low;
    w->at++;
    if (w->end - w->at < 4) {
        w->at = w->end;
        return walk_fault(w, "");
    }
    if (!hex4(w->at, ret))
        return walk_fault(w, "\\u wants four hexadecimal digits");
    w->at += 4;
    if (*ret < 0xd800 || *ret > 0xdfff)
        return 0;
    if (*ret < 0xdc00 && w->end - w->at >= 6 && w->at[0] == '\\' && w->at[1] == 'u' &&
        hex4(w->at + 2, &low) && low >= 0xdc00 && low <= 0xdfff) {
        *ret = 0x10000 + ((*ret - 0xd800) << 10) + (low - 0xdc00);
        w->at += 6;
        return 0;
    }
    w->at -= 4;
    return walk_fault(w, "a lone surrogate is no character");
}

/* At a backslash: writes what the escape stands for. */
static int escape(struct json_walk *w, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    uint32_t rune;
    if (++w->at >= w->end)
        return walk_fault(w, "");
    if (*w->at == 'u') {
        TRY(escape_rune(w, &rune));
        *out += utf8_put(rune, *out);
        return 0;
    }
    const char *known = *w->at ? strchr(from, *w->at) : NULL;
    if (!known)
        return walk_fault(w, "unknown escape in a string");
    *(*out)++ = to[known - from];
    w->at++;
    return 0;
}

/* The string has escapes: unescaped into the scratch. Its length there is at most what it was. */
static int string_slow(struct json_walk *w, const char *start, struct slice *ret)
{
    /* Where the closing quote is at the latest: the next one that is not escaped. */
    const char *stop = w->at;
    while (stop < w->end && *stop != '"')
        stop += *stop == '\\' ? 2 : 1;
    if (stop > w->end)
        stop = w->end;
    char *text = arena_alloc(w->scratch, (size_t)(stop - start) + 4), *out = text;
    if (!text)
        return ERR_MEMORY;
    const char *from = start;
    for (;;) {
        size_t n = (size_t)(w->at - from);
        memcpy(out, from, n);
        out += n;
        if (w->at >= w->end || *w->at != '\\')
            break;
        TRY(escape(w, &out));
        from = w->at;
        w->at = scan_string(w->at, w->end, &w->high);
    }
    *ret = slice_of(text, (size_t)(out - text));
    return 0;
}

int walk_string(struct json_walk *w, struct slice *ret)
{
    const char *start = ++w->at;
    w->at = scan_string(start, w->end, &w->high);
    if (w->at < w->end && *w->at == '\\')
        TRY(string_slow(w, start, ret));
    else
        *ret = slice_of(start, (size_t)(w->at - start));
    if (w->at >= w->end)
        return walk_fault(w, "");
    if (*w->at != '"')
        return walk_fault(w, "a control character in a string must be escaped");
    w->at++;
    return 0;
}

static int digits(struct json_walk *w)
{
    const char *from = w->at;
    while (w->at < w->end && (unsigned char)(*w->at - '0') <= 9)
        w->at++;
    return w->at > from ? 0 : walk_fault(w, "expected a digit");
}

int walk_number(struct json_walk *w, struct slice *ret)
{
    const char *start = w->at;
    if (*w->at == '-')
        w->at++;
    if (w->at < w->end && *w->at == '0')
        w->at++;
    else
        TRY(digits(w));
    if (w->at < w->end && *w->at == '.') {
        w->at++;
        TRY(digits(w));
    }
    if (w->at < w->end && (*w->at | 0x20) == 'e') {
        w->at++;
        if (w->at < w->end && (*w->at == '+' || *w->at == '-'))
            w->at++;
        TRY(digits(w));
    }
    *ret = slice_of(start, (size_t)(w->at - start));
    return 0;
}

int walk_word(struct json_walk *w, struct slice word)
{
    size_t left = (size_t)(w->end - w->at), i = 0;
    while (i < word.len && i < left && w->at[i] == word.ptr[i])
        i++;
    if (i == word.len) {
        w->at += i;
        return 0;
    }
    w->at += i;
    return walk_fault(w, "expected a value: a string, number, object, array, true, false or null");
}

/* Behind the closing quote of the valid string that begins at p. */
static const char *string_end(const char *p, const char *end)
{
    int high = 0;
    for (p++;;) {
        p = scan_string(p, end, &high);
        if (p >= end || *p == '"')
            return p < end ? p + 1 : end;
        p += *p == '\\' ? 2 : 1;
    }
}

int walk_compact(struct json_walk *w, struct slice raw, struct slice *ret)
{
    char *text = arena_alloc(w->scratch, raw.len + 1), *out = text;
    if (!text)
        return ERR_MEMORY;
    const char *p = raw.ptr, *end = raw.ptr + raw.len;
    while (p < end) {
        const char *from = p;
        p = *p == '"' ? string_end(p, end) : p + 1;
        if (*from == ' ' || *from == '\n' || *from == '\t' || *from == '\r')
            continue;
        memcpy(out, from, (size_t)(p - from));
        out += p - from;
    }
    *ret = slice_of(text, (size_t)(out - text));
    return 0;
}
