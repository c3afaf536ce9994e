/* Bridges that scores made: two groups with few, weak pairs between them. */
#include <stdlib.h>

#include "transform/match/bridge_piece.h"

/* Three quarters of the pairs agree; one in four at most; 3 nats against, in the mean; a link that
 * 5 nats speak for at most: stronger ones were right four times in five where they could be judged.
 */
enum { WELL = 3, FEW = 4, MEAN = WEIGHT_UNKNOWN / 2, LINK_WEAK = -WEIGHT_EDGE, LINKS_TRIED = 16 };

struct link {
    const struct bridge_edge *edge;
    uint32_t a, b; /* places */
};

struct weak {
    struct bridge_piece *p;
    struct link *links; /* within one part, the strongest first */
    size_t n_links;
    struct link *tree;
    size_t n_tree;
    uint32_t *parent, *size; /* by place */
};

static int32_t strength(const struct bridge_edge *e)
{
    return e->fixed == FREE ? e->edge.weight : WEIGHT_CERTAIN;
}

static int stronger_first(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    int32_t of_x = strength(x->edge), of_y = strength(y->edge);
    if (of_x != of_y)
        return of_x > of_y ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static void forget_sides(struct weak *w)
{
    for (uint32_t i = 0; i < w->p->n; i++)
        w->parent[i] = i;
}

static int join(struct weak *w, const struct link *l)
{
    uint32_t x = bridge_root(w->parent, l->a), y = bridge_root(w->parent, l->b);
    w->parent[x > y ? x : y] = x > y ? y : x;
    return x != y;
}

/* The edges of one part, and its maximum spanning tree. */
static void span(struct weak *w, uint32_t part)
{
    const struct bridge_piece *p = w->p;
    w->n_links = w->n_tree = 0;
    for (size_t i = 0; i < p->n_edges; i++) {
        uint32_t a = p->local[p->edges[i].edge.a], b = p->local[p->edges[i].edge.b];
        if (p->part[a] == part && p->part[b] == part)
            w->links[w->n_links++] = (struct link){&p->edges[i], a, b};
    }
    if (w->n_links)
        qsort(w->links, w->n_links, sizeof *w->links, stronger_first);
    forget_sides(w);
    for (size_t i = 0; i < w->n_links; i++)
        if (join(w, &w->links[i]))
            w->tree[w->n_tree++] = w->links[i];
}

struct sides {
    uint32_t n[2];
    struct bridge_tally in[2], between;
    int fixed; /* a rule or a person joins the two */
};

static int64_t pairs_of(uint32_t n)
{
    return (int64_t)n * (n - 1) / 2;
}

/* The two sides of a part when a link of its tree is cut; parent tells them apart. */
static void part_at(struct weak *w, uint32_t part, size_t without, struct sides *ret)
{
    const struct bridge_piece *p = w->p;
    *ret = (struct sides){.fixed = 0};
    forget_sides(w);
    for (size_t i = 0; i < w->n_tree; i++)
        if (i != without)
            join(w, &w->tree[i]);
    uint32_t side = bridge_root(w->parent, w->tree[without].a);
    for (uint32_t i = 0; i < p->n; i++)
        if (p->part[i] == part)
            ret->n[bridge_root(w->parent, i) != side]++;
    for (int k = 0; k < 2; k++)
        ret->in[k].pairs = pairs_of(ret->n[k]);
    ret->between.pairs = (int64_t)ret->n[0] * ret->n[1];
    for (size_t i = 0; i < w->n_links; i++) {
        const struct link *l = &w->links[i];
        int a = bridge_root(w->parent, l->a) != side, b = bridge_root(w->parent, l->b) != side;
        int32_t weight = strength(l->edge);
        bridge_tally_add(a == b ? &ret->in[a] : &ret->between, weight, p->in->options->stop);
        ret->fixed |= a != b && l->edge->fixed != FREE;
    }
}

static int is_bridge(const struct sides *s)
{
    if (s->fixed || s->n[0] < 2 || s->n[1] < 2)
        return 0;
    return s->in[0].agree * 4 >= s->in[0].pairs * WELL &&
           s->in[1].agree * 4 >= s->in[1].pairs * WELL &&
           s->between.agree * FEW <= s->between.pairs && bridge_tally_below(&s->between, MEAN);
}

static int report(const struct weak *w, const struct link *l, const struct sides *s, int cut)
{
    const uint32_t *record = w->p->in->scorer->e->record;
    struct match_bridge b = {.a = record[w->p->nodes[l->a]],
                             .b = record[w->p->nodes[l->b]],
                             .weight = l->edge->edge.weight,
                             .kind = cut ? BRIDGE_WEAK : BRIDGE_LOOSE,
                             .cut = cut,
                             .n_a = s->n[0],
                             .n_b = s->n[1],
                             .pairs = s->between.pairs,
                             .agree = s->between.agree};
    return buffer_append(w->p->found, &b, sizeof b);
}

/* Each side of a cut is a part. */
static void split(struct weak *w, uint32_t part, size_t without)
{
    struct bridge_piece *p = w->p;
    uint32_t first[2] = {UINT32_MAX, UINT32_MAX};
    uint32_t side = bridge_root(w->parent, w->tree[without].a);
    for (uint32_t i = 0; i < p->n; i++) {
        if (p->part[i] != part)
            continue;
        int k = bridge_root(w->parent, i) != side;
        first[k] = first[k] == UINT32_MAX ? i : first[k];
        p->part[i] = first[k];
    }
}

/* Cuts one part at the weakest link that is a bridge: 1 when it did, 0, or ERR_MEMORY. */
static int cut_one(struct weak *w, uint32_t part)
{
    struct sides s;
    span(w, part);
    for (size_t tried = 0; tried < w->n_tree && tried < LINKS_TRIED; tried++) {
        size_t i = w->n_tree - 1 - tried;
        if (strength(w->tree[i].edge) > LINK_WEAK)
            return 0;
        part_at(w, part, i, &s);
        if (!is_bridge(&s))
            continue;
        TRY(report(w, &w->tree[i], &s, 1));
        split(w, part, i);
        return 1;
    }
    return 0;
}

/* Large, and hardly a pair of it is known to belong together. */
static int report_loose(struct weak *w)
{
    struct sides s;
    struct bridge_tally all = {.pairs = pairs_of((uint32_t)w->n_tree + 1)};
    if (w->n_tree < BRIDGE_COMPLETE)
        return 0;
    for (size_t i = 0; i < w->n_links; i++)
        bridge_tally_add(&all, strength(w->links[i].edge), w->p->in->options->stop);
    if (all.agree * 10 >= all.pairs)
        return 0;
    size_t last = w->n_tree - 1;
    part_at(w, w->p->part[w->tree[last].a], last, &s);
    return report(w, &w->tree[last], &s, 0);
}

static int cut_parts(struct weak *w)
{
    struct bridge_piece *p = w->p;
    for (uint32_t i = 0; i < p->n; i++) {
        int code = p->part[i] == i; /* the first of its part; a part that is cut keeps its first */
        while (code > 0)
            code = cut_one(w, i);
        if (code == 0 && p->part[i] == i)
            code = report_loose(w);
        if (code < 0)
            return code;
    }
    return 0;
}

int bridge_cut_weak(struct bridge_piece *p)
{
    struct weak w = {.p = p,
                     .links = malloc((p->n_edges + 1) * sizeof *w.links),
                     .tree = malloc((size_t)p->n * sizeof *w.tree),
                     .parent = malloc((size_t)p->n * sizeof *w.parent)};
    int code = w.links && w.tree && w.parent ? cut_parts(&w) : ERR_MEMORY;
    free(w.links);
    free(w.tree);
    free(w.parent);
    return code;
}
