#include "connectors/parquet/parquet_pages.h"

#include <zlib.h>

#include "connectors/parquet/thrift.h"

enum {
    WINDOW = 256 << 10,
    HEADER_LIMIT = 16 << 20,
    PAGE_LIMIT = INT32_MAX - 64,
    LEVELS_LIMIT = 1 << 26, /* of a page in the old BIT_PACKED encoding */
};

struct page_header {
    int kind, encoding, def_encoding, rep_encoding;
    int64_t unpacked, packed, n_values;
    int64_t crc; /* -1: none */
    int64_t def_len, rep_len;
    int is_packed; /* V2 */
};

static int damaged(const struct parquet_pages *p, struct error *err)
{
    return error_set(err, ERR_DATA, "column '%.*s' of the Parquet file has a damaged page",
                     (int)p->leaf->out->name.len, p->leaf->out->name.ptr);
}

void parquet_pages_start(struct parquet_pages *p, const struct parquet_source *source,
                         const struct parquet_node *leaf, const struct parquet_chunk_meta *chunk)
{
    int64_t at = chunk->data_at;
    if (chunk->dictionary_at > 0 && chunk->dictionary_at < at)
        at = chunk->dictionary_at;
    int64_t end = chunk->packed_bytes > source->size - at ? source->size : at + chunk->packed_bytes;
    /* Some old writers left the dictionary page's header out of the size. */
    end = end > source->size - 128 ? source->size : end + 128;
    p->source = source;
    p->leaf = leaf;
    p->codec = (enum parquet_codec)chunk->codec;
    p->at = at;
    p->end = end;
    p->left = chunk->n_values;
    p->page_left = 0;
    p->window_at = p->window.len = 0;
    p->values.n_dictionary = 0;
}

void parquet_pages_done(struct parquet_pages *p)
{
    buffer_done(&p->window);
    buffer_done(&p->body);
    buffer_done(&p->dictionary);
    buffer_done(&p->old_levels);
    parquet_values_done(&p->values);
}

static struct slice window(const struct parquet_pages *p)
{
    return p->window.data
               ? slice_of((const char *)p->window.data + p->window_at, p->window.len - p->window_at)
               : slice_of("", 0);
}

/* At least `len` bytes in the window when the chunk has them, else all it has. */
static int fill_window(struct parquet_pages *p, size_t len, struct error *err)
{
    struct slice have = window(p);
    if (have.len >= len || p->at >= p->end)
        return 0;
    size_t more = len - have.len < WINDOW ? WINDOW : len - have.len;
    if (more > (uint64_t)(p->end - p->at))
        more = (size_t)(p->end - p->at);
    if (have.len)
        memmove(p->window.data, have.ptr, have.len);
    p->window.len = have.len;
    p->window_at = 0;
    if (buffer_reserve(&p->window, more) < 0)
        return error_memory(err);
    TRY(parquet_source_read(p->source, p->at, more, p->window.data + p->window.len, err));
    p->window.len += more;
    p->at += (int64_t)more;
    return 0;
}

static void read_kind(struct thrift_in *t, enum thrift_type type, struct page_header *h)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type), v2 = h->kind == PARQUET_DATA_V2;
    while (thrift_field(t, &f))
        if (f.id == 1)
            h->n_values = thrift_int(t, f.type);
        else if (f.id == (v2 ? 4 : 2))
            h->encoding = (int)thrift_int(t, f.type);
        else if (f.id == 3 && h->kind == PARQUET_DATA_PAGE)
            h->def_encoding = (int)thrift_int(t, f.type);
        else if (f.id == 4 && h->kind == PARQUET_DATA_PAGE)
            h->rep_encoding = (int)thrift_int(t, f.type);
        else if (f.id == 5 && v2)
            h->def_len = thrift_int(t, f.type);
        else if (f.id == 6 && v2)
            h->rep_len = thrift_int(t, f.type);
        else if (f.id == 7 && v2)
            h->is_packed = thrift_bool(t, f.type);
        else
            thrift_skip(t, f.type);
    thrift_leave(t, outer);
}

static void parse_header(struct thrift_in *t, struct page_header *h)
{
    struct thrift_field f;
    *h = (struct page_header){.kind = -1, .crc = -1, .is_packed = 1, .encoding = -1};
    while (thrift_field(t, &f))
        switch (f.id) {
        case 1:
            h->kind = (int)thrift_int(t, f.type);
            break;
        case 2:
            h->unpacked = thrift_int(t, f.type);
            break;
        case 3:
            h->packed = thrift_int(t, f.type);
            break;
        case 4:
            h->crc = (int64_t)(uint32_t)thrift_int(t, f.type);
            break;
        case 5:
        case 7:
        case 8:
            read_kind(t, f.type, h);
            break;
        default:
            thrift_skip(t, f.type);
        }
}

static int is_data(const struct page_header *h)
{
    return h->kind == PARQUET_DATA_PAGE || h->kind == PARQUET_DATA_V2;
}

static int check_header(const struct parquet_pages *p, const struct page_header *h,
                        struct error *err)
{
    if (h->packed < 0 || h->unpacked < 0 || h->packed > p->source->size)
        return damaged(p, err);
    if (h->unpacked > PAGE_LIMIT)
        return error_set(err, ERR_DATA, "a Parquet page of %lld bytes: at most %d are read",
                         (long long)h->unpacked, PAGE_LIMIT);
    if (h->is_packed && h->unpacked > parquet_unpacked_limit(p->codec, (size_t)h->packed))
        return damaged(p, err);
    if (h->n_values < 0 || (is_data(h) && h->n_values > p->left))
        return damaged(p, err);
    return 0;
}

static int next_header(struct parquet_pages *p, struct page_header *h, struct error *err)
{
    for (size_t want = 512;; want *= 8) {
        TRY(fill_window(p, want, err));
        struct slice bytes = window(p);
        struct thrift_in t = {.at = (const uint8_t *)bytes.ptr};
        t.end = t.at + bytes.len;
        parse_header(&t, h);
        if (!t.failed) {
            p->window_at += bytes.len - (size_t)(t.end - t.at);
            return check_header(p, h, err);
        }
        if (bytes.len < want || want > HEADER_LIMIT)
            return damaged(p, err);
    }
}

/* `levels`: bytes in front that V2 pages do not pack. */
static int unpack_body(struct parquet_pages *p, const struct page_header *h, struct slice stored,
                       size_t levels, struct buffer *to, struct error *err)
{
    size_t unpacked = (size_t)h->unpacked;
    if (levels > stored.len || levels > unpacked)
        return damaged(p, err);
    buffer_reset(to);
    if (buffer_reserve(to, unpacked + 8) < 0)
        return error_memory(err);
    if (levels)
        memcpy(to->data, stored.ptr, levels);
    enum parquet_codec codec = h->is_packed ? p->codec : PARQUET_UNCOMPRESSED;
    TRY(parquet_unpack(codec, slice_of(stored.ptr + levels, stored.len - levels), to->data + levels,
                       unpacked - levels, err));
    to->len = unpacked;
    return 0;
}

static int read_body(struct parquet_pages *p, const struct page_header *h, struct buffer *to,
                     struct error *err)
{
    TRY(fill_window(p, (size_t)h->packed, err));
    struct slice stored = window(p);
    if (stored.len < (size_t)h->packed)
        return damaged(p, err);
    stored.len = (size_t)h->packed;
    p->window_at += stored.len;
    if (h->crc >= 0 && crc32_z(0, (const Bytef *)stored.ptr, stored.len) != (unsigned long)h->crc)
        return error_set(err, ERR_DATA,
                         "a page of column '%.*s' of the Parquet file does not match its checksum",
                         (int)p->leaf->out->name.len, p->leaf->out->name.ptr);
    int v2 = h->kind == PARQUET_DATA_V2;
    if (v2 && (h->def_len < 0 || h->rep_len < 0 || h->def_len > h->packed ||
               h->rep_len > h->packed - h->def_len))
        return damaged(p, err);
    return unpack_body(p, h, stored, v2 ? (size_t)(h->def_len + h->rep_len) : 0, to, err);
}

/* Most significant bits first, as no one writes any more: decoded at once. */
static int old_levels(struct parquet_pages *p, const struct page_header *h, struct slice *body,
                      int max, struct error *err)
{
    int width = bit_width((uint32_t)max);
    size_t n = (size_t)h->n_values, bytes = (n * (size_t)width + 7) / 8, at = p->old_levels.len;
    if (n > LEVELS_LIMIT || bytes > body->len)
        return damaged(p, err);
    if (buffer_zeros(&p->old_levels, n) < 0)
        return error_memory(err);
    for (size_t i = 0; i < n * (size_t)width; i++) {
        uint8_t *level = &p->old_levels.data[at + i / (size_t)width];
        *level = (uint8_t)(*level << 1 | ((uint8_t)body->ptr[i / 8] >> (7 - i % 8) & 1));
    }
    *body = slice_of(body->ptr + bytes, body->len - bytes);
    return 0;
}

static int start_levels_v1(struct parquet_pages *p, const struct page_header *h, int max,
                           int encoding, struct slice *body, struct rle_reader *r,
                           struct error *err)
{
    uint32_t len;
    rle_reader_init(r, slice_of(body->ptr, 0), 0);
    if (!max)
        return 0;
    if (encoding == PARQUET_BIT_PACKED)
        return old_levels(p, h, body, max, err);
    if (encoding != PARQUET_RLE || body->len < 4)
        return damaged(p, err);
    memcpy(&len, body->ptr, sizeof len);
    if (len > body->len - 4)
        return damaged(p, err);
    rle_reader_init(r, slice_of(body->ptr + 4, len), bit_width((uint32_t)max));
    *body = slice_of(body->ptr + 4 + len, body->len - 4 - len);
    return 0;
}

static void start_levels_v2(struct parquet_pages *p, const struct page_header *h,
                            struct slice *body)
{
    size_t rep = (size_t)h->rep_len, def = (size_t)h->def_len;
    rle_reader_init(&p->rep, slice_of(body->ptr, rep), bit_width((uint32_t)p->leaf->max_rep));
    rle_reader_init(&p->def, slice_of(body->ptr + rep, def), bit_width((uint32_t)p->leaf->max_def));
    *body = slice_of(body->ptr + rep + def, body->len - rep - def);
}

static int start_data(struct parquet_pages *p, const struct page_header *h, struct error *err)
{
    TRY(read_body(p, h, &p->body, err));
    struct slice body = buffer_view(&p->body);
    buffer_reset(&p->old_levels);
    p->old_rep = p->old_def = p->old_end = 0;
    if (h->kind == PARQUET_DATA_V2) {
        start_levels_v2(p, h, &body);
    } else {
        TRY(start_levels_v1(p, h, p->leaf->max_rep, h->rep_encoding, &body, &p->rep, err));
        p->old_def = p->old_levels.len;
        TRY(start_levels_v1(p, h, p->leaf->max_def, h->def_encoding, &body, &p->def, err));
        p->old_end = p->old_levels.len;
    }
    p->page_left = h->n_values;
    p->left -= h->n_values;
    return parquet_values_start(&p->values, p->leaf, h->encoding, body, (size_t)h->n_values, err);
}

static int start_dictionary(struct parquet_pages *p, const struct page_header *h, struct error *err)
{
    if (h->encoding != PARQUET_PLAIN && h->encoding != PARQUET_PLAIN_DICTIONARY)
        return damaged(p, err);
    TRY(read_body(p, h, &p->dictionary, err));
    return parquet_values_dictionary(&p->values, p->leaf, buffer_view(&p->dictionary),
                                     (size_t)h->n_values, err);
}

/* The next page that has levels: 1, 0 at the end of the chunk. */
static int next_page(struct parquet_pages *p, struct error *err)
{
    struct page_header h;
    while (p->left > 0) {
        TRY(next_header(p, &h, err));
        if (h.kind == PARQUET_DICTIONARY_PAGE)
            TRY(start_dictionary(p, &h, err));
        else if (is_data(&h))
            TRY(start_data(p, &h, err));
        else
            TRY(read_body(p, &h, &p->body, err)); /* an index page: nothing for us */
        if (p->page_left)
            return 1;
    }
    return 0;
}

int parquet_pages_seek(struct parquet_pages *p, int64_t at, int64_t level, int64_t n_levels,
                       struct error *err)
{
    struct page_header h = {.kind = -1};
    /* Nothing has been read: what lies before the first data page is the dictionary. */
    if (p->left == n_levels && !p->page_left && !p->values.n_dictionary && n_levels > 0) {
        TRY(next_header(p, &h, err));
        if (h.kind == PARQUET_DICTIONARY_PAGE)
            TRY(start_dictionary(p, &h, err));
    }
    if (at < 4 || at >= p->end || level < 0 || level > n_levels)
        return damaged(p, err);
    p->at = at;
    p->window.len = p->window_at = 0;
    p->left = n_levels - level;
    p->page_left = 0;
    return 0;
}

/* On behind a page's body, which is not looked at. */
static void pass_body(struct parquet_pages *p, const struct page_header *h)
{
    size_t packed = (size_t)h->packed, have = p->window.len - p->window_at;
    if (packed <= have) {
        p->window_at += packed;
        return;
    }
    p->at += (int64_t)(packed - have);
    p->at = p->at < p->end ? p->at : p->end;
    p->window.len = p->window_at = 0;
}

int parquet_pages_pass(struct parquet_pages *p, int64_t n, int64_t *ret, struct error *err)
{
    struct page_header h;
    *ret = 0;
    if (p->page_left > n)
        return 0;
    *ret = p->page_left;
    p->page_left = 0;
    while (*ret < n && p->left > 0) {
        TRY(next_header(p, &h, err));
        if (h.kind == PARQUET_DICTIONARY_PAGE) {
            TRY(start_dictionary(p, &h, err));
        } else if (is_data(&h) && h.n_values > n - *ret) {
            return start_data(p, &h, err);
        } else {
            pass_body(p, &h);
            *ret += is_data(&h) ? h.n_values : 0;
            p->left -= is_data(&h) ? h.n_values : 0;
        }
    }
    return 0;
}

/* Levels of one kind, none above the maximum. */
static int read_levels(struct parquet_pages *p, struct rle_reader *r, size_t *old, size_t old_end,
                       int max, size_t n, uint8_t *ret, struct error *err)
{
    if (*old < old_end) {
        memcpy(ret, p->old_levels.data + *old, n);
        *old += n;
    } else if (!rle_read_bytes(r, n, ret)) {
        return damaged(p, err);
    }
    uint8_t greatest = 0;
    for (size_t i = 0; i < n; i++)
        greatest = ret[i] > greatest ? ret[i] : greatest;
    return greatest > max ? damaged(p, err) : 0;
}

int parquet_levels_read(struct parquet_pages *p, int n, uint8_t *def, uint8_t *rep,
                        struct error *err)
{
    if (!p->page_left) {
        int more = next_page(p, err);
        if (more <= 0)
            return more;
    }
    if (n > p->page_left)
        n = (int)p->page_left;
    if (p->leaf->max_rep)
        TRY(read_levels(p, &p->rep, &p->old_rep, p->old_def, p->leaf->max_rep, (size_t)n, rep,
                        err));
    if (p->leaf->max_def)
        TRY(read_levels(p, &p->def, &p->old_def, p->old_end, p->leaf->max_def, (size_t)n, def,
                        err));
    else
        memset(def, 0, (size_t)n);
    p->page_left -= n;
    return n;
}
