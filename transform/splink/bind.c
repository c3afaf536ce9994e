/* Names to numbers, and what can be made once per distinct value or once per pair. */
#include <string.h>

#include "transform/splink/functions.h"
#include "transform/splink/model.h"

enum { COLUMNS_MAX = 500, DERIVED_MAX = 2000, MEMOS_MAX = 2000 };

int splink_column(struct splink_model *m, struct slice name, int items, struct error *err)
{
    for (int i = 0; i < m->n_columns; i++)
        if (slice_equal_nocase(m->columns[i].name, name) && m->columns[i].items == items)
            return i;
    if (m->n_columns == COLUMNS_MAX)
        return error_set(err, ERR_DATA, "more than %d columns", COLUMNS_MAX);
    if (!m->columns)
        m->columns = ARENA_ARRAY(&m->arena, struct splink_column, COLUMNS_MAX);
    struct slice copy = arena_copy(&m->arena, name);
    if (!m->columns || !copy.ptr)
        return error_memory(err);
    m->columns[m->n_columns] = (struct splink_column){.name = copy, .items = items};
    return m->n_columns++;
}

static int is_exploded(const struct splink_model *m, const struct splink_rule *rule,
                       struct slice name)
{
    for (int i = 0; rule && i < rule->n_exploded; i++)
        if (slice_equal_nocase(m->columns[rule->exploded[i]].name, name))
            return 1;
    return 0;
}

static int number_columns(struct splink_model *m, struct sql_node *n,
                          const struct splink_rule *rule, struct error *err)
{
    if (n->kind == SQL_COLUMN) {
        n->slot = splink_column(m, n->name, is_exploded(m, rule, n->name), err);
        return n->slot < 0 ? n->slot : 0;
    }
    for (int i = 0; i < n->n_args; i++)
        TRY(number_columns(m, n->args[i], rule, err));
    return 0;
}

static int is_number(const struct sql_node *n)
{
    return (n->kind == SQL_LITERAL && n->literal.type == SQL_NUMBER) ||
           (n->kind == SQL_CALL && (n->function->flags & SQL_WANTS_NUMBERS));
}

/* A column that is reckoned with, or compared with a number, holds numbers. */
static void find_numbers(struct splink_model *m, const struct sql_node *n)
{
    int wants = n->kind == SQL_CALL && (n->function->flags & SQL_WANTS_NUMBERS);
    if (n->kind == SQL_CALL && n->n_args == 2 && strchr("=<>!", sql_function_name(n->function)[0]))
        wants = is_number(n->args[0]) || is_number(n->args[1]);
    for (int i = 0; i < n->n_args; i++) {
        if (wants && n->args[i]->kind == SQL_COLUMN)
            m->columns[n->args[i]->slot].numbers = 1;
        find_numbers(m, n->args[i]);
    }
}

/* What a tree looks at. */
struct looks {
    int column; /* -1 none yet, -2 several */
    unsigned sides;
    int variables;
};

static void look(const struct splink_model *m, const struct sql_node *n, struct looks *l)
{
    if (n->kind == SQL_COLUMN || n->kind == SQL_DERIVED) {
        int column = n->kind == SQL_COLUMN ? n->slot : m->derived[n->slot].column;
        l->column = l->column == -1 || l->column == column ? column : -2;
        l->sides |= 1U << n->side;
    }
    l->variables |= n->kind == SQL_VARIABLE;
    for (int i = 0; i < n->n_args; i++)
        look(m, n->args[i], l);
}

static struct looks looks_of(const struct splink_model *m, const struct sql_node *n)
{
    struct looks l = {.column = -1};
    look(m, n, &l);
    return l;
}

unsigned splink_sides(const struct splink_model *m, const struct sql_node *n)
{
    return looks_of(m, n).sides;
}

void splink_each_column(const struct splink_model *m, const struct sql_node *n,
                        void (*fn)(void *arg, int column), void *arg)
{
    if (n->kind == SQL_COLUMN || n->kind == SQL_DERIVED)
        fn(arg, n->kind == SQL_COLUMN ? n->slot : m->derived[n->slot].column);
    for (int i = 0; i < n->n_args; i++)
        splink_each_column(m, n->args[i], fn, arg);
}

static int print(struct splink_model *m, const struct sql_node *n, enum sql_print how,
                 struct slice *ret, struct error *err)
{
    struct buffer text = {0};
    int code = sql_print(n, how, &text);
    *ret = arena_copy(&m->arena, buffer_view(&text));
    buffer_done(&text);
    return code < 0 || !ret->ptr ? error_memory(err) : 0;
}

/* Makes the node a reference to an expression of the model's. */
static int derive(struct splink_model *m, struct sql_node *n, int column, struct error *err)
{
    struct slice text;
    int i = 0;
    TRY(print(m, n, SQL_PRINT_NO_SIDES, &text, err));
    while (i < m->n_derived && !slice_equal(m->derived[i].text, text))
        i++;
    if (i == DERIVED_MAX)
        return error_set(err, ERR_DATA, "more than %d expressions", DERIVED_MAX);
    if (!m->derived)
        m->derived = ARENA_ARRAY(&m->arena, struct splink_derived, DERIVED_MAX);
    if (!m->derived)
        return error_memory(err);
    if (i == m->n_derived) {
        struct sql_node *copy = ARENA_NEW(&m->arena, struct sql_node);
        if (!copy)
            return error_memory(err);
        *copy = *n;
        m->derived[m->n_derived++] = (struct splink_derived){column, copy, text};
    }
    int side = looks_of(m, n).sides == 2;
    *n = (struct sql_node){.kind = SQL_DERIVED, .side = side, .slot = i, .memo = -1};
    return 0;
}

static int remember(struct splink_model *m, struct sql_node *n, struct error *err)
{
    struct slice text;
    int i = 0;
    TRY(print(m, n, SQL_PRINT_SIDES, &text, err));
    if (!m->memos)
        m->memos = ARENA_ARRAY(&m->arena, struct slice, MEMOS_MAX);
    if (!m->memos)
        return error_memory(err);
    while (i < m->n_memos && !slice_equal(m->memos[i], text))
        i++;
    if (i == MEMOS_MAX)
        return 0;
    if (i == m->n_memos)
        m->memos[m->n_memos++] = text;
    n->memo = i;
    return 0;
}

static int is_relation(const struct sql_function *f)
{
    return strchr("=<>!", sql_function_name(f)[0]) != NULL;
}

static int take_out(struct splink_model *m, struct sql_node *n, struct error *err)
{
    struct looks l = looks_of(m, n);
    if (n->n_args == 0)
        return 0;
    if (!l.variables && l.column >= 0 && (l.sides == 1 || l.sides == 2) && n->kind != SQL_LAMBDA)
        return derive(m, n, l.column, err);
    for (int i = 0; i < n->n_args; i++)
        TRY(take_out(m, n->args[i], err));
    if (n->kind == SQL_CALL && !l.variables && l.sides == 3 && !is_relation(n->function))
        return remember(m, n, err);
    return 0;
}

int splink_bind(struct splink_model *m, struct sql_node *condition, const struct splink_rule *rule,
                struct error *err)
{
    TRY(number_columns(m, condition, rule, err));
    find_numbers(m, condition);
    return take_out(m, condition, err);
}
