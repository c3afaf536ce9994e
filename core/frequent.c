#include "core/frequent.h"

#include <stdlib.h>

#include "core/error.h"

enum { START = 64, LOSSY = 4096 };

int frequent_init(struct frequent *f)
{
    *f = (struct frequent){.cap = START, .n_slots = 2 * START, .exact = 1};
    f->values = calloc(f->cap, sizeof *f->values);
    f->slots = calloc(f->n_slots, sizeof *f->slots);
    if (f->values && f->slots)
        return 0;
    frequent_done(f);
    return ERR_MEMORY;
}

void frequent_done(struct frequent *f)
{
    free(f->values);
    free(f->slots);
    arena_done(&f->arena);
    *f = (struct frequent){0};
}

static void place(struct frequent *f, uint32_t index)
{
    uint32_t at = (uint32_t)f->values[index].hash & (f->n_slots - 1);
    while (f->slots[at])
        at = (at + 1) & (f->n_slots - 1);
    f->slots[at] = index + 1;
}

static void place_all(struct frequent *f)
{
    memset(f->slots, 0, f->n_slots * sizeof *f->slots);
    for (uint32_t i = 0; i < f->n; i++)
        place(f, i);
}

static int grow(struct frequent *f)
{
    struct frequent_value *values = realloc(f->values, 2 * f->cap * sizeof *values);
    if (!values)
        return ERR_MEMORY;
    f->values = values;
    f->cap *= 2;
    uint32_t *slots = realloc(f->slots, 2 * f->cap * sizeof *slots);
    if (!slots)
        return ERR_MEMORY;
    f->slots = slots;
    f->n_slots = 2 * f->cap;
    place_all(f);
    return 0;
}

static int compare_counts(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Takes `off` from all and drops what has nothing left; texts move to a new arena. */
static int take_off(struct frequent *f, int64_t off)
{
    struct arena kept = {0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        struct frequent_value v = f->values[i];
        f->error_seen |= v.count > 1;
        if ((v.count -= off) <= 0)
            continue;
        if (v.text.ptr && !(v.text = arena_copy(&kept, v.text)).ptr) {
            arena_done(&kept);
            return ERR_MEMORY;
        }
        f->values[n++] = v;
    }
    f->n = n;
    f->error += off;
    arena_done(&f->arena);
    f->arena = kept;
    place_all(f);
    return 0;
}

/* The count at rank `rank` from below. */
static int purge(struct frequent *f, uint32_t rank)
{
    int64_t *counts = malloc((f->n + 1) * sizeof *counts);
    if (!counts)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < f->n; i++)
        counts[i] = f->values[i].count;
    qsort(counts, f->n, sizeof *counts, compare_counts);
    int64_t off = counts[rank];
    free(counts);
    return take_off(f, off);
}

int frequent_lossy(struct frequent *f)
{
    f->exact = 0;
    return f->n > LOSSY / 2 ? purge(f, f->n - LOSSY / 2) : 0;
}

static int add_new(struct frequent *f, uint64_t hash, struct slice text)
{
    if (f->exact && (f->n == FREQUENT_EXACT || text.len > FREQUENT_LONGEST))
        return FREQUENT_FULL;
    if (!f->exact && f->n >= LOSSY)
        TRY(purge(f, f->n / 2));
    if (f->n == f->cap)
        TRY(grow(f));
    struct frequent_value v = {.hash = hash, .count = 1};
    if (f->exact && !(v.text = arena_copy(&f->arena, text)).ptr)
        return ERR_MEMORY;
    f->values[f->n] = v;
    place(f, f->n++);
    return FREQUENT_NEW;
}

/* Not within a character. */
static struct slice cut(struct slice s)
{
    size_t n = FREQUENT_LONGEST;
    if (s.len <= n)
        return s;
    while (n && (s.ptr[n] & 0xc0) == 0x80)
        n--;
    return slice_of(s.ptr, n);
}

int frequent_add(struct frequent *f, uint64_t hash, struct slice text)
{
    uint32_t at = (uint32_t)hash & (f->n_slots - 1), index;
    for (; (index = f->slots[at]) != 0; at = (at + 1) & (f->n_slots - 1)) {
        struct frequent_value *v = &f->values[index - 1];
        if (v->hash != hash)
            continue;
        v->count++;
        if (!v->text.ptr && !(v->text = arena_copy(&f->arena, cut(text))).ptr)
            return ERR_MEMORY;
        return FREQUENT_SEEN;
    }
    return add_new(f, hash, text);
}

int frequent_more(struct frequent *f, uint64_t hash, int64_t times)
{
    uint32_t at = (uint32_t)hash & (f->n_slots - 1), index;
    for (; (index = f->slots[at]) != 0; at = (at + 1) & (f->n_slots - 1))
        if (f->values[index - 1].hash == hash) {
            f->values[index - 1].count += times;
            return 0;
        }
    return ERR_BUG;
}

static int before(const struct frequent_value *a, const struct frequent_value *b)
{
    return a->count != b->count ? a->count > b->count : slice_compare(a->text, b->text) < 0;
}

int frequent_top(const struct frequent *f, uint32_t *ret, int n)
{
    int found = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        int at = found;
        if (!f->values[i].text.ptr)
            continue;
        while (at > 0 && before(&f->values[i], &f->values[ret[at - 1]]))
            at--;
        if (at >= n)
            continue;
        found += found < n;
        memmove(ret + at + 1, ret + at, (size_t)(found - at - 1) * sizeof *ret);
        ret[at] = i;
    }
    return found;
}
