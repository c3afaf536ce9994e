/* A total order of records that depends on them alone: the first letters of the name, then the
 * table's own order, else a hash of the contents. Records equal in everything compared keep their
 * places; they are interchangeable, but for clean sources, where one of them alone may join: those
 * have an id of their own to tell them apart. */
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/encode_parts.h"
#include "transform/match/radix.h"

static int add_column_hash(const struct match_column *c, int at, uint32_t n, uint64_t *keys)
{
    uint64_t *hashes = malloc(((size_t)c->values.n + 1) * sizeof *hashes);
    if (!hashes)
        return ERR_MEMORY;
    for (uint32_t v = 0; v < c->values.n; v++) {
        struct slice s = dict_get(&c->values, v);
        hashes[v] = hash_pair(hash_fixed(s.ptr, s.len), (uint64_t)at + 1);
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t n_codes;
        const uint32_t *codes;
        column_code(c, i, &n_codes, &codes);
        for (uint32_t k = 0; k < n_codes; k++)
            if (codes[k] != MATCH_MISSING)
                keys[i] = hash_pair(keys[i], hashes[codes[k]]);
    }
    free(hashes);
    return 0;
}

static int content_keys(const struct match_table *t, uint64_t *keys)
{
    for (int c = 0; c < t->n_columns; c++)
        if (t->columns[c].meaning != MEANING_UNKNOWN)
            TRY(add_column_hash(&t->columns[c], c, t->n, keys));
    return 0;
}

/* The column that brings records of one person closest: sorted by it, their data lie together. */
static const struct match_column *near_column(const struct match_table *t)
{
    static const enum meaning best[] = {MEANING_FAMILY_NAME, MEANING_FULL_NAME,
                                        MEANING_ORGANISATION, MEANING_TEXT, MEANING_STREET};
    for (size_t k = 0; k < sizeof best / sizeof *best; k++)
        for (int c = 0; c < t->n_columns; c++)
            if (t->columns[c].meaning == best[k])
                return &t->columns[c];
    return NULL;
}

/* The first letters, case apart: "Smith, J" and "SMITH" start alike; of a full name the last word.
 */
static uint64_t near_letters(struct slice s, enum meaning meaning)
{
    uint64_t letters = 0;
    int n = 0;
    for (size_t i = 0; meaning == MEANING_FULL_NAME && i < s.len; i++)
        if (s.ptr[i] == ' ' && i + 1 < s.len) {
            s = slice_of(s.ptr + i + 1, s.len - i - 1);
            i = 0;
        }
    for (size_t i = 0; i < s.len && n < 6; i++) {
        unsigned char c = (unsigned char)(s.ptr[i] | 0x20);
        if (c >= 'a' && c <= 'z') {
            letters = letters << 5 | (c & 31);
            n++;
        }
    }
    return letters << (5 * (6 - n));
}

static int near_keys(const struct match_column *c, uint32_t n, uint64_t *keys)
{
    uint64_t *letters = malloc(((size_t)c->values.n + 1) * sizeof *letters);
    if (!letters)
        return ERR_MEMORY;
    for (uint32_t v = 0; v < c->values.n; v++)
        letters[v] = near_letters(dict_get(&c->values, v), c->meaning) << 34;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t n_codes;
        const uint32_t *codes;
        uint32_t code = column_code(c, i, &n_codes, &codes);
        keys[i] =
            (keys[i] & ((UINT64_C(1) << 34) - 1)) | (code == MATCH_MISSING ? 0 : letters[code]);
    }
    free(letters);
    return 0;
}

int encode_order(const struct match_table *t, struct encoded *e, struct error *err)
{
    e->n = t->n;
    e->record = malloc(((size_t)t->n + 1) * sizeof *e->record);
    e->rank = malloc(((size_t)t->n + 1) * sizeof *e->rank);
    uint64_t *keys = calloc((size_t)t->n + 1, sizeof *keys);
    const struct match_column *near = near_column(t);
    int code = e->record && e->rank && keys ? 0 : ERR_MEMORY;
    for (uint32_t i = 0; t->order && i < t->n && code == 0; i++)
        keys[i] = t->order[i];
    if (code == 0 && !t->order)
        code = content_keys(t, keys);
    for (uint32_t i = 0; t->tie && i < t->n && code == 0; i++)
        keys[i] = hash_pair(keys[i], t->tie[i]);
    if (code == 0 && near)
        code = near_keys(near, t->n, keys);
    if (code == 0)
        code = radix_order(keys, t->n, e->record);
    for (uint32_t r = 0; r < t->n && code == 0; r++)
        e->rank[e->record[r]] = r;
    free(keys);
    return code < 0 ? error_memory(err) : 0;
}
