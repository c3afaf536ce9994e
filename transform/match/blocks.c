#include "transform/match/blocks.h"

#include <stdlib.h>

enum { BUCKET_BITS = 10, BUCKETS = 1 << BUCKET_BITS, CHUNKS = 64, DIGIT = 11 };

struct bucket_blocks { /* what one bucket yielded */
    uint8_t *sizes;
    uint32_t *members;
    uint32_t n_blocks, n_members;
};

struct key_job {
    const struct atoms *atoms;
    const struct blocks_options *options;
    int record_bits;
    uint32_t (*counts)[BUCKETS]; /* by chunk; in the scatter pass: where the next key goes */
    uint32_t first_bucket, end_bucket;
    uint64_t *keys;
    uint64_t start[BUCKETS + 1]; /* within the wave */
    struct bucket_blocks *found;
    int failed; /* set, never cleared, by any thread */
};

static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    h ^= h >> 29;
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

/* All keys of one record; returns how many. An atom alone counts when its block is small. */
static int record_keys(const struct key_job *j, uint32_t rank, uint64_t *out)
{
    struct record_atom list[ATOMS_MAX];
    const struct atoms *a = j->atoms;
    int n, kept = 0, n_keys = 0;
    const struct record_atom *all = atoms_of(a, rank, &n);
    for (int i = 0; i < n; i++) {
        uint32_t df = a->df[all[i].atom];
        if (df <= BLOCK_MAX)
            out[n_keys++] = mix(a->hash[all[i].atom]);
        if (df > BLOCK_MAX || !j->options->coarse_only)
            list[kept++] = all[i];
    }
    for (int x = 0; x < kept; x++)
        for (int y = x + 1; y < kept; y++)
            if (list[x].group != list[y].group)
                out[n_keys++] = mix(a->hash[list[x].atom] + a->hash[list[y].atom]);
    return n_keys;
}

enum { KEYS_MAX = ATOMS_MAX * (ATOMS_MAX + 1) / 2 };

static uint32_t chunk_end(const struct key_job *j, size_t chunk)
{
    return (uint32_t)((uint64_t)j->atoms->e->n * (chunk + 1) / CHUNKS);
}

static int skipped(const struct key_job *j, uint32_t rank)
{
    return j->options->skip && j->options->skip[rank];
}

static void count_chunk(void *arg, size_t chunk)
{
    struct key_job *j = arg;
    uint64_t keys[KEYS_MAX];
    for (uint32_t r = chunk_end(j, chunk - 1); r < chunk_end(j, chunk); r++) {
        int n = skipped(j, r) ? 0 : record_keys(j, r, keys);
        for (int i = 0; i < n; i++)
            j->counts[chunk][keys[i] >> (64 - BUCKET_BITS)]++;
    }
}

static void scatter_chunk(void *arg, size_t chunk)
{
    struct key_job *j = arg;
    uint64_t keys[KEYS_MAX];
    for (uint32_t r = chunk_end(j, chunk - 1); r < chunk_end(j, chunk); r++) {
        int n = skipped(j, r) ? 0 : record_keys(j, r, keys);
        for (int i = 0; i < n; i++) {
            uint32_t bucket = (uint32_t)(keys[i] >> (64 - BUCKET_BITS));
            if (bucket < j->first_bucket || bucket >= j->end_bucket)
                continue;
            uint64_t at = j->start[bucket] + j->counts[chunk][bucket]++;
            j->keys[at] = keys[i] << BUCKET_BITS >> j->record_bits << j->record_bits | r;
        }
    }
}

/* Sorts by the hash's bits, stable, so that records stay ascending within a key. */
static int sort_keys(uint64_t *keys, size_t n, int record_bits)
{
    uint64_t *other = malloc((n + 1) * sizeof *other), *from = keys, *to = other;
    if (!other)
        return ERR_MEMORY;
    for (int shift = record_bits; shift < 64; shift += DIGIT) {
        uint32_t count[1 << DIGIT] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++)
            count[from[i] >> shift & ((1 << DIGIT) - 1)]++;
        for (size_t d = 0; d < 1 << DIGIT; d++) {
            uint32_t c = count[d];
            count[d] = sum;
            sum += c;
        }
        for (size_t i = 0; i < n; i++)
            to[count[from[i] >> shift & ((1 << DIGIT) - 1)]++] = from[i];
        uint64_t *t = from;
        from = to;
        to = t;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof *keys);
    free(other);
    return 0;
}

static size_t run_length(const uint64_t *keys, size_t at, size_t n, int record_bits)
{
    size_t end = at + 1;
    while (end < n && keys[end] >> record_bits == keys[at] >> record_bits)
        end++;
    return end - at;
}

static void sort_bucket(void *arg, size_t i)
{
    struct key_job *j = arg;
    uint32_t bucket = j->first_bucket + (uint32_t)i;
    uint64_t *keys = j->keys + j->start[bucket];
    size_t n = j->start[bucket + 1] - j->start[bucket], blocks = 0, members = 0;
    struct bucket_blocks *found = &j->found[bucket];
    if (sort_keys(keys, n, j->record_bits) < 0) {
        j->failed = 1;
        return;
    }
    for (size_t at = 0, len; at < n; at += len) {
        len = run_length(keys, at, n, j->record_bits);
        if (len >= 2 && len <= BLOCK_MAX) {
            blocks++;
            members += len;
        }
    }
    found->sizes = malloc(blocks + 1);
    found->members = malloc((members + 1) * sizeof *found->members);
    if (!found->sizes || !found->members) {
        j->failed = 1;
        return;
    }
    uint64_t record_mask = (UINT64_C(1) << j->record_bits) - 1;
    for (size_t at = 0, len; at < n; at += len) {
        len = run_length(keys, at, n, j->record_bits);
        if (len < 2 || len > BLOCK_MAX)
            continue;
        found->sizes[found->n_blocks++] = (uint8_t)len;
        for (size_t k = 0; k < len; k++)
            found->members[found->n_members++] = (uint32_t)(keys[at + k] & record_mask);
    }
}

/* Buckets first..end whose keys fit a wave, at least one; fills start. */
static uint32_t wave_end(struct key_job *j, const uint64_t *totals, size_t wave_keys)
{
    uint32_t end = j->first_bucket;
    uint64_t sum = 0;
    do {
        j->start[end] = sum;
        sum += totals[end++];
    } while (end < BUCKETS && sum + totals[end] <= wave_keys);
    j->start[end] = sum;
    return end;
}

/* Each chunk's place within each bucket: the keys of the chunks before it. */
static void chunk_places(struct key_job *j, uint64_t totals[BUCKETS])
{
    for (size_t b = 0; b < BUCKETS; b++) {
        uint32_t sum = 0;
        for (size_t c = 0; c < CHUNKS; c++) {
            uint32_t n = j->counts[c][b];
            j->counts[c][b] = sum;
            sum += n;
        }
        totals[b] = sum;
    }
}

static int all_waves(struct key_job *j, const uint64_t *totals, struct pool *pool)
{
    while (j->first_bucket < BUCKETS) {
        j->end_bucket = wave_end(j, totals, j->options->wave_keys);
        j->keys = malloc((j->start[j->end_bucket] + 1) * sizeof *j->keys);
        if (!j->keys)
            return ERR_MEMORY;
        pool_for(pool, CHUNKS, scatter_chunk, j);
        pool_for(pool, j->end_bucket - j->first_bucket, sort_bucket, j);
        free(j->keys);
        if (j->failed)
            return ERR_MEMORY;
        j->first_bucket = j->end_bucket;
    }
    return 0;
}

static int gather_blocks(const struct bucket_blocks *found, struct blocks *b)
{
    uint64_t blocks = 0, members = 0;
    for (size_t i = 0; i < BUCKETS; i++) {
        blocks += found[i].n_blocks;
        members += found[i].n_members;
    }
    if (blocks + members >= UINT32_MAX)
        return ERR_MEMORY;
    b->members = malloc((blocks + members + 1) * sizeof *b->members);
    if (!b->members)
        return ERR_MEMORY;
    for (size_t i = 0; i < BUCKETS; i++) {
        const uint32_t *from = found[i].members;
        for (uint32_t k = 0; k < found[i].n_blocks; k++) {
            uint32_t size = found[i].sizes[k];
            b->members[b->n_members++] = size;
            memcpy(b->members + b->n_members, from, size * sizeof *from);
            b->n_members += size;
            from += size;
        }
    }
    b->n = (uint32_t)blocks;
    return 0;
}

/* The blocks of each record, by counting. */
static int invert(struct blocks *b, uint32_t n_records)
{
    b->of_from = calloc((size_t)n_records + 2, sizeof *b->of_from);
    b->of = malloc((b->n_members + 1) * sizeof *b->of);
    if (!b->of_from || !b->of)
        return ERR_MEMORY;
    uint32_t *next = b->of_from + 1; /* next[r] counts, then is where r's list goes on */
    for (size_t at = 0; at < b->n_members; at += b->members[at] + 1)
        for (uint32_t i = 1; i <= b->members[at]; i++)
            next[b->members[at + i] + 1]++;
    for (uint32_t r = 1; r <= n_records; r++)
        next[r] += next[r - 1];
    for (size_t at = 0; at < b->n_members; at += b->members[at] + 1)
        for (uint32_t i = 1; i <= b->members[at]; i++)
            b->of[next[b->members[at + i]]++] = (uint32_t)at;
    return 0;
}

static int bits_for(uint32_t n)
{
    int bits = 1;
    while (bits < 32 && (UINT64_C(1) << bits) < n)
        bits++;
    return bits;
}

int blocks_build(const struct atoms *a, const struct blocks_options *o, struct pool *pool,
                 struct blocks *ret, struct error *err)
{
    struct blocks b = {0};
    struct key_job *j = calloc(1, sizeof *j);
    uint64_t *totals = calloc(BUCKETS, sizeof *totals);
    int code = j && totals ? 0 : ERR_MEMORY;
    if (code == 0) {
        *j = (struct key_job){.atoms = a, .options = o, .record_bits = bits_for(a->e->n)};
        j->counts = calloc(CHUNKS, sizeof *j->counts);
        j->found = calloc(BUCKETS, sizeof *j->found);
        code = j->counts && j->found ? 0 : ERR_MEMORY;
    }
    if (code == 0) {
        pool_for(pool, CHUNKS, count_chunk, j);
        chunk_places(j, totals);
        for (size_t i = 0; i < BUCKETS; i++)
            b.n_keys += (int64_t)totals[i];
        code = all_waves(j, totals, pool);
    }
    if (code == 0)
        code = gather_blocks(j->found, &b);
    for (size_t i = 0; j && j->found && i < BUCKETS; i++) {
        free(j->found[i].sizes);
        free(j->found[i].members);
    }
    if (j) {
        free(j->counts);
        free(j->found);
    }
    free(j);
    free(totals);
    if (code == 0)
        code = invert(&b, a->e->n);
    if (code < 0) {
        blocks_done(&b);
        return error_memory(err);
    }
    *ret = b;
    return 0;
}

void blocks_done(struct blocks *b)
{
    free(b->members);
    free(b->of_from);
    free(b->of);
    *b = (struct blocks){0};
}
