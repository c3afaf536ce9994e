/* A total order of records that depends on them alone: the table's own order, else a hash of the
 * contents. Records equal in everything compared keep their places; they are interchangeable. */
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/encode_parts.h"

struct ordered {
    uint64_t key;
    uint32_t record;
};

static int compare_ordered(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->record > y->record) - (x->record < y->record);
}

static int add_column_hash(const struct match_column *c, int at, uint32_t n, struct ordered *o)
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
                o[i].key = hash_pair(o[i].key, hashes[codes[k]]);
    }
    free(hashes);
    return 0;
}

static int content_keys(const struct match_table *t, struct ordered *o)
{
    for (int c = 0; c < t->n_columns; c++)
        if (t->columns[c].meaning != MEANING_UNKNOWN)
            TRY(add_column_hash(&t->columns[c], c, t->n, o));
    return 0;
}

int encode_order(const struct match_table *t, struct encoded *e, struct error *err)
{
    e->n = t->n;
    e->record = malloc(((size_t)t->n + 1) * sizeof *e->record);
    e->rank = malloc(((size_t)t->n + 1) * sizeof *e->rank);
    struct ordered *o = calloc((size_t)t->n + 1, sizeof *o);
    int code = e->record && e->rank && o ? 0 : ERR_MEMORY;
    for (uint32_t i = 0; i < t->n && code == 0; i++)
        o[i] = (struct ordered){.key = t->order ? t->order[i] : 0, .record = i};
    if (code == 0 && !t->order)
        code = content_keys(t, o);
    if (code == 0 && t->n)
        qsort(o, t->n, sizeof *o, compare_ordered);
    for (uint32_t r = 0; r < t->n && code == 0; r++) {
        e->record[r] = o[r].record;
        e->rank[o[r].record] = r;
    }
    free(o);
    return code < 0 ? error_memory(err) : 0;
}
