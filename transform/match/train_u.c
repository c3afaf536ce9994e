/* u: how often each level is seen in random pairs. */
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/train.h"

enum { TASKS = 64, RANDOM_PAIRS = 1000000, NAMESAKES = 400000 };

struct level_counts {
    uint32_t by[COMPARISONS_MAX][STATES][LEVELS];
};

struct u_job {
    const struct encoded *e;
    const struct match_model *model;
    const struct twins *twins;
    const uint32_t *cluster;     /* pairs within are left out; NULL */
    uint64_t n_pairs;            /* 0: all */
    struct level_counts *counts; /* by task */
};

static void count_pair(const struct u_job *j, struct comparer *c, uint32_t a, uint32_t b,
                       struct level_counts *counts)
{
    struct agreement g;
    compare_records(c, a, b, &g);
    for (int k = 0; k < j->model->n_fields; k++)
        counts->by[k][model_state(j->model, k, g.pattern)][level_of(g.pattern, k)]++;
}

static int is_known_pair(const struct u_job *j, uint32_t a, uint32_t b)
{
    return j->cluster && j->cluster[a] == j->cluster[b];
}

static void count_task(void *arg, size_t task)
{
    const struct u_job *j = arg;
    struct comparer c;
    comparer_init(&c, j->e, NULL);
    const uint32_t *kept = j->twins->kept;
    uint32_t n = j->twins->n_kept;
    if (j->n_pairs == 0) {
        for (uint32_t a = (uint32_t)task; a < n; a += TASKS)
            for (uint32_t b = a + 1; b < n; b++)
                if (!encoded_apart(j->e, kept[a], kept[b]) && !is_known_pair(j, kept[a], kept[b]))
                    count_pair(j, &c, kept[a], kept[b], &j->counts[task]);
        return;
    }
    for (uint64_t i = task; i < j->n_pairs; i += TASKS) {
        uint32_t a = (uint32_t)(hash_pair(i, 1) % n), b = (uint32_t)(hash_pair(i, 2) % n);
        if (a != b && !encoded_apart(j->e, kept[a], kept[b]))
            count_pair(j, &c, kept[a < b ? a : b], kept[a < b ? b : a], &j->counts[task]);
    }
}

static void add_counts(struct level_counts *into, const struct level_counts *from)
{
    for (int k = 0; k < COMPARISONS_MAX; k++)
        for (int s = 0; s < STATES; s++)
            for (int l = 0; l < LEVELS; l++)
                into->by[k][s][l] += from->by[k][s][l];
}

struct named {
    struct slice name;
    uint32_t rank;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = slice_compare(x->name, y->name);
    return order ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

/* Pairs that share a name, which random pairs hardly show: sorted by it, a few places apart. */
static int count_namesakes(const struct u_job *j, int k, struct level_counts *counts)
{
    static const uint32_t apart[] = {1, 2, 3, 5, 7, 11, 17};
    const struct comparison *f = &j->e->comparisons[k];
    struct named *list = malloc(((size_t)f->filled + 1) * sizeof *list);
    uint32_t n = 0;
    if (!list)
        return ERR_MEMORY;
    for (uint32_t r = 0; r < j->e->n; r++)
        if (f->codes[r] != MATCH_MISSING && !j->twins->skip[r])
            list[n++] = (struct named){value_string(f, f->codes[r]), r};
    qsort(list, n, sizeof *list, compare_named);
    struct comparer c;
    comparer_init(&c, j->e, NULL);
    uint32_t step = n / (NAMESAKES / 14) + 1;
    for (uint32_t i = 0; i < n; i += step)
        for (size_t d = 0; d < sizeof apart / sizeof *apart; d++)
            if (i + apart[d] < n && slice_equal(list[i].name, list[i + apart[d]].name))
                count_pair(j, &c, list[i].rank, list[i + apart[d]].rank, counts);
    free(list);
    return 0;
}

static void to_shares(const uint32_t counts[LEVELS], enum compare_kind kind, double ret[LEVELS])
{
    double sum = 0;
    for (int l = 1; l < LEVELS; l++) {
        ret[l] = model_level_valid(kind, l) ? counts[l] + .5 : 0;
        sum += ret[l];
    }
    for (int l = 1; l < LEVELS; l++)
        ret[l] /= sum;
}

static int add_mail_counts(const struct u_job *j, int k, struct level_counts *all)
{
    struct level_counts *more = calloc(1, sizeof *more);
    int code = more ? 0 : ERR_MEMORY;
    if (code == 0)
        code = count_namesakes(j, j->e->given, more);
    if (code == 0)
        code = count_namesakes(j, j->e->family, more);
    for (int l = 0; l < LEVELS && code == 0; l++)
        all->by[k][1][l] += more->by[k][1][l];
    free(more);
    return code;
}

/* Few pairs: the states together. */
static void join_states(uint32_t by[STATES][LEVELS])
{
    for (int l = 0; l < LEVELS; l++) {
        by[0][l] += by[1][l] + by[2][l];
        by[1][l] = by[2][l] = by[0][l];
    }
}

static int finish(const struct u_job *j, struct match_model *model)
{
    struct level_counts *all = &j->counts[0];
    for (int t = 1; t < TASKS; t++)
        add_counts(all, &j->counts[t]);
    for (int k = 0; k < model->n_fields; k++) {
        struct field_model *f = &model->fields[k];
        for (int l = 0; l < LEVELS; l++)
            f->seen_u[l] = all->by[k][0][l] + all->by[k][1][l] + all->by[k][2][l];
        if (f->depends == DEPENDS_NAMES)
            TRY(add_mail_counts(j, k, all));
        if (!model->learned)
            join_states(all->by[k]);
        for (int s = 0; s < STATES; s++)
            to_shares(all->by[k][f->depends == DEPENDS_NONE ? 0 : s], f->kind, f->u[s]);
        if (f->household == HOUSEHOLD_SHARED)
            memcpy(f->h, f->u, sizeof f->u);
        if (f->depends == DEPENDS_NAMES) /* a start; training looks again */
            memcpy(f->u[0], f->u[1], sizeof f->u[0]);
    }
    if (!model->learned)
        model_small_settle(model);
    return 0;
}

int train_u(struct match_model *model, const struct encoded *e, const struct twins *twins,
            const uint32_t *cluster, struct pool *pool, struct error *err)
{
    struct u_job j = {.e = e, .model = model, .twins = twins, .cluster = cluster};
    uint64_t n = twins->n_kept, all = n * (n ? n - 1 : 0) / 2;
    j.n_pairs = all > RANDOM_PAIRS ? RANDOM_PAIRS : 0;
    j.counts = calloc(TASKS, sizeof *j.counts);
    if (!j.counts)
        return error_memory(err);
    pool_for(pool, TASKS, count_task, &j);
    int code = finish(&j, model);
    free(j.counts);
    return code < 0 ? error_memory(err) : 0;
}
