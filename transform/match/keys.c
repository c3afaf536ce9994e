#include "transform/match/keys.h"

/* A conjunction whose atoms would meet by chance in so many times `largest` records is not made.
 * Measured on a million records: one block in two hundred is lost. */
enum { LOOSE = 2 };

static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    h ^= h >> 29;
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

/* One to one: two different keys are never the same number. */
static uint64_t key_of(uint32_t x, uint32_t y)
{
    return mix(x < y ? (uint64_t)x << 32 | y : (uint64_t)y << 32 | x);
}

struct drafts { /* keys with what they cost: the records that chance would put in the block */
    int n;
    uint64_t key[KEYS_MAX];
    uint64_t cost[KEYS_MAX];
};

static int finer(const struct drafts *d, int i, uint64_t cost, uint64_t key)
{
    return d->cost[i] != cost ? d->cost[i] < cost : d->key[i] < key;
}

static void swap_drafts(struct drafts *d, int i, int j)
{
    uint64_t key = d->key[i], cost = d->cost[i];
    d->key[i] = d->key[j];
    d->cost[i] = d->cost[j];
    d->key[j] = key;
    d->cost[j] = cost;
}

/* Puts the k finest in front. */
static void select_finest(struct drafts *d, int k)
{
    int low = 0, high = d->n - 1;
    while (low < high) {
        uint64_t cost = d->cost[(low + high) / 2], key = d->key[(low + high) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (finer(d, i, cost, key))
                i++;
            while (d->cost[j] != cost ? d->cost[j] > cost : d->key[j] > key)
                j--;
            if (i <= j)
                swap_drafts(d, i++, j--);
        }
        if (k - 1 <= j)
            high = j;
        else if (k - 1 >= i)
            low = i;
        else
            return;
    }
}

static void put_key(struct drafts *d, uint64_t key, uint64_t cost)
{
    d->key[d->n] = key;
    d->cost[d->n++] = cost;
}

static void draft_keys(const struct atoms *a, const struct key_rules *rules, uint32_t rank,
                       struct drafts *d, int64_t *pruned)
{
    struct record_atom all[ATOMS_MAX];
    uint64_t df[ATOMS_MAX], limit = (uint64_t)rules->largest * LOOSE * a->n_records;
    int n = atoms_gather(a, rank, all), kept = 0;
    d->n = 0;
    for (int i = 0; i < n; i++) {
        uint32_t count = a->df[all[i].atom];
        if (count <= rules->largest)
            put_key(d, key_of(all[i].atom, all[i].atom), 0);
        if (count <= rules->largest && rules->coarse_only)
            continue;
        df[kept] = count;
        all[kept++] = all[i];
    }
    for (int x = 0; x < kept; x++)
        for (int y = x + 1; y < kept; y++) {
            if (all[x].group == all[y].group)
                continue;
            uint64_t cost = df[x] * df[y];
            if (cost > limit)
                ++*pruned;
            else
                put_key(d, key_of(all[x].atom, all[y].atom), cost);
        }
}

int record_keys(const struct atoms *a, const struct key_rules *rules, uint32_t rank,
                uint64_t out[KEYS_MAX], int64_t *pruned)
{
    struct drafts d;
    draft_keys(a, rules, rank, &d, pruned);
    int n = d.n;
    if (rules->per_record && (uint32_t)n > rules->per_record) {
        n = (int)rules->per_record;
        select_finest(&d, n);
        *pruned += d.n - n;
    }
    memcpy(out, d.key, (size_t)n * sizeof *out);
    return n;
}

int key_atoms(const struct atoms *a, const struct key_rules *rules, uint32_t rank, uint64_t key,
              uint64_t mask, uint32_t ret[2])
{
    struct record_atom all[ATOMS_MAX];
    int n = atoms_gather(a, rank, all);
    for (int x = 0; x < n; x++)
        for (int y = x; y < n; y++) {
            if (((key_of(all[x].atom, all[y].atom) ^ key) & mask) != 0 ||
                (x != y && all[x].group == all[y].group))
                continue;
            ret[0] = all[x].atom;
            ret[1] = x == y ? UINT32_MAX : all[y].atom;
            return x != y || a->df[ret[0]] <= rules->largest;
        }
    return 0;
}
