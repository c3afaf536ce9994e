/* Words, numbers, strings and marks of an expression. */
#include "schemas/expression_parser.h"

int parser_fail_at(const struct parser *p, size_t at, const char *what)
{
    return error_set(p->err, ERR_CONFIG, "character %zu: %s", at + 1, what);
}

int parser_expected(const struct parser *p, const char *expected)
{
    if (p->now.kind == TOKEN_END)
        return error_set(p->err, ERR_CONFIG, "character %zu: %s expected at the end", p->now.at + 1,
                         expected);
    return error_set(p->err, ERR_CONFIG, "character %zu: %s expected, not '%.*s'", p->now.at + 1,
                     expected, (int)p->now.text.len, p->now.text.ptr);
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int begins_name(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '@' || c == '$' || c == '#' ||
           (c & 0x80);
}

static int in_name(char c)
{
    return begins_name(c) || is_digit(c) || c == '.' || c == '/' || c == '[' || c == ']' ||
           c == ':' || c == '-';
}

/* '…', "…" or `…`, a doubled quote standing for one. */
static int quoted(struct parser *p, char quote, struct token *t)
{
    char *out = arena_alloc(p->arena, p->text.len + 1);
    size_t n = 0, i = p->at + 1;
    if (!out)
        return error_memory(p->err);
    for (;; i++) {
        if (i >= p->text.len)
            return parser_fail_at(p, p->at, "the quote that opens here is not closed");
        if (p->text.ptr[i] == quote) {
            if (i + 1 >= p->text.len || p->text.ptr[i + 1] != quote)
                break;
            i++;
        }
        out[n++] = p->text.ptr[i];
    }
    t->kind = quote == '`' ? TOKEN_COLUMN : TOKEN_STRING;
    t->text = slice_of(out, n);
    p->at = i + 1;
    return 0;
}

static int number(struct parser *p, struct token *t)
{
    size_t from = p->at;
    t->kind = TOKEN_NUMBER;
    p->at++;
    while (p->at < p->text.len && (is_digit(p->text.ptr[p->at]) || p->text.ptr[p->at] == '.'))
        p->at++;
    t->text = slice_of(p->text.ptr + from, p->at - from);
    struct value v;
    if (!value_number(t->text, &v))
        return parser_fail_at(p, from, "this is no number of up to 38 digits");
    if (p->at < p->text.len && in_name(p->text.ptr[p->at]))
        return parser_fail_at(p, from, "a name that begins with a digit must stand between `…`");
    return 0;
}

static int mark(struct parser *p, struct token *t)
{
    static const char *const marks[] = {"==", "!=", "<>", "<=", ">=", "=", "<", ">",
                                        "(",  ")",  ",",  "+",  "-",  "*", "/"};
    struct slice rest = slice_of(p->text.ptr + p->at, p->text.len - p->at);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (slice_starts(rest, slice_str(marks[i]))) {
            t->kind = TOKEN_MARK;
            t->text = slice_str(marks[i]);
            p->at += t->text.len;
            return 0;
        }
    return parser_fail_at(p, p->at, "this character means nothing here");
}

/* Behind a value a - takes away; elsewhere it begins a number. */
static int ends_value(const struct token *t)
{
    return t->kind == TOKEN_NUMBER || t->kind == TOKEN_STRING || t->kind == TOKEN_COLUMN ||
           t->kind == TOKEN_WORD || (t->kind == TOKEN_MARK && *t->text.ptr == ')');
}

int parser_next(struct parser *p)
{
    int minus_is_mark = ends_value(&p->now);
    while (p->at < p->text.len && strchr(" \t\r\n", p->text.ptr[p->at]) && p->text.ptr[p->at])
        p->at++;
    p->now = (struct token){.kind = TOKEN_END, .at = p->at};
    if (p->at == p->text.len)
        return 0;
    char c = p->text.ptr[p->at];
    char after = p->at + 1 < p->text.len ? p->text.ptr[p->at + 1] : ' ';
    if (c == '\'' || c == '"' || c == '`')
        return quoted(p, c, &p->now);
    if (is_digit(c) || (c == '-' && is_digit(after) && !minus_is_mark))
        return number(p, &p->now);
    if (!begins_name(c))
        return mark(p, &p->now);
    size_t from = p->at;
    while (p->at < p->text.len && in_name(p->text.ptr[p->at]))
        p->at++;
    p->now.kind = TOKEN_WORD;
    p->now.text = slice_of(p->text.ptr + from, p->at - from);
    return 0;
}
