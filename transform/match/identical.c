#include "transform/match/identical.h"

#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/encode_parts.h"
#include "transform/match/radix.h"

/* Two points: enough. A family name alone is half a town's. */
static int says_who(enum meaning m)
{
    if (m == MEANING_GIVEN_NAME || m == MEANING_FAMILY_NAME)
        return 1;
    return m == MEANING_FULL_NAME || m == MEANING_ORGANISATION || m == MEANING_EMAIL ||
                   m == MEANING_PHONE || m == MEANING_ID
               ? 2
               : 0;
}

/* A hash of the record's values; 0 when none says who it is. */
static uint64_t contents_of(const struct match_table *t, uint32_t record)
{
    uint64_t h = 1;
    int known = 0;
    for (int k = 0; k < t->n_columns; k++) {
        const struct match_column *c = &t->columns[k];
        uint32_t n;
        const uint32_t *codes;
        if (c->meaning == MEANING_UNKNOWN || c->meaning == MEANING_KEY ||
            c->meaning == MEANING_SOURCE)
            continue;
        column_code(c, record, &n, &codes);
        h = hash_pair(h, n);
        for (uint32_t i = 0; i < n; i++) {
            h = hash_pair(h, codes[i]);
            known += codes[i] != MATCH_MISSING ? says_who(c->meaning) : 0;
        }
    }
    return known >= 2 ? h | 1 : 0;
}

int64_t identical_join(const struct match_table *t, const struct encoded *e, uint32_t *cluster)
{
    struct keyed *list = malloc(((size_t)e->n + 1) * sizeof *list);
    size_t n = 0;
    int64_t joined = 0;
    if (!list)
        return ERR_MEMORY;
    for (uint32_t r = 0; r < e->n; r++) {
        struct keyed one = {contents_of(t, e->record[r]), r};
        if (one.key)
            list[n++] = one;
    }
    int code = radix_sort_keyed(list, n);
    for (size_t i = 1; i < n && code == 0; i++)
        if (list[i].key == list[i - 1].key) { /* the first of equal ones is the lowest rank */
            cluster[list[i].value] = cluster[list[i - 1].value];
            joined++;
        }
    free(list);
    return code < 0 ? code : joined;
}
