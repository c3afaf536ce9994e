#include "transform/match/evaluate.h"

#include <stdlib.h>

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int64_t pairs_of(int64_t n)
{
    return n * (n - 1) / 2;
}

static struct agreement_rates rates(double precision, double recall)
{
    double sum = precision + recall;
    return (struct agreement_rates){precision, recall, sum > 0 ? 2 * precision * recall / sum : 0};
}

static struct agreement_rates pair_rates(const struct evaluation *e)
{
    double precision = e->pairs_found ? (double)e->pairs_both / (double)e->pairs_found : 1;
    double recall = e->pairs_true ? (double)e->pairs_both / (double)e->pairs_true : 1;
    return rates(precision, recall);
}

static size_t run_end(const uint64_t *keys, size_t at, size_t n, int shift)
{
    size_t end = at + 1;
    while (end < n && keys[end] >> shift == keys[at] >> shift)
        end++;
    return end;
}

/* Keys are own cluster << 32 | other side's cluster. Sums over cells give the side's B-cubed. */
struct side {
    int64_t clusters, largest, pairs, cell_pairs, whole; /* whole: clusters of a single cell */
    double bcubed;                                       /* sum over records */
};

static struct side look_at_side(uint64_t *keys, size_t n)
{
    struct side s = {0};
    if (n)
        qsort(keys, n, sizeof *keys, compare_u64);
    for (size_t at = 0, end; at < n; at = end) {
        end = run_end(keys, at, n, 32);
        int64_t size = (int64_t)(end - at);
        s.clusters++;
        s.largest = size > s.largest ? size : s.largest;
        s.pairs += pairs_of(size);
        for (size_t cell = at, stop; cell < end; cell = stop) {
            stop = run_end(keys, cell, end, 0);
            int64_t same = (int64_t)(stop - cell);
            s.cell_pairs += pairs_of(same);
            s.bcubed += (double)same * (double)same / (double)size;
        }
    }
    return s;
}

/* Clusters that are one and the same on both sides: a cell that fills both. Keys by found. */
static int64_t count_exact(const uint64_t *keys, size_t n, const uint32_t *true_sizes)
{
    int64_t exact = 0;
    for (size_t at = 0, end; at < n; at = end) {
        end = run_end(keys, at, n, 32);
        int one_cell = keys[at] == keys[end - 1];
        exact += one_cell && true_sizes[(uint32_t)keys[at]] == end - at;
    }
    return exact;
}

/* Numbers truth's codes from 0, so that sizes fit an array; keys become found << 32 | number. */
static int number_truth(uint64_t *by_truth, size_t n, uint32_t *sizes, uint64_t *ret_by_found)
{
    uint32_t number = 0;
    for (size_t at = 0, end; at < n; at = end, number++) {
        end = run_end(by_truth, at, n, 32);
        sizes[number] = (uint32_t)(end - at);
        for (size_t i = at; i < end; i++)
            ret_by_found[i] = by_truth[i] << 32 | number;
    }
    return 0;
}

int evaluate_clusters(const uint32_t *found, const uint32_t *truth, size_t n,
                      struct evaluation *ret, struct error *err)
{
    struct evaluation e = {.has_clusters = 1};
    uint64_t *by_truth = malloc((n + 1) * sizeof *by_truth);
    uint64_t *by_found = malloc((n + 1) * sizeof *by_found);
    uint32_t *sizes = malloc((n + 1) * sizeof *sizes);
    size_t kept = 0;
    if (!by_truth || !by_found || !sizes) {
        free(by_truth);
        free(by_found);
        free(sizes);
        return error_memory(err);
    }
    for (size_t i = 0; i < n; i++)
        if (found[i] != EVALUATE_SKIP && truth[i] != EVALUATE_SKIP)
            by_truth[kept++] = (uint64_t)truth[i] << 32 | found[i];
    struct side t = look_at_side(by_truth, kept);
    number_truth(by_truth, kept, sizes, by_found);
    struct side f = look_at_side(by_found, kept);
    e.records = (int64_t)kept;
    e.pairs_found = f.pairs;
    e.pairs_true = t.pairs;
    e.pairs_both = t.cell_pairs;
    e.pairwise = pair_rates(&e);
    double records = kept ? (double)kept : 1;
    e.bcubed = kept ? rates(f.bcubed / records, t.bcubed / records) : rates(1, 1);
    e.clusters_found = f.clusters;
    e.clusters_true = t.clusters;
    e.clusters_exact = count_exact(by_found, kept, sizes);
    e.largest_found = f.largest;
    e.largest_true = t.largest;
    free(by_truth);
    free(by_found);
    free(sizes);
    *ret = e;
    return 0;
}

static int compare_true_pairs(const void *a, const void *b)
{
    const struct true_pair *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

int evaluate_pairs(const uint32_t *found, size_t n, struct true_pair *pairs, size_t n_pairs,
                   struct evaluation *ret, struct error *err)
{
    struct evaluation e;
    TRY(evaluate_clusters(found, found, n, &e, err));
    for (size_t i = 0; i < n_pairs; i++)
        if (pairs[i].a > pairs[i].b)
            pairs[i] = (struct true_pair){pairs[i].b, pairs[i].a};
    if (n_pairs)
        qsort(pairs, n_pairs, sizeof *pairs, compare_true_pairs);
    e.pairs_true = e.pairs_both = 0;
    for (size_t i = 0; i < n_pairs; i++) {
        const struct true_pair *p = &pairs[i];
        if (p->a >= n || p->b >= n || p->a == p->b ||
            (i && compare_true_pairs(p, &pairs[i - 1]) == 0))
            continue;
        e.pairs_true++;
        e.pairs_both += found[p->a] == found[p->b] && found[p->a] != EVALUATE_SKIP;
    }
    e.pairwise = pair_rates(&e);
    e.bcubed = (struct agreement_rates){0, 0, 0};
    e.clusters_true = e.clusters_exact = e.largest_true = 0;
    e.has_clusters = 0;
    *ret = e;
    return 0;
}
