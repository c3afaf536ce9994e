#include "transform/match/model_entries.h"

#include <stdio.h>
#include <stdlib.h>

#include "transform/splink/model.h"

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
    uint64_t total = 0; /* lists hold more values than records; whole, so that no order shows */
    for (uint32_t v = 0; v < c->values->strings.n; v++)
        total += c->counts[v];
    double rest = values > (double)n ? ((double)total / of - in) / (values - (double)n) : 0;
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
    splink_model_unref(m->splink);
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

/* Names are kept cut to what a field holds. */
static int same_name(const struct field_model *f, struct slice name)
{
    struct slice kept = slice_str(f->name);
    return slice_equal(kept, name) ||
           (name.len > kept.len && kept.len > sizeof f->name - 5 && slice_starts(name, kept));
}

/* The field without a partner yet that is of c's kind: by name, else the nearest, else the only
 * one; -1 none. */
static int find_free(const struct match_model *m, const struct comparison *c, const int *used)
{
    const char *names[COMPARISONS_MAX];
    int of[COMPARISONS_MAX], n = 0;
    for (int k = 0; k < m->n_fields; k++) {
        const struct field_model *f = &m->fields[k];
        if (used[k] || f->kind != c->kind || f->meaning != c->meaning)
            continue;
        of[n] = k;
        names[n++] = f->name;
    }
    const char *near = n > 1 ? slice_nearest(c->name, names, (size_t)n) : NULL;
    for (int i = 0; near && i < n; i++)
        if (names[i] == near)
            return of[i];
    return n == 1 ? of[0] : -1;
}

/* The model's field of each comparison, no field twice: the same kind and meaning, by name where
 * there are several. Equal names first, so that the order of columns changes nothing. */
static int pair_fields(const struct match_model *m, const struct encoded *e,
                       int to[COMPARISONS_MAX])
{
    int used[COMPARISONS_MAX] = {0}, known = 0;
    for (int k = 0; k < e->n_comparisons; k++) {
        const struct comparison *c = &e->comparisons[k];
        to[k] = -1;
        for (int f = 0; f < m->n_fields && to[k] < 0; f++)
            if (!used[f] && m->fields[f].kind == c->kind && m->fields[f].meaning == c->meaning &&
                same_name(&m->fields[f], c->name))
                to[k] = f;
        if (to[k] >= 0)
            used[to[k]] = 1;
    }
    for (int k = 0; k < e->n_comparisons; k++) {
        if (to[k] < 0 && (to[k] = find_free(m, &e->comparisons[k], used)) >= 0)
            used[to[k]] = 1;
        known += to[k] >= 0;
    }
    return known;
}

void model_misfits(const struct match_model *m, const struct encoded *e,
                   void (*say)(void *arg, const char *text), void *arg)
{
    int to[COMPARISONS_MAX], used[COMPARISONS_MAX] = {0};
    char text[200];
    pair_fields(m, e, to);
    for (int k = 0; k < e->n_comparisons; k++) {
        const struct comparison *c = &e->comparisons[k];
        if (to[k] >= 0)
            used[to[k]] = 1;
        else {
            snprintf(text, sizeof text, "the model knows no '%.*s' (%s): it weighs nothing",
                     (int)(c->name.len < 60 ? c->name.len : 60), c->name.ptr,
                     compare_kind_name(c->kind));
            say(arg, text);
        }
    }
    for (int k = 0; k < m->n_fields && e->n_comparisons; k++) {
        if (used[k] || m->fields[k].kind == COMPARE_SUFFIX || m->fields[k].kind == COMPARE_EXTRA)
            continue; /* those two come and go with the names */
        snprintf(text, sizeof text,
                 "the model compares '%.60s' (%s), which these records hardly have",
                 m->fields[k].name, compare_kind_name(m->fields[k].kind));
        say(arg, text);
    }
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

/* Names one of the model's with the nearest of the records', so that a slip is seen. */
static int other_columns(const struct match_model *m, const struct encoded *e, struct error *err)
{
    const char *names[COMPARISONS_MAX], *near = NULL;
    int n = 0;
    for (int k = 0; k < m->n_fields; k++)
        names[n++] = m->fields[k].name;
    for (int k = 0; k < e->n_comparisons && !near; k++) {
        const struct comparison *c = &e->comparisons[k];
        if ((near = slice_nearest(c->name, names, (size_t)n)))
            return error_set(err, ERR_DATA,
                             "the model was made for other columns: none of its comparisons fits "
                             "these records; is '%.*s', taken for %s here, its '%s'?",
                             (int)c->name.len, c->name.ptr, meaning_name(c->meaning), near);
    }
    return error_set(err, ERR_DATA,
                     "the model was made for other columns: none of its comparisons fits these "
                     "records; it begins with '%s' (%s)",
                     n ? names[0] : "", n ? compare_kind_name(m->fields[0].kind) : "");
}

int model_copy_for(const struct match_model *from, const struct encoded *e, struct match_model *ret,
                   struct alias_set aliases[COMPARISONS_MAX], struct error *err)
{
    int to[COMPARISONS_MAX], known = pair_fields(from, e, to);
    struct arena arena = ret->arena;
    *ret = *from;
    ret->arena = arena;
    memset(ret->n_frequent, 0, sizeof ret->n_frequent);
    memset(ret->n_aliases, 0, sizeof ret->n_aliases);
    memset(ret->rest_share, 0, sizeof ret->rest_share);
    ret->columns = NULL;
    ret->n_columns = 0;
    ret->n_fields = e->n_comparisons;
    for (int k = 0; k < e->n_comparisons; k++) {
        const struct comparison *c = &e->comparisons[k];
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
        return other_columns(from, e, err);
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

static int clone_columns(const struct match_model *from, struct match_model *ret)
{
    ret->columns = NULL;
    ret->n_columns = 0;
    for (uint32_t i = 0; i < from->n_columns; i++) {
        const struct column_entry *c = &from->columns[i];
        TRY(model_add_column(ret, c->name, c->meaning, c->why_not));
    }
    return 0;
}

struct match_model *model_clone(const struct match_model *m)
{
    struct match_model *copy = model_new();
    if (!copy)
        return NULL;
    struct arena arena = copy->arena;
    *copy = *m;
    copy->arena = arena;
    copy->splink = splink_model_ref(m->splink);
    int code = clone_columns(m, copy);
    if (code == 0)
        code = census_copy(&m->census, &copy->arena, &copy->census);
    for (int k = 0; k < m->n_fields && code == 0; k++)
        if (copy_frequent(m, k, copy, k) < 0 || clone_aliases(m, k, copy) < 0)
            code = ERR_MEMORY;
    if (code < 0) {
        match_model_free(copy);
        return NULL;
    }
    return copy;
}
