#include "transform/map/seen.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/hash.h"

enum { FIRST_CAP = 4096 };

void seen_init(struct seen *s)
{
    *s = (struct seen){0};
    hash_new_seed(s->seed);
}

void seen_done(struct seen *s)
{
    free(s->keys);
    *s = (struct seen){0};
}

static struct seen_key *slot_of(const struct seen *s, const uint64_t hash[2])
{
    size_t at = hash[0] >> 1 & (s->cap - 1);
    while (s->keys[at].hash[0] &&
           (s->keys[at].hash[0] != hash[0] || s->keys[at].hash[1] != hash[1]))
        at = (at + 1) & (s->cap - 1);
    return &s->keys[at];
}

/* At most 3/4 full. */
static int make_room(struct seen *s)
{
    if (s->n + 1 <= s->cap / 4 * 3)
        return 0;
    struct seen grown = {.cap = s->cap ? s->cap * 2 : FIRST_CAP, .n = s->n};
    grown.keys = calloc(grown.cap, sizeof *grown.keys);
    if (!grown.keys)
        return ERR_MEMORY;
    for (size_t i = 0; i < s->cap; i++)
        if (s->keys[i].hash[0])
            *slot_of(&grown, s->keys[i].hash) = s->keys[i];
    free(s->keys);
    s->keys = grown.keys;
    s->cap = grown.cap;
    return 0;
}

int seen_add(struct seen *s, struct slice key, uint64_t value, uint64_t *ret)
{
    const uint64_t hash[2] = {hash_seeded(key.ptr, key.len, s->seed) | 1,
                              hash_fixed(key.ptr, key.len)};
    TRY(make_room(s));
    struct seen_key *k = slot_of(s, hash);
    if (k->hash[0]) {
        *ret = k->value;
        return 0;
    }
    *k = (struct seen_key){.hash = {hash[0], hash[1]}, .value = value};
    s->n++;
    return 1;
}
