#include "transform/match/rules.h"

#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/birth.h"
#include "transform/match/encode_parts.h"
#include "transform/match/generic.h"

static const struct match_column *find_column(const struct match_table *t, struct slice name,
                                              struct error *err)
{
    for (int k = 0; k < t->n_columns; k++)
        if (slice_equal(t->columns[k].name, name))
            return &t->columns[k];
    error_set(err, ERR_CONFIG, "the match rules name '%.*s', which no record has",
              (int)(name.len < 100 ? name.len : 100), name.ptr);
    return NULL;
}

struct keyed {
    uint64_t key[2];
    uint32_t rank;
};

static int compare_keyed(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    for (int i = 0; i < 2; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] < y->key[i] ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Adds a value to the key of a record; each element of a list makes a key of its own, and a value
 * that too many people share none. */
static int add_field(const struct match_column *c, const struct encoded *e, const uint8_t *silent,
                     struct buffer *keys)
{
    struct buffer out = {0};
    size_t n = keys->len / sizeof(struct keyed);
    const struct keyed *in = (const struct keyed *)(const void *)keys->data;
    for (size_t i = 0; i < n; i++) {
        uint32_t n_codes;
        const uint32_t *codes;
        column_code(c, e->record[in[i].rank], &n_codes, &codes);
        for (uint32_t k = 0; k < n_codes; k++) {
            if (codes[k] == MATCH_MISSING || (silent && silent[codes[k]]))
                continue;
            struct keyed next = in[i];
            next.key[0] = hash_pair(next.key[0], codes[k]);
            next.key[1] = hash_pair(next.key[1], ~(uint64_t)codes[k]);
            if (buffer_append(&out, &next, sizeof next) < 0) {
                buffer_done(&out);
                return ERR_MEMORY;
            }
        }
    }
    buffer_done(keys);
    *keys = out;
    return 0;
}

static int link_equal(const struct buffer *keys, struct buffer *edges)
{
    struct keyed *list = (struct keyed *)(void *)keys->data;
    size_t n = keys->len / sizeof *list;
    if (n)
        qsort(list, n, sizeof *list, compare_keyed);
    for (size_t i = 1; i < n; i++) {
        if (list[i].key[0] != list[i - 1].key[0] || list[i].key[1] != list[i - 1].key[1] ||
            list[i].rank == list[i - 1].rank)
            continue;
        struct edge edge = {list[i - 1].rank, list[i].rank, WEIGHT_CERTAIN};
        TRY(buffer_append(edges, &edge, sizeof edge));
    }
    return 0;
}

static int add_certain(struct rules *r, const struct slice *fields, struct buffer *edges,
                       struct error *err)
{
    struct buffer keys = {0};
    int code = 0;
    for (uint32_t i = 0; i < r->e->n && code == 0; i++) {
        struct keyed key = {{1, 2}, i};
        code = buffer_append(&keys, &key, sizeof key);
    }
    for (int k = 0; fields[k].ptr && code == 0; k++) {
        const struct match_column *c = find_column(r->table, fields[k], err);
        if (!c) {
            buffer_done(&keys);
            return ERR_CONFIG;
        }
        uint8_t *silent;
        code = generic_of_column(r->e, c, &silent);
        if (code == 0)
            code = add_field(c, r->e, silent, &keys);
        free(silent);
    }
    if (code == 0)
        code = link_equal(&keys, edges);
    buffer_done(&keys);
    return code < 0 ? error_memory(err) : 0;
}

static int add_never(struct rules *r, const struct never_rule *rule, struct error *err)
{
    struct never_check *check = &r->never[r->n_never];
    *check = (struct never_check){.column = find_column(r->table, rule->field, err),
                                  .apart = rule->apart};
    if (!check->column)
        return ERR_CONFIG;
    r->n_never++;
    if (!rule->apart)
        return 0;
    uint32_t n = check->column->values.n;
    struct date_votes votes = {0, 0};
    check->dates = malloc(((size_t)n + 1) * sizeof *check->dates);
    if (!check->dates)
        return error_memory(err);
    for (uint32_t v = 0; v < n; v++)
        birth_vote(&votes, dict_get(&check->column->values, v));
    for (uint32_t v = 0; v < n; v++)
        check->dates[v] = birth_parse(dict_get(&check->column->values, v), birth_order_of(&votes));
    return 0;
}

int rules_init(struct rules *r, const struct match_rules *given, const struct match_table *t,
               const struct encoded *e, struct error *err)
{
    struct buffer edges = {0};
    int code = 0;
    *r = (struct rules){.table = t, .e = e};
    for (int k = 0; given && k < given->n_certain && code == 0; k++)
        code = add_certain(r, given->certain[k], &edges, err);
    for (int k = 0; given && k < given->n_never && k < NEVER_MAX && code == 0; k++)
        code = add_never(r, &given->never[k], err);
    r->n_certain = edges.len / sizeof *r->certain;
    r->certain = buffer_take(&edges);
    if (code < 0)
        rules_done(r);
    return code;
}

int rules_add_links(struct rules *r, const struct match_decision *decisions, size_t n,
                    struct error *err)
{
    struct edge *all = realloc(r->certain, (r->n_certain + n + 1) * sizeof *all);
    if (!all)
        return error_memory(err);
    r->certain = all;
    for (size_t i = 0; i < n; i++) {
        uint32_t x = r->e->rank[decisions[i].a], y = r->e->rank[decisions[i].b];
        if (decisions[i].says > 0 && x != y)
            all[r->n_certain++] = (struct edge){x < y ? x : y, x < y ? y : x, WEIGHT_CERTAIN};
    }
    return 0;
}

void rules_done(struct rules *r)
{
    for (int k = 0; k < r->n_never; k++)
        free(r->never[k].dates);
    free(r->certain);
    *r = (struct rules){0};
}

static int values_apart(const struct never_check *n, uint32_t x, uint32_t y)
{
    if (x == y)
        return 0;
    if (!n->apart)
        return 1;
    if (!n->dates[x] || !n->dates[y])
        return 0;
    int64_t days = birth_days(n->dates[x]) - birth_days(n->dates[y]);
    return days > n->apart || -days > n->apart;
}

/* Lists are apart when no element of one is near any of the other. */
static int records_apart(const struct never_check *n, uint32_t i, uint32_t j)
{
    uint32_t n_i, n_j;
    const uint32_t *list_i, *list_j;
    int compared = 0;
    column_code(n->column, i, &n_i, &list_i);
    column_code(n->column, j, &n_j, &list_j);
    for (uint32_t x = 0; x < n_i; x++)
        for (uint32_t y = 0; y < n_j; y++) {
            if (list_i[x] == MATCH_MISSING || list_j[y] == MATCH_MISSING)
                continue;
            if (!values_apart(n, list_i[x], list_j[y]))
                return 0;
            compared = 1;
        }
    return compared;
}

int rules_allow(void *arg, const uint32_t *a, uint32_t n_a, const uint32_t *b, uint32_t n_b)
{
    const struct rules *r = arg;
    for (int k = 0; k < r->n_never; k++)
        for (uint32_t x = 0; x < n_a; x++)
            for (uint32_t y = 0; y < n_b; y++)
                if (records_apart(&r->never[k], r->e->record[a[x]], r->e->record[b[y]]))
                    return 0;
    return 1;
}
