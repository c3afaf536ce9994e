/* Bridges that `certain` rules made. */
#include <stdlib.h>

#include "transform/match/bridge_piece.h"
#include "transform/match/component.h"

enum { NOBODY = UINT32_MAX };

/* An edge between two groups, g < h. */
struct crossing {
    uint32_t g, h, in_g, in_h; /* groups and places of its ends */
    const struct bridge_edge *edge;
};

static int by_groups(const void *a, const void *b)
{
    const struct crossing *x = a, *y = b;
    if (x->g != y->g)
        return x->g < y->g ? -1 : 1;
    if (x->h != y->h)
        return x->h < y->h ? -1 : 1;
    if (x->in_g != y->in_g)
        return x->in_g < y->in_g ? -1 : 1;
    return (x->in_h > y->in_h) - (x->in_h < y->in_h);
}

/* The groups that the pairs make by their own scores, as parts. */
static int group(const struct bridge_piece *p, uint32_t *ret_group)
{
    struct edge *own = malloc((p->n_edges + 1) * sizeof *own);
    if (!own)
        return ERR_MEMORY;
    for (size_t i = 0; i < p->n_edges; i++)
        own[i] = p->edges[i].edge;
    int code = component_cluster(p->nodes, p->n, own, (uint32_t)p->n_edges, p->local,
                                 p->in->options, p->scratch);
    for (uint32_t i = 0; i < p->n && code == 0; i++)
        ret_group[i] = p->local[p->scratch[p->nodes[i]]];
    free(own);
    return code;
}

static size_t list_crossings(const struct bridge_piece *p, const uint32_t *of, struct crossing *out)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_edges; i++) {
        uint32_t a = p->local[p->edges[i].edge.a], b = p->local[p->edges[i].edge.b];
        if (of[a] < of[b])
            out[n++] = (struct crossing){of[a], of[b], a, b, &p->edges[i]};
        else if (of[a] > of[b])
            out[n++] = (struct crossing){of[b], of[a], b, a, &p->edges[i]};
    }
    if (n)
        qsort(out, n, sizeof *out, by_groups);
    return n;
}

/* All crossings of two groups. */
struct gap {
    const struct crossing *list;
    size_t n, n_rules;
    int decided; /* a person joined the two */
    uint32_t size_g, size_h;
    uint32_t only_g, only_h;     /* the one place that all rule links run through, or NOBODY */
    const struct crossing *link; /* the strongest of the rule links */
};

static void look_at_gap(struct gap *gap)
{
    for (size_t i = 0; i < gap->n; i++) {
        const struct crossing *c = &gap->list[i];
        if (c->edge->fixed == FREE)
            continue;
        gap->decided |= c->edge->fixed == FIXED_BY_PERSON;
        if (!gap->n_rules++) {
            gap->only_g = c->in_g;
            gap->only_h = c->in_h;
            gap->link = c;
        }
        if (c->edge->edge.weight > gap->link->edge->edge.weight)
            gap->link = c;
        gap->only_g = gap->only_g == c->in_g ? c->in_g : NOBODY;
        gap->only_h = gap->only_h == c->in_h ? c->in_h : NOBODY;
    }
}

/* Without a record, no pair between the groups speaks for joining. */
static int calm_without(const struct bridge_piece *p, const struct gap *gap, uint32_t place)
{
    int of_g = place != NOBODY && place == gap->only_g;
    int of_h = place != NOBODY && place == gap->only_h;
    struct bridge_tally t = {.pairs = (int64_t)(gap->size_g - (uint32_t)of_g) *
                                      (gap->size_h - (uint32_t)of_h)};
    for (size_t i = 0; i < gap->n; i++)
        if (gap->list[i].in_g != place && gap->list[i].in_h != place)
            bridge_tally_add(&t, gap->list[i].edge->edge.weight, p->in->options->stop);
    return t.agree == 0 && bridge_tally_below(&t, WEIGHT_EDGE);
}

/* Everything runs through one record of a group that holds together without it. */
static int through_one(const struct bridge_piece *p, const struct gap *gap)
{
    if (gap->decided || gap->size_g < 2 || gap->size_h < 2)
        return 0;
    return (gap->only_g != NOBODY && calm_without(p, gap, gap->only_g)) ||
           (gap->only_h != NOBODY && calm_without(p, gap, gap->only_h));
}

static int report(const struct bridge_piece *p, const struct gap *gap, int cut)
{
    const uint32_t *record = p->in->scorer->e->record;
    struct match_bridge b = {.a = record[p->nodes[gap->link->in_g]],
                             .b = record[p->nodes[gap->link->in_h]],
                             .weight = gap->link->edge->edge.weight,
                             .kind = BRIDGE_BY_RULE,
                             .cut = cut,
                             .n_a = gap->size_g,
                             .n_b = gap->size_h,
                             .pairs = (int64_t)gap->size_g * gap->size_h};
    for (size_t i = 0; i < gap->n; i++)
        b.agree += gap->list[i].edge->edge.weight > p->in->options->stop;
    return buffer_append(p->found, &b, sizeof b);
}

/* Calls fn for every two groups with a rule between them. */
static int
each_gap(const struct bridge_piece *p, const struct crossing *list, size_t n, const uint32_t *size,
         int (*fn)(const struct bridge_piece *p, const struct gap *gap, uint32_t *parent),
         uint32_t *parent)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && list[end].g == list[i].g && list[end].h == list[i].h;)
            end++;
        struct gap gap = {
            .list = list + i, .n = end - i, .size_g = size[list[i].g], .size_h = size[list[i].h]};
        look_at_gap(&gap);
        if (gap.n_rules)
            TRY(fn(p, &gap, parent));
    }
    return 0;
}

static int keep_firm(const struct bridge_piece *p, const struct gap *gap, uint32_t *parent)
{
    if (through_one(p, gap))
        return 0;
    uint32_t x = bridge_root(parent, gap->list->g), y = bridge_root(parent, gap->list->h);
    parent[x > y ? x : y] = x > y ? y : x;
    return !gap->decided && calm_without(p, gap, NOBODY) ? report(p, gap, 0) : 0;
}

static int report_cut(const struct bridge_piece *p, const struct gap *gap, uint32_t *parent)
{
    if (bridge_root(parent, gap->list->g) == bridge_root(parent, gap->list->h))
        return 0; /* other groups hold the two together */
    return report(p, gap, 1);
}

static int strongest_first(const void *a, const void *b)
{
    const struct crossing *x = a, *y = b;
    int32_t of_x = x->edge->edge.weight, of_y = y->edge->edge.weight;
    return of_x != of_y ? (of_x > of_y ? -1 : 1) : by_groups(a, b);
}

static void unite(uint32_t *parent, uint8_t *ruled, uint32_t x, uint32_t y)
{
    uint32_t low = x < y ? x : y, high = x < y ? y : x;
    parent[high] = low;
    ruled[low] |= ruled[high];
}

/* Groups that no rule touches were joined by their scores when rules had joined others: each stays
 * with the group that it is nearest to. */
static void keep_unruled(const struct bridge_piece *p, struct crossing *list, size_t n,
                         uint32_t *parent, uint8_t *ruled)
{
    if (n)
        qsort(list, n, sizeof *list, strongest_first);
    for (size_t i = 0; i < n; i++) {
        uint32_t x = bridge_root(parent, list[i].g), y = bridge_root(parent, list[i].h);
        if (x != y && !(ruled[x] && ruled[y]))
            unite(parent, ruled, x, y);
    }
    for (uint32_t i = 1; i < p->n; i++) {
        uint32_t x = bridge_root(parent, i), first = bridge_root(parent, 0);
        if (x != first && !ruled[x])
            unite(parent, ruled, x, first);
    }
}

static void mark_ruled(const struct crossing *list, size_t n, uint32_t *parent, uint8_t *ruled)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].edge->fixed != FREE)
            ruled[bridge_root(parent, list[i].g)] = ruled[bridge_root(parent, list[i].h)] = 1;
}

static int part_groups(struct bridge_piece *p, const uint32_t *of, struct crossing *list,
                       uint32_t *room, uint8_t *ruled)
{
    uint32_t *size = room, *parent = room + p->n;
    size_t n = list_crossings(p, of, list);
    for (uint32_t i = 0; i < p->n; i++) {
        size[of[i]]++;
        parent[i] = of[i];
    }
    TRY(each_gap(p, list, n, size, keep_firm, parent));
    mark_ruled(list, n, parent, ruled);
    keep_unruled(p, list, n, parent, ruled);
    if (n)
        qsort(list, n, sizeof *list, by_groups);
    TRY(each_gap(p, list, n, size, report_cut, parent));
    for (uint32_t i = 0; i < p->n; i++)
        p->part[i] = bridge_root(parent, of[i]);
    return 0;
}

int bridge_cut_rules(struct bridge_piece *p)
{
    uint32_t *of = malloc((size_t)p->n * sizeof *of);
    uint32_t *room = calloc((size_t)p->n * 2, sizeof *room);
    uint8_t *ruled = calloc(p->n, 1);
    struct crossing *list = malloc((p->n_edges + 1) * sizeof *list);
    int code = of && room && ruled && list ? group(p, of) : ERR_MEMORY;
    if (code == 0)
        code = part_groups(p, of, list, room, ruled);
    free(of);
    free(room);
    free(ruled);
    free(list);
    return code;
}
