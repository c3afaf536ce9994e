#include "transform/match/learn_alias.h"

#include <stdlib.h>

#include "core/buffer.h"
#include "transform/match/labels.h"

enum { MEMBERS_MAX = 30, TASKS = 64 };

static int learns(const struct comparison *c)
{
    return c->values && !c->offsets &&
           (c->kind == COMPARE_GIVEN || c->kind == COMPARE_FAMILY || c->kind == COMPARE_PLACE);
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The distinct values of a comparison in one cluster. */
static uint32_t distinct_values(const struct comparison *c, const struct cluster_lists *l,
                                uint32_t cluster, uint32_t out[MEMBERS_MAX])
{
    uint32_t n = 0, kept = 0;
    if (l->from[cluster + 1] - l->from[cluster] > MEMBERS_MAX)
        return 0;
    for (uint32_t i = l->from[cluster]; i < l->from[cluster + 1]; i++)
        if (c->codes[l->list[i]] != MATCH_MISSING)
            out[n++] = c->codes[l->list[i]];
    if (n)
        qsort(out, n, sizeof *out, compare_u32);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || out[i] != out[kept - 1])
            out[kept++] = out[i];
    return kept;
}

static int level_by_counts(double together, double expected)
{
    double ratio = together / (expected + .3);
    if (together < 2 || ratio < 3)
        return 0;
    return ratio >= 15 ? NAME_ALIAS_STRONG : NAME_ALIAS;
}

/* One pair's own cluster does not count: what it shows is what is asked. */
static int64_t add_frequent(uint64_t *pairs, size_t n, const uint32_t *holders, uint32_t n_clusters,
                            struct alias_set *set)
{
    int64_t learned = 0;
    if (n)
        qsort(pairs, n, sizeof *pairs, compare_u64);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && pairs[end] == pairs[i];)
            end++;
        uint32_t x = (uint32_t)(pairs[i] >> 32), y = (uint32_t)pairs[i];
        double expected = (double)holders[x] * holders[y] / n_clusters;
        int level = level_by_counts((double)(end - i) - 1, expected);
        if (!level)
            continue;
        TRY(alias_add(set, x, y, level));
        learned++;
    }
    return learned;
}

static int64_t learn_column(const struct comparison *c, const struct cluster_lists *l,
                            struct alias_set *set)
{
    struct buffer pairs = {0};
    uint32_t values[MEMBERS_MAX];
    uint32_t *holders = calloc((size_t)c->values->strings.n + 1, sizeof *holders);
    int64_t code = holders ? 0 : ERR_MEMORY;
    for (uint32_t k = 0; k < l->n && code == 0; k++) {
        uint32_t n = distinct_values(c, l, k, values);
        for (uint32_t i = 0; i < n; i++) {
            holders[values[i]]++;
            for (uint32_t j = i + 1; j < n; j++) {
                uint64_t key = (uint64_t)values[i] << 32 | values[j];
                if (buffer_append(&pairs, &key, sizeof key) < 0)
                    code = ERR_MEMORY;
            }
        }
    }
    if (code == 0)
        code = add_frequent((uint64_t *)(void *)pairs.data, pairs.len / sizeof(uint64_t), holders,
                            l->n, set);
    buffer_done(&pairs);
    free(holders);
    return code;
}

int64_t learn_aliases(const struct encoded *e, const uint32_t *cluster,
                      struct alias_set aliases[COMPARISONS_MAX], struct error *err)
{
    struct cluster_lists l;
    int64_t learned = 0;
    if (cluster_lists_init(&l, cluster, e->n) < 0)
        return error_memory(err);
    for (int k = 0; k < e->n_comparisons && learned >= 0; k++) {
        int64_t n =
            learns(&e->comparisons[k]) ? learn_column(&e->comparisons[k], &l, &aliases[k]) : 0;
        learned = n < 0 ? n : learned + n;
    }
    cluster_lists_done(&l);
    return learned < 0 ? error_memory(err) : learned;
}

struct level_sums {
    uint32_t by[COMPARISONS_MAX][STATES][LEVELS];
};

struct m_job {
    const struct encoded *e;
    const struct match_model *model;
    const struct alias_set *aliases;
    struct cluster_lists lists;
    struct level_sums *sums; /* by task */
    double guarded;          /* share of the pairs that the prior is for */
};

static void sum_cluster(struct m_job *j, struct comparer *c, uint32_t k, struct level_sums *sums)
{
    const struct cluster_lists *l = &j->lists;
    struct agreement g;
    for (uint32_t x = l->from[k]; x < l->from[k + 1]; x++)
        for (uint32_t y = x + 1; y < l->from[k + 1]; y++) {
            compare_records(c, l->list[x], l->list[y], &g);
            for (int f = 0; f < j->model->n_fields; f++)
                sums->by[f][model_state(j->model, f, g.pattern)][level_of(g.pattern, f)]++;
        }
}

static void sum_task(void *arg, size_t task)
{
    struct m_job *j = arg;
    struct comparer c;
    comparer_init(&c, j->e, j->aliases);
    for (uint32_t k = (uint32_t)task; k < j->lists.n; k += TASKS)
        if (j->lists.from[k + 1] - j->lists.from[k] <= MEMBERS_MAX)
            sum_cluster(j, &c, k, &j->sums[task]);
}

struct real_sums {
    double by[COMPARISONS_MAX][STATES][LEVELS];
};

/* What the pairs of all tasks come to, labelled pairs by their labels. */
static void sum_all(struct m_job *j, const struct label_set *labels, struct real_sums *ret)
{
    struct comparer c;
    memset(ret, 0, sizeof *ret);
    for (int t = 0; t < TASKS; t++)
        for (int k = 0; k < j->model->n_fields; k++)
            for (int s = 0; s < STATES; s++)
                for (int l = 0; l < LEVELS; l++)
                    ret->by[k][s][l] += j->sums[t].by[k][s][l];
    comparer_init(&c, j->e, j->aliases);
    double all = label_set_correct(labels, &c, j->model, &j->lists, MEMBERS_MAX, ret->by);
    for (uint32_t k = 0; k < j->lists.n; k++) {
        double size = j->lists.from[k + 1] - j->lists.from[k];
        all += size <= MEMBERS_MAX ? size * (size - 1) / 2 : 0;
    }
    j->guarded = label_guarded(all, (double)labels->n_same * labels->weight);
}

static void fit_m(struct m_job *j, struct match_model *model, struct real_sums *sums)
{
    static const double prior = 5, share = .1;
    for (int k = 0; k < model->n_fields; k++) {
        struct field_model *f = &model->fields[k];
        model_fit_m(f, sums->by[k], prior, share * j->guarded);
        for (int l = 1; l < LEVELS; l++)
            f->seen_m[l] = sums->by[k][0][l] + sums->by[k][1][l] + sums->by[k][2][l];
    }
}

/* How often two strangers hold an alias' two values: from the values' shares, where random pairs
 * would hardly show it. */
static void alias_u(struct match_model *model, const struct encoded *e,
                    const struct alias_set *aliases)
{
    for (int k = 0; k < model->n_fields; k++) {
        const struct comparison *c = &e->comparisons[k];
        double chance[LEVELS] = {0}, pairs = (double)c->filled * c->filled;
        for (uint32_t i = 0; i < aliases[k].n_slots; i++) {
            uint64_t key = aliases[k].keys[i] - 1;
            if (aliases[k].keys[i])
                chance[aliases[k].levels[i]] +=
                    2.0 * c->counts[key >> 32] * c->counts[(uint32_t)key] / pairs;
        }
        for (int s = 0; s < STATES && aliases[k].n; s++)
            for (int l = NAME_ALIAS; l <= NAME_ALIAS_STRONG; l++)
                model->fields[k].u[s][l] = chance[l] + .5 / 1e6;
    }
}

static void alias_h_is_u(struct match_model *model)
{
    for (int k = 0; k < model->n_fields; k++)
        for (int s = 0; s < STATES; s++)
            for (int l = NAME_ALIAS; l <= NAME_ALIAS_STRONG; l++)
                if (model->fields[k].kind == COMPARE_FAMILY ||
                    model->fields[k].kind == COMPARE_PLACE)
                    model->fields[k].h[s][l] = model->fields[k].u[s][l];
}

int learn_m(struct match_model *model, const struct encoded *e, const struct alias_set *aliases,
            const uint32_t *cluster, const struct label_set *labels, struct pool *pool,
            struct error *err)
{
    struct m_job j = {.e = e, .model = model, .aliases = aliases};
    j.sums = calloc(TASKS, sizeof *j.sums);
    if (!j.sums || cluster_lists_init(&j.lists, cluster, e->n) < 0) {
        free(j.sums);
        return error_memory(err);
    }
    struct real_sums sums;
    pool_for(pool, TASKS, sum_task, &j);
    sum_all(&j, labels, &sums);
    fit_m(&j, model, &sums);
    alias_u(model, e, aliases);
    alias_h_is_u(model);
    model_weigh(model);
    cluster_lists_done(&j.lists);
    free(j.sums);
    return 0;
}
