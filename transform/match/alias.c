#include "transform/match/alias.h"

#include <stdlib.h>

#include "core/hash.h"

void alias_set_done(struct alias_set *s)
{
    free(s->keys);
    free(s->levels);
    *s = (struct alias_set){0};
}

static uint64_t key_of(uint32_t x, uint32_t y)
{
    uint64_t low = x < y ? x : y, high = x < y ? y : x;
    return (low << 32 | high) + 1;
}

static uint32_t slot_of(const struct alias_set *s, uint64_t key)
{
    uint32_t mask = s->n_slots - 1, at = (uint32_t)hash_pair(key, 0) & mask;
    while (s->keys[at] && s->keys[at] != key)
        at = (at + 1) & mask;
    return at;
}

static int grow(struct alias_set *s)
{
    struct alias_set bigger = {.n = s->n, .n_slots = s->n_slots ? s->n_slots * 2 : 64};
    bigger.keys = calloc(bigger.n_slots, sizeof *bigger.keys);
    bigger.levels = calloc(bigger.n_slots, 1);
    if (!bigger.keys || !bigger.levels) {
        alias_set_done(&bigger);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < s->n_slots; i++)
        if (s->keys[i]) {
            uint32_t at = slot_of(&bigger, s->keys[i]);
            bigger.keys[at] = s->keys[i];
            bigger.levels[at] = s->levels[i];
        }
    alias_set_done(s);
    *s = bigger;
    return 0;
}

int alias_add(struct alias_set *s, uint32_t x, uint32_t y, int level)
{
    if ((s->n + 1) * 2 > s->n_slots)
        TRY(grow(s));
    uint64_t key = key_of(x, y);
    uint32_t at = slot_of(s, key);
    s->n += s->keys[at] == 0;
    s->keys[at] = key;
    s->levels[at] = (uint8_t)level;
    return 0;
}

int alias_find(const struct alias_set *s, uint32_t x, uint32_t y)
{
    if (!s->n)
        return 0;
    uint64_t key = key_of(x, y);
    uint32_t at = slot_of(s, key);
    return s->keys[at] == key ? s->levels[at] : 0;
}
