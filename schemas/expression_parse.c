/* Recursive descent over the grammar of expression.h. */
#include "schemas/expression_parser.h"

/* Bounds the stack, here and in evaluation: and/or chains nest on their left. */
enum { NESTING_MAX = 200, NODES_MAX = 4096 };

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

static int is_condition(const struct node *n)
{
    return n->kind <= NODE_LAST_CONDITION;
}

static int need_condition(const struct parser *p, const struct node *n)
{
    return is_condition(n) ? 0 : parser_expected(p, "a comparison");
}

static int need_value(const struct parser *p, const struct node *n)
{
    if (!is_condition(n))
        return 0;
    return parser_fail_at(p, n->at, "a column, a number or a string expected, not a condition");
}

static int new_node(struct parser *p, enum node_kind kind, size_t at, struct node **ret)
{
    struct node *n = ARENA_NEW(p->arena, struct node);
    if (!n)
        return error_memory(p->err);
    /* A chain of n ands is n deep on its left. */
    if (++p->nodes > NODES_MAX)
        return parser_fail_at(p, p->now.at, "the expression is too long");
    n->kind = kind;
    n->at = at;
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

static int parse_or(struct parser *p, struct node **ret);
static int parse_sum(struct parser *p, struct node **ret);

/* "(" sum {"," sum} ")" */
static int parse_list(struct parser *p, struct node *n)
{
    int cap = 0;
    if (!is_mark(p, "("))
        return parser_expected(p, "'('");
    do {
        TRY(parser_next(p));
        if (n->n_args == cap) {
            cap = cap ? cap * 2 : 8;
            struct node **grown = ARENA_ARRAY(p->arena, struct node *, (size_t)cap);
            if (!grown)
                return error_memory(p->err);
            if (n->n_args)
                memcpy(grown, n->args, (size_t)n->n_args * sizeof(struct node *));
            n->args = grown;
        }
        TRY(parse_sum(p, &n->args[n->n_args]));
        TRY(need_value(p, n->args[n->n_args]));
        n->n_args++;
    } while (is_mark(p, ","));
    if (!is_mark(p, ")"))
        return parser_expected(p, "',' or ')'");
    return parser_next(p);
}

static int unknown_function(const struct parser *p, struct slice name, size_t at)
{
    const char *names[FUNCTIONS];
    for (int i = 0; i < FUNCTIONS; i++)
        names[i] = expression_functions[i].name;
    const char *near = slice_nearest(name, names, FUNCTIONS);
    return error_set(p->err, ERR_CONFIG, "character %zu: there is no function '%.*s'%s%s%s", at + 1,
                     (int)name.len, name.ptr, near ? ": did you mean '" : "", near ? near : "",
                     near ? "'?" : "");
}

static int parse_call(struct parser *p, struct slice name, size_t at, struct node **ret)
{
    struct node *n;
    int f = 0;
    TRY(new_node(p, NODE_CALL, at, &n));
    while (f < FUNCTIONS && !slice_equal_nocase(name, slice_str(expression_functions[f].name)))
        f++;
    if (f == FUNCTIONS)
        return unknown_function(p, name, at);
    n->function = (enum function_id)f;
    TRY(parse_list(p, n));
    const struct function *is = &expression_functions[f];
    if (n->n_args < is->least || n->n_args > is->most)
        return error_set(p->err, ERR_CONFIG, "character %zu: '%s' takes %d%s value%s, not %d",
                         at + 1, is->name, is->least, is->most > is->least ? " or more" : "",
                         is->least == 1 ? "" : "s", n->n_args);
    *ret = n;
    return 0;
}

static int parse_word(struct parser *p, struct node **ret)
{
    struct token word = p->now;
    int is_true = is_word(p, "true"), is_false = is_word(p, "false");
    if (is_keyword(p))
        return parser_expected(p, "a column, a number or a string");
    TRY(parser_next(p));
    if (word.kind == TOKEN_WORD && is_mark(p, "("))
        return parse_call(p, word.text, word.at, ret);
    TRY(new_node(p, is_true || is_false ? NODE_LITERAL : NODE_COLUMN, word.at, ret));
    (*ret)->literal = (struct value){.kind = VALUE_BOOL, .at = is_true};
    return is_true || is_false ? 0 : add_column(p, word.text, &(*ret)->column);
}

static int parse_brackets(struct parser *p, struct node **ret)
{
    TRY(parser_next(p));
    TRY(parse_or(p, ret));
    if (!is_mark(p, ")"))
        return parser_expected(p, is_condition(*ret) ? "'and', 'or' or ')'" : "')'");
    return parser_next(p);
}

static int parse_literal(struct parser *p, struct node **ret)
{
    TRY(new_node(p, NODE_LITERAL, p->now.at, ret));
    struct value *v = &(*ret)->literal;
    if (p->now.kind == TOKEN_STRING)
        *v = (struct value){.kind = VALUE_TEXT, .text = p->now.text};
    else
        value_number(p->now.text, v);
    return parser_next(p);
}

/* -x is 0 - x. */
static int parse_minus(struct parser *p, struct node **ret);

static int parse_factor(struct parser *p, struct node **ret)
{
    int code;
    if (++p->depth > NESTING_MAX)
        return parser_fail_at(p, p->now.at, "too many brackets and nots in each other");
    if (is_mark(p, "("))
        code = parse_brackets(p, ret);
    else if (is_mark(p, "-"))
        code = parse_minus(p, ret);
    else if (p->now.kind == TOKEN_NUMBER || p->now.kind == TOKEN_STRING)
        code = parse_literal(p, ret);
    else if (p->now.kind == TOKEN_COLUMN || p->now.kind == TOKEN_WORD)
        code = parse_word(p, ret);
    else
        code = parser_expected(p, "a column, a number or a string");
    p->depth--;
    return code;
}

static int parse_minus(struct parser *p, struct node **ret)
{
    struct node *n;
    TRY(new_node(p, NODE_ARITHMETIC, p->now.at, &n));
    TRY(new_node(p, NODE_LITERAL, p->now.at, &n->left));
    n->left->literal = (struct value){.kind = VALUE_NUMBER};
    n->operator= '-';
    TRY(parser_next(p));
    TRY(parse_factor(p, &n->right));
    *ret = n;
    return need_value(p, n->right);
}

/* `one` {operator `one`}, for operators of one rank. */
static int parse_chain(struct parser *p, const char *operators,
                       int (*one)(struct parser *, struct node **), struct node **ret)
{
    TRY(one(p, ret));
    while (p->now.kind == TOKEN_MARK && p->now.text.len == 1 &&
           strchr(operators, *p->now.text.ptr) && !is_condition(*ret)) {
        struct node *n;
        TRY(new_node(p, NODE_ARITHMETIC, p->now.at, &n));
        n->operator= * p->now.text.ptr;
        n->left = *ret;
        TRY(parser_next(p));
        TRY(one(p, &n->right));
        TRY(need_value(p, n->right));
        *ret = n;
    }
    return 0;
}

static int parse_product(struct parser *p, struct node **ret)
{
    return parse_chain(p, "*/", parse_factor, ret);
}

static int parse_sum(struct parser *p, struct node **ret)
{
    return parse_chain(p, "+-", parse_product, ret);
}

static int negate(struct parser *p, struct node **n)
{
    struct node *outer = NULL;
    TRY(new_node(p, NODE_NOT, (*n)->at, &outer));
    outer->left = *n;
    *n = outer;
    return 0;
}

static int parse_is_null(struct parser *p, struct node *n, int *negated)
{
    n->kind = NODE_NULL;
    TRY(parser_next(p));
    *negated = is_word(p, "not");
    if (*negated)
        TRY(parser_next(p));
    if (!is_word(p, "null"))
        return parser_expected(p, "'null'");
    return parser_next(p);
}

/* like, starts, ends, contains, matches: 1 and the kind. */
static int text_test(const struct parser *p, enum node_kind *ret)
{
    static const char *const words[] = {"like", "starts", "ends", "contains", "matches"};
    for (int i = 0; i < 5; i++)
        if (is_word(p, words[i])) {
            *ret = (enum node_kind)(NODE_LIKE + i);
            return 1;
        }
    return 0;
}

static int parse_text_test(struct parser *p, struct node *n)
{
    TRY(parser_next(p));
    if (p->now.kind != TOKEN_STRING)
        return parser_expected(p, "a string");
    n->literal = (struct value){.kind = VALUE_TEXT, .text = p->now.text};
    if (n->kind == NODE_MATCHES) {
        struct error why = {0};
        int code = pattern_parse(p->now.text, p->arena, &n->pattern, &why);
        if (code == ERR_CONFIG)
            return parser_fail_at(p, p->now.at, why.text);
        if (code < 0)
            return error_memory(p->err);
    }
    return parser_next(p);
}

static int parse_between(struct parser *p, struct node *n)
{
    struct node *low, *high;
    TRY(parser_next(p));
    TRY(new_node(p, NODE_COMPARE, n->at, &low));
    TRY(new_node(p, NODE_COMPARE, n->at, &high));
    n->kind = NODE_AND;
    low->left = high->left = n->left;
    low->comparison = COMPARE_AT_LEAST;
    high->comparison = COMPARE_AT_MOST;
    TRY(parse_sum(p, &low->right));
    if (!is_word(p, "and"))
        return parser_expected(p, "'and'");
    TRY(parser_next(p));
    TRY(parse_sum(p, &high->right));
    TRY(need_value(p, low->right));
    n->left = low;
    n->right = high;
    return need_value(p, high->right);
}

static int parse_worded(struct parser *p, struct node *n, int *ret_negated)
{
    *ret_negated = is_word(p, "not");
    if (*ret_negated)
        TRY(parser_next(p));
    if (text_test(p, &n->kind))
        return parse_text_test(p, n);
    if (is_word(p, "between"))
        return parse_between(p, n);
    if (!is_word(p, "in"))
        return parser_expected(p, "a comparison");
    n->kind = NODE_IN;
    TRY(parser_next(p));
    return parse_list(p, n);
}

/* x = '' asks whether x is null, as an empty text is. */
static void compare_empty(struct node **n)
{
    struct node *c = *n, *of = c->left;
    int is_equal = c->comparison == COMPARE_EQUAL, is_empty = 0;
    if (c->kind != NODE_COMPARE || (!is_equal && c->comparison != COMPARE_DIFFERENT))
        return;
    const struct node *sides[2] = {c->left, c->right};
    for (int i = 0; i < 2; i++)
        if (sides[i]->kind == NODE_LITERAL && sides[i]->literal.kind == VALUE_TEXT &&
            !sides[i]->literal.text.len) {
            is_empty = 1;
            of = i ? c->left : c->right;
        }
    if (!is_empty)
        return;
    c->kind = NODE_NULL;
    c->left = of;
    c->right = NULL;
}

static int parse_compare(struct parser *p, struct node **ret)
{
    struct node *n = *ret;
    TRY(parser_next(p));
    TRY(parse_sum(p, &n->right));
    TRY(need_value(p, n->right));
    compare_empty(ret);
    return n->kind == NODE_NULL && n->comparison == COMPARE_DIFFERENT ? negate(p, ret) : 0;
}

static int parse_test(struct parser *p, struct node **ret)
{
    struct node *n;
    int negated = 0;
    TRY(parse_sum(p, ret));
    int is_test = p->now.kind == TOKEN_WORD && !is_word(p, "and") && !is_word(p, "or");
    enum comparison comparison = COMPARE_EQUAL;
    int is_comparison = comparison_of(p, &comparison);
    if (is_condition(*ret) || (!is_comparison && !is_test))
        return 0;
    TRY(new_node(p, NODE_COMPARE, (*ret)->at, &n));
    n->left = *ret;
    n->comparison = comparison;
    *ret = n;
    if (is_comparison)
        return parse_compare(p, ret);
    if (is_word(p, "is"))
        TRY(parse_is_null(p, n, &negated));
    else
        TRY(parse_worded(p, n, &negated));
    return negated ? negate(p, ret) : 0;
}

static int parse_one(struct parser *p, struct node **ret)
{
    if (!is_word(p, "not"))
        return parse_test(p, ret);
    if (++p->depth > NESTING_MAX)
        return parser_fail_at(p, p->now.at, "too many brackets and nots in each other");
    TRY(parser_next(p));
    TRY(parse_one(p, ret));
    TRY(need_condition(p, *ret));
    p->depth--;
    return negate(p, ret);
}

static int parse_joined(struct parser *p, const char *word, enum node_kind kind,
                        int (*one)(struct parser *, struct node **), struct node **ret)
{
    TRY(one(p, ret));
    while (is_word(p, word)) {
        struct node *both;
        TRY(need_condition(p, *ret));
        TRY(new_node(p, kind, p->now.at, &both));
        both->left = *ret;
        TRY(parser_next(p));
        TRY(one(p, &both->right));
        TRY(need_condition(p, both->right));
        *ret = both;
    }
    return 0;
}

static int parse_and(struct parser *p, struct node **ret)
{
    return parse_joined(p, "and", NODE_AND, parse_one, ret);
}

static int parse_or(struct parser *p, struct node **ret)
{
    return parse_joined(p, "or", NODE_OR, parse_and, ret);
}

int expression_parse(struct slice text, struct arena *a, struct expression **ret, struct error *err)
{
    struct parser p = {.text = text, .arena = a, .err = err};
    p.out = ARENA_NEW(a, struct expression);
    if (!p.out)
        return error_memory(err);
    p.out->text = text;
    TRY(parser_next(&p));
    TRY(parse_or(&p, &p.out->root));
    TRY(need_condition(&p, p.out->root));
    if (p.now.kind != TOKEN_END)
        return parser_expected(&p, "'and', 'or' or the end");
    *ret = p.out;
    return 0;
}
