#include "transform/match/guards.h"

#include <stdio.h>
#include <stdlib.h>

#include "transform/match/birth.h"
#include "transform/match/clean.h"

/* 6 nats: 400 to 1; and 5 nats against: as good as never compared */
enum { OVERWHELMING = 8864, UNLIKELY = WEIGHT_EDGE };

#define STRONG_DIFFER .02
#define STRONG_HOLDERS 4 /* records a value, in the mean */

static int compare_pairs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Both directions of every parting decision, by record. */
static int list_apart(struct guards *g, const struct match_decision *d, size_t n)
{
    const struct encoded *e = g->rules->e;
    struct buffer pairs = {0};
    int code = 0;
    for (size_t i = 0; i < n && code == 0; i++) {
        uint64_t x = e->rank[d[i].a], y = e->rank[d[i].b];
        uint64_t both[2] = {x << 32 | y, y << 32 | x};
        if (d[i].says < 0)
            code = buffer_append(&pairs, both, sizeof both);
    }
    uint64_t *list = (uint64_t *)(void *)pairs.data;
    size_t n_pairs = pairs.len / sizeof *list;
    if (code == 0 && n_pairs) {
        qsort(list, n_pairs, sizeof *list, compare_pairs);
        g->apart_from = calloc((size_t)e->n + 2, sizeof *g->apart_from);
        g->apart = malloc(n_pairs * sizeof *g->apart);
        code = g->apart_from && g->apart ? 0 : ERR_MEMORY;
        for (size_t i = 0; i < n_pairs && code == 0; i++) {
            g->apart_from[(list[i] >> 32) + 1]++;
            g->apart[i] = (uint32_t)list[i];
        }
        for (uint32_t r = 0; r < e->n && code == 0; r++)
            g->apart_from[r + 1] += g->apart_from[r];
    }
    buffer_done(&pairs);
    return code;
}

int guards_init(struct guards *g, struct rules *rules, const struct scorer *scorer,
                const struct match_decision *decisions, size_t n, struct error *err)
{
    *g = (struct guards){.rules = rules, .scorer = scorer};
    if (list_apart(g, decisions, n) < 0) {
        guards_done(g);
        return error_memory(err);
    }
    return 0;
}

void guards_done(struct guards *g)
{
    free(g->apart_from);
    free(g->apart);
    *g = (struct guards){0};
}

/* Each value on few records, and matches hardly ever disagree. */
static int is_strong(const struct comparison *c, const struct field_model *f)
{
    uint32_t values = 0;
    for (uint32_t v = 0; v < c->values->strings.n; v++)
        values += c->counts[v] > 0;
    return c->kind == COMPARE_ID && f->kind == COMPARE_ID &&
           (uint64_t)values * STRONG_HOLDERS >= c->filled && f->m[0][4] <= STRONG_DIFFER;
}

void guards_reset(struct guards *g)
{
    const struct encoded *e = g->rules->e;
    const struct match_model *m = g->scorer->model;
    g->n_ids = 0;
    g->refused_id = g->refused_people = g->refused_decided = 0;
    for (int k = 0; m && m->learned && k < e->n_comparisons; k++)
        if (e->comparisons[k].values && is_strong(&e->comparisons[k], &m->fields[k]))
            g->ids[g->n_ids++] = (struct strong_id){k, m->fields[k].m[0][4]};
}

static int decided_apart(const struct guards *g, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                         uint32_t n_b)
{
    if (!g->apart_from)
        return 0;
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t x = g->apart_from[a[i]]; x < g->apart_from[a[i] + 1]; x++)
            for (uint32_t k = 0; k < n_b; k++)
                if (g->apart[x] == b[k])
                    return 1;
    return 0;
}

static uint32_t code_of(const struct encoded *e, int k, uint32_t rank)
{
    uint32_t code = k < 0 ? MATCH_MISSING : e->rows[(size_t)rank * ROW + (size_t)k];
    return code == ROW_LIST ? MATCH_MISSING : code;
}

/* Dates that no slip makes of each other. */
static int dates_apart(const struct encoded *e, uint32_t a, uint32_t b)
{
    uint32_t x = code_of(e, e->date, a), y = code_of(e, e->date, b);
    if (x == y || x == MATCH_MISSING || y == MATCH_MISSING)
        return 0;
    const uint64_t *dates = e->comparisons[e->date].values->dates;
    return birth_compare(dates[x], dates[y]) >= DATE_THREE_DIGITS;
}

/* Given names that are no spelling, initial, swap or short form of each other, nor letters of one
 * name in another order: they share less than half of their letters. */
static int names_apart(const struct encoded *e, const struct agreement *g, uint32_t a, uint32_t b)
{
    uint32_t x = code_of(e, e->given, a), y = code_of(e, e->given, b);
    if (x == MATCH_MISSING || y == MATCH_MISSING || level_of(g->pattern, e->given) != NAME_DIFFERS)
        return 0;
    if (x == code_of(e, e->family, b) || y == code_of(e, e->family, a))
        return 0; /* one of them in the wrong field; names share one set of codes */
    const uint64_t *masks = e->comparisons[e->given].values->masks;
    int of_x = edit_bits(masks[x]), of_y = edit_bits(masks[y]);
    return edit_bits(masks[x] & masks[y]) * 2 < (of_x > of_y ? of_x : of_y);
}

static int any_dates_apart(const struct encoded *e, const uint32_t *a, uint32_t n_a,
                           const uint32_t *b, uint32_t n_b)
{
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t k = 0; k < n_b; k++)
            if (dates_apart(e, a[i], b[k]))
                return 1;
    return 0;
}

/* On its own, as only few come here: a comparer takes much of the stack. */
__attribute__((noinline)) static int names_part_too(const struct guards *g, const uint32_t *a,
                                                    uint32_t n_a, const uint32_t *b, uint32_t n_b)
{
    const struct encoded *e = g->rules->e;
    struct comparer c;
    struct pair_score p;
    int apart = 0;
    comparer_init(&c, e, g->scorer->aliases);
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t k = 0; k < n_b; k++) {
            if (!dates_apart(e, a[i], b[k]))
                continue;
            score_pair(g->scorer, &c, a[i], b[k], &p);
            if (!names_apart(e, &p.agreement, a[i], b[k]))
                continue;
            if (p.weight >= UNLIKELY)
                return 0;
            apart = 1;
        }
    return apart;
}

/* Some pair differs in name and date, and for no pair that does does the rest of the two records
 * make up for it. A third record that is near both does not help. */
static int two_people(const struct guards *g, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                      uint32_t n_b)
{
    const struct encoded *e = g->rules->e;
    if (e->date < 0 || e->given < 0 || !any_dates_apart(e, a, n_a, b, n_b))
        return 0;
    return names_part_too(g, a, n_a, b, n_b);
}

/* The level of an id between two records: 0 missing, 1..3 near, 4 clearly different. */
static int id_level(const struct guards *g, int k, uint32_t a, uint32_t b, struct comparer *c,
                    int *ready)
{
    const struct comparison *f = &g->rules->e->comparisons[k];
    uint32_t n_a, n_b;
    const uint32_t *x = comparison_values(f, a, &n_a), *y = comparison_values(f, b, &n_b);
    int best = 0;
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t j = 0; j < n_b; j++) {
            if (x[i] == y[j])
                return 1;
            if (!*ready)
                comparer_init(c, g->rules->e, g->scorer->aliases);
            *ready = 1;
            int level = compare_values(c, f, x[i], y[j]);
            best = best == 0 || level < best ? level : best;
        }
    return best;
}

/* Every pair that holds ids disagrees, and none of them scores so high that it must be a slip. */
__attribute__((noinline)) static int ids_conflict(const struct guards *g, int k, const uint32_t *a,
                                                  uint32_t n_a, const uint32_t *b, uint32_t n_b)
{
    struct comparer c;
    struct pair_score p;
    int ready = 0, conflict = 0;
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t j = 0; j < n_b; j++) {
            int level = id_level(g, k, a[i], b[j], &c, &ready);
            if (level && level < 4)
                return 0;
            if (!level)
                continue;
            score_pair(g->scorer, &c, a[i], b[j], &p);
            if (p.weight >= OVERWHELMING)
                return 0;
            conflict = 1;
        }
    return conflict;
}

static int any_conflict(const struct guards *g, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                        uint32_t n_b)
{
    for (int i = 0; i < g->n_ids; i++)
        if (ids_conflict(g, g->ids[i].comparison, a, n_a, b, n_b))
            return 1;
    return 0;
}

static int refuse(int64_t *count)
{
    __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
    return 0;
}

int guards_allow(void *arg, enum join_reason why, const uint32_t *a, uint32_t n_a,
                 const uint32_t *b, uint32_t n_b)
{
    struct guards *g = arg;
    if (decided_apart(g, a, n_a, b, n_b))
        return refuse(&g->refused_decided);
    if (g->rules->e->clean && !clean_allow(g->rules->e, a, n_a, b, n_b))
        return 0;
    if (g->rules->n_never && !rules_allow(g->rules, a, n_a, b, n_b))
        return 0;
    if (why == JOIN_CERTAIN)
        return 1;
    if (two_people(g, a, n_a, b, n_b))
        return refuse(&g->refused_people);
    if (any_conflict(g, a, n_a, b, n_b))
        return refuse(&g->refused_id);
    return 1;
}

int guards_say(const struct guards *g, char ret_lines[][200], int most)
{
    char names[120] = "";
    size_t at = 0;
    if (!g->refused_id || most < 1)
        return 0;
    for (int i = 0; i < g->n_ids && at < 60; i++) {
        struct slice name = g->rules->e->comparisons[g->ids[i].comparison].name;
        int n = snprintf(names + at, sizeof names - at, "%s'%.*s' (%.1f %%)", i ? ", " : "",
                         (int)(name.len < 30 ? name.len : 30), name.ptr, 100 * g->ids[i].differ);
        at += n > 0 ? (size_t)n : 0;
    }
    snprintf(ret_lines[0], 200,
             "%lld joins were refused: strong identifiers differ, in which matches hardly ever do: "
             "%.100s",
             (long long)g->refused_id, names);
    return 1;
}
