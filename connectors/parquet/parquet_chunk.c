#include "connectors/parquet/parquet_column.h"
#include "connectors/parquet/thrift.h"

/* Keeps what was written, in the arena. */
static int keep(struct arena *a, struct buffer *b, const struct thrift_out *t, struct slice *ret)
{
    *ret = t->failed ? slice_of(NULL, 0) : arena_copy(a, buffer_view(b));
    buffer_done(b);
    return ret->ptr ? 0 : ERR_MEMORY;
}

static const struct parquet_page_info *infos(const struct parquet_column *c)
{
    return (const struct parquet_page_info *)(const void *)c->infos.data;
}

static void put_path(struct thrift_out *t, const struct parquet_leaf *leaf,
                     const struct schema *schema)
{
    const struct field *f = &schema->fields[leaf->top];
    size_t n = 1;
    for (int i = 0; i < leaf->depth - 1; i++) {
        n += f->type == TYPE_LIST && !parquet_is_map(f) ? 2 : 1;
        f = &f->children[leaf->path[i]];
    }
    f = &schema->fields[leaf->top];
    thrift_put_list(t, 3, THRIFT_BINARY, n);
    thrift_put_element_bytes(t, f->name);
    for (int i = 0; i < leaf->depth - 1; i++) {
        int in_list = f->type == TYPE_LIST && !parquet_is_map(f);
        f = &f->children[leaf->path[i]];
        if (in_list)
            thrift_put_element_bytes(t, SLICE_LIT("list"));
        thrift_put_element_bytes(t, in_list ? SLICE_LIT("element") : f->name);
    }
}

static void put_statistics(struct thrift_out *t, const struct parquet_column *c)
{
    struct buffer min = {0}, max = {0};
    const struct parquet_bounds *b = &c->chunk_bounds;
    int min_exact = 1, max_exact = 1;
    int outer = thrift_begin(t, 12);
    if (b->set && (parquet_bounds_min(b, c->leaf, PARQUET_BOUND_BYTES, &min, &min_exact) < 0 ||
                   parquet_bounds_max(b, c->leaf, PARQUET_BOUND_BYTES, &max, &max_exact) < 0))
        t->failed = 1;
    thrift_put_i64(t, 3, c->n_slots - c->n_values);
    if (b->set) {
        thrift_put_bytes(t, 5, buffer_view(&max));
        thrift_put_bytes(t, 6, buffer_view(&min));
        thrift_put_bool(t, 7, max_exact);
        thrift_put_bool(t, 8, min_exact);
    }
    thrift_end(t, outer);
    buffer_done(&min);
    buffer_done(&max);
}

static void put_encodings(struct thrift_out *t, const struct parquet_column *c)
{
    int coded = c->n_coded_pages > 0, plain = coded || c->n_pages > c->n_coded_pages;
    thrift_put_list(t, 2, THRIFT_I32, (size_t)(1 + coded + plain));
    if (plain)
        thrift_put_element_int(t, PARQUET_PLAIN);
    thrift_put_element_int(t, PARQUET_RLE);
    if (coded)
        thrift_put_element_int(t, PARQUET_RLE_DICTIONARY);
}

static void put_page_counts(struct thrift_out *t, const struct parquet_column *c)
{
    const int32_t counts[3][3] = {
        {PARQUET_DICTIONARY_PAGE, PARQUET_PLAIN, c->n_coded_pages > 0},
        {PARQUET_DATA_PAGE, PARQUET_RLE_DICTIONARY, (int32_t)c->n_coded_pages},
        {PARQUET_DATA_PAGE, PARQUET_PLAIN, (int32_t)(c->n_pages - c->n_coded_pages)}};
    size_t n = 0;
    for (int i = 0; i < 3; i++)
        n += counts[i][2] > 0;
    thrift_put_list(t, 13, THRIFT_STRUCT, n);
    for (int i = 0; i < 3; i++)
        if (counts[i][2] > 0) {
            int outer = thrift_begin(t, 0);
            for (int j = 0; j < 3; j++)
                thrift_put_i32(t, j + 1, counts[i][j]);
            thrift_end(t, outer);
        }
}

static void put_metadata(struct thrift_out *t, const struct parquet_column *c,
                         const struct parquet_placed *p, const struct schema *schema)
{
    int64_t unpacked = c->unpacked_bytes + p->dictionary_unpacked;
    thrift_put_i32(t, 1, (int32_t)c->leaf->type);
    put_encodings(t, c);
    put_path(t, c->leaf, schema);
    thrift_put_i32(t, 4, (int32_t)c->codec);
    thrift_put_i64(t, 5, c->n_slots);
    thrift_put_i64(t, 6, unpacked);
    thrift_put_i64(t, 7, (int64_t)c->pages.len + p->dictionary_len);
    thrift_put_i64(t, 9, p->at + p->dictionary_len);
    if (p->dictionary_len)
        thrift_put_i64(t, 11, p->at);
    put_statistics(t, c);
    put_page_counts(t, c);
    if (p->bloom_len) {
        thrift_put_i64(t, 14, p->bloom_at);
        thrift_put_i32(t, 15, (int32_t)p->bloom_len);
    }
    thrift_end(t, 0);
}

static void put_page_bounds(struct thrift_out *t, const struct parquet_column *c, int greatest)
{
    thrift_put_list(t, greatest ? 3 : 2, THRIFT_BINARY, c->n_pages);
    for (uint32_t i = 0; i < c->n_pages; i++) {
        const struct parquet_page_info *info = &infos(c)[i];
        size_t at = greatest ? info->max_at : info->min_at;
        size_t len = greatest ? info->max_len : info->min_len;
        thrift_put_element_bytes(t, slice_of((const char *)c->index_bytes.data + at, len));
    }
}

static void put_column_index(struct thrift_out *t, const struct parquet_column *c)
{
    thrift_put_list(t, 1, THRIFT_TRUE, c->n_pages);
    for (uint32_t i = 0; i < c->n_pages; i++)
        thrift_put_element_bool(t, !infos(c)[i].has_bounds);
    put_page_bounds(t, c, 0);
    put_page_bounds(t, c, 1);
    thrift_put_i32(t, 4, c->ascending ? 1 : c->descending ? 2 : 0);
    thrift_put_list(t, 5, THRIFT_I64, c->n_pages);
    for (uint32_t i = 0; i < c->n_pages; i++)
        thrift_put_element_int(t, infos(c)[i].n_nulls);
    thrift_end(t, 0);
}

static void put_offset_index(struct thrift_out *t, const struct parquet_column *c, int64_t at)
{
    thrift_put_list(t, 1, THRIFT_STRUCT, c->n_pages);
    for (uint32_t i = 0; i < c->n_pages; i++) {
        const struct parquet_page_info *info = &infos(c)[i];
        int outer = thrift_begin(t, 0);
        thrift_put_i64(t, 1, at + info->at);
        thrift_put_i32(t, 2, (int32_t)info->size);
        thrift_put_i64(t, 3, info->first_row);
        thrift_end(t, outer);
    }
    thrift_end(t, 0);
}

int parquet_chunk_make(const struct parquet_column *c, const struct parquet_placed *placed,
                       const struct schema *schema, struct arena *a, struct parquet_chunk *ret)
{
    struct buffer b = {0};
    struct parquet_chunk chunk = {.at = placed->at,
                                  .packed_bytes = (int64_t)c->pages.len + placed->dictionary_len,
                                  .unpacked_bytes =
                                      c->unpacked_bytes + placed->dictionary_unpacked};
    struct thrift_out t = {.to = &b};
    put_metadata(&t, c, placed, schema);
    TRY(keep(a, &b, &t, &chunk.metadata));
    t = (struct thrift_out){.to = &b};
    put_offset_index(&t, c, placed->at + placed->dictionary_len);
    TRY(keep(a, &b, &t, &chunk.offset_index));
    if (!c->unbounded) { /* a page of NaN alone has no bounds, and the index no way to say so */
        t = (struct thrift_out){.to = &b};
        put_column_index(&t, c);
        TRY(keep(a, &b, &t, &chunk.column_index));
    }
    *ret = chunk;
    return 0;
}
