#include "transform/splink/functions.h"
#include "transform/splink/value.h"

static int truth(const struct sql_value *v)
{
    double x;
    return sql_is_null(v) ? -1 : sql_to_number(v, &x) && x != 0;
}

/* AND is false when either is, OR true when either is, whatever the other; else null wins. */
static int eval_chain(struct sql_scope *s, const struct sql_node *n, struct sql_value *ret)
{
    int decides = n->kind == SQL_OR, unknown = 0;
    for (int i = 0; i < n->n_args; i++) {
        struct sql_value v;
        TRY(sql_eval(s, n->args[i], &v));
        int t = truth(&v);
        if (t == decides) {
            *ret = sql_bool(decides);
            return 0;
        }
        unknown |= t < 0;
    }
    *ret = unknown ? (struct sql_value){0} : sql_bool(!decides);
    return 0;
}

static int eval_case(struct sql_scope *s, const struct sql_node *n, struct sql_value *ret)
{
    for (int i = 0; i + 1 < n->n_args; i += 2) {
        int holds = sql_holds(s, n->args[i]);
        if (holds != 0)
            return holds < 0 ? holds : sql_eval(s, n->args[i + 1], ret);
    }
    return sql_eval(s, n->args[n->n_args - 1], ret);
}

static int eval_call(struct sql_scope *s, const struct sql_node *n, struct sql_value *ret)
{
    struct sql_value args[SQL_ARGS_MAX];
    const struct sql_function *f = n->function;
    int lambda = (f->flags & SQL_TAKES_LAMBDA) != 0, n_args = n->n_args - lambda;
    for (int i = 0; i < n_args; i++) {
        TRY(sql_eval(s, n->args[i], &args[i]));
        if ((sql_is_null(&args[i]) && !(f->flags & SQL_TAKES_NULLS)) ||
            (args[i].type == SQL_LIST && f->flags & SQL_WANTS_TEXTS)) {
            *ret = (struct sql_value){0};
            return 0;
        }
    }
    return lambda ? sql_transform_list(s, &args[0], n->args[n_args], ret)
                  : f->call(s, args, n_args, ret);
}

static int eval_remembered(struct sql_scope *s, const struct sql_node *n, struct sql_value *ret)
{
    struct sql_memo *memo = n->memo >= 0 && s->memo ? &s->memo[n->memo] : NULL;
    if (memo && memo->pair == s->pair) {
        *ret = memo->value;
        return 0;
    }
    TRY(eval_call(s, n, ret));
    if (memo)
        *memo = (struct sql_memo){s->pair, *ret};
    return 0;
}

int sql_apply(struct sql_scope *s, const struct sql_node *lambda, const struct sql_value *item,
              struct sql_value *ret)
{
    s->variables[lambda->slot] = item;
    return sql_eval(s, lambda->args[0], ret);
}

int sql_eval(struct sql_scope *s, const struct sql_node *n, struct sql_value *ret)
{
    switch (n->kind) {
    case SQL_LITERAL:
        *ret = n->literal;
        return 0;
    case SQL_COLUMN:
    case SQL_DERIVED:
        *ret = *s->value(s->arg, n);
        return 0;
    case SQL_VARIABLE:
        *ret = *s->variables[n->slot];
        return 0;
    case SQL_AND:
    case SQL_OR:
        return eval_chain(s, n, ret);
    case SQL_CASE:
        return eval_case(s, n, ret);
    case SQL_CALL:
        return eval_remembered(s, n, ret);
    case SQL_LAMBDA:
        break;
    }
    *ret = (struct sql_value){0};
    return 0;
}

int sql_holds(struct sql_scope *s, const struct sql_node *n)
{
    struct sql_value v;
    TRY(sql_eval(s, n, &v));
    return truth(&v) == 1;
}
