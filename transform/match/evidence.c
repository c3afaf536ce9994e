#include "transform/match/evidence.h"

#include <stdlib.h>

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

/* Records in place of ranks, by (a, b); of a pair that stands twice the later one in `list` stays:
 * the edge that clustering saw. */
static int by_record(const struct encoded *e, struct edge *list, size_t n, struct match_evidence *v)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t a = e->record[list[i].a], b = e->record[list[i].b];
        list[i].a = a < b ? a : b;
        list[i].b = a < b ? b : a;
    }
    TRY(edges_sort(list, n));
    v->pairs = malloc((n + 1) * sizeof *v->pairs);
    if (!v->pairs)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        struct match_pair p = {list[i].a, list[i].b, list[i].weight};
        if (kept && v->pairs[kept - 1].a == p.a && v->pairs[kept - 1].b == p.b)
            kept--;
        v->pairs[kept++] = p;
    }
    v->n_pairs = kept;
    return 0;
}

int evidence_pairs(struct match_evidence *v, const struct scorer *s, const struct candidates *c,
                   const struct edge *edges, size_t n_edges, struct pool *pool)
{
    struct buffer all = {0};
    int code = candidate_edges(c, &all);
    if (code == 0 && all.len)
        score_edges(s, (struct edge *)(void *)all.data, all.len / sizeof(struct edge), pool);
    if (code == 0)
        code = buffer_append(&all, edges, n_edges * sizeof *edges);
    if (code == 0)
        code = by_record(s->e, (struct edge *)(void *)all.data, all.len / sizeof(struct edge), v);
    buffer_done(&all);
    return code;
}

void match_evidence_done(struct match_evidence *v)
{
    free(v->pairs);
    *v = (struct match_evidence){0};
}
