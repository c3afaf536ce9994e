#include <zlib.h>

#include "connectors/parquet/parquet_column.h"
#include "connectors/parquet/rle.h"
#include "connectors/parquet/thrift.h"

/* PageHeader of parquet.thrift; the CRC is of the bytes as stored. */
struct page_header {
    enum parquet_page kind;
    int64_t n_values;
    enum parquet_encoding encoding;
    size_t unpacked;
    struct slice packed;
};

static int put_header(struct buffer *to, const struct page_header *h)
{
    struct thrift_out t = {.to = to};
    uint32_t crc = (uint32_t)crc32_z(0, (const Bytef *)h->packed.ptr, h->packed.len);
    thrift_put_i32(&t, 1, (int32_t)h->kind);
    thrift_put_i32(&t, 2, (int32_t)h->unpacked);
    thrift_put_i32(&t, 3, (int32_t)h->packed.len);
    thrift_put_i32(&t, 4, (int32_t)crc);
    int outer = thrift_begin(&t, h->kind == PARQUET_DATA_PAGE ? 5 : 7);
    thrift_put_i32(&t, 1, (int32_t)h->n_values);
    thrift_put_i32(&t, 2, (int32_t)h->encoding);
    if (h->kind == PARQUET_DATA_PAGE) {
        thrift_put_i32(&t, 3, PARQUET_RLE);
        thrift_put_i32(&t, 4, PARQUET_RLE);
    }
    thrift_end(&t, outer);
    thrift_end(&t, 0);
    return t.failed ? ERR_MEMORY : 0;
}

/* Levels with their length in front. */
static int put_levels(struct buffer *to, const struct buffer *levels, int max)
{
    if (!max)
        return 0;
    size_t at = to->len;
    TRY(buffer_zeros(to, 4));
    TRY(rle_put_levels(to, levels->data, levels->len, bit_width((uint32_t)max)));
    uint32_t len = (uint32_t)(to->len - at - 4);
    memcpy(to->data + at, &len, sizeof len);
    return 0;
}

static int put_bools(struct buffer *to, const uint8_t *values, size_t n)
{
    size_t bytes = (n + 7) / 8;
    TRY(buffer_reserve(to, bytes));
    uint8_t *p = to->data + to->len;
    memset(p, 0, bytes);
    for (size_t i = 0; i < n; i++)
        p[i / 8] = (uint8_t)(p[i / 8] | values[i] << i % 8);
    to->len += bytes;
    return 0;
}

static int put_values(struct buffer *to, struct parquet_column *c)
{
    if (!c->coding && c->leaf->type == PARQUET_BOOLEAN)
        return put_bools(to, c->plain.data, c->plain.len);
    if (!c->coding)
        return buffer_append(to, c->plain.data, c->plain.len);
    int width = bit_width(c->dictionary.n ? c->dictionary.n - 1 : 0);
    width = width ? width : 1;
    TRY(buffer_putc(to, (char)width));
    return rle_put(to, (const uint32_t *)(const void *)c->codes.data,
                   c->codes.len / sizeof(uint32_t), width);
}

static int make_body(struct parquet_column *c)
{
    struct buffer *body = &c->packer->body;
    buffer_reset(body);
    TRY(put_levels(body, &c->rep, c->leaf->max_rep));
    TRY(put_levels(body, &c->def, c->leaf->max_def));
    return put_values(body, c);
}

/* Are the pages' bounds in order so far? */
static void note_order(struct parquet_column *c)
{
    const struct parquet_bounds *now = &c->bounds[c->current], *before = &c->bounds[!c->current];
    if (c->n_bounded_pages++) {
        int min = parquet_bounds_compare(before, now, c->leaf, 0);
        int max = parquet_bounds_compare(before, now, c->leaf, 1);
        c->ascending &= min <= 0 && max <= 0;
        c->descending &= min >= 0 && max >= 0;
    }
    c->current = !c->current;
}

static int note_bounds(struct parquet_column *c, struct parquet_page_info *info)
{
    const struct parquet_bounds *b = &c->bounds[c->current];
    int exact;
    if (!b->set) {
        c->unbounded |= c->page_values > 0;
        return 0;
    }
    info->has_bounds = 1;
    info->min_at = c->index_bytes.len;
    TRY(parquet_bounds_min(b, c->leaf, PARQUET_BOUND_BYTES, &c->index_bytes, &exact));
    info->min_len = c->index_bytes.len - info->min_at;
    info->max_at = c->index_bytes.len;
    TRY(parquet_bounds_max(b, c->leaf, PARQUET_BOUND_BYTES, &c->index_bytes, &exact));
    info->max_len = c->index_bytes.len - info->max_at;
    TRY(parquet_bounds_merge(&c->chunk_bounds, b, c->leaf));
    note_order(c);
    return 0;
}

static int append_page(struct parquet_column *c, const struct page_header *h)
{
    struct parquet_page_info info = {.at = (int64_t)c->pages.len,
                                     .first_row = c->n_rows,
                                     .n_nulls = c->page_slots - c->page_values};
    TRY(put_header(&c->pages, h));
    c->unpacked_bytes += (int64_t)(c->pages.len - (size_t)info.at + h->unpacked);
    TRY(buffer_slice(&c->pages, h->packed));
    info.size = (int64_t)c->pages.len - info.at;
    TRY(note_bounds(c, &info));
    return buffer_append(&c->infos, &info, sizeof info);
}

static void start_page(struct parquet_column *c)
{
    c->n_pages++;
    c->n_coded_pages += c->coding != 0;
    c->n_slots += c->page_slots;
    c->n_values += c->page_values;
    c->n_rows += c->page_rows;
    c->page_slots = c->page_values = c->page_rows = 0;
    buffer_reset(&c->def);
    buffer_reset(&c->rep);
    buffer_reset(&c->codes);
    buffer_reset(&c->plain);
    parquet_bounds_reset(&c->bounds[c->current]);
}

/* Packs the first page of a chunk twice and keeps to the level that did better. */
static int pack_page(struct parquet_column *c, struct slice *ret, struct error *err)
{
    struct slice body = buffer_view(&c->packer->body);
    if (c->codec != PARQUET_ZSTD || c->level != PARQUET_LEVEL_AUTO)
        return parquet_pack(c->packer, c->codec, c->level, body, ret, err);
    if (!c->chosen_level) {
        TRY(parquet_pack(c->packer, c->codec, 1, body, ret, err));
        size_t quick = ret->len;
        TRY(parquet_pack(c->packer, c->codec, 3, body, ret, err));
        c->chosen_level = ret->len < quick - quick / 32 ? 3 : 1;
        if (c->chosen_level == 3)
            return 0;
    }
    return parquet_pack(c->packer, c->codec, c->chosen_level, body, ret, err);
}

int parquet_flush_page(struct parquet_column *c, struct error *err)
{
    struct page_header h = {.kind = PARQUET_DATA_PAGE,
                            .n_values = c->page_slots,
                            .encoding = c->coding ? PARQUET_RLE_DICTIONARY : PARQUET_PLAIN};
    if (make_body(c) < 0)
        return error_memory(err);
    h.unpacked = c->packer->body.len;
    if (h.unpacked > INT32_MAX / 2 || h.n_values > INT32_MAX)
        return error_set(err, ERR_DATA,
                         "column '%s' has values too long for a Parquet page (1 GiB)",
                         c->leaf->field->name.ptr);
    TRY(pack_page(c, &h.packed, err));
    if (append_page(c, &h) < 0)
        return error_memory(err);
    start_page(c);
    return 0;
}

int parquet_dictionary_page(struct parquet_column *c, struct buffer *ret, struct error *err)
{
    buffer_reset(ret);
    if (!c->n_coded_pages)
        return 0;
    struct page_header h = {.kind = PARQUET_DICTIONARY_PAGE,
                            .n_values = c->dictionary.n,
                            .encoding = PARQUET_PLAIN,
                            .unpacked = c->dictionary.bytes.len};
    int level = c->level == PARQUET_LEVEL_AUTO && c->codec == PARQUET_ZSTD ? 3 : c->level;
    TRY(parquet_pack(c->packer, c->codec, level, buffer_view(&c->dictionary.bytes), &h.packed,
                     err));
    if (put_header(ret, &h) < 0 || buffer_slice(ret, h.packed) < 0)
        return error_memory(err);
    return 0;
}
