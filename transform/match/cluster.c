#include "transform/match/cluster.h"

#include <stdlib.h>

#include "transform/match/component.h"

struct cluster_job {
    const struct cluster_options *options;
    const struct edge *edges;     /* by component */
    const uint32_t *edge_from;    /* by component */
    const uint32_t *local;        /* by rank: place within its component */
    struct cluster_lists members; /* of components */
    uint32_t *several;            /* components of more than one record */
    uint32_t *ret;
    int failed;
};

int cluster_lists_init(struct cluster_lists *l, const uint32_t *cluster, uint32_t n)
{
    *l = (struct cluster_lists){0};
    l->index = malloc(((size_t)n + 1) * sizeof *l->index);
    l->list = malloc(((size_t)n + 1) * sizeof *l->list);
    l->from = calloc((size_t)n + 2, sizeof *l->from);
    if (!l->index || !l->list || !l->from) {
        cluster_lists_done(l);
        return ERR_MEMORY;
    }
    for (uint32_t r = 0; r < n; r++) {
        /* a label is the smallest rank of its cluster, so it comes before its members */
        l->index[r] = cluster[r] == r ? l->n++ : l->index[cluster[r]];
        l->from[l->index[r] + 1]++;
    }
    for (uint32_t i = 0; i < l->n; i++)
        l->from[i + 1] += l->from[i];
    for (uint32_t r = 0; r < n; r++)
        l->list[l->from[l->index[r]]++] = r;
    for (uint32_t i = l->n; i > 0; i--)
        l->from[i] = l->from[i - 1];
    l->from[0] = 0;
    return 0;
}

void cluster_lists_done(struct cluster_lists *l)
{
    free(l->from);
    free(l->list);
    free(l->index);
    *l = (struct cluster_lists){0};
}

static uint32_t find_root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static void connect_records(const struct edge *edges, size_t n_edges, uint32_t n, uint32_t *parent)
{
    for (uint32_t r = 0; r < n; r++)
        parent[r] = r;
    for (size_t i = 0; i < n_edges; i++) {
        uint32_t x = find_root(parent, edges[i].a), y = find_root(parent, edges[i].b);
        if (edges[i].weight > WEIGHT_EDGE)
            parent[x > y ? x : y] = x > y ? y : x;
    }
    for (uint32_t r = 0; r < n; r++)
        parent[r] = find_root(parent, r);
}

static void cluster_task(void *arg, size_t i)
{
    struct cluster_job *j = arg;
    uint32_t component = j->several[i], from = j->members.from[component];
    uint32_t first_edge = j->edge_from[component];
    if (component_cluster(j->members.list + from, j->members.from[component + 1] - from,
                          j->edges + first_edge, j->edge_from[component + 1] - first_edge, j->local,
                          j->options, j->ret) < 0)
        j->failed = 1;
}

/* Edges in order of their component, each component's in their old order. Edges between components
 * (too weak to connect them) are left out. */
static struct edge *group_edges(const struct edge *edges, size_t n_edges,
                                const struct cluster_lists *members, uint32_t *from)
{
    struct edge *grouped = malloc((n_edges + 1) * sizeof *grouped);
    for (size_t i = 0; i < n_edges; i++)
        if (members->index[edges[i].a] == members->index[edges[i].b])
            from[members->index[edges[i].a] + 1]++;
    for (uint32_t k = 0; k < members->n; k++)
        from[k + 1] += from[k];
    for (size_t i = 0; grouped && i < n_edges; i++)
        if (members->index[edges[i].a] == members->index[edges[i].b])
            grouped[from[members->index[edges[i].a]]++] = edges[i];
    for (uint32_t k = members->n; k > 0; k--)
        from[k] = from[k - 1];
    from[0] = 0;
    return grouped;
}

static int cluster_components(struct cluster_job *j, const struct edge *edges, size_t n_edges,
                              uint32_t n, struct pool *pool)
{
    uint32_t *from = calloc((size_t)j->members.n + 2, sizeof *from);
    uint32_t *local = malloc(((size_t)n + 1) * sizeof *local);
    struct edge *grouped = from ? group_edges(edges, n_edges, &j->members, from) : NULL;
    size_t n_several = 0;
    j->several = malloc(((size_t)j->members.n + 1) * sizeof *j->several);
    int code = local && grouped && j->several ? 0 : ERR_MEMORY;
    for (uint32_t k = 0; k < j->members.n && code == 0; k++) {
        for (uint32_t i = j->members.from[k]; i < j->members.from[k + 1]; i++)
            local[j->members.list[i]] = i - j->members.from[k];
        if (j->members.from[k + 1] - j->members.from[k] > 1)
            j->several[n_several++] = k;
    }
    j->edges = grouped;
    j->edge_from = from;
    j->local = local;
    if (code == 0)
        pool_for(pool, n_several, cluster_task, j);
    free(from);
    free(local);
    free(grouped);
    free(j->several);
    return j->failed ? ERR_MEMORY : code;
}

int cluster_edges(const struct edge *edges, size_t n_edges, uint32_t n,
                  const struct cluster_options *o, struct pool *pool, uint32_t *ret_cluster,
                  struct error *err)
{
    struct cluster_job j = {.options = o, .ret = ret_cluster};
    uint32_t *root = malloc(((size_t)n + 1) * sizeof *root);
    int code = root ? 0 : ERR_MEMORY;
    if (code == 0) {
        connect_records(edges, n_edges, n, root);
        code = cluster_lists_init(&j.members, root, n);
    }
    free(root);
    for (uint32_t r = 0; r < n && code == 0; r++)
        ret_cluster[r] = r;
    if (code == 0)
        code = cluster_components(&j, edges, n_edges, n, pool);
    cluster_lists_done(&j.members);
    return code < 0 ? error_memory(err) : 0;
}
