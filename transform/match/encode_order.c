/* A total order of records that depends on them alone: the table's own order, else a hash of the
 * contents. Records equal in everything compared keep their places; they are interchangeable. */
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

int encode_order(const struct match_table *t, struct encoded *e, struct error *err)
{
    e->n = t->n;
    e->record = malloc(((size_t)t->n + 1) * sizeof *e->record);
    e->rank = malloc(((size_t)t->n + 1) * sizeof *e->rank);
    uint64_t *keys = calloc((size_t)t->n + 1, sizeof *keys);
    int code = e->record && e->rank && keys ? 0 : ERR_MEMORY;
    for (uint32_t i = 0; t->order && i < t->n && code == 0; i++)
        keys[i] = t->order[i];
    if (code == 0 && !t->order)
        code = content_keys(t, keys);
    if (code == 0)
        code = radix_order(keys, t->n, e->record);
    for (uint32_t r = 0; r < t->n && code == 0; r++)
        e->rank[e->record[r]] = r;
    free(keys);
    return code < 0 ? error_memory(err) : 0;
}
