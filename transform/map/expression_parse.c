/* Recursive descent over the grammar of expression.h. */
#include "transform/map/expression_node.h"

/* Bounds the stack, here and in evaluation: and/or chains nest on their left. */
enum { NESTING_MAX = 200, OPERANDS_MAX = 4096 };

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_COLUMN, TOKEN_NUMBER, TOKEN_STRING, TOKEN_MARK };

struct token {
    enum token_kind kind;
    struct slice text; /* string and `column`: the contents */
    size_t at;
};

struct parser {
    struct slice text;
    size_t at;
    struct token now;
    struct arena *arena;
    struct expression *out;
    int columns_cap, depth, nodes;
    struct error *err;
};

static int fail_at(const struct parser *p, size_t at, const char *what)
{
    return error_set(p->err, ERR_CONFIG, "character %zu: %s", at + 1, what);
}

static int fail(const struct parser *p, const char *expected)
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
            return fail_at(p, p->at, "the quote that opens here is not closed");
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
    int order;
    if (!number_compare(t->text, t->text, &order))
        return fail_at(p, from, "this is no number");
    if (p->at < p->text.len && in_name(p->text.ptr[p->at]))
        return fail_at(p, from, "a name that begins with a digit must stand between `…`");
    return 0;
}

static int mark(struct parser *p, struct token *t)
{
    static const char *const marks[] = {"==", "!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","};
    struct slice rest = slice_of(p->text.ptr + p->at, p->text.len - p->at);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (slice_starts(rest, slice_str(marks[i]))) {
            t->kind = TOKEN_MARK;
            t->text = slice_str(marks[i]);
            p->at += t->text.len;
            return 0;
        }
    return fail_at(p, p->at, "this character means nothing here");
}

static int next(struct parser *p)
{
    while (p->at < p->text.len && strchr(" \t\r\n", p->text.ptr[p->at]) && p->text.ptr[p->at])
        p->at++;
    p->now = (struct token){.kind = TOKEN_END, .at = p->at};
    if (p->at == p->text.len)
        return 0;
    char c = p->text.ptr[p->at];
    char after = p->at + 1 < p->text.len ? p->text.ptr[p->at + 1] : ' ';
    if (c == '\'' || c == '"' || c == '`')
        return quoted(p, c, &p->now);
    if (is_digit(c) || (c == '-' && is_digit(after)))
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

static int is_word(const struct parser *p, const char *word)
{
    return p->now.kind == TOKEN_WORD && slice_equal_nocase(p->now.text, slice_str(word));
}

static int is_mark(const struct parser *p, const char *text)
{
    return p->now.kind == TOKEN_MARK && slice_equal(p->now.text, slice_str(text));
}

static int is_keyword(const struct parser *p)
{
    static const char *const keywords[] = {"and", "or", "not", "in", "is", "null", "like"};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (is_word(p, keywords[i]))
            return 1;
    return 0;
}

static int add_column(struct parser *p, struct slice name, int *ret)
{
    struct expression *e = p->out;
    for (int i = 0; i < e->n_columns; i++)
        if (slice_equal(e->columns[i], name)) {
            *ret = i;
            return 0;
        }
    if (e->n_columns == p->columns_cap) {
        int cap = p->columns_cap ? p->columns_cap * 2 : 8;
        struct slice *grown = ARENA_ARRAY(p->arena, struct slice, (size_t)cap);
        if (!grown)
            return error_memory(p->err);
        if (e->n_columns)
            memcpy(grown, e->columns, (size_t)e->n_columns * sizeof *grown);
        e->columns = grown;
        p->columns_cap = cap;
    }
    e->columns[e->n_columns] = name;
    *ret = e->n_columns++;
    return 0;
}

static int parse_operand(struct parser *p, struct operand *ret)
{
    struct operand o = {.text = p->now.text};
    if (p->now.kind == TOKEN_NUMBER)
        o.kind = OPERAND_NUMBER;
    else if (p->now.kind == TOKEN_STRING)
        o.kind = OPERAND_STRING;
    else if (p->now.kind == TOKEN_COLUMN || (p->now.kind == TOKEN_WORD && !is_keyword(p)))
        o.kind = OPERAND_COLUMN;
    else
        return fail(p, "a column, a number or a string");
    if (o.kind == OPERAND_COLUMN)
        TRY(add_column(p, o.text, &o.column));
    *ret = o;
    return next(p);
}

static int new_node(struct parser *p, enum node_kind kind, struct node **ret)
{
    struct node *n = ARENA_NEW(p->arena, struct node);
    if (!n)
        return error_memory(p->err);
    /* A chain of n ands is n deep on its left. */
    if (++p->nodes > OPERANDS_MAX)
        return fail_at(p, p->now.at, "the expression is too long");
    n->kind = kind;
    *ret = n;
    return 0;
}

static int comparison_of(const struct parser *p, enum comparison *ret)
{
    static const struct {
        const char *mark;
        enum comparison comparison;
    } comparisons[] = {
        {"=", COMPARE_EQUAL},      {"==", COMPARE_EQUAL},   {"!=", COMPARE_DIFFERENT},
        {"<>", COMPARE_DIFFERENT}, {"<=", COMPARE_AT_MOST}, {"<", COMPARE_LESS},
        {">=", COMPARE_AT_LEAST},  {">", COMPARE_MORE},
    };
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++)
        if (is_mark(p, comparisons[i].mark)) {
            *ret = comparisons[i].comparison;
            return 1;
        }
    return 0;
}

static int parse_list(struct parser *p, struct node *n)
{
    int cap = 0;
    if (!is_mark(p, "("))
        return fail(p, "'('");
    do {
        TRY(next(p));
        if (n->n_against == cap) {
            cap = cap ? cap * 2 : 8;
            struct operand *grown =
                cap > OPERANDS_MAX ? NULL : ARENA_ARRAY(p->arena, struct operand, (size_t)cap);
            if (!grown)
                return cap > OPERANDS_MAX ? fail_at(p, p->now.at, "the list is too long")
                                          : error_memory(p->err);
            if (n->n_against)
                memcpy(grown, n->against, (size_t)n->n_against * sizeof *grown);
            n->against = grown;
        }
        TRY(parse_operand(p, &n->against[n->n_against]));
        n->n_against++;
    } while (is_mark(p, ","));
    if (!is_mark(p, ")"))
        return fail(p, "',' or ')'");
    return next(p);
}

static int parse_one_against(struct parser *p, struct node *n)
{
    n->against = ARENA_NEW(p->arena, struct operand);
    if (!n->against)
        return error_memory(p->err);
    n->n_against = 1;
    return parse_operand(p, n->against);
}

static int negate(struct parser *p, struct node **n)
{
    struct node *outer;
    TRY(new_node(p, NODE_NOT, &outer));
    outer->left = *n;
    *n = outer;
    return 0;
}

static int parse_is_null(struct parser *p, struct node *n, int *negated)
{
    n->kind = NODE_NULL;
    TRY(next(p));
    *negated = is_word(p, "not");
    if (*negated)
        TRY(next(p));
    if (!is_word(p, "null"))
        return fail(p, "'null'");
    return next(p);
}

static int parse_like(struct parser *p, struct node *n)
{
    n->kind = NODE_LIKE;
    TRY(next(p));
    if (p->now.kind != TOKEN_STRING)
        return fail(p, "a string");
    return parse_one_against(p, n);
}

static int parse_test(struct parser *p, struct node **ret)
{
    struct node *n;
    int negated = 0;
    TRY(new_node(p, NODE_COMPARE, &n));
    TRY(parse_operand(p, &n->of));
    if (comparison_of(p, &n->comparison)) {
        TRY(next(p));
        TRY(parse_one_against(p, n));
    } else if (is_word(p, "is")) {
        TRY(parse_is_null(p, n, &negated));
    } else {
        negated = is_word(p, "not");
        if (negated)
            TRY(next(p));
        if (is_word(p, "like")) {
            TRY(parse_like(p, n));
        } else if (is_word(p, "in")) {
            n->kind = NODE_IN;
            TRY(next(p));
            TRY(parse_list(p, n));
        } else {
            return fail(p, "a comparison");
        }
    }
    *ret = n;
    return negated ? negate(p, ret) : 0;
}

static int parse_or(struct parser *p, struct node **ret);

static int parse_one(struct parser *p, struct node **ret)
{
    if (++p->depth > NESTING_MAX)
        return fail_at(p, p->now.at, "too many brackets and nots in each other");
    if (is_word(p, "not")) {
        TRY(next(p));
        TRY(parse_one(p, ret));
        TRY(negate(p, ret));
    } else if (is_mark(p, "(")) {
        TRY(next(p));
        TRY(parse_or(p, ret));
        if (!is_mark(p, ")"))
            return fail(p, "'and', 'or' or ')'");
        TRY(next(p));
    } else {
        TRY(parse_test(p, ret));
    }
    p->depth--;
    return 0;
}

static int parse_and(struct parser *p, struct node **ret)
{
    TRY(parse_one(p, ret));
    while (is_word(p, "and")) {
        struct node *both;
        TRY(new_node(p, NODE_AND, &both));
        both->left = *ret;
        TRY(next(p));
        TRY(parse_one(p, &both->right));
        *ret = both;
    }
    return 0;
}

static int parse_or(struct parser *p, struct node **ret)
{
    TRY(parse_and(p, ret));
    while (is_word(p, "or")) {
        struct node *either;
        TRY(new_node(p, NODE_OR, &either));
        either->left = *ret;
        TRY(next(p));
        TRY(parse_and(p, &either->right));
        *ret = either;
    }
    return 0;
}

int expression_parse(struct slice text, struct arena *a, struct expression **ret, struct error *err)
{
    struct parser p = {.text = text, .arena = a, .err = err};
    p.out = ARENA_NEW(a, struct expression);
    if (!p.out)
        return error_memory(err);
    TRY(next(&p));
    TRY(parse_or(&p, &p.out->root));
    if (p.now.kind != TOKEN_END)
        return fail(&p, "'and', 'or' or the end");
    *ret = p.out;
    return 0;
}
