#include "transform/match/component.h"

/* One component: a heap of links, the best joined first. */
#include <math.h>
#include <stdlib.h>

#include "core/hash.h"

/* A link between two clusters of a component, found by hash of its ends. */
struct link {
    uint32_t a, b; /* local cluster numbers, a < b */
    int32_t score;
    int32_t full; /* the best weight that the linkage clipped: orders equal scores */
    int dead;     /* joined, or may not be */
    struct linkage linkage;
};

struct heap_entry {
    int32_t score, full;
    uint32_t a, b; /* labels: the smallest ranks, for the order of equal scores */
    uint32_t link;
};

/* One component while it is clustered. Local numbers are places in `nodes`. */
struct component {
    const struct cluster_options *options;
    uint32_t n;
    const uint32_t *nodes;                /* ranks, ascending */
    uint32_t *size, *next, *tail, *label; /* members of a cluster as a chain; smallest rank */
    struct link *links;
    uint32_t n_links;
    struct buffer *around; /* by cluster: link numbers */
    struct heap_entry *heap;
    size_t n_heap, cap_heap;
    uint32_t *slots; /* link + 1 by pair of ends; ends that moved on leave a dead slot */
    uint32_t n_slots, n_slots_used, first_slots;
    uint32_t *scratch; /* members of two clusters */
};

int32_t linkage_score(const struct linkage *l, uint64_t total)
{
    if (total == 1)
        return l->best;
    double pairs = (double)total;
    double unknown = (double)WEIGHT_UNKNOWN * (pairs - l->known);
    double mean = ((double)l->sum + unknown) / pairs;
    double top = total < 4 || l->known < 2 ? l->best : l->second;
    double bonus = 2 * NATS_TO_WEIGHT * (1 - 1 / sqrt(pairs));
    return (int32_t)lrint(.85 * mean + .15 * top + bonus);
}

void linkage_add(struct linkage *l, int32_t weight)
{
    l->sum += weight;
    l->known++;
    if (weight > l->best) {
        l->second = l->best;
        l->best = weight;
    } else if (weight > l->second) {
        l->second = weight;
    }
}

static int comes_before(const struct heap_entry *x, const struct heap_entry *y)
{
    if (x->score != y->score)
        return x->score > y->score;
    if (x->full != y->full)
        return x->full > y->full;
    return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static int heap_push(struct component *c, struct heap_entry entry)
{
    if (c->n_heap == c->cap_heap) {
        size_t cap = c->cap_heap ? c->cap_heap * 2 : c->first_slots;
        struct heap_entry *heap = realloc(c->heap, cap * sizeof *heap);
        if (!heap)
            return ERR_MEMORY;
        c->heap = heap;
        c->cap_heap = cap;
    }
    size_t at = c->n_heap++;
    while (at > 0 && comes_before(&entry, &c->heap[(at - 1) / 2])) {
        c->heap[at] = c->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    c->heap[at] = entry;
    return 0;
}

static struct heap_entry heap_pop(struct component *c)
{
    struct heap_entry top = c->heap[0], last = c->heap[--c->n_heap];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= c->n_heap)
            break;
        if (child + 1 < c->n_heap && comes_before(&c->heap[child + 1], &c->heap[child]))
            child++;
        if (!comes_before(&c->heap[child], &last))
            break;
        c->heap[at] = c->heap[child];
        at = child;
    }
    if (c->n_heap)
        c->heap[at] = last;
    return top;
}

static uint32_t slot_of(const struct component *c, uint32_t a, uint32_t b)
{
    uint32_t mask = c->n_slots - 1, at = (uint32_t)hash_pair(a, b) & mask;
    while (c->slots[at]) {
        const struct link *l = &c->links[c->slots[at] - 1];
        if (l->a == a && l->b == b)
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static int slots_grow(struct component *c)
{
    uint32_t n = c->n_slots ? c->n_slots * 2 : c->first_slots;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (!slots)
        return ERR_MEMORY;
    free(c->slots);
    c->slots = slots;
    c->n_slots = n;
    c->n_slots_used = c->n_links;
    for (uint32_t i = 0; i < c->n_links; i++)
        slots[slot_of(c, c->links[i].a, c->links[i].b)] = i + 1;
    return 0;
}

static int slot_put(struct component *c, uint32_t number)
{
    if ((c->n_slots_used + 1) * 2 > c->n_slots)
        return slots_grow(c); /* numbers all links, this one too */
    c->slots[slot_of(c, c->links[number].a, c->links[number].b)] = number + 1;
    c->n_slots_used++;
    return 0;
}

static int queue_link(struct component *c, uint32_t number)
{
    struct link *l = &c->links[number];
    l->score = linkage_score(&l->linkage, (uint64_t)c->size[l->a] * c->size[l->b]);
    if (l->score <= c->options->stop)
        return 0;
    uint32_t x = c->label[l->a], y = c->label[l->b];
    return heap_push(c,
                     (struct heap_entry){l->score, l->full, x < y ? x : y, x < y ? y : x, number});
}

static int add_link(struct component *c, uint32_t a, uint32_t b, int32_t weight)
{
    uint32_t number = c->n_links++;
    int32_t w = weight_clip(weight);
    c->links[number] =
        (struct link){.a = a, .b = b, .full = weight, .linkage = {w, 1, w, INT32_MIN}};
    TRY(slot_put(c, number));
    TRY(buffer_append(&c->around[a], &number, sizeof number));
    TRY(buffer_append(&c->around[b], &number, sizeof number));
    return queue_link(c, number);
}

static void join_linkage(struct linkage *into, const struct linkage *from)
{
    int32_t second = into->best < from->best ? into->best : from->best;
    into->sum += from->sum;
    into->known += from->known;
    into->second = into->second > from->second ? into->second : from->second;
    into->second = into->second > second ? into->second : second;
    into->best = into->best > from->best ? into->best : from->best;
}

/* A link of the cluster that goes becomes one of the cluster that stays. */
static int move_link(struct component *c, uint32_t number, uint32_t gone, uint32_t stays)
{
    struct link *l = &c->links[number];
    uint32_t other = l->a == gone ? l->b : l->a;
    if (other == stays)
        return 0;
    uint32_t a = other < stays ? other : stays, b = other < stays ? stays : other;
    uint32_t there = c->slots[slot_of(c, a, b)];
    if (there) {
        join_linkage(&c->links[there - 1].linkage, &l->linkage);
        if (c->links[there - 1].full < l->full)
            c->links[there - 1].full = l->full;
        c->links[there - 1].dead |= l->dead; /* what may not join still may not */
        l->dead = 1;
        return 0;
    }
    l->a = a;
    l->b = b;
    TRY(slot_put(c, number));
    return buffer_append(&c->around[stays], &number, sizeof number);
}

/* Sizes changed, so every score around the joined cluster did. */
static int refresh(struct component *c, uint32_t cluster)
{
    struct buffer *around = &c->around[cluster];
    uint32_t *numbers = (uint32_t *)(void *)around->data;
    size_t n = around->len / sizeof *numbers, kept = 0;
    for (size_t i = 0; i < n; i++) {
        const struct link *l = &c->links[numbers[i]];
        if (l->a != cluster && l->b != cluster)
            continue;
        numbers[kept++] = numbers[i];
        if (!l->dead)
            TRY(queue_link(c, numbers[i]));
    }
    around->len = kept * sizeof *numbers;
    return 0;
}

static uint32_t list_members(const struct component *c, uint32_t cluster, uint32_t *out)
{
    uint32_t n = 0;
    for (uint32_t i = cluster; i != UINT32_MAX; i = c->next[i])
        out[n++] = c->nodes[i];
    return n;
}

static int may_join(struct component *c, enum join_reason why, uint32_t a, uint32_t b)
{
    if (!c->options->allowed)
        return 1;
    uint32_t n_a = list_members(c, a, c->scratch);
    uint32_t n_b = list_members(c, b, c->scratch + n_a);
    return c->options->allowed(c->options->arg, why, c->scratch, n_a, c->scratch + n_a, n_b);
}

/* The cluster with fewer links goes: each link moves O(log n) times. */
static int join_clusters(struct component *c, uint32_t a, uint32_t b)
{
    uint32_t gone = c->around[a].len < c->around[b].len ? a : b, stays = gone == a ? b : a;
    c->next[c->tail[stays]] = gone;
    c->tail[stays] = c->tail[gone];
    c->size[stays] += c->size[gone];
    if (c->label[gone] < c->label[stays])
        c->label[stays] = c->label[gone];
    c->size[gone] = 0;
    size_t n = c->around[gone].len / sizeof(uint32_t);
    for (size_t i = 0; i < n; i++) {
        uint32_t number;
        memcpy(&number, c->around[gone].data + i * sizeof number, sizeof number);
        if (c->links[number].a == gone || c->links[number].b == gone)
            TRY(move_link(c, number, gone, stays));
    }
    buffer_done(&c->around[gone]);
    return refresh(c, stays);
}

static int join_all(struct component *c)
{
    while (c->n_heap) {
        struct heap_entry top = heap_pop(c);
        struct link *l = &c->links[top.link];
        if (l->dead || l->score != top.score)
            continue;
        l->dead = 1;
        if (may_join(c, JOIN_SCORED, l->a, l->b))
            TRY(join_clusters(c, l->a, l->b));
    }
    return 0;
}

static void component_done(struct component *c)
{
    for (uint32_t i = 0; c->around && i < c->n; i++)
        buffer_done(&c->around[i]);
    free(c->around);
    free(c->size);
    free(c->links);
    free(c->heap);
    free(c->slots);
}

static int component_init(struct component *c, uint32_t n_edges)
{
    uint32_t n = c->n;
    c->first_slots = 16;
    while (c->first_slots < (uint64_t)n_edges * 3 && c->first_slots < UINT32_C(1) << 30)
        c->first_slots *= 2; /* room for the edges, and for some links that move */
    c->size = malloc((size_t)n * 5 * sizeof *c->size);
    c->around = calloc(n, sizeof *c->around);
    c->links = malloc((size_t)n_edges * sizeof *c->links);
    if (!c->size || !c->around || !c->links)
        return ERR_MEMORY;
    c->next = c->size + n;
    c->tail = c->next + n;
    c->label = c->tail + n;
    c->scratch = c->label + n;
    for (uint32_t i = 0; i < n; i++) {
        c->size[i] = 1;
        c->next[i] = UINT32_MAX;
        c->tail[i] = i;
        c->label[i] = c->nodes[i];
    }
    return 0;
}

/* Joins what rules say is certain, before any score is looked at. */
static int join_certain(struct component *c, const struct edge *edges, uint32_t n_edges,
                        const uint32_t *local)
{
    uint32_t *home = malloc((size_t)c->n * sizeof *home);
    int code = home ? 0 : ERR_MEMORY;
    for (uint32_t i = 0; home && i < c->n; i++)
        home[i] = i;
    for (uint32_t i = 0; i < n_edges && code == 0; i++) {
        uint32_t a = home[local[edges[i].a]], b = home[local[edges[i].b]];
        if (edges[i].weight != WEIGHT_CERTAIN || a == b)
            continue;
        uint32_t low = a < b ? a : b, high = a < b ? b : a;
        uint32_t number = c->slots[slot_of(c, low, high)];
        if (!number || c->links[number - 1].dead)
            continue;
        c->links[number - 1].dead = 1;
        if (!may_join(c, JOIN_CERTAIN, a, b))
            continue;
        code = join_clusters(c, a, b);
        uint32_t stays = c->size[a] ? a : b;
        for (uint32_t k = stays; k != UINT32_MAX; k = c->next[k])
            home[k] = stays;
    }
    free(home);
    return code;
}

static int has_certain(const struct edge *edges, uint32_t n_edges)
{
    for (uint32_t i = 0; i < n_edges; i++)
        if (edges[i].weight == WEIGHT_CERTAIN)
            return 1;
    return 0;
}

/* Two records and the edge between them: most components are no more. */
static void cluster_two(const uint32_t *nodes, const struct edge *edge,
                        const struct cluster_options *o, uint32_t *ret_cluster)
{
    enum join_reason why = edge->weight == WEIGHT_CERTAIN ? JOIN_CERTAIN : JOIN_SCORED;
    int join = why == JOIN_CERTAIN || weight_clip(edge->weight) > o->stop;
    if (join && o->allowed)
        join = o->allowed(o->arg, why, &nodes[0], 1, &nodes[1], 1);
    ret_cluster[nodes[0]] = nodes[0];
    ret_cluster[nodes[1]] = nodes[join ? 0 : 1];
}

int component_cluster(const uint32_t *nodes, uint32_t n, const struct edge *edges, uint32_t n_edges,
                      const uint32_t *local, const struct cluster_options *o, uint32_t *ret_cluster)
{
    struct component c = {.options = o, .n = n, .nodes = nodes};
    if (n == 2 && n_edges == 1) {
        cluster_two(nodes, edges, o, ret_cluster);
        return 0;
    }
    int code = component_init(&c, n_edges);
    for (uint32_t i = 0; i < n_edges && code == 0; i++)
        code = add_link(&c, local[edges[i].a], local[edges[i].b], edges[i].weight);
    if (code == 0 && has_certain(edges, n_edges))
        code = join_certain(&c, edges, n_edges, local);
    if (code == 0)
        code = join_all(&c);
    for (uint32_t i = 0; i < n && code == 0; i++)
        if (c.size[i])
            for (uint32_t k = i; k != UINT32_MAX; k = c.next[k])
                ret_cluster[nodes[k]] = c.label[i];
    component_done(&c);
    return code;
}
