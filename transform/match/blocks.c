#include "transform/match/blocks.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "core/memory.h"

enum { CHUNK = 4096, BUCKET_KEYS = 65536, MIN_BITS = 6, MAX_BITS = 12, SMALL = 48, FAR = 12 };

struct large { /* a block over the limit */
    uint64_t key;
    uint32_t rank, n;
};

struct bucket { /* what one bucket yielded */
    struct match_account account;
    struct large largest[ACCOUNT_LARGEST];
    int n_largest;
    struct error error;
    int failed;
};

struct job {
    const struct atoms *atoms;
    const struct blocks_options *options;
    int bucket_bits, record_bits;
    struct key_store *store;
    struct blocks *blocks;
    atomic_uint next_chunk, next_bucket;
    int64_t *pruned; /* by writer */
    struct bucket *buckets;
    atomic_ullong n_members;
};

static void make_chunk(struct job *j, struct key_writer *w, uint32_t first, int64_t *pruned)
{
    uint64_t keys[KEYS_MAX];
    uint32_t n_records = j->atoms->e->n;
    uint32_t end = n_records - first < CHUNK ? n_records : first + CHUNK;
    int low = j->record_bits, high = j->bucket_bits;
    for (uint32_t r = first; r < end; r++) {
        if (r + FAR < end)
            atoms_prefetch(j->atoms, r + FAR, r + FAR / 2);
        if (j->options->skip && j->options->skip[r])
            continue;
        int n = record_keys(j->atoms, &j->options->rules, r, keys, pruned);
        for (int i = 0; i < n; i++)
            key_writer_put(w, (uint32_t)(keys[i] >> (64 - high)),
                           keys[i] << high >> low << low | r);
    }
}

static void make_keys(void *arg, size_t writer)
{
    struct job *j = arg;
    uint32_t n_chunks = (uint32_t)(((uint64_t)j->atoms->e->n + CHUNK - 1) / CHUNK);
    for (;;) {
        uint32_t chunk = atomic_fetch_add_explicit(&j->next_chunk, 1, memory_order_relaxed);
        if (chunk >= n_chunks)
            return;
        make_chunk(j, key_store_writer(j->store, (int)writer), chunk * CHUNK, &j->pruned[writer]);
    }
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void sort_few(uint64_t *v, size_t n)
{
    if (n > SMALL) {
        qsort(v, n, sizeof *v, compare_u64);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        uint64_t x = v[i];
        size_t at = i;
        for (; at > 0 && v[at - 1] > x; at--)
            v[at] = v[at - 1];
        v[at] = x;
    }
}

/* One pass by the upper bits leaves runs of a few keys. Sorts `keys` into `to`. */
static void sort_keys(const uint64_t *keys, size_t n, uint64_t *to)
{
    enum { DIGIT = 13 };
    uint32_t start[(1 << DIGIT) + 1] = {0};
    int bits = 1;
    while (bits < DIGIT && (size_t)8 << bits < n)
        bits++;
    for (size_t i = 0; i < n; i++)
        start[(keys[i] >> (64 - bits)) + 1]++;
    for (size_t d = 1; d <= (size_t)1 << bits; d++)
        start[d] += start[d - 1];
    for (size_t i = 0; i < n; i++)
        to[start[keys[i] >> (64 - bits)]++] = keys[i];
    for (size_t d = 0, from = 0; d < (size_t)1 << bits; d++) {
        sort_few(to + from, start[d] - from);
        from = start[d];
    }
}

static size_t run_length(const uint64_t *keys, size_t at, size_t n, int record_bits)
{
    size_t end = at + 1;
    while (end < n && keys[end] >> record_bits == keys[at] >> record_bits)
        end++;
    return end - at;
}

static int larger(const struct large *x, const struct large *y)
{
    return x->n != y->n ? x->n > y->n : x->key < y->key;
}

static void keep_largest(struct large *list, int *n, struct large block)
{
    int at = *n < ACCOUNT_LARGEST ? (*n)++ : ACCOUNT_LARGEST;
    for (; at > 0 && larger(&block, &list[at - 1]); at--)
        if (at < ACCOUNT_LARGEST)
            list[at] = list[at - 1];
    if (at < ACCOUNT_LARGEST)
        list[at] = block;
}

static int size_class(size_t n)
{
    int class = 0;
    while (class < ACCOUNT_SIZES - 1 && n > (size_t)2 << class)
        class ++;
    return class;
}

/* Writes the blocks of sorted keys to out, and returns how many numbers that is. */
static size_t write_blocks(struct job *j, struct bucket *b, const uint64_t *keys, size_t n,
                           uint32_t *out)
{
    uint64_t mask = (UINT64_C(1) << j->record_bits) - 1;
    size_t to = 0;
    b->account.keys = (int64_t)n;
    for (size_t at = 0, len; at < n; at += len) {
        len = run_length(keys, at, n, j->record_bits);
        if (len == 1) {
            b->account.keys_alone++;
        } else if (len > j->options->rules.largest) {
            b->account.blocks_large++;
            b->account.memberships_large += (int64_t)len;
            keep_largest(b->largest, &b->n_largest,
                         (struct large){keys[at], (uint32_t)(keys[at] & mask), (uint32_t)len});
        } else {
            b->account.blocks[size_class(len)]++;
            b->account.memberships += (int64_t)len;
            out[to++] = (uint32_t)len;
            for (size_t k = 0; k < len; k++)
                out[to++] = (uint32_t)(keys[at + k] & mask);
        }
    }
    return to;
}

/* The blocks into members, and where they are to each of their records. */
static int store_blocks(struct job *j, struct key_writer *w, const uint32_t *list, size_t n,
                        struct error *err)
{
    struct blocks *b = j->blocks;
    uint64_t from = atomic_fetch_add_explicit(&j->n_members, n, memory_order_relaxed);
    for (size_t at = 0; at < n; at += list[at] + 1)
        for (uint32_t i = 1; i <= list[at]; i++) {
            uint32_t rank = list[at + i];
            key_writer_put(w, rank >> RANGE_BITS,
                           (uint64_t)(rank & (RANGE - 1)) << (64 - RANGE_BITS) | (from + at));
        }
    if (!b->mapped)
        return spill_write(b->spill, list, n * sizeof *list, from * sizeof *list, err);
    memcpy(b->mapped + from, list, n * sizeof *list);
    return 0;
}

static void sort_bucket(struct job *j, struct key_writer *w, uint32_t bucket)
{
    struct bucket *b = &j->buckets[bucket];
    size_t n = (size_t)key_store_count(j->store, bucket);
    uint64_t *keys = malloc((n + 1) * sizeof *keys), *sorted = malloc((n + 1) * sizeof *sorted);
    if (!keys || !sorted)
        b->failed = error_memory(&b->error);
    if (!b->failed)
        b->failed = key_store_read(j->store, bucket, keys, &b->error);
    if (!b->failed) {
        sort_keys(keys, n, sorted);
        /* a block of s takes 4 (s + 1) bytes, which is less than its 8 s of keys */
        uint32_t *out = (uint32_t *)keys;
        b->failed = store_blocks(j, w, out, write_blocks(j, b, sorted, n, out), &b->error);
    }
    free(keys);
    free(sorted);
}

static void sort_buckets(void *arg, size_t writer)
{
    struct job *j = arg;
    struct key_writer *w = key_store_writer(j->blocks->memberships, (int)writer);
    for (;;) {
        uint32_t bucket = atomic_fetch_add_explicit(&j->next_bucket, 1, memory_order_relaxed);
        if (bucket >> j->bucket_bits)
            return;
        sort_bucket(j, w, bucket);
    }
}

static void add_account(struct match_account *into, const struct match_account *from)
{
    into->keys += from->keys;
    into->keys_alone += from->keys_alone;
    into->memberships += from->memberships;
    into->blocks_large += from->blocks_large;
    into->memberships_large += from->memberships_large;
    for (int i = 0; i < ACCOUNT_SIZES; i++)
        into->blocks[i] += from->blocks[i];
}

/* The key again, but for the bits that made room for the rank. */
static int say_large(const struct job *j, const struct large *l, uint64_t bucket,
                     struct dropped_block *ret)
{
    struct buffer text = {0};
    uint32_t atoms[2];
    int lost = j->record_bits > j->bucket_bits ? j->record_bits - j->bucket_bits : 0, code = 0;
    uint64_t key = bucket << (64 - j->bucket_bits) | l->key >> j->bucket_bits;
    if (key_atoms(j->atoms, &j->options->rules, l->rank, key, ~UINT64_C(0) << lost, atoms)) {
        code = atoms_say(j->atoms, l->rank, atoms[0], &text);
        if (code == 0 && atoms[1] != UINT32_MAX)
            code = buffer_slice(&text, slice_str(" + "));
        if (code == 0 && atoms[1] != UINT32_MAX)
            code = atoms_say(j->atoms, l->rank, atoms[1], &text);
    }
    size_t n = text.len < sizeof ret->key ? text.len : sizeof ret->key - 1;
    if (n)
        memcpy(ret->key, text.data, n);
    ret->key[n] = 0;
    ret->records = l->n;
    buffer_done(&text);
    return code;
}

/* The largest of all buckets' largest. */
static int account_largest(const struct job *j, size_t n_buckets, struct match_account *account)
{
    struct large best[ACCOUNT_LARGEST];
    int n = 0;
    for (size_t i = 0; i < n_buckets; i++)
        for (int k = 0; k < j->buckets[i].n_largest; k++)
            keep_largest(best, &n, j->buckets[i].largest[k]);
    for (int k = 0; k < n; k++)
        for (size_t i = 0; i < n_buckets; i++)
            for (int m = 0; m < j->buckets[i].n_largest; m++)
                if (memcmp(&best[k], &j->buckets[i].largest[m], sizeof best[k]) == 0 &&
                    account->n_largest == k) {
                    TRY(say_large(j, &best[k], i, &account->largest[k]));
                    account->n_largest = k + 1;
                }
    return 0;
}

static int bits_for(uint64_t n)
{
    int bits = 1;
    while (bits < 32 && (UINT64_C(1) << bits) < n)
        bits++;
    return bits;
}

static int clamp(int n, int low, int high)
{
    return n < low ? low : n > high ? high : n;
}

static int job_init(struct job *j, struct pool *pool, struct error *err)
{
    const struct blocks_options *o = j->options;
    uint32_t n = j->atoms->e->n;
    size_t writers = (size_t)pool_threads(pool);
    uint64_t guess = (uint64_t)n * (o->rules.per_record ? o->rules.per_record : 64);
    struct store_limits limits = o->limits;
    limits.memory /= 2; /* for the keys; a quarter is for blocks, a quarter for memberships */
    j->record_bits = bits_for(n);
    j->bucket_bits = clamp(bits_for(guess / BUCKET_KEYS + 1), MIN_BITS, MAX_BITS);
    size_t n_buckets = (size_t)1 << j->bucket_bits;
    j->pruned = calloc(writers, sizeof *j->pruned);
    j->buckets = calloc(n_buckets, sizeof *j->buckets);
    if (!j->pruned || !j->buckets)
        return error_memory(err);
    j->blocks->n_records = n;
    j->blocks->n_ranges = (uint32_t)(((uint64_t)n + RANGE - 1) >> RANGE_BITS);
    return key_store_new((int)n_buckets, (int)writers, &limits, &j->store, err);
}

/* A key takes at most 6 bytes in blocks (pairs, with their sizes); half of that is usual. */
static int place_blocks(struct job *j, uint64_t n_keys, struct pool *pool, struct error *err)
{
    struct blocks *b = j->blocks;
    struct store_limits limits = j->options->limits;
    limits.memory /= 4;
    TRY(key_store_new((int)(b->n_ranges ? b->n_ranges : 1), pool_threads(pool), &limits,
                      &b->memberships, err));
    if (n_keys * 3 > limits.memory)
        return spill_open(limits.folder, limits.temporary, &b->spill, err);
    b->mapped_size = (size_t)n_keys * 6 + 4;
    b->mapped = memory_map(b->mapped_size);
    b->members = b->mapped;
    return b->mapped ? 0 : error_memory(err);
}

static int build(struct job *j, struct pool *pool, struct match_account *account, struct error *err)
{
    size_t n_buckets = (size_t)1 << j->bucket_bits;
    uint64_t n_keys = 0;
    pool_for(pool, (size_t)pool_threads(pool), make_keys, j);
    TRY(key_store_seal(j->store, err));
    for (int i = 0; i < pool_threads(pool); i++)
        account->keys_pruned += j->pruned[i];
    for (uint32_t i = 0; i < n_buckets; i++)
        n_keys += key_store_count(j->store, i);
    TRY(place_blocks(j, n_keys, pool, err));
    pool_for(pool, (size_t)pool_threads(pool), sort_buckets, j);
    TRY(key_store_seal(j->blocks->memberships, err));
    j->blocks->n_members = j->n_members;
    for (size_t i = 0; i < n_buckets; i++) {
        if (j->buckets[i].failed) {
            *err = j->buckets[i].error;
            return j->buckets[i].failed;
        }
        add_account(account, &j->buckets[i].account);
    }
    account->spilled += (int64_t)key_store_spilled(j->store);
    account->spilled += (int64_t)key_store_spilled(j->blocks->memberships);
    if (account_largest(j, n_buckets, account) < 0)
        return error_memory(err);
    if (!j->blocks->spill)
        return 0;
    account->spilled += (int64_t)(j->n_members * sizeof(uint32_t));
    const void *members;
    TRY(spill_map(j->blocks->spill, (size_t)(j->n_members * sizeof(uint32_t)), &members, err));
    j->blocks->members = members;
    return 0;
}

int blocks_build(const struct atoms *a, const struct blocks_options *o, struct pool *pool,
                 struct match_account *account, struct blocks *ret, struct error *err)
{
    struct blocks b = {0};
    struct job j = {.atoms = a, .options = o, .blocks = &b};
    struct error local = {0};
    int code = job_init(&j, pool, &local);
    if (code == 0)
        code = build(&j, pool, account, &local);
    key_store_free(j.store);
    free(j.pruned);
    free(j.buckets);
    if (code < 0) {
        blocks_done(&b);
        if (err)
            *err = local;
        return code;
    }
    *ret = b;
    return 0;
}

void blocks_done(struct blocks *b)
{
    key_store_free(b->memberships);
    memory_unmap(b->mapped, b->mapped_size);
    spill_close(b->spill);
    *b = (struct blocks){0};
}
