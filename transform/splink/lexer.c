#include "transform/splink/lexer.h"

#include <stdlib.h>

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_name(char c)
{
    char lower = (char)(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || c == '_' || is_digit(c) || (unsigned char)c >= 0x80;
}

static void skip_space(struct sql_lexer *l)
{
    while (l->rest.len && is_space(l->rest.ptr[0]))
        l->rest = slice_of(l->rest.ptr + 1, l->rest.len - 1);
}

static int cut(struct sql_lexer *l, enum sql_token_kind kind, size_t len)
{
    l->token = (struct sql_token){.kind = kind, .text = slice_of(l->rest.ptr, len)};
    l->rest = slice_of(l->rest.ptr + len, l->rest.len - len);
    return 0;
}

static int unknown(struct sql_lexer *l)
{
    l->token = (struct sql_token){.kind = SQL_SYMBOL, .text = l->rest};
    return ERR_DATA;
}

/* Text between quotes: a quote twice is one, and Spark's strings have backslashes. */
static int quoted(struct sql_lexer *l, enum sql_token_kind kind)
{
    const char *s = l->rest.ptr;
    char quote = s[0];
    int escapes = kind == SQL_STRING && l->dialect == SQL_SPARK;
    char *out = arena_alloc(l->arena, l->rest.len + 1);
    size_t n = 0, i = 1;
    if (!out)
        return unknown(l);
    for (; i < l->rest.len; i++) {
        if (escapes && s[i] == '\\' && i + 1 < l->rest.len)
            i++;
        else if (s[i] == quote && i + 1 < l->rest.len && s[i + 1] == quote)
            i++;
        else if (s[i] == quote)
            break;
        out[n++] = s[i];
    }
    if (i == l->rest.len)
        return unknown(l);
    cut(l, kind, i + 1);
    l->token.text = slice_of(out, n);
    return 0;
}

static int numeral(struct sql_lexer *l)
{
    char copy[48], *end;
    size_t n = 0;
    const char *s = l->rest.ptr;
    while (n < l->rest.len && n < sizeof copy - 1 &&
           (is_digit(s[n]) || s[n] == '.' || s[n] == 'e' || s[n] == 'E' ||
            (n && (s[n] == '+' || s[n] == '-') && (s[n - 1] | 0x20) == 'e')))
        n++;
    memcpy(copy, s, n);
    copy[n] = 0;
    double number = strtod(copy, &end);
    if (end != copy + n)
        return unknown(l);
    cut(l, SQL_NUMERAL, n);
    l->token.number = number;
    return 0;
}

static int symbol(struct sql_lexer *l)
{
    static const char *const pairs[] = {"<=", ">=", "<>", "!=", "==", "||", "::", "->", "//"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (slice_starts(l->rest, slice_str(pairs[i])))
            return cut(l, SQL_SYMBOL, 2);
    return strchr("()[],.=<>+-*/%", l->rest.ptr[0]) ? cut(l, SQL_SYMBOL, 1) : unknown(l);
}

void sql_lexer_init(struct sql_lexer *l, struct slice text, enum sql_dialect dialect,
                    struct arena *arena)
{
    *l = (struct sql_lexer){.rest = text, .dialect = dialect, .arena = arena};
}

int sql_lexer_next(struct sql_lexer *l)
{
    skip_space(l);
    if (l->rest.len == 0)
        return cut(l, SQL_END, 0);
    char c = l->rest.ptr[0];
    if (c == 0)
        return unknown(l);
    if (c == '\'')
        return quoted(l, SQL_STRING);
    if (c == '"' || c == '`')
        return quoted(l, c == '"' && l->dialect == SQL_SPARK ? SQL_STRING : SQL_QUOTED);
    if (is_digit(c) || (c == '.' && l->rest.len > 1 && is_digit(l->rest.ptr[1])))
        return numeral(l);
    if (!is_name(c))
        return symbol(l);
    size_t n = 1;
    while (n < l->rest.len && is_name(l->rest.ptr[n]))
        n++;
    return cut(l, SQL_WORD, n);
}

int sql_token_is(const struct sql_token *t, const char *text)
{
    return (t->kind == SQL_WORD || t->kind == SQL_SYMBOL) &&
           slice_equal_nocase(t->text, slice_str(text));
}
