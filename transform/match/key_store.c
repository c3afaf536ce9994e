#include "transform/match/key_store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

enum { BLOCK_BYTES = STORE_BLOCK * 8 };

struct key_store {
    int n_buckets, n_writers;
    struct key_writer *writers;
    atomic_uint next;  /* block to be written */
    uint32_t n_memory; /* blocks below this are in memory */
    char *memory;
    pthread_mutex_t lock; /* of spill, while it is not there yet */
    struct spill *_Atomic spill;
    struct store_limits limits;
};

/* Address space may be limited where memory is not used up: then the file is taken earlier. */
static void reserve_memory(struct key_store *s)
{
    uint64_t blocks = s->limits.memory / BLOCK_BYTES;
    if (blocks > UINT32_MAX / 2)
        blocks = UINT32_MAX / 2;
    while (blocks && !(s->memory = memory_map((size_t)blocks * BLOCK_BYTES)))
        blocks /= 2;
    s->n_memory = (uint32_t)blocks;
}

/* The file, opened by the first who needs it. */
static int spill_of(struct key_store *s, struct spill **ret, struct error *err)
{
    int code = 0;
    *ret = atomic_load(&s->spill);
    if (*ret)
        return 0;
    pthread_mutex_lock(&s->lock);
    *ret = atomic_load(&s->spill);
    if (!*ret)
        code = spill_open(s->limits.folder, s->limits.temporary, ret, err);
    if (code == 0)
        atomic_store(&s->spill, *ret);
    pthread_mutex_unlock(&s->lock);
    return code;
}

static int writer_init(struct key_writer *w, struct key_store *s)
{
    size_t n = (size_t)s->n_buckets;
    w->store = s;
    w->open = calloc(n, BLOCK_BYTES);
    w->filled = calloc(n, sizeof *w->filled);
    w->last = calloc(n, sizeof *w->last);
    w->full = calloc(n, sizeof *w->full);
    w->n_full = calloc(n, sizeof *w->n_full);
    w->cap_full = calloc(n, sizeof *w->cap_full);
    return w->open && w->filled && w->last && w->full && w->n_full && w->cap_full ? 0 : ERR_MEMORY;
}

static void writer_done(struct key_writer *w, int n_buckets)
{
    for (int b = 0; w->full && b < n_buckets; b++)
        free(w->full[b]);
    free(w->open);
    free(w->filled);
    free(w->last);
    free(w->full);
    free(w->n_full);
    free(w->cap_full);
}

int key_store_new(int buckets, int writers, const struct store_limits *limits,
                  struct key_store **ret, struct error *err)
{
    struct key_store *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    s->n_buckets = buckets;
    s->n_writers = writers;
    s->limits = *limits;
    pthread_mutex_init(&s->lock, NULL);
    reserve_memory(s);
    s->writers = calloc((size_t)writers, sizeof *s->writers);
    int code = s->writers ? 0 : error_memory(err);
    for (int i = 0; i < writers && code == 0; i++)
        if (writer_init(&s->writers[i], s) < 0)
            code = error_memory(err);
    if (code < 0)
        key_store_free(s);
    else
        *ret = s;
    return code;
}

void key_store_free(struct key_store *s)
{
    if (!s)
        return;
    for (int i = 0; s->writers && i < s->n_writers; i++)
        writer_done(&s->writers[i], s->n_buckets);
    free(s->writers);
    memory_unmap(s->memory, (size_t)s->n_memory * BLOCK_BYTES);
    spill_close(atomic_load(&s->spill));
    pthread_mutex_destroy(&s->lock);
    free(s);
}

struct key_writer *key_store_writer(struct key_store *s, int i)
{
    return &s->writers[i];
}

static int list_block(struct key_writer *w, uint32_t bucket, uint32_t block)
{
    if (w->n_full[bucket] == w->cap_full[bucket]) {
        uint32_t cap = w->cap_full[bucket] ? w->cap_full[bucket] * 2 : 8;
        uint32_t *full = realloc(w->full[bucket], cap * sizeof *full);
        if (!full)
            return error_memory(&w->error);
        w->full[bucket] = full;
        w->cap_full[bucket] = cap;
    }
    w->full[bucket][w->n_full[bucket]++] = block;
    return 0;
}

static uint64_t file_place(const struct key_store *s, uint32_t block)
{
    return (uint64_t)(block - s->n_memory) * BLOCK_BYTES;
}

static int spill_block(struct key_store *s, const uint64_t *from, uint32_t block, struct error *err)
{
    struct spill *spill;
    TRY(spill_of(s, &spill, err));
    return spill_write(spill, from, BLOCK_BYTES, file_place(s, block), err);
}

void key_writer_flush(struct key_writer *w, uint32_t bucket)
{
    struct key_store *s = w->store;
    const uint64_t *from = w->open + (size_t)bucket * STORE_BLOCK;
    uint32_t block = atomic_fetch_add_explicit(&s->next, 1, memory_order_relaxed);
    w->last[bucket] = w->filled[bucket];
    w->filled[bucket] = 0;
    if (w->failed)
        return;
    if (block < s->n_memory)
        memcpy(s->memory + (size_t)block * BLOCK_BYTES, from, BLOCK_BYTES);
    else
        w->failed = spill_block(s, from, block, &w->error);
    if (!w->failed)
        w->failed = list_block(w, bucket, block);
}

int key_store_seal(struct key_store *s, struct error *err)
{
    for (int i = 0; i < s->n_writers; i++) {
        struct key_writer *w = &s->writers[i];
        for (uint32_t b = 0; b < (uint32_t)s->n_buckets && !w->failed; b++)
            if (w->filled[b])
                key_writer_flush(w, b);
        free(w->open);
        w->open = NULL;
        if (w->failed) {
            if (err)
                *err = w->error;
            return w->failed;
        }
    }
    return 0;
}

uint64_t key_store_count(const struct key_store *s, uint32_t bucket)
{
    uint64_t n = 0;
    for (int i = 0; i < s->n_writers; i++) {
        const struct key_writer *w = &s->writers[i];
        if (w->n_full[bucket])
            n += (uint64_t)(w->n_full[bucket] - 1) * STORE_BLOCK + w->last[bucket];
    }
    return n;
}

int key_store_read(const struct key_store *s, uint32_t bucket, uint64_t *out, struct error *err)
{
    for (int i = 0; i < s->n_writers; i++) {
        const struct key_writer *w = &s->writers[i];
        for (uint32_t k = 0; k < w->n_full[bucket]; k++) {
            uint32_t block = w->full[bucket][k];
            size_t n = k + 1 < w->n_full[bucket] ? STORE_BLOCK : w->last[bucket];
            if (block < s->n_memory)
                memcpy(out, s->memory + (size_t)block * BLOCK_BYTES, n * sizeof *out);
            else
                TRY(spill_read(s->spill, out, n * sizeof *out, file_place(s, block), err));
            out += n;
        }
    }
    return 0;
}

uint64_t key_store_spilled(const struct key_store *s)
{
    uint32_t n = atomic_load(&s->next);
    return n > s->n_memory ? (uint64_t)(n - s->n_memory) * BLOCK_BYTES : 0;
}
