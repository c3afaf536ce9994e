/* Whose candidates a change touches: those who share a key with what changed. */
#include <stdlib.h>

#include "transform/match/blocks.h"
#include "transform/match/radix.h"

enum { CHUNK = 4096, BLOOM_BITS = 20 };

struct touch_job {
    const struct atoms *atoms;
    const struct key_rules *rules;
    const struct keyed *keys; /* of the changed records, ascending */
    size_t n_keys;
    uint64_t *seen; /* a bit by the upper bits of a key: most records' keys are not there */
    uint8_t *touched;
};

static int is_key(const struct touch_job *j, uint64_t key)
{
    uint64_t at = key >> (64 - BLOOM_BITS);
    if (!(j->seen[at / 64] >> at % 64 & 1))
        return 0;
    size_t low = 0, high = j->n_keys;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (j->keys[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < j->n_keys && j->keys[low].key == key;
}

static void touch_chunk(void *arg, size_t chunk)
{
    struct touch_job *j = arg;
    uint64_t keys[KEYS_MAX];
    int64_t pruned = 0;
    size_t end = (chunk + 1) * CHUNK < j->atoms->e->n ? (chunk + 1) * CHUNK : j->atoms->e->n;
    for (size_t r = chunk * CHUNK; r < end; r++) {
        int n = record_keys(j->atoms, j->rules, (uint32_t)r, keys, &pruned);
        for (int i = 0; i < n && !j->touched[r]; i++)
            j->touched[r] = (uint8_t)is_key(j, keys[i]);
    }
}

static int changed_keys(struct touch_job *j, const uint8_t *changed, struct buffer *list)
{
    uint64_t keys[KEYS_MAX];
    int64_t pruned = 0;
    for (uint32_t r = 0; r < j->atoms->e->n; r++) {
        j->touched[r] = changed[r];
        int n = changed[r] ? record_keys(j->atoms, j->rules, r, keys, &pruned) : 0;
        for (int i = 0; i < n; i++) {
            struct keyed key = {.key = keys[i]};
            uint64_t at = keys[i] >> (64 - BLOOM_BITS);
            j->seen[at / 64] |= UINT64_C(1) << at % 64;
            TRY(buffer_append(list, &key, sizeof key));
        }
    }
    return 0;
}

int blocks_touched(const struct atoms *a, const struct key_rules *rules, const uint8_t *changed,
                   struct pool *pool, uint8_t *ret_touched, struct error *err)
{
    struct buffer list = {0};
    struct touch_job j = {.atoms = a, .rules = rules, .touched = ret_touched};
    j.seen = calloc((size_t)1 << (BLOOM_BITS - 6), sizeof *j.seen);
    int code = j.seen ? changed_keys(&j, changed, &list) : ERR_MEMORY;
    if (code == 0 && list.len) {
        struct keyed *keys = (struct keyed *)(void *)list.data;
        j.n_keys = list.len / sizeof *keys;
        code = radix_sort_keyed(keys, j.n_keys);
        j.keys = keys;
    }
    if (code == 0 && j.n_keys)
        pool_for(pool, ((size_t)a->e->n + CHUNK - 1) / CHUNK, touch_chunk, &j);
    free(j.seen);
    buffer_done(&list);
    return code < 0 ? error_memory(err) : 0;
}
