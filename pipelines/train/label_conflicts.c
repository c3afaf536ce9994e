#include "pipelines/train/label_conflicts.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

#define NO_ROW SIZE_MAX

static void add_against(struct label_row *r, uint32_t row)
{
    r->bad = 1;
    if (r->n_against < CONFLICT_LINES)
        r->against[r->n_against++] = row;
}

/* One pair labelled both ways: rows of a pair lie together, different before same. */
static void find_both_ways(struct label_row *rows, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && rows[end].a == rows[i].a && rows[end].b == rows[i].b;)
            end++;
        if (rows[i].same == rows[end - 1].same)
            continue;
        for (size_t k = i; k < end; k++)
            add_against(&rows[k], rows[rows[k].same ? i : end - 1].row);
    }
}

static uint32_t find_root(uint32_t *root, uint32_t r)
{
    while (root[r] != r) {
        root[r] = root[root[r]];
        r = root[r];
    }
    return r;
}

static void join_good(const struct label_row *rows, size_t n, uint32_t n_records, uint32_t *root)
{
    for (uint32_t r = 0; r < n_records; r++)
        root[r] = r;
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].same || rows[i].bad)
            continue;
        uint32_t a = find_root(root, rows[i].a), b = find_root(root, rows[i].b);
        if (a < b)
            root[b] = a;
        else
            root[a] = b;
    }
    for (uint32_t r = 0; r < n_records; r++)
        root[r] = find_root(root, r);
}

/* Same pairs as trees, so that two records of one tree have one path between them. */
struct forest {
    uint32_t *parent, *depth, *up; /* up: the nearest ancestor whose edge below is not marked yet */
    size_t *row;                   /* the edge to the parent */
    size_t *from, *edge;           /* rows at a record: edge[from[r] .. from[r + 1]) */
    uint32_t *queue;
};

static void forest_done(struct forest *f)
{
    free(f->parent);
    free(f->depth);
    free(f->up);
    free(f->row);
    free(f->from);
    free(f->edge);
    free(f->queue);
}

static int forest_init(struct forest *f, const struct label_row *rows, size_t n, uint32_t n_records)
{
    size_t some = (size_t)n_records + 2;
    *f = (struct forest){.parent = malloc(some * sizeof *f->parent),
                         .depth = malloc(some * sizeof *f->depth),
                         .up = malloc(some * sizeof *f->up),
                         .row = malloc(some * sizeof *f->row),
                         .from = calloc(some, sizeof *f->from),
                         .edge = malloc((2 * n + 1) * sizeof *f->edge),
                         .queue = malloc(some * sizeof *f->queue)};
    if (!f->parent || !f->depth || !f->up || !f->row || !f->from || !f->edge || !f->queue) {
        forest_done(f);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++)
        if (rows[i].same && !rows[i].bad) {
            f->from[rows[i].a + 1]++;
            f->from[rows[i].b + 1]++;
        }
    for (uint32_t r = 0; r < n_records; r++)
        f->from[r + 1] += f->from[r];
    for (size_t i = 0; i < n; i++)
        if (rows[i].same && !rows[i].bad) {
            f->edge[f->from[rows[i].a]++] = i;
            f->edge[f->from[rows[i].b]++] = i;
        }
    memmove(f->from + 1, f->from, (some - 1) * sizeof *f->from);
    f->from[0] = 0;
    return 0;
}

/* Breadth first from the smallest record of each tree: short paths. */
static void grow(struct forest *f, const struct label_row *rows, uint32_t root)
{
    size_t head = 0, tail = 0;
    f->parent[root] = root;
    f->depth[root] = 0;
    f->row[root] = NO_ROW;
    f->queue[tail++] = root;
    while (head < tail) {
        uint32_t r = f->queue[head++];
        f->up[r] = r;
        for (size_t i = f->from[r]; i < f->from[r + 1]; i++) {
            const struct label_row *e = &rows[f->edge[i]];
            uint32_t other = e->a == r ? e->b : e->a;
            if (f->parent[other] != UINT32_MAX)
                continue;
            f->parent[other] = r;
            f->depth[other] = f->depth[r] + 1;
            f->row[other] = f->edge[i];
            f->queue[tail++] = other;
        }
    }
}

static uint32_t find_up(struct forest *f, uint32_t r)
{
    while (f->up[r] != r) {
        f->up[r] = f->up[f->up[r]];
        r = f->up[r];
    }
    return r;
}

/* The first rows of the path between the different pair's records. */
static void list_path(struct forest *f, const struct label_row *rows, struct label_row *different)
{
    uint32_t a = different->a, b = different->b;
    different->bad = 1;
    while (a != b && different->n_against < CONFLICT_LINES) {
        uint32_t *lower = f->depth[a] >= f->depth[b] ? &a : &b;
        add_against(different, rows[f->row[*lower]].row);
        *lower = f->parent[*lower];
    }
}

/* Every row of the path is bad; what is marked already is stepped over. */
static void mark_path(struct forest *f, struct label_row *rows, const struct label_row *different)
{
    uint32_t a = find_up(f, different->a), b = find_up(f, different->b);
    while (a != b) {
        uint32_t *lower = f->depth[a] >= f->depth[b] ? &a : &b;
        add_against(&rows[f->row[*lower]], different->row);
        f->up[*lower] = f->parent[*lower];
        *lower = find_up(f, *lower);
    }
}

int label_conflicts(struct label_row *rows, size_t n, uint32_t n_records, uint32_t *ret_root)
{
    struct forest f;
    find_both_ways(rows, n);
    join_good(rows, n, n_records, ret_root);
    TRY(forest_init(&f, rows, n, n_records));
    memset(f.parent, 0xFF, ((size_t)n_records + 1) * sizeof *f.parent);
    for (uint32_t r = 0; r < n_records; r++)
        if (ret_root[r] == r)
            grow(&f, rows, r);
    for (size_t i = 0; i < n; i++)
        if (!rows[i].same && !rows[i].bad && ret_root[rows[i].a] == ret_root[rows[i].b]) {
            list_path(&f, rows, &rows[i]);
            mark_path(&f, rows, &rows[i]);
        }
    forest_done(&f);
    join_good(rows, n, n_records, ret_root);
    return 0;
}
