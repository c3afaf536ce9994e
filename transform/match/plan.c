#include "transform/match/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/plan_automatic.h"

enum { SAMPLE = 20000, MILLION = 1000000 };

/* Sums of one rule over the sampled pairs; probabilities in millionths, so that the order of adding
 * does not matter. */
struct sample_sums {
    int64_t n, fresh, p, p_fresh;
};

struct sample_task {
    struct sample_sums by_rule[BLOCK_RULES_MAX];
};

struct sample_job {
    const struct plan_input *in;
    uint64_t every[BLOCK_RULES_MAX];
    struct sample_task *tasks;
    int failed; /* set, never cleared, by any thread */
};

struct sample_arg {
    const struct sample_job *j;
    struct sample_task *sums;
    struct comparer comparer;
};

static void sample_pair(void *arg, uint32_t x, uint32_t y, uint32_t block, int first)
{
    struct sample_arg *a = arg;
    int rule = block_rule_of(a->j->in->rules, block);
    struct pair_score p;
    if (hash_pair(x, y) % a->j->every[rule])
        return;
    score_pair(a->j->in->scorer, &a->comparer, x, y, &p);
    int64_t millionths = llround(weight_probability(p.weight) * MILLION);
    struct sample_sums *s = &a->sums->by_rule[rule];
    s->n++;
    s->p += millionths;
    s->fresh += first;
    s->p_fresh += first ? millionths : 0;
}

static void sample_task(void *arg, size_t task)
{
    struct sample_job *j = arg;
    struct sample_arg *a = calloc(1, sizeof *a);
    if (!a) {
        __atomic_store_n(&j->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    a->j = j;
    a->sums = &j->tasks[task];
    comparer_init(&a->comparer, j->in->e, NULL);
    block_rules_visit(j->in->rules, task, sample_pair, a);
    free(a);
}

static double share(int64_t p, int64_t n, int64_t of)
{
    return n ? (double)p / MILLION / (double)n * (double)of : 0;
}

/* Expected matches of the user's rules, from a sample of each rule's pairs. */
static int expect(const struct plan_input *in, struct plan_row *rows)
{
    const struct block_rules *b = in->rules;
    struct sample_job j = {.in = in, .tasks = calloc(b->n_tasks + 1, sizeof *j.tasks)};
    if (!j.tasks)
        return ERR_MEMORY;
    for (int r = 0; r < b->n_rules; r++)
        j.every[r] = (uint64_t)b->counts[r].pairs / SAMPLE + 1;
    pool_for(in->pool, b->n_tasks, sample_task, &j);
    for (int r = 0; r < b->n_rules; r++) {
        struct sample_sums sum = {0, 0, 0, 0};
        for (size_t t = 0; t < b->n_tasks; t++) {
            const struct sample_sums *s = &j.tasks[t].by_rule[r];
            sum = (struct sample_sums){sum.n + s->n, sum.fresh + s->fresh, sum.p + s->p,
                                       sum.p_fresh + s->p_fresh};
        }
        rows[r].expected = share(sum.p, sum.n, b->counts[r].pairs);
        rows[r].new_expected = share(sum.p_fresh, sum.fresh, b->counts[r].new_pairs);
    }
    free(j.tasks);
    return j.failed ? ERR_MEMORY : 0;
}

static int fill_row(const struct block_rules *b, int rule, struct plan_row *row)
{
    const struct rule_count *c = &b->counts[rule];
    *row = (struct plan_row){.kind = PLAN_RULE,
                             .pairs = c->pairs,
                             .new_pairs = c->new_pairs,
                             .lost = c->lost,
                             .blocks = c->n_blocks,
                             .n_largest = c->n_largest};
    block_rule_text(&b->rules[rule], row->rule);
    for (int i = 0; i < c->n_largest; i++) {
        row->largest[i].n = c->largest[i].n;
        TRY(block_rules_key_text(b, rule, &c->largest[i], row->largest[i].key));
    }
    return 0;
}

static int plan_rules(const struct plan_input *in, struct match_plan *p)
{
    TRY(block_rules_count(in->rules, in->pool));
    p->limit = in->rules->limit;
    for (int r = 0; r < in->rules->n_rules; r++) {
        TRY(fill_row(in->rules, r, &p->rows[p->n_rows++]));
        p->pairs += in->rules->counts[r].new_pairs;
        p->cut += in->rules->counts[r].cut;
    }
    return expect(in, p->rows);
}

int plan_make(const struct plan_input *in, struct match_plan *ret, struct error *err)
{
    struct match_plan p = {.records = in->n_kept, .scaled = 1};
    p.rows = calloc(BLOCK_RULES_MAX + PLAN_AUTOMATIC_ROWS, sizeof *p.rows);
    int code = p.rows ? 0 : ERR_MEMORY;
    if (code == 0 && in->rules)
        code = plan_rules(in, &p);
    if (code == 0 && in->candidates)
        code = plan_automatic(in, &p);
    if (code < 0) {
        match_plan_done(&p);
        return error_memory(err);
    }
    *ret = p;
    return 0;
}

void match_plan_done(struct match_plan *p)
{
    free(p->rows);
    *p = (struct match_plan){0};
}
