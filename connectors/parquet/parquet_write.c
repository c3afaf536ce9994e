#include <pthread.h>
#include <stdlib.h>

#include "connectors/parquet/parquet.h"
#include "connectors/parquet/parquet_footer.h"

enum { DEFAULT_GROUP_ROWS = 1 << 20, GROUP_BYTES = 128 << 20, TEXT_BOUND = 32 };

struct parquet_writer {
    struct schema *schema;
    struct pool *pool;
    struct file_out *file;
    enum parquet_codec codec;
    int level;
    int64_t group_rows;

    struct parquet_leaf *leaves;
    struct parquet_column *columns; /* one per leaf */
    int n_leaves;
    int64_t rows, rows_in_group;

    pthread_mutex_t lock; /* of `packers`: as many as threads, lent to columns at work */
    struct parquet_packer *packers;
    int *lent;
    int n_packers;

    struct parquet_group *groups, **last_group;
    int n_groups;
    struct buffer scratch;
    struct arena arena;
};

static int borrow_packer(struct parquet_writer *w)
{
    int i = 0;
    pthread_mutex_lock(&w->lock);
    while (w->lent[i])
        i++;
    w->lent[i] = 1;
    pthread_mutex_unlock(&w->lock);
    return i;
}

static void return_packer(struct parquet_writer *w, int i)
{
    pthread_mutex_lock(&w->lock);
    w->lent[i] = 0;
    pthread_mutex_unlock(&w->lock);
}

/* Rows for all columns; without a batch, the end of the row group. */
struct work {
    struct parquet_writer *writer;
    const struct batch *batch;
    int64_t first, n;
    struct error *errors; /* one per leaf; code 0: none */
};

static void work_column(void *arg, size_t i)
{
    struct work *work = arg;
    struct parquet_writer *w = work->writer;
    struct parquet_column *c = &w->columns[i];
    int packer = borrow_packer(w), code;
    c->packer = &w->packers[packer];
    work->errors[i].code = 0;
    if (work->batch) {
        int top = c->leaf->top;
        code = parquet_column_add(c, &w->schema->fields[top], &work->batch->columns[top],
                                  work->first, work->n, &work->errors[i]);
    } else {
        code = parquet_column_finish(c, &work->errors[i]);
    }
    work->errors[i].code = code;
    return_packer(w, packer);
}

static int work_all(struct parquet_writer *w, const struct batch *b, int64_t first, int64_t n,
                    struct error *err)
{
    struct work work = {.writer = w, .batch = b, .first = first, .n = n};
    int code = 0;
    work.errors = calloc((size_t)w->n_leaves + 1, sizeof *work.errors);
    if (!work.errors)
        return error_memory(err);
    pool_for(w->pool, (size_t)w->n_leaves, work_column, &work);
    for (int i = 0; i < w->n_leaves && code == 0; i++)
        if (work.errors[i].code < 0) {
            code = work.errors[i].code;
            if (err)
                *err = work.errors[i];
        }
    free(work.errors);
    return code;
}

static int write_bloom(struct parquet_writer *w, const struct parquet_column *c,
                       struct parquet_placed *placed, struct error *err)
{
    if (!c->with_bloom)
        return 0;
    if (parquet_bloom_make(c, &w->scratch) < 0)
        return error_memory(err);
    placed->bloom_at = file_offset(w->file);
    placed->bloom_len = (int64_t)w->scratch.len;
    return file_write(w->file, w->scratch.data, w->scratch.len, err);
}

static int write_chunk(struct parquet_writer *w, struct parquet_column *c,
                       struct parquet_chunk *ret, struct error *err)
{
    struct parquet_placed placed = {0};
    c->packer = &w->packers[0];
    TRY(parquet_dictionary_page(c, &w->scratch, err));
    placed.at = file_offset(w->file);
    placed.dictionary_len = (int64_t)w->scratch.len;
    if (placed.dictionary_len)
        placed.dictionary_unpacked =
            (int64_t)(c->dictionary.bytes.len + w->scratch.len - c->packer->packed.len);
    TRY(file_write(w->file, w->scratch.data, w->scratch.len, err));
    TRY(file_write(w->file, c->pages.data, c->pages.len, err));
    TRY(write_bloom(w, c, &placed, err));
    if (parquet_chunk_make(c, &placed, w->schema, &w->arena, ret) < 0)
        return error_memory(err);
    parquet_column_reset(c);
    return 0;
}

static int end_group(struct parquet_writer *w, struct error *err)
{
    if (!w->rows_in_group)
        return 0;
    TRY(work_all(w, NULL, 0, 0, err));
    struct parquet_group *g = ARENA_NEW(&w->arena, struct parquet_group);
    if (!g || !(g->chunks = ARENA_ARRAY(&w->arena, struct parquet_chunk, (size_t)w->n_leaves + 1)))
        return error_memory(err);
    g->n_rows = w->rows_in_group;
    for (int i = 0; i < w->n_leaves; i++)
        TRY(write_chunk(w, &w->columns[i], &g->chunks[i], err));
    *w->last_group = g;
    w->last_group = &g->next;
    w->n_groups++;
    w->rows_in_group = 0;
    return 0;
}

static int64_t raw_bytes(const struct parquet_writer *w)
{
    int64_t bytes = 0;
    for (int i = 0; i < w->n_leaves; i++)
        bytes += w->columns[i].raw_bytes;
    return bytes;
}

int parquet_writer_write(struct parquet_writer *w, const struct batch *b, struct error *err)
{
    for (int64_t first = 0; first < b->n_rows;) {
        int64_t left = b->n_rows - first, room = w->group_rows - w->rows_in_group;
        int64_t n = left < room ? left : room;
        TRY(work_all(w, b, first, n, err));
        w->rows += n;
        w->rows_in_group += n;
        first += n;
        if (w->rows_in_group >= w->group_rows || raw_bytes(w) >= GROUP_BYTES)
            TRY(end_group(w, err));
    }
    return 0;
}

static int start_columns(struct parquet_writer *w, const struct parquet_options *o,
                         struct error *err)
{
    w->columns = ARENA_ARRAY(&w->arena, struct parquet_column, (size_t)w->n_leaves + 1);
    if (!w->columns)
        return error_memory(err);
    for (int i = 0; i < w->n_leaves; i++) {
        struct parquet_column *c = &w->columns[i];
        TRY(parquet_column_init(c, &w->leaves[i], err));
        c->codec = w->codec;
        c->level = w->level;
        int can_hash = c->leaf->type == PARQUET_BYTE_ARRAY || c->leaf->type == PARQUET_INT32 ||
                       c->leaf->type == PARQUET_INT64;
        for (int k = 0; k < o->n_bloom && can_hash; k++)
            c->with_bloom |= slice_equal(o->bloom[k], w->schema->fields[c->leaf->top].name);
    }
    return 0;
}

static int start(struct parquet_writer *w, const char *path, const struct parquet_options *o,
                 struct error *err)
{
    TRY(parquet_codec_parse(o->compression, &w->codec, &w->level, err));
    TRY(parquet_leaves(w->schema, &w->arena, &w->leaves, &w->n_leaves, err));
    w->n_packers = pool_threads(o->pool);
    w->packers = ARENA_ARRAY(&w->arena, struct parquet_packer, (size_t)w->n_packers);
    w->lent = ARENA_ARRAY(&w->arena, int, (size_t)w->n_packers);
    if (!w->packers || !w->lent)
        return error_memory(err);
    TRY(start_columns(w, o, err));
    int flags = (o->shared ? FILE_SHARED : 0) | (o->unsynced ? FILE_NO_SYNC : 0);
    TRY(file_create(path, flags, &w->file, err));
    return file_write(w->file, PARQUET_MAGIC, 4, err);
}

int parquet_writer_open(const char *path, const struct schema *schema,
                        const struct parquet_options *options, struct parquet_writer **ret,
                        struct error *err)
{
    struct parquet_writer *w = calloc(1, sizeof *w);
    if (!w)
        return error_memory(err);
    w->schema = schema_ref(schema);
    w->pool = options->pool;
    w->group_rows = options->row_group_rows ? options->row_group_rows : DEFAULT_GROUP_ROWS;
    w->last_group = &w->groups;
    pthread_mutex_init(&w->lock, NULL);
    int code = start(w, path, options, err);
    if (code < 0) {
        parquet_writer_free(w);
        return code;
    }
    *ret = w;
    return 0;
}

void parquet_writer_free(struct parquet_writer *w)
{
    if (!w)
        return;
    if (w->file)
        file_close(w->file);
    for (int i = 0; w->columns && i < w->n_leaves; i++)
        parquet_column_done(&w->columns[i]);
    for (int i = 0; w->packers && i < w->n_packers; i++)
        parquet_packer_done(&w->packers[i]);
    pthread_mutex_destroy(&w->lock);
    buffer_done(&w->scratch);
    arena_done(&w->arena);
    schema_unref(w->schema);
    free(w);
}

/* A bound as a column of one value, for value_text. */
static int bound_text(const struct parquet_leaf *leaf, struct slice stored, char *ret, size_t cap)
{
    struct buffer text = {0};
    uint8_t value[16] = {0};
    int32_t offsets[2] = {0, (int32_t)stored.len};
    struct column c = {.length = 1, .offsets = offsets, .values = value};
    if (leaf->type == PARQUET_BYTE_ARRAY) {
        c.values = (void *)(uintptr_t)stored.ptr;
    } else {
        memcpy(value, stored.ptr, stored.len);
        if (leaf->field->type == TYPE_DECIMAL && stored.len < 16 && value[stored.len - 1] & 0x80)
            memset(value + stored.len, 0xff, sizeof value - stored.len);
    }
    struct field plain = *leaf->field;
    plain.type = plain.type == TYPE_DICT ? TYPE_UTF8 : plain.type;
    int fits = value_text(&plain, &c, 0, &text) == 0 && text.len < cap;
    if (fits && text.len)
        memcpy(ret, text.data, text.len);
    if (fits)
        ret[text.len] = 0;
    buffer_done(&text);
    return fits;
}

/* Wide decimals stand most significant byte first: back to ours. */
static void reverse(struct buffer *b)
{
    for (size_t i = 0; i < b->len / 2; i++) {
        uint8_t byte = b->data[i];
        b->data[i] = b->data[b->len - 1 - i];
        b->data[b->len - 1 - i] = byte;
    }
}

static void column_stats(const struct parquet_column *c, struct parquet_column_stats *ret)
{
    struct buffer min = {0}, max = {0};
    int exact;
    enum type_id type = c->leaf->field->type;
    ret->null_count = c->file_nulls;
    int has = c->file_bounds.set && c->leaf->depth == 1 && type != TYPE_BINARY &&
              parquet_bounds_min(&c->file_bounds, c->leaf, TEXT_BOUND, &min, &exact) == 0 &&
              parquet_bounds_max(&c->file_bounds, c->leaf, TEXT_BOUND, &max, &exact) == 0;
    if (has && c->leaf->type == PARQUET_FIXED) {
        reverse(&min);
        reverse(&max);
    }
    ret->has_bounds = has && bound_text(c->leaf, buffer_view(&min), ret->min, sizeof ret->min) &&
                      bound_text(c->leaf, buffer_view(&max), ret->max, sizeof ret->max);
    buffer_done(&min);
    buffer_done(&max);
}

int parquet_writer_finish(struct parquet_writer *w, struct parquet_column_stats *ret_stats,
                          int64_t *ret_rows, int64_t *ret_bytes, struct error *err)
{
    TRY(end_group(w, err));
    struct parquet_footer footer = {.schema = w->schema,
                                    .groups = w->groups,
                                    .n_groups = w->n_groups,
                                    .n_leaves = w->n_leaves,
                                    .n_rows = w->rows};
    TRY(parquet_footer_write(&footer, w->file, err));
    int64_t bytes = file_offset(w->file);
    TRY(file_commit(w->file, err));
    for (int i = 0; ret_stats && i < w->schema->n_fields; i++)
        ret_stats[i] = (struct parquet_column_stats){0};
    for (int i = 0; ret_stats && i < w->n_leaves; i++)
        if (w->leaves[i].depth == 1)
            column_stats(&w->columns[i], &ret_stats[w->leaves[i].top]);
    if (ret_rows)
        *ret_rows = w->rows;
    if (ret_bytes)
        *ret_bytes = bytes;
    return 0;
}
