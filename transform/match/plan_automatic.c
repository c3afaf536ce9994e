#include "transform/match/plan_automatic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/plan_parts.h"

enum { LOOK_AT = 1000000, SCORE = 100000, MILLION = 1000000, TASKS = 64, FIRST_SLOTS = 256 };

/* Pairs by what they share. */
struct mask_count {
    uint64_t mask;
    int64_t n, scored, p; /* p in millionths, of those scored */
    int taken;            /* by a conjunction that stands in the plan */
};

struct mask_table {
    struct mask_count *slots; /* n 0: empty */
    uint32_t n_slots, n;
};

static struct mask_count *slot_of(const struct mask_table *t, uint64_t mask)
{
    uint32_t at = (uint32_t)hash_pair(mask, 1) & (t->n_slots - 1);
    while (t->slots[at].n && t->slots[at].mask != mask)
        at = (at + 1) & (t->n_slots - 1);
    return &t->slots[at];
}

static int mask_grow(struct mask_table *t)
{
    struct mask_table bigger = {.n_slots = t->n_slots ? t->n_slots * 2 : FIRST_SLOTS, .n = t->n};
    bigger.slots = calloc(bigger.n_slots, sizeof *bigger.slots);
    if (!bigger.slots)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < t->n_slots; i++)
        if (t->slots[i].n)
            *slot_of(&bigger, t->slots[i].mask) = t->slots[i];
    free(t->slots);
    *t = bigger;
    return 0;
}

static int mask_add(struct mask_table *t, const struct mask_count *more)
{
    if ((t->n + 1) * 2 > t->n_slots)
        TRY(mask_grow(t));
    struct mask_count *slot = slot_of(t, more->mask);
    t->n += slot->n == 0;
    slot->mask = more->mask;
    slot->n += more->n;
    slot->scored += more->scored;
    slot->p += more->p;
    return 0;
}

struct look_job {
    const struct plan_input *in;
    const struct plan_parts *parts;
    uint64_t every, score_every;
    struct mask_table *tables;
    int failed; /* set, never cleared, by any thread */
};

static int look_at(const struct look_job *j, struct comparer *c, uint32_t a, uint32_t b,
                   struct mask_table *table)
{
    uint64_t h = hash_pair(a, b);
    if (h % j->every)
        return 0;
    struct mask_count one = {.mask = plan_parts_of(j->parts, a, b), .n = 1};
    if (h / j->every % j->score_every == 0) {
        struct pair_score p;
        score_pair(j->in->scorer, c, a, b, &p);
        one.scored = 1;
        one.p = llround(weight_probability(p.weight) * MILLION);
    }
    return mask_add(table, &one);
}

static void look_task(void *arg, size_t task)
{
    struct look_job *j = arg;
    const struct candidates *c = j->in->candidates;
    struct comparer *comparer = malloc(sizeof *comparer);
    int code = comparer ? 0 : ERR_MEMORY;
    if (comparer)
        comparer_init(comparer, j->in->e, NULL);
    uint32_t end = (uint32_t)((uint64_t)c->n * (task + 1) / TASKS);
    for (uint32_t r = (uint32_t)((uint64_t)c->n * task / TASKS); r < end && code == 0; r++) {
        uint32_t list[CANDIDATES_MAX], n = candidates_owned(c, r, list);
        for (uint32_t i = 0; i < n && code == 0; i++)
            code = look_at(j, comparer, r < list[i] ? r : list[i], r < list[i] ? list[i] : r,
                           &j->tables[task]);
    }
    if (code < 0)
        __atomic_store_n(&j->failed, 1, __ATOMIC_RELAXED);
    free(comparer);
}

/* All tasks' counts in one table. */
static int look(struct look_job *j, struct mask_table *all)
{
    struct mask_table tables[TASKS] = {{0}};
    j->tables = tables;
    pool_for(j->in->pool, TASKS, look_task, j);
    int code = j->failed ? ERR_MEMORY : mask_grow(all);
    for (int t = 0; t < TASKS; t++) {
        for (uint32_t i = 0; i < tables[t].n_slots && code == 0; i++)
            if (tables[t].slots[i].n)
                code = mask_add(all, &tables[t].slots[i]);
        free(tables[t].slots);
    }
    return code;
}

/* A conjunction of two parts holds the pairs that share both; a part alone those that share nothing
 * else. 0 is all pairs. */
static int holds(uint64_t wanted, uint64_t mask)
{
    int one = wanted && (wanted & (wanted - 1)) == 0;
    return one ? mask == wanted : (mask & wanted) == wanted;
}

/* Of the pairs that a conjunction holds: all, and those not yet taken. */
static void sum_up(const struct mask_table *t, uint64_t wanted, struct mask_count *ret_all,
                   struct mask_count *ret_fresh)
{
    *ret_all = *ret_fresh = (struct mask_count){.mask = wanted};
    for (uint32_t i = 0; i < t->n_slots; i++) {
        const struct mask_count *m = &t->slots[i];
        if (!m->n || !holds(wanted, m->mask))
            continue;
        struct mask_count *into[] = {ret_all, m->taken ? NULL : ret_fresh};
        for (int k = 0; k < 2 && into[k]; k++) {
            into[k]->n += m->n;
            into[k]->scored += m->scored;
            into[k]->p += m->p;
        }
    }
}

/* The conjunction that holds the most pairs not taken yet; 0 when there are none. */
static uint64_t best_conjunction(const struct mask_table *t, int n_parts)
{
    uint64_t best = 0;
    int64_t most = 0;
    for (int x = 0; x < n_parts; x++)
        for (int y = x; y < n_parts; y++) {
            struct mask_count all, fresh;
            uint64_t wanted = UINT64_C(1) << x | UINT64_C(1) << y;
            sum_up(t, wanted, &all, &fresh);
            if (fresh.n > most) {
                most = fresh.n;
                best = wanted;
            }
        }
    return best;
}

static void name_conjunction(const struct plan_parts *parts, uint64_t wanted, char text[200])
{
    size_t at = 0;
    int one = (wanted & (wanted - 1)) == 0;
    for (int i = 0; i < parts->n; i++)
        if (wanted >> i & 1) {
            int n = snprintf(text + at, 200 - at, "%s%s%s", at ? " + " : "", parts->name[i],
                             one ? " alone" : "");
            at += n > 0 && (size_t)n < 200 - at ? (size_t)n : 0;
        }
}

static double expected(const struct mask_count *m, double scale)
{
    return m->scored ? (double)m->p / MILLION / (double)m->scored * (double)m->n * scale : 0;
}

static void put_row(struct match_plan *p, const struct mask_count *all,
                    const struct mask_count *fresh, double scale, const char *name)
{
    struct plan_row *row = &p->rows[p->n_rows++];
    *row = (struct plan_row){.kind = PLAN_AUTOMATIC, .blocks = -1};
    snprintf(row->rule, sizeof row->rule, "%s", name);
    row->pairs = llround((double)all->n * scale);
    row->new_pairs = llround((double)fresh->n * scale);
    row->expected = expected(all, scale);
    row->new_expected = expected(fresh, scale);
}

static void put_rows(struct match_plan *p, struct mask_table *t, const struct plan_parts *parts,
                     double scale)
{
    struct mask_count all, fresh;
    char name[200];
    uint64_t wanted;
    for (int i = 1; i < PLAN_AUTOMATIC_ROWS && (wanted = best_conjunction(t, parts->n)); i++) {
        sum_up(t, wanted, &all, &fresh);
        name_conjunction(parts, wanted, name);
        put_row(p, &all, &fresh, scale, name);
        for (uint32_t k = 0; k < t->n_slots; k++)
            t->slots[k].taken |= holds(wanted, t->slots[k].mask);
    }
    sum_up(t, 0, &all, &fresh);
    if (fresh.n)
        put_row(p, &fresh, &fresh, scale, "other");
}

int plan_automatic(const struct plan_input *in, struct match_plan *p)
{
    struct plan_parts *parts = malloc(sizeof *parts);
    struct mask_table all = {0};
    struct look_job j = {.in = in, .parts = parts};
    if (!parts)
        return ERR_MEMORY;
    plan_parts_init(parts, in->e);
    j.every = (uint64_t)in->n_candidates / LOOK_AT + 1;
    j.score_every = (uint64_t)in->n_candidates / j.every / SCORE + 1;
    int code = look(&j, &all);
    int64_t seen = 0;
    for (uint32_t i = 0; i < all.n_slots && code == 0; i++)
        seen += all.slots[i].n;
    p->scaled = (int64_t)j.every;
    p->pairs += in->n_candidates;
    if (code == 0 && seen)
        put_rows(p, &all, parts, (double)in->n_candidates / (double)seen);
    free(all.slots);
    free(parts);
    return code;
}
