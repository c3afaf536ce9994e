#include "connectors/delta/sorter_run.h"

#include <stdlib.h>

#include "connectors/arrow/arrow.h"
#include "connectors/delta/row_key.h"

static void keys_done(struct run_keys *k)
{
    buffer_done(&k->bytes);
    free(k->ends);
    free(k->cuts);
    *k = (struct run_keys){0};
}

/* Complemented bytes compare the other way round, as no value's bytes begin another's. */
static int key_put(struct run_keys *k, const struct batch *b, int64_t row,
                   const struct run_order *by, int i)
{
    size_t from = k->bytes.len;
    TRY(row_key_columns(b, row, by->columns + i, 1, &k->bytes));
    for (size_t at = from; by->descending && by->descending[i] && at < k->bytes.len; at++)
        k->bytes.data[at] = (uint8_t)~k->bytes.data[at];
    return 0;
}

static int keys_make(struct run_keys *k, const struct batch *b, const struct run_order *by)
{
    *k = (struct run_keys){.bytes = {.limit = UINT32_MAX}};
    k->ends = calloc((size_t)b->n_rows + 1, sizeof *k->ends);
    k->cuts = calloc((size_t)b->n_rows + 1, sizeof *k->cuts);
    if (!k->ends || !k->cuts)
        return ERR_MEMORY;
    for (int64_t row = 0; row < b->n_rows; row++) {
        TRY(row_key_columns(b, row, by->columns, by->n_cut, &k->bytes));
        k->cuts[row] = (uint32_t)k->bytes.len;
        for (int i = by->n_cut; i < by->n; i++)
            TRY(key_put(k, b, row, by, i));
        k->ends[row] = (uint32_t)k->bytes.len;
    }
    return 0;
}

static struct slice keys_part(const struct run_keys *k, uint32_t from, uint32_t to)
{
    return slice_of((const char *)k->bytes.data + from, to - from);
}

static struct slice keys_get(const struct run_keys *k, uint32_t row)
{
    return keys_part(k, row ? k->ends[row - 1] : 0, k->ends[row]);
}

static struct slice keys_cut(const struct run_keys *k, uint32_t row)
{
    return keys_part(k, row ? k->ends[row - 1] : 0, k->cuts[row]);
}

static uint64_t head_of(struct slice key, size_t from)
{
    uint64_t head = 0;
    for (size_t i = from; i < from + 8; i++)
        head = head << 8 | (i < key.len ? (unsigned char)key.ptr[i] : 0);
    return head;
}

static int room(struct run_memory *r, int64_t rows)
{
    if (r->n == r->cap) {
        int cap = r->cap ? r->cap * 2 : 16;
        struct batch **batches = realloc(r->batches, (size_t)cap * sizeof(struct batch *));
        if (batches)
            r->batches = batches;
        struct run_keys *keys = realloc(r->keys, (size_t)cap * sizeof *keys);
        if (keys)
            r->keys = keys;
        if (!batches || !keys)
            return ERR_MEMORY;
        r->cap = cap;
    }
    if (r->n_entries + rows > r->cap_entries) {
        int64_t cap = 2 * r->cap_entries + rows;
        struct run_entry *entries = realloc(r->entries, (size_t)cap * sizeof *entries);
        if (!entries)
            return ERR_MEMORY;
        r->entries = entries;
        r->cap_entries = cap;
    }
    return 0;
}

static int add_entries(struct run_memory *r, const struct run_keys *keys, int64_t rows)
{
    for (uint32_t row = 0; row < rows; row++) {
        struct slice rest = keys_part(keys, keys->cuts[row], keys->ends[row]);
        int64_t cut = dict_add(&r->cuts, keys_cut(keys, row));
        if (cut < 0)
            return ERR_MEMORY;
        r->entries[r->n_entries++] =
            (struct run_entry){.head = {head_of(rest, 0), head_of(rest, 8)},
                               .cut = (uint32_t)cut,
                               .batch = (uint32_t)r->n,
                               .row = row};
    }
    return 0;
}

static int memory_init(struct run_memory *r)
{
    if (r->is_init)
        return 0;
    r->is_init = 1;
    return dict_init(&r->cuts);
}

int run_memory_add(struct run_memory *r, struct batch *b, const struct run_order *by,
                   struct error *err)
{
    struct run_keys keys = {0};
    if (memory_init(r) < 0 || room(r, b->n_rows) < 0 || keys_make(&keys, b, by) < 0 ||
        add_entries(r, &keys, b->n_rows) < 0) {
        keys_done(&keys);
        batch_free(b);
        return error_memory(err);
    }
    r->bytes += batch_bytes(b) + keys.bytes.cap +
                (size_t)b->n_rows * (2 * sizeof *keys.ends + sizeof *r->entries);
    r->keys[r->n] = keys;
    r->batches[r->n++] = b;
    r->sorted = 0;
    return 0;
}

int64_t run_memory_bytes(const struct run_memory *r)
{
    return (int64_t)r->bytes;
}

void run_memory_done(struct run_memory *r)
{
    for (int i = 0; i < r->n; i++) {
        batch_free(r->batches[i]);
        keys_done(&r->keys[i]);
    }
    free(r->batches);
    free(r->keys);
    free(r->entries);
    free(r->ranks);
    if (r->is_init)
        dict_done(&r->cuts);
    *r = (struct run_memory){0};
}

static int by_key(const void *a, const void *b, void *arg)
{
    const struct run_entry *x = a, *y = b;
    const struct run_memory *r = arg;
    if (x->cut != y->cut)
        return r->ranks[x->cut] < r->ranks[y->cut] ? -1 : 1;
    for (int i = 0; i < 2; i++)
        if (x->head[i] != y->head[i])
            return x->head[i] < y->head[i] ? -1 : 1;
    int order =
        slice_compare(keys_get(&r->keys[x->batch], x->row), keys_get(&r->keys[y->batch], y->row));
    if (order)
        return order;
    if (x->batch != y->batch)
        return x->batch < y->batch ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static int by_cut(const void *a, const void *b, void *arg)
{
    const struct dict *cuts = arg;
    return slice_compare(dict_get(cuts, *(const uint32_t *)a),
                         dict_get(cuts, *(const uint32_t *)b));
}

static int rank_cuts(struct run_memory *r)
{
    uint32_t n = r->is_init ? r->cuts.n : 0;
    uint32_t *order = calloc((size_t)n + 1, sizeof *order);
    free(r->ranks);
    r->ranks = calloc((size_t)n + 1, sizeof *r->ranks);
    if (!order || !r->ranks) {
        free(order);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, by_cut, &r->cuts);
    for (uint32_t i = 0; i < n; i++)
        r->ranks[order[i]] = i;
    free(order);
    return 0;
}

static int memory_sort(struct run_memory *r)
{
    if (r->sorted)
        return 0;
    TRY(rank_cuts(r));
    if (r->n_entries)
        qsort_r(r->entries, (size_t)r->n_entries, sizeof *r->entries, by_key, r);
    r->sorted = 1;
    return 0;
}

static int memory_at(struct run_cursor *c, int64_t at)
{
    const struct run_memory *r = c->memory;
    c->at = at;
    c->batch = NULL;
    if (at == r->n_entries)
        return 0;
    const struct run_entry *e = &r->entries[at];
    c->batch = r->batches[e->batch];
    c->row = (int32_t)e->row;
    c->cut = dict_get(&r->cuts, e->cut);
    return 0;
}

int run_cursor_memory(struct run_cursor *c, struct run_memory *r, struct error *err)
{
    if (memory_sort(r) < 0)
        return error_memory(err);
    *c = (struct run_cursor){.memory = r};
    return memory_at(c, 0);
}

static void file_at(struct run_cursor *c, int32_t row)
{
    c->row = row;
    c->cut = keys_cut(&c->keys, (uint32_t)row);
}

static int file_batch(struct run_cursor *c, struct error *err)
{
    batch_free(c->owned);
    c->batch = c->owned = NULL;
    keys_done(&c->keys);
    int more = stream_next(c->stream, &c->owned, err);
    if (more <= 0) {
        c->owned = NULL;
        return more;
    }
    if (keys_make(&c->keys, c->owned, c->by) < 0)
        return error_memory(err);
    if (c->owned->n_rows == 0)
        return file_batch(c, err);
    c->batch = c->owned;
    file_at(c, 0);
    return 0;
}

int run_cursor_file(struct run_cursor *c, const char *path, const struct run_order *by,
                    struct error *err)
{
    static const struct read_options options = {.layout = LAYOUT_DETECT};
    *c = (struct run_cursor){.path = path, .by = by};
    TRY(arrow_format.read(&c->path, 1, &options, &c->stream, err));
    return file_batch(c, err);
}

void run_cursor_done(struct run_cursor *c)
{
    batch_free(c->owned);
    keys_done(&c->keys);
    stream_close(c->stream);
    *c = (struct run_cursor){0};
}

int run_ends_batch(const struct run_cursor *c)
{
    return !c->memory && c->row + 1 == c->batch->n_rows;
}

int run_step(struct run_cursor *c, struct error *err)
{
    if (c->memory)
        return memory_at(c, c->at + 1);
    if (run_ends_batch(c))
        return file_batch(c, err);
    file_at(c, c->row + 1);
    return 0;
}

/* Looked up when it is needed, as it is somewhere else in memory. */
static struct slice key_at(const struct run_cursor *c)
{
    if (!c->memory)
        return keys_get(&c->keys, (uint32_t)c->row);
    const struct run_entry *e = &c->memory->entries[c->at];
    return keys_get(&c->memory->keys[e->batch], e->row);
}

int run_compare(const struct run_cursor *a, const struct run_cursor *b)
{
    return slice_compare(key_at(a), key_at(b));
}
