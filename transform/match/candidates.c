#include "transform/match/candidates.h"

#include <math.h>
#include <stdlib.h>

enum { CHUNK = 2048, FIRST_SLOTS = 4096, AHEAD = 16 };

/* Scores of the records met while looking at one record; cleared by its list of slots. */
struct tally {
    uint32_t n_slots, n;
    uint32_t *record; /* + 1 */
    uint32_t *score;
    uint32_t *touched; /* slots */
};

struct find_job {
    const struct blocks *blocks;
    const struct encoded *e;
    struct candidates *c;
    uint32_t weight[BLOCK_MAX + 1];
    int failed;
};

static int tally_init(struct tally *t, uint32_t n_slots)
{
    *t = (struct tally){.n_slots = n_slots};
    t->record = calloc(n_slots, sizeof *t->record);
    t->score = malloc(n_slots * sizeof *t->score);
    t->touched = malloc(n_slots * sizeof *t->touched);
    return t->record && t->score && t->touched ? 0 : ERR_MEMORY;
}

static void tally_done(struct tally *t)
{
    free(t->record);
    free(t->score);
    free(t->touched);
}

static uint32_t tally_slot(const struct tally *t, uint32_t record)
{
    uint32_t mask = t->n_slots - 1, at = (record * UINT32_C(2654435769)) >> 7 & mask;
    while (t->record[at] && t->record[at] != record + 1)
        at = (at + 1) & mask;
    return at;
}

static int tally_grow(struct tally *t)
{
    struct tally bigger;
    if (tally_init(&bigger, t->n_slots * 4) < 0) {
        tally_done(&bigger);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t from = t->touched[i], at = tally_slot(&bigger, t->record[from] - 1);
        bigger.record[at] = t->record[from];
        bigger.score[at] = t->score[from];
        bigger.touched[bigger.n++] = at;
    }
    tally_done(t);
    *t = bigger;
    return 0;
}

static int tally_add(struct tally *t, uint32_t record, uint32_t weight)
{
    uint32_t at = tally_slot(t, record);
    if (t->record[at]) {
        t->score[at] += weight;
        return 0;
    }
    if (t->n * 2 >= t->n_slots) {
        TRY(tally_grow(t));
        at = tally_slot(t, record);
    }
    t->record[at] = record + 1;
    t->score[at] = weight;
    t->touched[t->n++] = at;
    return 0;
}

/* Puts the k largest in front, in no order. Values are distinct. */
static void select_largest(uint64_t *v, ptrdiff_t n, ptrdiff_t k)
{
    ptrdiff_t low = 0, high = n - 1;
    while (low < high && k > 0 && k < n) {
        uint64_t pivot = v[low + (high - low) / 2];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (v[i] > pivot)
                i++;
            while (v[j] < pivot)
                j--;
            if (i <= j) {
                uint64_t t = v[i];
                v[i++] = v[j];
                v[j--] = t;
            }
        }
        if (k - 1 <= j)
            high = j;
        else if (k - 1 >= i)
            low = i;
        else
            break;
    }
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The best k of the tally: by score, then by the lower rank. */
static void take_best(struct tally *t, uint64_t *scratch, struct candidates *c, uint32_t rank)
{
    uint32_t n = t->n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = t->touched[i];
        scratch[i] = (uint64_t)t->score[at] << 32 | (UINT32_MAX - (t->record[at] - 1));
        t->record[at] = 0;
    }
    t->n = 0;
    uint32_t k = n < c->k ? n : c->k;
    select_largest(scratch, n, k);
    uint32_t *best = c->best + (size_t)rank * c->k;
    for (uint32_t i = 0; i < k; i++)
        best[i] = UINT32_MAX - (uint32_t)scratch[i];
    qsort(best, k, sizeof *best, compare_u32);
    c->count[rank] = (uint8_t)k;
}

static int tally_record(const struct find_job *j, struct tally *t, uint32_t rank)
{
    const struct blocks *b = j->blocks;
    const uint32_t *of = b->of + b->of_from[rank];
    uint32_t n = b->of_from[rank + 1] - b->of_from[rank];
    for (uint32_t i = 0; i < n && i < AHEAD; i++)
        __builtin_prefetch(b->members + of[i]);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t *block = b->members + of[i];
        if (i + AHEAD < n)
            __builtin_prefetch(b->members + of[i + AHEAD]);
        uint32_t weight = j->weight[block[0]];
        for (uint32_t m = 1; m <= block[0]; m++)
            if (block[m] != rank && !encoded_apart(j->e, rank, block[m]))
                TRY(tally_add(t, block[m], weight));
    }
    return 0;
}

static void find_chunk(void *arg, size_t chunk)
{
    struct find_job *j = arg;
    struct tally t;
    size_t cap = FIRST_SLOTS;
    uint64_t *scratch = malloc(cap * sizeof *scratch);
    int code = tally_init(&t, FIRST_SLOTS);
    uint32_t end = (uint32_t)((chunk + 1) * CHUNK < j->c->n ? (chunk + 1) * CHUNK : j->c->n);
    for (uint32_t r = (uint32_t)chunk * CHUNK; r < end && scratch && code == 0; r++) {
        code = tally_record(j, &t, r);
        if (t.n > cap) {
            cap = t.n_slots;
            free(scratch);
            scratch = malloc(cap * sizeof *scratch);
        }
        if (code == 0 && scratch)
            take_best(&t, scratch, j->c, r);
    }
    if (code < 0 || !scratch)
        j->failed = 1;
    tally_done(&t);
    free(scratch);
}

int candidates_find(const struct blocks *b, const struct encoded *e, uint32_t k, struct pool *pool,
                    struct candidates *ret, struct error *err)
{
    uint32_t n = e->n;
    struct candidates c = {.n = n, .k = k};
    struct find_job j = {.blocks = b, .e = e, .c = &c};
    c.best = malloc(((size_t)n * k + 1) * sizeof *c.best);
    c.count = calloc((size_t)n + 1, 1);
    for (int s = 2; s <= BLOCK_MAX; s++)
        j.weight[s] = (uint32_t)(log((double)n / s) * 1024) + 1;
    if (n < BLOCK_MAX) /* tiny tables: ln(n / s) would be negative */
        for (int s = 2; s <= BLOCK_MAX; s++)
            j.weight[s] = (uint32_t)(1024 * log1p((double)n / s)) + 1;
    if (c.best && c.count)
        pool_for(pool, ((size_t)n + CHUNK - 1) / CHUNK, find_chunk, &j);
    if (!c.best || !c.count || j.failed) {
        candidates_done(&c);
        return error_memory(err);
    }
    *ret = c;
    return 0;
}

void candidates_done(struct candidates *c)
{
    free(c->best);
    free(c->count);
    *c = (struct candidates){0};
}

static int has(const struct candidates *c, uint32_t rank, uint32_t other)
{
    const uint32_t *best = c->best + (size_t)rank * c->k;
    uint32_t low = 0, high = c->count[rank];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (best[middle] == other)
            return 1;
        if (best[middle] < other)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

uint32_t candidates_owned(const struct candidates *c, uint32_t rank, uint32_t *out)
{
    const uint32_t *best = c->best + (size_t)rank * c->k;
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->count[rank]; i++)
        if (best[i] > rank || !has(c, best[i], rank))
            out[n++] = best[i];
    return n;
}

struct count_job {
    const struct candidates *c;
    int64_t *counts; /* by chunk */
};

static void count_chunk(void *arg, size_t chunk)
{
    struct count_job *j = arg;
    uint32_t owned[CANDIDATES_MAX];
    size_t end = (chunk + 1) * CHUNK < j->c->n ? (chunk + 1) * CHUNK : j->c->n;
    for (size_t r = chunk * CHUNK; r < end; r++)
        j->counts[chunk] += candidates_owned(j->c, (uint32_t)r, owned);
}

int64_t candidates_count(const struct candidates *c, struct pool *pool)
{
    size_t n_chunks = ((size_t)c->n + CHUNK - 1) / CHUNK;
    struct count_job j = {.c = c, .counts = calloc(n_chunks + 1, sizeof *j.counts)};
    int64_t n = 0;
    if (!j.counts)
        return ERR_MEMORY;
    pool_for(pool, n_chunks, count_chunk, &j);
    for (size_t i = 0; i < n_chunks; i++)
        n += j.counts[i];
    free(j.counts);
    return n;
}
