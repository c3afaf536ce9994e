#include "transform/match/model_entries.h"

#include <stdlib.h>

enum { FREQUENT_MAX = 20000 }; /* values kept of a column; the rest weigh by the data at hand */

/* The mean share of the values that are not kept. */
static double rest_share(const struct comparison *c, double of, const struct frequency_entry *kept,
                         size_t n)
{
    double in = 0, values = 0;
    for (uint32_t v = 0; v < c->values->strings.n; v++)
        values += c->counts[v] > 0;
    for (size_t i = 0; i < n; i++)
        in += kept[i].share;
    double total = 0; /* lists hold more values than records */
    for (uint32_t v = 0; v < c->values->strings.n; v++)
        total += c->counts[v] / of;
    double rest = values > (double)n ? (total - in) / (values - (double)n) : 0;
    return rest > 1 / of ? rest : 1 / of;
}

struct match_model *model_new(void)
{
    struct match_model *m = calloc(1, sizeof *m);
    if (m)
        arena_init(&m->arena, 0);
    return m;
}

void match_model_free(struct match_model *m)
{
    if (!m)
        return;
    arena_done(&m->arena);
    free(m);
}

static int compare_entries(const void *a, const void *b)
{
    const struct frequency_entry *x = a, *y = b;
    if (x->share > y->share || x->share < y->share)
        return x->share > y->share ? -1 : 1;
    return slice_compare(x->value, y->value);
}

/* Values held by at least two records, the most frequent first. */
static int keep_frequent(struct match_model *m, const struct comparison *c, int k)
{
    struct buffer list = {0};
    double of = frequency_total(c, m->n_records);
    for (uint32_t v = 0; v < c->values->strings.n; v++) {
        struct frequency_entry entry = {value_string(c, v), c->counts[v] / of};
        if (c->counts[v] >= 2 && buffer_append(&list, &entry, sizeof entry) < 0) {
            buffer_done(&list);
            return ERR_MEMORY;
        }
    }
    size_t n = list.len / sizeof(struct frequency_entry);
    struct frequency_entry *entries = (struct frequency_entry *)(void *)list.data;
    if (n)
        qsort(entries, n, sizeof *entries, compare_entries);
    n = n < FREQUENT_MAX ? n : FREQUENT_MAX;
    m->rest_share[k] = rest_share(c, of, entries, n);
    m->frequent[k] = ARENA_ARRAY(&m->arena, struct frequency_entry, n + 1);
    for (size_t i = 0; m->frequent[k] && i < n; i++)
        m->frequent[k][i] =
            (struct frequency_entry){arena_copy(&m->arena, entries[i].value), entries[i].share};
    m->n_frequent[k] = m->frequent[k] ? (uint32_t)n : 0;
    buffer_done(&list);
    return m->frequent[k] ? 0 : ERR_MEMORY;
}

static int compare_aliases(const void *a, const void *b)
{
    const struct alias_entry *x = a, *y = b;
    int order = slice_compare(x->a, y->a);
    return order ? order : slice_compare(x->b, y->b);
}

static int keep_aliases(struct match_model *m, const struct comparison *c, int k,
                        const struct alias_set *set)
{
    uint32_t n = 0;
    m->aliases[k] = ARENA_ARRAY(&m->arena, struct alias_entry, (size_t)set->n + 1);
    if (!m->aliases[k])
        return ERR_MEMORY;
    for (uint32_t i = 0; i < set->n_slots; i++) {
        if (!set->keys[i])
            continue;
        uint64_t key = set->keys[i] - 1;
        struct slice x = value_string(c, (uint32_t)(key >> 32)), y = value_string(c, (uint32_t)key);
        int swap = slice_compare(x, y) > 0;
        m->aliases[k][n++] =
            (struct alias_entry){arena_copy(&m->arena, swap ? y : x),
                                 arena_copy(&m->arena, swap ? x : y), set->levels[i]};
    }
    m->n_aliases[k] = n;
    if (n)
        qsort(m->aliases[k], n, sizeof *m->aliases[k], compare_aliases);
    return 0;
}

int model_keep_entries(struct match_model *m, const struct encoded *e,
                       const struct alias_set aliases[COMPARISONS_MAX], struct error *err)
{
    for (int k = 0; k < m->n_fields; k++) {
        const struct comparison *c = &e->comparisons[k];
        if (m->fields[k].frequency && c->values && keep_frequent(m, c, k) < 0)
            return error_memory(err);
        if (aliases[k].n && keep_aliases(m, c, k, &aliases[k]) < 0)
            return error_memory(err);
    }
    return 0;
}

/* The model's field for a comparison: the same kind and meaning, by name where there are several.
 */
static int find_field(const struct match_model *m, const struct comparison *c)
{
    int found = -1;
    for (int k = 0; k < m->n_fields; k++) {
        const struct field_model *f = &m->fields[k];
        if (f->kind != c->kind || f->meaning != c->meaning)
            continue;
        if (slice_equal(slice_str(f->name), c->name))
            return k;
        if (found < 0)
            found = k;
    }
    return found;
}

static uint32_t map_parents(uint32_t parents, const int *to, int n)
{
    uint32_t mapped = 0;
    for (int k = 0; k < n; k++)
        if (to[k] >= 0 && (parents >> to[k] & 1))
            mapped |= UINT32_C(1) << k;
    return mapped;
}

static int copy_aliases(const struct match_model *from, int field, const struct comparison *c,
                        struct alias_set *set)
{
    for (uint32_t i = 0; i < from->n_aliases[field]; i++) {
        const struct alias_entry *a = &from->aliases[field][i];
        int64_t x = dict_find(&c->values->strings, a->a), y = dict_find(&c->values->strings, a->b);
        if (x >= 0 && y >= 0 && alias_add(set, (uint32_t)x, (uint32_t)y, a->level) < 0)
            return ERR_MEMORY;
    }
    return 0;
}

static int copy_frequent(const struct match_model *from, int field, struct match_model *ret, int k)
{
    uint32_t n = from->n_frequent[field];
    ret->frequent[k] = ARENA_ARRAY(&ret->arena, struct frequency_entry, (size_t)n + 1);
    if (!ret->frequent[k])
        return ERR_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        ret->frequent[k][i] =
            (struct frequency_entry){arena_copy(&ret->arena, from->frequent[field][i].value),
                                     from->frequent[field][i].share};
    ret->n_frequent[k] = n;
    ret->rest_share[k] = from->rest_share[field];
    return 0;
}

/* A comparison without a field of the model: every level weighs nothing. */
static void silence(struct field_model *f, const struct comparison *c)
{
    *f = (struct field_model){.kind = c->kind, .meaning = c->meaning};
    for (int s = 0; s < STATES; s++)
        for (int l = 1; l < LEVELS; l++)
            f->m[s][l] = f->h[s][l] = f->u[s][l] = model_level_valid(c->kind, l) ? .1 : 0;
}

int model_copy_for(const struct match_model *from, const struct encoded *e, struct match_model *ret,
                   struct alias_set aliases[COMPARISONS_MAX], struct error *err)
{
    int to[COMPARISONS_MAX], known = 0;
    struct arena arena = ret->arena;
    *ret = *from;
    ret->arena = arena;
    memset(ret->n_frequent, 0, sizeof ret->n_frequent);
    memset(ret->n_aliases, 0, sizeof ret->n_aliases);
    memset(ret->rest_share, 0, sizeof ret->rest_share);
    ret->n_fields = e->n_comparisons;
    for (int k = 0; k < e->n_comparisons; k++) {
        const struct comparison *c = &e->comparisons[k];
        to[k] = find_field(from, c);
        known += to[k] >= 0;
        if (to[k] < 0) {
            silence(&ret->fields[k], c);
            continue;
        }
        ret->fields[k] = from->fields[to[k]];
        if (c->values && (copy_frequent(from, to[k], ret, k) < 0 ||
                          copy_aliases(from, to[k], c, &aliases[k]) < 0))
            return error_memory(err);
    }
    if (e->n_comparisons && !known)
        return error_set(err, ERR_DATA,
                         "the model was made for other columns: none of its "
                         "comparisons fits these records");
    for (int k = 0; k < e->n_comparisons; k++)
        ret->fields[k].parents = map_parents(ret->fields[k].parents, to, e->n_comparisons);
    model_weigh(ret);
    return 0;
}

static int clone_aliases(const struct match_model *from, int k, struct match_model *ret)
{
    uint32_t n = from->n_aliases[k];
    ret->aliases[k] = ARENA_ARRAY(&ret->arena, struct alias_entry, (size_t)n + 1);
    for (uint32_t i = 0; ret->aliases[k] && i < n; i++) {
        const struct alias_entry *a = &from->aliases[k][i];
        ret->aliases[k][i] = (struct alias_entry){arena_copy(&ret->arena, a->a),
                                                  arena_copy(&ret->arena, a->b), a->level};
    }
    return ret->aliases[k] ? 0 : ERR_MEMORY;
}

struct match_model *model_clone(const struct match_model *m)
{
    struct match_model *copy = model_new();
    if (!copy)
        return NULL;
    struct arena arena = copy->arena;
    *copy = *m;
    copy->arena = arena;
    int code = census_copy(&m->census, &copy->arena, &copy->census);
    for (int k = 0; k < m->n_fields && code == 0; k++)
        if (copy_frequent(m, k, copy, k) < 0 || clone_aliases(m, k, copy) < 0)
            code = ERR_MEMORY;
    if (code == 0)
        return copy;
    match_model_free(copy);
    return NULL;
}
