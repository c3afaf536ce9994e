#include "transform/match/twins.h"

#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/radix.h"
#include "transform/match/score.h"

static uint64_t signature_of(const struct encoded *e, uint32_t rank)
{
    uint64_t h = 0;
    for (int k = 0; k < e->n_comparisons; k++) {
        uint32_t n;
        const uint32_t *codes = comparison_values(&e->comparisons[k], rank, &n);
        h = hash_pair(h, n);
        for (uint32_t i = 0; i < n; i++)
            h = hash_pair(h, codes[i]);
    }
    return h;
}

/* Frequencies of values count a crowd as one record: its values would make all others look rare. */
static void count_again(const struct twins *t, struct encoded *e)
{
    for (int k = 0; k < e->n_comparisons; k++) {
        struct comparison *c = &e->comparisons[k];
        uint32_t n;
        for (uint32_t r = 0; r < e->n; r++) {
            const uint32_t *codes = comparison_values(c, r, &n);
            if (!t->skip[r])
                continue;
            c->filled -= n > 0;
            for (uint32_t i = 0; i < n; i++)
                c->counts[codes[i]]--;
        }
    }
}

int twins_find(struct twins *t, struct encoded *e)
{
    struct keyed *list = malloc(((size_t)e->n + 1) * sizeof *list);
    *t = (struct twins){.n = e->n};
    t->skip = calloc((size_t)e->n + 1, 1);
    t->first = malloc(((size_t)e->n + 1) * sizeof *t->first);
    t->kept = malloc(((size_t)e->n + 1) * sizeof *t->kept);
    if (!list || !t->skip || !t->first || !t->kept) {
        free(list);
        twins_done(t);
        return ERR_MEMORY;
    }
    for (uint32_t r = 0; r < e->n; r++) {
        t->first[r] = r;
        list[r] = (struct keyed){signature_of(e, r), r};
    }
    if (radix_sort_keyed(list, e->n) < 0) {
        free(list);
        twins_done(t);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0, end; i < e->n; i = end) {
        for (end = i + 1; end < e->n && list[end].key == list[i].key;)
            end++;
        for (uint32_t k = i + 1; k < end && end - i >= TWINS_MIN; k++) {
            t->first[list[k].value] = list[i].value;
            t->skip[list[k].value] = 1;
        }
    }
    for (uint32_t r = 0; r < e->n; r++)
        if (!t->skip[r])
            t->kept[t->n_kept++] = r;
    if (t->n_kept < e->n)
        count_again(t, e);
    free(list);
    return 0;
}

void twins_join(const struct twins *t, const struct scorer *s, uint32_t *cluster)
{
    struct comparer c;
    struct pair_score p = {.weight = 0};
    uint32_t known = UINT32_MAX; /* whose score p is */
    comparer_init(&c, s->e, s->aliases);
    for (uint32_t r = 0; r < t->n; r++) {
        if (t->first[r] == r)
            continue;
        if (t->first[r] != known)
            score_pair(s, &c, t->first[r], r, &p);
        known = t->first[r];
        if (p.weight > 0)
            cluster[r] = cluster[t->first[r]];
    }
}

void twins_done(struct twins *t)
{
    free(t->skip);
    free(t->first);
    free(t->kept);
    *t = (struct twins){0};
}
