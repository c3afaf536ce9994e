#include "connectors/delta/sorter_run.h"

#include <stdlib.h>

#include "connectors/arrow/arrow.h"
#include "connectors/delta/row_key.h"

/* -- keys -----------------------------------------------------------------------------------------
 */

static void keys_done(struct run_keys *k)
{
    buffer_done(&k->bytes);
    free(k->ends);
    *k = (struct run_keys){0};
}

static int keys_make(struct run_keys *k, const struct batch *b, const int *columns, int n_columns)
{
    *k = (struct run_keys){.bytes = {.limit = UINT32_MAX}};
    k->ends = calloc((size_t)b->n_rows + 1, sizeof *k->ends);
    if (!k->ends)
        return ERR_MEMORY;
    for (int64_t row = 0; row < b->n_rows; row++) {
        TRY(row_key_columns(b, row, columns, n_columns, &k->bytes));
        k->ends[row] = (uint32_t)k->bytes.len;
    }
    return 0;
}

static struct slice keys_get(const struct run_keys *k, uint32_t row)
{
    uint32_t from = row ? k->ends[row - 1] : 0;
    return slice_of((const char *)k->bytes.data + from, k->ends[row] - from);
}

static uint64_t head_of(struct slice key)
{
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < key.len ? (unsigned char)key.ptr[i] : 0);
    return head;
}

/* -- in memory ------------------------------------------------------------------------------------
 */

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

int run_memory_add(struct run_memory *r, struct batch *b, const int *columns, int n_columns,
                   struct error *err)
{
    struct run_keys keys = {0};
    if (room(r, b->n_rows) < 0 || keys_make(&keys, b, columns, n_columns) < 0) {
        keys_done(&keys);
        batch_free(b);
        return error_memory(err);
    }
    for (int64_t row = 0; row < b->n_rows; row++)
        r->entries[r->n_entries++] =
            (struct run_entry){.head = head_of(keys_get(&keys, (uint32_t)row)),
                               .batch = (uint32_t)r->n,
                               .row = (uint32_t)row};
    r->bytes += batch_bytes(b) + keys.bytes.cap +
                (size_t)b->n_rows * (sizeof *keys.ends + sizeof *r->entries);
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
    *r = (struct run_memory){0};
}

static int by_key(const void *a, const void *b, void *arg)
{
    const struct run_entry *x = a, *y = b;
    const struct run_memory *r = arg;
    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    int order =
        slice_compare(keys_get(&r->keys[x->batch], x->row), keys_get(&r->keys[y->batch], y->row));
    if (order)
        return order;
    if (x->batch != y->batch)
        return x->batch < y->batch ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void memory_sort(struct run_memory *r)
{
    if (!r->sorted && r->n_entries)
        qsort_r(r->entries, (size_t)r->n_entries, sizeof *r->entries, by_key, r);
    r->sorted = 1;
}

/* -- cursors --------------------------------------------------------------------------------------
 */

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
    c->key = keys_get(&r->keys[e->batch], e->row);
    return 0;
}

int run_cursor_memory(struct run_cursor *c, struct run_memory *r, struct error *err)
{
    (void)err;
    memory_sort(r);
    *c = (struct run_cursor){.memory = r};
    return memory_at(c, 0);
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
    if (keys_make(&c->keys, c->owned, c->columns, c->n_columns) < 0)
        return error_memory(err);
    if (c->owned->n_rows == 0)
        return file_batch(c, err);
    c->batch = c->owned;
    c->row = 0;
    c->key = keys_get(&c->keys, 0);
    return 0;
}

int run_cursor_file(struct run_cursor *c, const char *path, const int *columns, int n_columns,
                    struct error *err)
{
    static const struct read_options options = {.layout = LAYOUT_DETECT};
    *c = (struct run_cursor){.path = path, .columns = columns, .n_columns = n_columns};
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
    c->row++;
    c->key = keys_get(&c->keys, (uint32_t)c->row);
    return 0;
}

int run_compare(const struct run_cursor *a, const struct run_cursor *b)
{
    return slice_compare(a->key, b->key);
}
