#include "transform/match/evidence.h"

#include <stdlib.h>

enum { CHUNK = 16384 };

static int class_of(uint32_t size)
{
    int i = 0;
    for (uint32_t end = 2; size > end && i < EVIDENCE_BLOCK_CLASSES - 1; end *= 2)
        i++;
    return i;
}

const char *evidence_block_class(int i)
{
    static const char *const names[EVIDENCE_BLOCK_CLASSES] = {
        "2", "3 to 4", "5 to 8", "9 to 16", "17 to 32", "33 to 64", "more"};
    return names[i];
}

void evidence_blocks(struct match_evidence *v, const struct blocks *b)
{
    for (size_t at = 0; at < b->n_members; at += (size_t)b->members[at] + 1) {
        int64_t size = b->members[at];
        v->blocks[class_of(b->members[at])]++;
        v->block_pairs[class_of(b->members[at])] += size * (size - 1) / 2;
    }
}

static int candidate_edges(const struct candidates *c, struct buffer *out)
{
    uint32_t owned[CANDIDATES_MAX];
    for (uint32_t r = 0; r < c->n; r++) {
        uint32_t n = candidates_owned(c, r, owned);
        for (uint32_t k = 0; k < n; k++) {
            struct edge e = {.a = owned[k] < r ? owned[k] : r, .b = owned[k] < r ? r : owned[k]};
            TRY(buffer_append(out, &e, sizeof e));
        }
    }
    return 0;
}

/* Each pair once; of two, the one that a rule made. Returns how many stay, or ERR_MEMORY. */
static int64_t each_once(struct edge *list, size_t n)
{
    size_t kept = 0;
    TRY(edges_sort(list, n));
    for (size_t i = 0; i < n; i++) {
        struct edge *last = kept ? &list[kept - 1] : NULL;
        if (last && last->a == list[i].a && last->b == list[i].b)
            last->weight = last->weight > list[i].weight ? last->weight : list[i].weight;
        else
            list[kept++] = list[i];
    }
    return (int64_t)kept;
}

struct weighing {
    const struct scorer *s;
    struct edge *list;
    size_t n;
};

/* The whole weight: clustering looks no further than WEIGHT_CLIP, people may. */
static void weigh_chunk(void *arg, size_t chunk)
{
    const struct weighing *w = arg;
    struct comparer c;
    struct pair_score p;
    comparer_init(&c, w->s->e, w->s->aliases);
    size_t end = (chunk + 1) * CHUNK < w->n ? (chunk + 1) * CHUNK : w->n;
    for (size_t i = chunk * CHUNK; i < end; i++)
        if (w->list[i].weight != WEIGHT_CERTAIN) {
            score_pair(w->s, &c, w->list[i].a, w->list[i].b, &p);
            w->list[i].weight = p.weight;
        }
}

/* Records in place of ranks, by (a, b). */
static int by_record(const struct encoded *e, struct edge *list, size_t n, struct match_evidence *v)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t a = e->record[list[i].a], b = e->record[list[i].b];
        list[i].a = a < b ? a : b;
        list[i].b = a < b ? b : a;
    }
    TRY(edges_sort(list, n));
    v->pairs = malloc((n + 1) * sizeof *v->pairs);
    if (!v->pairs)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        v->pairs[i] = (struct match_pair){list[i].a, list[i].b, list[i].weight};
    v->n_pairs = n;
    return 0;
}

int evidence_pairs(struct match_evidence *v, const struct scorer *s, const struct candidates *c,
                   const struct edge *edges, size_t n_edges, struct pool *pool)
{
    struct buffer all = {0};
    int code = candidate_edges(c, &all);
    if (code == 0)
        code = buffer_append(&all, edges, n_edges * sizeof *edges);
    struct edge *list = (struct edge *)(void *)all.data;
    int64_t n = code == 0 ? each_once(list, all.len / sizeof *list) : code;
    if (n > 0) {
        struct weighing w = {s, list, (size_t)n};
        pool_for(pool, ((size_t)n + CHUNK - 1) / CHUNK, weigh_chunk, &w);
    }
    code = n < 0 ? ERR_MEMORY : by_record(s->e, list, (size_t)n, v);
    buffer_done(&all);
    return code;
}

void match_evidence_done(struct match_evidence *v)
{
    free(v->pairs);
    *v = (struct match_evidence){0};
}
