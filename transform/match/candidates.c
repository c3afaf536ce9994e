#include "transform/match/candidates.h"

#include <math.h>
#include <stdlib.h>

enum { CHUNK = 2048, FIRST_SLOTS = 1024, AHEAD = 32 };

struct slot {
    uint32_t record; /* + 1 */
    uint32_t score;
};

/* Scores of the records met while looking at one record; cleared by its list of slots. */
struct tally {
    uint32_t n_slots, n;
    int shift; /* of a hash, to a slot */
    struct slot *slots;
    uint32_t *touched;
};

struct find_job {
    const struct blocks *blocks;
    const struct encoded *e;
    struct candidates *c;
    uint32_t weight[BLOCK_MAX + 1];
    struct error *errors; /* by range */
};

static int tally_init(struct tally *t, uint32_t n_slots)
{
    *t = (struct tally){.n_slots = n_slots, .shift = 32};
    for (uint32_t n = n_slots; n > 1; n /= 2)
        t->shift--;
    t->slots = calloc(n_slots, sizeof *t->slots);
    t->touched = malloc(n_slots * sizeof *t->touched);
    return t->slots && t->touched ? 0 : ERR_MEMORY;
}

static void tally_done(struct tally *t)
{
    free(t->slots);
    free(t->touched);
}

static uint32_t tally_slot(const struct tally *t, uint32_t record)
{
    uint32_t mask = t->n_slots - 1, at = (record * UINT32_C(2654435769)) >> t->shift;
    while (t->slots[at].record && t->slots[at].record != record + 1)
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
        struct slot from = t->slots[t->touched[i]];
        uint32_t at = tally_slot(&bigger, from.record - 1);
        bigger.slots[at] = from;
        bigger.touched[bigger.n++] = at;
    }
    tally_done(t);
    *t = bigger;
    return 0;
}

static int tally_add(struct tally *t, uint32_t record, uint32_t weight)
{
    uint32_t at = tally_slot(t, record);
    if (t->slots[at].record) {
        t->slots[at].score += weight;
        return 0;
    }
    if (t->n * 2 >= t->n_slots) {
        TRY(tally_grow(t));
        at = tally_slot(t, record);
    }
    t->slots[at] = (struct slot){record + 1, weight};
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

static void sort_ascending(uint32_t *v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        uint32_t x = v[i], at = i;
        for (; at > 0 && v[at - 1] > x; at--)
            v[at] = v[at - 1];
        v[at] = x;
    }
}

/* The best k of the tally: by score, then by the lower rank. */
static void take_best(struct tally *t, uint64_t *scratch, struct candidates *c, uint32_t rank)
{
    uint32_t n = t->n;
    for (uint32_t i = 0; i < n; i++) {
        struct slot *slot = &t->slots[t->touched[i]];
        scratch[i] = (uint64_t)slot->score << 32 | (UINT32_MAX - (slot->record - 1));
        slot->record = 0;
    }
    t->n = 0;
    uint32_t k = n < c->k ? n : c->k;
    select_largest(scratch, n, k);
    uint32_t *best = c->best + (size_t)rank * c->k;
    for (uint32_t i = 0; i < k; i++)
        best[i] = UINT32_MAX - (uint32_t)scratch[i];
    sort_ascending(best, k);
    c->count[rank] = (uint8_t)k;
}

/* of: this record's blocks, and AHEAD more. */
static int tally_record(const struct find_job *j, struct tally *t, uint32_t rank,
                        const uint64_t *of, uint32_t n)
{
    const uint32_t *members = j->blocks->members;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t *block = members + of[i];
        __builtin_prefetch(members + of[i + AHEAD]); /* the next records' too */
        uint32_t weight = j->weight[block[0]];
        for (uint32_t m = 1; m <= block[0]; m++)
            if (block[m] != rank && !encoded_apart(j->e, rank, block[m]))
                TRY(tally_add(t, block[m], weight));
    }
    return 0;
}

/* The blocks of each record of a range, from its memberships in any order. */
static void list_by_record(const uint64_t *memberships, size_t n, uint64_t *of,
                           uint32_t from[RANGE + 1])
{
    memset(from, 0, (RANGE + 1) * sizeof *from);
    for (size_t i = 0; i < n; i++)
        from[membership_record(memberships[i]) + 1]++;
    for (uint32_t r = 1; r <= RANGE; r++)
        from[r] += from[r - 1];
    for (size_t i = 0; i < n; i++)
        of[from[membership_record(memberships[i])]++] = membership_block(memberships[i]);
    for (uint32_t r = RANGE; r > 0; r--)
        from[r] = from[r - 1];
    from[0] = 0;
}

/* The best of every record of a range. */
static int find_in_range(const struct find_job *j, uint32_t range, const uint64_t *of,
                         const uint32_t from[RANGE + 1])
{
    struct tally t;
    size_t cap = FIRST_SLOTS;
    uint64_t *scratch = malloc(cap * sizeof *scratch);
    int code = tally_init(&t, FIRST_SLOTS) < 0 || !scratch ? ERR_MEMORY : 0;
    uint32_t first = range << RANGE_BITS;
    uint32_t n = j->c->n - first < RANGE ? j->c->n - first : RANGE;
    for (uint32_t r = 0; r < n && code == 0; r++) {
        code = tally_record(j, &t, first + r, of + from[r], from[r + 1] - from[r]);
        if (t.n > cap) {
            cap = t.n_slots;
            free(scratch);
            scratch = malloc(cap * sizeof *scratch);
        }
        if (!scratch)
            code = ERR_MEMORY;
        if (code == 0)
            take_best(&t, scratch, j->c, first + r);
    }
    tally_done(&t);
    free(scratch);
    return code;
}

static void find_range(void *arg, size_t range)
{
    struct find_job *j = arg;
    const struct key_store *memberships = j->blocks->memberships;
    struct error *err = &j->errors[range];
    size_t n = (size_t)key_store_count(memberships, (uint32_t)range);
    uint64_t *list = malloc((n + 1) * sizeof *list), *of = malloc((n + AHEAD) * sizeof *of);
    uint32_t *from = malloc((RANGE + 1) * sizeof *from);
    int code = list && of && from ? 0 : error_memory(err);
    if (code == 0)
        code = key_store_read(memberships, (uint32_t)range, list, err);
    if (code == 0) {
        memset(of + n, 0, AHEAD * sizeof *of);
        list_by_record(list, n, of, from);
        code = find_in_range(j, (uint32_t)range, of, from);
        if (code < 0)
            error_memory(err);
    }
    free(list);
    free(of);
    free(from);
}

static int find_all(struct find_job *j, struct pool *pool, struct error *err)
{
    size_t n = j->blocks->n_ranges;
    int code = 0;
    j->errors = calloc(n + 1, sizeof *j->errors);
    if (!j->errors)
        return error_memory(err);
    pool_for(pool, n, find_range, j);
    for (size_t i = 0; i < n && code == 0; i++)
        if (j->errors[i].code) {
            code = j->errors[i].code;
            if (err)
                *err = j->errors[i];
        }
    free(j->errors);
    return code;
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

struct owner_job {
    struct candidates *c;
    int64_t *pairs;   /* by chunk */
    int64_t *without; /* by chunk: records without candidates */
};

static void own_chunk(void *arg, size_t chunk)
{
    struct owner_job *j = arg;
    struct candidates *c = j->c;
    size_t end = (chunk + 1) * CHUNK < c->n ? (chunk + 1) * CHUNK : c->n;
    for (size_t r = chunk * CHUNK; r < end; r++) {
        const uint32_t *best = c->best + r * c->k;
        if (r + 2 < end)
            for (uint32_t i = 0; i < c->count[r + 2]; i++)
                __builtin_prefetch(c->best + (size_t)best[2 * (size_t)c->k + i] * c->k);
        for (uint32_t i = 0; i < c->count[r]; i++)
            if (best[i] > r || !has(c, best[i], (uint32_t)r)) {
                c->owned[r * c->stride + i / 8] |= (uint8_t)(1 << i % 8);
                j->pairs[chunk]++;
            }
        j->without[chunk] += c->count[r] == 0;
    }
}

/* A pair in the best of both ends is the lower one's. */
static int find_owners(struct candidates *c, struct pool *pool)
{
    size_t n_chunks = ((size_t)c->n + CHUNK - 1) / CHUNK;
    struct owner_job j = {.c = c, .pairs = calloc(2 * n_chunks + 1, sizeof *j.pairs)};
    if (!j.pairs)
        return ERR_MEMORY;
    j.without = j.pairs + n_chunks;
    pool_for(pool, n_chunks, own_chunk, &j);
    for (size_t i = 0; i < n_chunks; i++) {
        c->n_pairs += j.pairs[i];
        c->n_without += j.without[i];
    }
    free(j.pairs);
    return 0;
}

static void block_weights(uint32_t n, uint32_t weight[BLOCK_MAX + 1])
{
    for (int s = 2; s <= BLOCK_MAX; s++) /* tiny tables: ln(n / s) would be negative */
        weight[s] =
            1 + (uint32_t)(1024 * (n < BLOCK_MAX ? log1p((double)n / s) : log((double)n / s)));
}

int candidates_find(const struct blocks *b, const struct find_options *o, struct pool *pool,
                    struct candidates *ret, struct error *err)
{
    uint32_t n = b->n_records;
    struct candidates c = {.n = n, .k = o->k};
    struct find_job j = {.blocks = b, .e = o->e, .c = &c};
    block_weights(o->n_counted, j.weight);
    c.stride = (o->k + 7) / 8;
    c.best = malloc(((size_t)n * o->k + 1) * sizeof *c.best);
    c.count = calloc((size_t)n + 1, 1);
    c.owned = calloc((size_t)n * c.stride + 1, 1);
    int code = c.best && c.count && c.owned ? 0 : ERR_MEMORY;
    if (code == 0)
        code = find_all(&j, pool, err);
    else
        error_memory(err);
    if (code == 0 && find_owners(&c, pool) < 0)
        code = error_memory(err);
    if (code < 0) {
        candidates_done(&c);
        return code;
    }
    *ret = c;
    return 0;
}

void candidates_done(struct candidates *c)
{
    free(c->best);
    free(c->count);
    free(c->owned);
    *c = (struct candidates){0};
}

uint32_t candidates_owned(const struct candidates *c, uint32_t rank, uint32_t *out)
{
    const uint32_t *best = c->best + (size_t)rank * c->k;
    const uint8_t *owned = c->owned + (size_t)rank * c->stride;
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->count[rank]; i++)
        if (owned[i / 8] >> i % 8 & 1)
            out[n++] = best[i];
    return n;
}
