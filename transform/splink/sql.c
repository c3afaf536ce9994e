#include "transform/splink/sql.h"

#include <stdio.h>
#include <stdlib.h>

#include "transform/splink/functions.h"
#include "transform/splink/lexer.h"

struct parser {
    struct sql_lexer lexer;
    const struct sql_source *source;
    struct arena *arena;
    struct error *err;
    int depth, nodes;
    int broken; /* the lexer met what it does not know */
    struct slice variables[8];
    int n_variables;
};

typedef int parse_fn(struct parser *p, struct sql_node **ret);

static parse_fn parse_or;

static int refuse(struct parser *p, const char *what)
{
    struct slice t = p->lexer.token.text;
    return error_set(p->err, ERR_DATA, "%s at '%.*s'", p->broken ? "what is not understood" : what,
                     (int)(t.len < 40 ? t.len : 40), t.len ? t.ptr : "");
}

static int advance(struct parser *p)
{
    p->broken = sql_lexer_next(&p->lexer) < 0;
    return p->broken ? refuse(p, "") : 0;
}

static int at(const struct parser *p, const char *symbol)
{
    return sql_token_is(&p->lexer.token, symbol);
}

/* Steps over a symbol or word when it is there. */
static int take(struct parser *p, const char *symbol)
{
    if (!at(p, symbol))
        return 0;
    TRY(advance(p));
    return 1;
}

static int expect(struct parser *p, const char *symbol)
{
    char text[64];
    int took = take(p, symbol);
    if (took != 0)
        return took < 0 ? took : 0;
    snprintf(text, sizeof text, "'%s' is expected", symbol);
    return refuse(p, text);
}

static int node_new(struct parser *p, enum sql_kind kind, struct sql_node **ret)
{
    if (++p->nodes > SQL_NODES_MAX)
        return error_set(p->err, ERR_DATA, "more than %d parts", SQL_NODES_MAX);
    struct sql_node *n = ARENA_NEW(p->arena, struct sql_node);
    if (!n)
        return error_memory(p->err);
    n->kind = kind;
    n->memo = -1;
    *ret = n;
    return 0;
}

static int with_args(struct parser *p, struct sql_node *n, struct sql_node *const *args, int n_args)
{
    n->args = ARENA_ARRAY(p->arena, struct sql_node *, (size_t)n_args + 1);
    if (!n->args)
        return error_memory(p->err);
    memcpy(n->args, args, (size_t)n_args * sizeof *args);
    n->n_args = n_args;
    return 0;
}

static int operation(struct parser *p, enum sql_kind kind, struct sql_node *a, struct sql_node *b,
                     struct sql_node **ret)
{
    struct sql_node *const args[] = {a, b};
    TRY(node_new(p, kind, ret));
    return with_args(p, *ret, args, 2);
}

static int call(struct parser *p, struct slice name, struct sql_node *const *args, int n_args,
                struct sql_node **ret)
{
    const struct sql_function *f = sql_function_find(name, n_args, p->source->dialect);
    if (!f)
        return error_set(p->err, ERR_DATA,
                         sql_function_known(name)
                             ? "the function '%.*s' with %d arguments is not known"
                             : "the function '%.*s' is not known",
                         (int)(name.len < 60 ? name.len : 60), name.ptr, n_args);
    TRY(node_new(p, SQL_CALL, ret));
    (*ret)->function = f;
    TRY(with_args(p, *ret, args, n_args));
    return sql_function_check(*ret, p->source->dialect, p->err);
}

static int call_named(struct parser *p, const char *name, struct sql_node *a, struct sql_node *b,
                      struct sql_node **ret)
{
    struct sql_node *const args[] = {a, b};
    return call(p, slice_str(name), args, b ? 2 : 1, ret);
}

static int literal(struct parser *p, struct sql_value v, struct sql_node **ret)
{
    TRY(node_new(p, SQL_LITERAL, ret));
    (*ret)->literal = v;
    return 0;
}

/* "name_l" or l.name: the side is cut off. */
static int column(struct parser *p, struct slice name, struct sql_node **ret)
{
    TRY(node_new(p, SQL_COLUMN, ret));
    if (p->source->sides == SQL_SIDE_SUFFIX && name.len > 2 && name.ptr[name.len - 2] == '_') {
        char last = (char)(name.ptr[name.len - 1] | 0x20);
        if (last == 'l' || last == 'r') {
            (*ret)->side = last == 'r';
            (*ret)->name = slice_of(name.ptr, name.len - 2);
            return 0;
        }
    }
    return error_set(p->err, ERR_DATA, "the column '%.*s' says not which record it is of",
                     (int)(name.len < 60 ? name.len : 60), name.ptr);
}

static int prefixed(struct parser *p, struct slice side, struct sql_node **ret)
{
    TRY(expect(p, "."));
    if (p->lexer.token.kind != SQL_WORD && p->lexer.token.kind != SQL_QUOTED)
        return refuse(p, "a column's name is expected");
    if (!slice_equal_nocase(side, SLICE_LIT("l")) && !slice_equal_nocase(side, SLICE_LIT("r")))
        return refuse(p, "a column of another table than 'l' and 'r'");
    TRY(node_new(p, SQL_COLUMN, ret));
    (*ret)->side = slice_equal_nocase(side, SLICE_LIT("r"));
    (*ret)->name = p->lexer.token.text;
    return advance(p);
}

static int variable(struct parser *p, struct slice name, struct sql_node **ret)
{
    for (int i = p->n_variables - 1; i >= 0; i--)
        if (slice_equal(p->variables[i], name)) {
            TRY(node_new(p, SQL_VARIABLE, ret));
            (*ret)->name = name;
            (*ret)->slot = i;
            return 1;
        }
    return 0;
}

/* x -> body; the name has been read. */
static int lambda(struct parser *p, struct slice name, struct sql_node **ret)
{
    if (p->n_variables == 8)
        return refuse(p, "too many lambdas within each other");
    p->variables[p->n_variables++] = name;
    struct sql_node *body;
    TRY(parse_or(p, &body));
    p->n_variables--;
    TRY(node_new(p, SQL_LAMBDA, ret));
    (*ret)->slot = p->n_variables;
    return with_args(p, *ret, &body, 1);
}

static int arguments(struct parser *p, const char *end, struct sql_node **args, int *ret_n)
{
    int n = 0;
    if (!at(p, end))
        do {
            if (n == SQL_ARGS_MAX)
                return refuse(p, "too many arguments");
            TRY(parse_or(p, &args[n++]));
        } while (at(p, ",") && (take(p, ",") > 0));
    *ret_n = n;
    return expect(p, end);
}

/* The type's name; what stands in parentheses after it says nothing here. */
static int type_name_of(struct parser *p, char *name, size_t size)
{
    struct slice t = p->lexer.token.text;
    if (p->lexer.token.kind != SQL_WORD || t.len > 40)
        return refuse(p, "a type is expected");
    snprintf(name, size, "cast %.*s", (int)t.len, t.ptr);
    for (char *c = name; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    TRY(advance(p));
    if (take(p, "(") > 0)
        while (!at(p, ")")) {
            if (p->lexer.token.kind != SQL_NUMERAL && !at(p, ","))
                return refuse(p, "a number is expected");
            TRY(advance(p));
        }
    else
        return 0;
    return expect(p, ")");
}

static int convert(struct parser *p, struct sql_node *x, struct sql_node **ret)
{
    char name[64];
    TRY(type_name_of(p, name, sizeof name));
    if (!sql_function_known(slice_str(name)))
        return error_set(p->err, ERR_DATA, "the type '%s' is not known", name + 5);
    return call_named(p, name, x, NULL, ret);
}

static int parse_case(struct parser *p, struct sql_node **ret)
{
    struct sql_node *args[SQL_ARGS_MAX], *subject = NULL;
    int n = 0;
    if (!at(p, "when"))
        TRY(parse_or(p, &subject));
    while (take(p, "when") > 0) {
        if (n + 3 > SQL_ARGS_MAX)
            return refuse(p, "too many branches");
        TRY(parse_or(p, &args[n]));
        if (subject)
            TRY(call_named(p, "=", subject, args[n], &args[n]));
        n++;
        TRY(expect(p, "then"));
        TRY(parse_or(p, &args[n++]));
    }
    if (n == 0)
        return refuse(p, "'when' is expected");
    if (take(p, "else") > 0)
        TRY(parse_or(p, &args[n]));
    else
        TRY(literal(p, (struct sql_value){0}, &args[n]));
    TRY(expect(p, "end"));
    TRY(node_new(p, SQL_CASE, ret));
    return with_args(p, *ret, args, n + 1);
}

static int parse_list(struct parser *p, const char *end, struct sql_node **ret)
{
    struct sql_node *args[SQL_ARGS_MAX];
    int n;
    TRY(arguments(p, end, args, &n));
    return call(p, SLICE_LIT("[]"), args, n, ret);
}

/* A word that is no column by itself: a constant, CASE, CAST, a function. 1 when it was one. */
static int parse_keyword(struct parser *p, struct slice word, struct sql_node **ret)
{
    const struct sql_value yes = {.type = SQL_BOOL, .boolean = 1}, no = {.type = SQL_BOOL};
    int code;
    if (slice_equal_nocase(word, SLICE_LIT("null")))
        code = literal(p, (struct sql_value){0}, ret);
    else if (slice_equal_nocase(word, SLICE_LIT("true")))
        code = literal(p, yes, ret);
    else if (slice_equal_nocase(word, SLICE_LIT("false")))
        code = literal(p, no, ret);
    else if (slice_equal_nocase(word, SLICE_LIT("case")))
        code = parse_case(p, ret);
    else
        return 0;
    return code < 0 ? code : 1;
}

/* After the name and the parenthesis. */
static int parse_call(struct parser *p, struct slice word, struct sql_node **ret)
{
    struct sql_node *args[SQL_ARGS_MAX], *x;
    int n;
    if (slice_equal_nocase(word, SLICE_LIT("cast")) ||
        slice_equal_nocase(word, SLICE_LIT("try_cast"))) {
        TRY(parse_or(p, &x));
        TRY(expect(p, "as"));
        TRY(convert(p, x, ret));
        return expect(p, ")");
    }
    TRY(arguments(p, ")", args, &n));
    return call(p, word, args, n, ret);
}

static int parse_word(struct parser *p, struct sql_node **ret)
{
    struct slice word = p->lexer.token.text;
    int quoted = p->lexer.token.kind == SQL_QUOTED;
    TRY(advance(p));
    if (!quoted && !slice_equal_nocase(word, SLICE_LIT("case")) && take(p, "(") > 0)
        return parse_call(p, word, ret);
    if (!quoted && take(p, "->") > 0)
        return lambda(p, word, ret);
    int found = quoted ? 0 : parse_keyword(p, word, ret);
    if (found == 0 && !quoted)
        found = variable(p, word, ret);
    if (found != 0)
        return found < 0 ? found : 0;
    return p->source->sides == SQL_SIDE_PREFIX && at(p, ".") ? prefixed(p, word, ret)
                                                             : column(p, word, ret);
}

static int parse_primary(struct parser *p, struct sql_node **ret)
{
    struct sql_token t = p->lexer.token;
    if (t.kind == SQL_NUMERAL) {
        TRY(advance(p));
        return literal(p, (struct sql_value){.type = SQL_NUMBER, .number = t.number}, ret);
    }
    if (t.kind == SQL_STRING) {
        TRY(advance(p));
        return literal(p, (struct sql_value){.type = SQL_TEXT, .text = t.text}, ret);
    }
    if (t.kind == SQL_WORD || t.kind == SQL_QUOTED)
        return parse_word(p, ret);
    if (take(p, "[") > 0)
        return parse_list(p, "]", ret);
    TRY(expect(p, "("));
    TRY(parse_or(p, ret));
    return expect(p, ")");
}

static int parse_postfix(struct parser *p, struct sql_node **ret)
{
    TRY(parse_primary(p, ret));
    for (;;) {
        struct sql_node *i;
        if (take(p, "::") > 0) {
            TRY(convert(p, *ret, ret));
        } else if (take(p, "[") > 0) {
            TRY(parse_or(p, &i));
            TRY(expect(p, "]"));
            TRY(call_named(p, "[i]", *ret, i, ret));
        } else {
            return 0;
        }
    }
}

static int parse_unary(struct parser *p, struct sql_node **ret)
{
    if (++p->depth > SQL_DEPTH_MAX)
        return error_set(p->err, ERR_DATA, "more than %d levels within each other", SQL_DEPTH_MAX);
    int minus = take(p, "-"), plus = minus == 0 ? take(p, "+") : 0;
    int code = minus < 0 || plus < 0 ? ERR_DATA : 0;
    if (code == 0)
        code = minus > 0 ? parse_unary(p, ret) : parse_postfix(p, ret);
    if (code == 0 && minus > 0)
        code = call_named(p, "negate", *ret, NULL, ret);
    p->depth--;
    return code;
}

/* Operators of one rank, from the left; each symbol is the name of its function. */
static int parse_left(struct parser *p, const char *const *symbols, parse_fn *operand,
                      struct sql_node **ret)
{
    TRY(operand(p, ret));
    for (int i = 0; symbols[i];) {
        struct sql_node *b;
        if (take(p, symbols[i]) <= 0) {
            i++;
            continue;
        }
        TRY(operand(p, &b));
        TRY(call_named(p, symbols[i], *ret, b, ret));
        i = 0;
    }
    return 0;
}

static int parse_product(struct parser *p, struct sql_node **ret)
{
    static const char *const symbols[] = {"*", "/", "%", "//", NULL};
    return parse_left(p, symbols, parse_unary, ret);
}

static int parse_sum(struct parser *p, struct sql_node **ret)
{
    static const char *const symbols[] = {"+", "-", "||", NULL};
    return parse_left(p, symbols, parse_product, ret);
}

static int negated(struct parser *p, int not, struct sql_node **ret)
{
    return not ? call_named(p, "not", *ret, NULL, ret) : 0;
}

static int parse_in(struct parser *p, struct sql_node *x, struct sql_node **ret)
{
    struct sql_node *args[SQL_ARGS_MAX];
    int n;
    TRY(expect(p, "("));
    TRY(arguments(p, ")", args, &n));
    if (n == 0)
        return refuse(p, "a value is expected");
    for (int i = 0; i < n; i++) {
        TRY(call_named(p, "=", x, args[i], &args[i]));
        if (i)
            TRY(operation(p, SQL_OR, args[i - 1], args[i], &args[i]));
    }
    *ret = args[n - 1];
    return 0;
}

static int parse_between(struct parser *p, struct sql_node *x, struct sql_node **ret)
{
    struct sql_node *low, *high;
    TRY(parse_sum(p, &low));
    TRY(expect(p, "and"));
    TRY(parse_sum(p, &high));
    TRY(call_named(p, ">=", x, low, &low));
    TRY(call_named(p, "<=", x, high, &high));
    return operation(p, SQL_AND, low, high, ret);
}

static int parse_is(struct parser *p, struct sql_node **ret)
{
    struct sql_node *b;
    int not = take(p, "not");
    if (take(p, "distinct") > 0) {
        TRY(expect(p, "from"));
        TRY(parse_sum(p, &b));
        TRY(call_named(p, "same", *ret, b, ret));
        return negated(p, !not, ret);
    }
    const char *what = at(p, "true") ? "is true" : at(p, "false") ? "is false" : "is null";
    if (!at(p, "true") && !at(p, "false") && !at(p, "null"))
        return refuse(p, "'null' is expected");
    TRY(advance(p));
    TRY(call_named(p, what, *ret, NULL, ret));
    return negated(p, not, ret);
}

static int parse_relation(struct parser *p, struct sql_node **ret)
{
    static const char *const symbols[] = {"=", "<>", "<=", ">=", "<", ">", "==", "!=", NULL};
    TRY(parse_left(p, symbols, parse_sum, ret));
    for (;;) {
        struct sql_node *x = *ret, *b;
        if (take(p, "is") > 0) {
            TRY(parse_is(p, ret));
            continue;
        }
        int not = take(p, "not");
        if (take(p, "in") > 0) {
            TRY(parse_in(p, x, ret));
        } else if (take(p, "between") > 0) {
            TRY(parse_between(p, x, ret));
        } else if (at(p, "like") || at(p, "ilike")) {
            const char *like = at(p, "like") ? "like" : "ilike";
            TRY(advance(p));
            TRY(parse_sum(p, &b));
            TRY(call_named(p, like, x, b, ret));
        } else {
            return not ? refuse(p, "a condition is expected after 'not'") : 0;
        }
        TRY(negated(p, not, ret));
    }
}

static int parse_not(struct parser *p, struct sql_node **ret)
{
    int nots = 0;
    while (take(p, "not") > 0)
        nots++;
    TRY(parse_relation(p, ret));
    return negated(p, nots & 1, ret);
}

static int parse_chain(struct parser *p, const char *word, enum sql_kind kind, parse_fn *operand,
                       struct sql_node **ret)
{
    TRY(operand(p, ret));
    while (take(p, word) > 0) {
        struct sql_node *b;
        TRY(operand(p, &b));
        TRY(operation(p, kind, *ret, b, ret));
    }
    return 0;
}

static int parse_and(struct parser *p, struct sql_node **ret)
{
    return parse_chain(p, "and", SQL_AND, parse_not, ret);
}

static int parse_or(struct parser *p, struct sql_node **ret)
{
    if (++p->depth > SQL_DEPTH_MAX)
        return error_set(p->err, ERR_DATA, "more than %d levels within each other", SQL_DEPTH_MAX);
    int code = parse_chain(p, "or", SQL_OR, parse_and, ret);
    p->depth--;
    return code;
}

/* Nodes of the tree as it is walked: IN and BETWEEN share what they look at. */
static void count(const struct sql_node *n, int *nodes)
{
    ++*nodes;
    for (int i = 0; i < n->n_args && *nodes <= SQL_NODES_MAX; i++)
        count(n->args[i], nodes);
}

int sql_parse(const struct sql_source *source, struct arena *arena, struct sql_node **ret,
              struct error *err)
{
    struct parser p = {.source = source, .arena = arena, .err = err};
    if (source->text.len > SQL_TEXT_MAX)
        return error_set(err, ERR_DATA, "longer than %d bytes", SQL_TEXT_MAX);
    sql_lexer_init(&p.lexer, source->text, source->dialect, arena);
    TRY(advance(&p));
    TRY(parse_or(&p, ret));
    if (p.lexer.token.kind != SQL_END)
        return refuse(&p, "something is left over");
    p.nodes = 0;
    count(*ret, &p.nodes);
    return p.nodes <= SQL_NODES_MAX ? 0
                                    : error_set(err, ERR_DATA, "more than %d parts", SQL_NODES_MAX);
}
