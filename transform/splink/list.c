/* Functions of lists. A null item is no member of anything. */
#include <math.h>

#include "transform/splink/functions.h"
#include "transform/splink/value.h"

static struct sql_value list_value(const struct sql_value *items, uint32_t n)
{
    return (struct sql_value){.type = SQL_LIST, .n = n, .items = items};
}

static int is_in(const struct sql_value *v, const struct sql_value *items, uint32_t n)
{
    int order;
    for (uint32_t i = 0; i < n; i++)
        if (sql_compare(v, &items[i], &order) && order == 0)
            return 1;
    return 0;
}

int sql_list(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct sql_value *items = ARENA_ARRAY(s->arena, struct sql_value, (size_t)n + 1);
    if (!items)
        return ERR_MEMORY;
    if (n)
        memcpy(items, args, (size_t)n * sizeof *items);
    *ret = list_value(items, (uint32_t)n);
    return 0;
}

/* DuckDB counts from 1 and, negative, from the end; Spark from 0. Of a text: a character. */
int sql_list_item(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    double at;
    (void)n;
    *ret = (struct sql_value){0};
    if (!sql_to_number(&args[1], &at))
        return 0;
    if (args[0].type == SQL_TEXT && s->dialect == SQL_DUCKDB) {
        const struct sql_value piece[] = {args[0], args[1], sql_number(1)};
        return sql_substr(s, piece, 3, ret);
    }
    if (args[0].type != SQL_LIST)
        return 0;
    if (s->dialect == SQL_DUCKDB)
        at = at > 0 ? at - 1 : args[0].n + at;
    if (at >= 0 && at < args[0].n && at == floor(at))
        *ret = args[0].items[(uint32_t)at];
    return 0;
}

int sql_list_size(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)s;
    (void)n;
    *ret = args[0].type == SQL_LIST ? sql_number(args[0].n) : (struct sql_value){0};
    return 0;
}

/* The different items of `a` that pass: in `b` too, or all when b is NULL. */
static int distinct(struct sql_scope *s, const struct sql_value *a, const struct sql_value *b,
                    struct sql_value *ret)
{
    struct sql_value *items = ARENA_ARRAY(s->arena, struct sql_value, (size_t)a->n + 1);
    uint32_t n = 0;
    if (!items)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < a->n; i++)
        if (!sql_is_null(&a->items[i]) && (!b || is_in(&a->items[i], b->items, b->n)) &&
            !is_in(&a->items[i], items, n))
            items[n++] = a->items[i];
    *ret = list_value(items, n);
    return 0;
}

int sql_list_intersect(struct sql_scope *s, const struct sql_value *args, int n,
                       struct sql_value *ret)
{
    (void)n;
    *ret = (struct sql_value){0};
    if (args[0].type != SQL_LIST || args[1].type != SQL_LIST)
        return 0;
    return distinct(s, &args[0], &args[1], ret);
}

int sql_list_distinct(struct sql_scope *s, const struct sql_value *args, int n,
                      struct sql_value *ret)
{
    (void)n;
    *ret = (struct sql_value){0};
    return args[0].type == SQL_LIST ? distinct(s, &args[0], NULL, ret) : 0;
}

int sql_list_contains(struct sql_scope *s, const struct sql_value *args, int n,
                      struct sql_value *ret)
{
    (void)s;
    (void)n;
    *ret = args[0].type == SQL_LIST ? sql_bool(is_in(&args[1], args[0].items, args[0].n))
                                    : (struct sql_value){0};
    return 0;
}

int sql_list_has_any(struct sql_scope *s, const struct sql_value *args, int n,
                     struct sql_value *ret)
{
    TRY(sql_list_intersect(s, args, n, ret));
    if (ret->type == SQL_LIST)
        *ret = sql_bool(ret->n > 0);
    return 0;
}

static int extreme(const struct sql_value *list, int wanted, struct sql_value *ret)
{
    int order;
    *ret = (struct sql_value){0};
    for (uint32_t i = 0; list->type == SQL_LIST && i < list->n; i++) {
        const struct sql_value *v = &list->items[i];
        if (!sql_is_null(v) &&
            (sql_is_null(ret) || (sql_compare(v, ret, &order) && order == wanted)))
            *ret = *v;
    }
    return 0;
}

int sql_list_max(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)s;
    (void)n;
    return extreme(args, 1, ret);
}

int sql_list_min(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)s;
    (void)n;
    return extreme(args, -1, ret);
}

int sql_list_flatten(struct sql_scope *s, const struct sql_value *args, int n,
                     struct sql_value *ret)
{
    size_t total = 0, at = 0;
    (void)n;
    *ret = (struct sql_value){0};
    if (args[0].type != SQL_LIST)
        return 0;
    for (uint32_t i = 0; i < args[0].n; i++)
        total += args[0].items[i].type == SQL_LIST ? args[0].items[i].n : 0;
    struct sql_value *items = ARENA_ARRAY(s->arena, struct sql_value, total + 1);
    if (!items)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < args[0].n; i++) {
        const struct sql_value *part = &args[0].items[i];
        for (uint32_t j = 0; part->type == SQL_LIST && j < part->n; j++)
            items[at++] = part->items[j];
    }
    *ret = list_value(items, (uint32_t)total);
    return 0;
}

int sql_list_cosine(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    double dot = 0, a = 0, b = 0, x, y;
    (void)s;
    (void)n;
    *ret = (struct sql_value){0};
    if (args[0].type != SQL_LIST || args[1].type != SQL_LIST || args[0].n != args[1].n)
        return 0;
    for (uint32_t i = 0; i < args[0].n; i++) {
        if (!sql_to_number(&args[0].items[i], &x) || !sql_to_number(&args[1].items[i], &y))
            return 0;
        dot += x * y;
        a += x * x;
        b += y * y;
    }
    if (a > 0 && b > 0)
        *ret = sql_number(dot / (sqrt(a) * sqrt(b)));
    return 0;
}

int sql_transform_list(struct sql_scope *s, const struct sql_value *list,
                       const struct sql_node *lambda, struct sql_value *ret)
{
    *ret = (struct sql_value){0};
    if (list->type != SQL_LIST)
        return 0;
    struct sql_value *items = ARENA_ARRAY(s->arena, struct sql_value, (size_t)list->n + 1);
    if (!items)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < list->n; i++)
        TRY(sql_apply(s, lambda, &list->items[i], &items[i]));
    *ret = list_value(items, list->n);
    return 0;
}
