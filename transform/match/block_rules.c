#include "transform/match/block_rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "transform/match/block_rules_build.h"

enum { PAIRS_A_RECORD = 64, PAIRS_FREE = 1000000, TASK_PAIRS = 1 << 18 };

static int64_t pairs_in(uint64_t n)
{
    return (int64_t)(n * (n - 1) / 2);
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The largest size whose blocks, with all smaller ones, keep within the budget. */
static int choose_limit(struct block_rules *b, const struct block_list *raw)
{
    struct buffer sizes = {0};
    int64_t budget = (int64_t)b->e->n * PAIRS_A_RECORD + PAIRS_FREE, sum = 0;
    for (int r = 0; r < b->n_rules; r++)
        for (uint32_t i = 0; i < block_list_n(&raw[r]); i++) {
            uint32_t n;
            block_list_get(&raw[r], i, &n);
            if (buffer_append(&sizes, &n, sizeof n) < 0) {
                buffer_done(&sizes);
                return ERR_MEMORY;
            }
        }
    uint32_t *list = (uint32_t *)(void *)sizes.data;
    size_t n = sizes.len / sizeof *list;
    if (n)
        qsort(list, n, sizeof *list, compare_u32);
    b->limit = BLOCK_MAX;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && list[end] == list[i]; end++)
            sum += pairs_in(list[i]);
        if (sum > budget)
            break;
        b->limit = list[i] > b->limit ? list[i] : b->limit;
    }
    buffer_done(&sizes);
    return 0;
}

static int put_rule(struct block_rules *b, int rule, const struct block_list *raw,
                    struct block_list *all, struct buffer *refined)
{
    struct rule_count *count = &b->counts[rule];
    for (uint32_t i = 0; i < block_list_n(raw); i++) {
        uint32_t n, before = block_list_n(all);
        const uint32_t *members = block_list_get(raw, i, &n);
        uint8_t large = n > b->limit;
        if (large) {
            count->n_refined++;
            count->lost += pairs_in(n);
            TRY(refine_block(b->e, members, n, all));
        } else {
            TRY(block_list_put(all, members, n));
        }
        for (; before < block_list_n(all); before++)
            TRY(buffer_append(refined, &large, 1));
    }
    b->first[rule + 1] = block_list_n(all);
    return 0;
}

static int take_lists(struct block_rules *b, struct block_list *all, struct buffer *refined)
{
    uint64_t zero = 0;
    struct buffer from = {0};
    b->n_blocks = block_list_n(all);
    TRY(buffer_append(&from, &zero, sizeof zero));
    int code = buffer_slice(&from, buffer_view(&all->ends));
    b->from = buffer_take(&from);
    if (code == 0 && (buffer_reserve(&all->members, 4) < 0 || buffer_reserve(refined, 1) < 0))
        code = ERR_MEMORY;
    b->members = buffer_take(&all->members);
    b->refined = buffer_take(refined);
    return code;
}

/* Blocks by record, ascending: blocks are walked in order. */
static int list_by_record(struct block_rules *b)
{
    uint32_t n = b->e->n;
    b->of_from = calloc((size_t)n + 2, sizeof *b->of_from);
    b->of = malloc((b->from[b->n_blocks] + 1) * sizeof *b->of);
    if (!b->of_from || !b->of)
        return ERR_MEMORY;
    for (uint64_t i = 0; i < b->from[b->n_blocks]; i++)
        b->of_from[b->members[i] + 1]++;
    for (uint32_t r = 0; r < n; r++)
        b->of_from[r + 1] += b->of_from[r];
    for (uint32_t block = 0; block < b->n_blocks; block++)
        for (uint64_t i = b->from[block]; i < b->from[block + 1]; i++)
            b->of[b->of_from[b->members[i]]++] = block;
    for (uint32_t r = n; r > 0; r--)
        b->of_from[r] = b->of_from[r - 1];
    b->of_from[0] = 0;
    return 0;
}

static int plan_tasks(struct block_rules *b)
{
    struct buffer tasks = {0};
    int64_t sum = TASK_PAIRS;
    int code = 0;
    for (uint32_t block = 0; block < b->n_blocks && code == 0; block++) {
        if (sum >= TASK_PAIRS) {
            code = buffer_append(&tasks, &block, sizeof block);
            sum = 0;
        }
        sum += pairs_in(b->from[block + 1] - b->from[block]);
    }
    b->n_tasks = tasks.len / sizeof(uint32_t);
    if (code == 0)
        code = buffer_append(&tasks, &b->n_blocks, sizeof b->n_blocks);
    b->task = buffer_take(&tasks);
    return code;
}

/* Records that no block of a rule holds. */
static void count_lone(struct block_rules *b)
{
    for (int rule = 0; rule < b->n_rules; rule++)
        b->counts[rule].lone = b->e->n;
    for (uint32_t r = 0; r < b->e->n; r++) {
        int last = -1;
        for (uint64_t i = b->of_from[r]; i < b->of_from[r + 1]; i++) {
            int rule = block_rule_of(b, b->of[i]);
            b->counts[rule].lone -= rule != last;
            last = rule;
        }
    }
}

static int build(struct block_rules *b, const struct block_list *raw)
{
    struct block_list all = {0};
    struct buffer refined = {0};
    int code = choose_limit(b, raw);
    for (int r = 0; r < b->n_rules && code == 0; r++)
        code = put_rule(b, r, &raw[r], &all, &refined);
    if (code == 0)
        code = take_lists(b, &all, &refined);
    if (code == 0)
        code = list_by_record(b);
    if (code == 0)
        code = plan_tasks(b);
    if (code == 0)
        count_lone(b);
    block_list_done(&all);
    buffer_done(&refined);
    return code;
}

int block_rules_init(struct block_rules *b, const struct block_rules_options *o,
                     const struct match_table *t, const struct encoded *e, struct error *err)
{
    struct block_list raw[BLOCK_RULES_MAX] = {{{0}, {0}}};
    int code = 0;
    *b = (struct block_rules){.table = t, .e = e, .rules = o->rules->block};
    b->n_rules = o->rules->n_block < BLOCK_RULES_MAX ? o->rules->n_block : BLOCK_RULES_MAX;
    for (int r = 0; r < b->n_rules && code == 0; r++)
        code = rule_blocks(b, r, o, &raw[r], err);
    if (code == 0 && build(b, raw) < 0)
        code = error_memory(err);
    for (int r = 0; r < b->n_rules; r++)
        block_list_done(&raw[r]);
    if (code < 0)
        block_rules_done(b);
    return code;
}

void block_rules_done(struct block_rules *b)
{
    free(b->from);
    free(b->members);
    free(b->refined);
    free(b->of_from);
    free(b->of);
    free(b->task);
    *b = (struct block_rules){0};
}

/* The first block that both records are in, from `least` on; UINT32_MAX: none. */
static uint32_t first_common(const struct block_rules *b, uint32_t x, uint32_t y, uint32_t least)
{
    uint64_t i = b->of_from[x], k = b->of_from[y];
    uint64_t i_end = b->of_from[x + 1], k_end = b->of_from[y + 1];
    while (i < i_end && k < k_end) {
        uint32_t p = b->of[i], q = b->of[k];
        if (p == q && p >= least)
            return p;
        i += p <= q;
        k += q <= p;
    }
    return UINT32_MAX;
}

void block_rules_visit(const struct block_rules *b, size_t task, rule_pair_fn fn, void *arg)
{
    for (uint32_t block = b->task[task]; block < b->task[task + 1]; block++) {
        const uint32_t *m = b->members + b->from[block];
        uint32_t n = (uint32_t)(b->from[block + 1] - b->from[block]);
        uint32_t of_rule = b->first[block_rule_of(b, block)];
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t k = i + 1; k < n; k++) {
                int first = first_common(b, m[i], m[k], 0) == block;
                if (first || first_common(b, m[i], m[k], of_rule) == block)
                    fn(arg, m[i], m[k], block, first);
            }
    }
}

struct task_counts {
    int64_t pairs[BLOCK_RULES_MAX], fresh[BLOCK_RULES_MAX], refined[BLOCK_RULES_MAX];
};

struct count_job {
    const struct block_rules *b;
    struct task_counts *by_task;
};

struct count_arg {
    const struct block_rules *b;
    struct task_counts *counts;
};

static void count_pair(void *arg, uint32_t x, uint32_t y, uint32_t block, int first)
{
    struct count_arg *c = arg;
    int rule = block_rule_of(c->b, block);
    (void)x;
    (void)y;
    c->counts->pairs[rule]++;
    c->counts->fresh[rule] += first;
    c->counts->refined[rule] += c->b->refined[block];
}

static void count_task(void *arg, size_t task)
{
    struct count_job *j = arg;
    struct count_arg c = {j->b, &j->by_task[task]};
    block_rules_visit(j->b, task, count_pair, &c);
}

int block_rules_count(struct block_rules *b, struct pool *pool)
{
    struct count_job j = {b, calloc(b->n_tasks + 1, sizeof *j.by_task)};
    if (!j.by_task)
        return ERR_MEMORY;
    pool_for(pool, b->n_tasks, count_task, &j);
    for (size_t t = 0; t < b->n_tasks; t++)
        for (int r = 0; r < b->n_rules; r++) {
            b->counts[r].pairs += j.by_task[t].pairs[r];
            b->counts[r].new_pairs += j.by_task[t].fresh[r];
            b->counts[r].lost -= j.by_task[t].refined[r];
        }
    free(j.by_task);
    return 0;
}
