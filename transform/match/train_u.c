/* u: how often each level is seen in random pairs. */
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "transform/match/compare_block.h"
#include "transform/match/train.h"

enum { TASKS = 64, RANDOM_PAIRS = 1000000, NAMESAKES = 400000, LOW = 4 };

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

static void count_block(const struct u_job *j, struct comparer *c, struct pair_block *p,
                        struct level_counts *counts)
{
    compare_block(c, p);
    for (uint32_t i = 0; i < p->n; i++) {
        uint64_t pattern = p->agreement[i].pattern;
        for (int k = 0; k < j->model->n_fields; k++)
            counts->by[k][model_state(j->model, k, pattern)][level_of(pattern, k)]++;
    }
    pair_block_reset(p);
}

/* Counted once the block is full; count_block does the rest. */
static void count_pair(const struct u_job *j, struct comparer *c, struct pair_block *p, uint32_t a,
                       uint32_t b, struct level_counts *counts)
{
    pair_block_add(p, j->e, a < b ? a : b, a < b ? b : a);
    if (p->n == PAIR_BLOCK)
        count_block(j, c, p, counts);
}

static int is_known_pair(const struct u_job *j, uint32_t a, uint32_t b)
{
    return j->cluster && j->cluster[a] == j->cluster[b];
}

static void count_task(void *arg, size_t task)
{
    const struct u_job *j = arg;
    struct comparer c;
    struct pair_block p;
    comparer_init(&c, j->e, NULL);
    pair_block_reset(&p);
    const uint32_t *kept = j->twins->kept;
    uint32_t n = j->twins->n_kept;
    if (j->n_pairs == 0)
        for (uint32_t a = (uint32_t)task; a < n; a += TASKS)
            for (uint32_t b = a + 1; b < n; b++)
                if (!encoded_apart(j->e, kept[a], kept[b]) && !is_known_pair(j, kept[a], kept[b]))
                    count_pair(j, &c, &p, kept[a], kept[b], &j->counts[task]);
    for (uint64_t i = task; i < j->n_pairs; i += TASKS) {
        uint32_t a = (uint32_t)(hash_pair(i, 1) % n), b = (uint32_t)(hash_pair(i, 2) % n);
        if (a != b && !encoded_apart(j->e, kept[a], kept[b]))
            count_pair(j, &c, &p, kept[a], kept[b], &j->counts[task]);
    }
    count_block(j, &c, &p, &j->counts[task]);
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
    uint32_t code;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return slice_compare(x->name, y->name);
}

/* Fills first, by code, with where the code's records start in a list of records by name. */
static int name_places(const struct u_job *j, const struct comparison *f, uint32_t *first)
{
    uint32_t n_values = f->values->strings.n, n = 0, sum = 0;
    struct named *names = malloc(((size_t)n_values + 1) * sizeof *names);
    if (!names)
        return ERR_MEMORY;
    memset(first, 0, ((size_t)n_values + 1) * sizeof *first);
    for (uint32_t r = 0; r < j->e->n; r++)
        if (f->codes[r] != MATCH_MISSING && !j->twins->skip[r])
            first[f->codes[r]]++;
    for (uint32_t v = 0; v < n_values; v++)
        if (first[v])
            names[n++] = (struct named){value_string(f, v), v};
    qsort(names, n, sizeof *names, compare_named);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t count = first[names[i].code];
        first[names[i].code] = sum;
        sum += count;
    }
    free(names);
    return 0;
}

/* The records that have a name, by it, then by rank. Their number, or ERR_MEMORY. */
static int64_t list_by_name(const struct u_job *j, const struct comparison *f, uint32_t **ret)
{
    uint32_t *next = malloc(((size_t)f->values->strings.n + 1) * sizeof *next), n = 0;
    uint32_t *list = malloc(((size_t)j->e->n + 1) * sizeof *list);
    if (!next || !list || name_places(j, f, next) < 0) {
        free(next);
        free(list);
        return ERR_MEMORY;
    }
    for (uint32_t r = 0; r < j->e->n; r++)
        if (f->codes[r] != MATCH_MISSING && !j->twins->skip[r]) {
            list[next[f->codes[r]]++] = r;
            n++;
        }
    free(next);
    *ret = list;
    return n;
}

/* With low effort a part of the pairs do. */
static uint32_t share_of(const struct match_model *model)
{
    return model->effort == MATCH_LOW ? LOW : 1;
}

/* Pairs that share a name, which random pairs hardly show: sorted by it, a few places apart. */
static int count_namesakes(const struct u_job *j, int k, struct level_counts *counts)
{
    static const uint32_t apart[] = {1, 2, 3, 5, 7, 11, 17};
    const struct comparison *f = &j->e->comparisons[k];
    struct comparer c;
    struct pair_block p;
    uint32_t *list;
    int64_t n = list_by_name(j, f, &list);
    if (n < 0)
        return (int)n;
    comparer_init(&c, j->e, NULL);
    pair_block_reset(&p);
    uint32_t step = (uint32_t)n / (NAMESAKES / share_of(j->model) / 14) + 1;
    for (uint32_t i = 0; i < n; i += step)
        for (size_t d = 0; d < sizeof apart / sizeof *apart; d++)
            if (i + apart[d] < n && f->codes[list[i]] == f->codes[list[i + apart[d]]])
                count_pair(j, &c, &p, list[i], list[i + apart[d]], counts);
    count_block(j, &c, &p, counts);
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

/* Of the pairs that share a given name, and of those that share a family name. */
struct namesakes {
    const struct u_job *job;
    struct level_counts counts[2];
    int code[2];
};

static void namesake_task(void *arg, size_t i)
{
    struct namesakes *s = arg;
    const struct encoded *e = s->job->e;
    s->code[i] = count_namesakes(s->job, i ? e->family : e->given, &s->counts[i]);
}

static int add_mail_counts(const struct u_job *j, int k, struct pool *pool,
                           struct level_counts *all)
{
    struct namesakes *s = calloc(1, sizeof *s);
    if (!s)
        return ERR_MEMORY;
    s->job = j;
    pool_for(pool, 2, namesake_task, s);
    for (int l = 0; l < LEVELS; l++)
        all->by[k][1][l] += s->counts[0].by[k][1][l] + s->counts[1].by[k][1][l];
    int code = s->code[0] < 0 ? s->code[0] : s->code[1];
    free(s);
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

static int finish(const struct u_job *j, struct pool *pool, struct match_model *model)
{
    struct level_counts *all = &j->counts[0];
    for (int t = 1; t < TASKS; t++)
        add_counts(all, &j->counts[t]);
    for (int k = 0; k < model->n_fields; k++) {
        struct field_model *f = &model->fields[k];
        for (int l = 0; l < LEVELS; l++)
            f->seen_u[l] = all->by[k][0][l] + all->by[k][1][l] + all->by[k][2][l];
        if (f->depends == DEPENDS_NAMES)
            TRY(add_mail_counts(j, k, pool, all));
        if (!model->learned)
            join_states(all->by[k]);
        for (int s = 0; s < STATES; s++)
            for (int l = 0; l < LEVELS; l++)
                f->drawn_u[s][l] = all->by[k][s][l];
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
    uint64_t most = RANDOM_PAIRS / share_of(model);
    j.n_pairs = all > most ? most : 0;
    model->drawn_share = j.n_pairs ? (double)j.n_pairs / (double)all : 1;
    j.counts = calloc(TASKS, sizeof *j.counts);
    if (!j.counts)
        return error_memory(err);
    pool_for(pool, TASKS, count_task, &j);
    int code = finish(&j, pool, model);
    free(j.counts);
    return code < 0 ? error_memory(err) : 0;
}
