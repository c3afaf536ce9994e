#include "connectors/parquet/parquet_index.h"

#include <math.h>
#include <xxhash.h>

#include "connectors/parquet/thrift.h"
#include "core/decimal.h"

enum { INDEX_LIMIT = 16 << 20, BLOCK_BYTES = 32, BLOOM_HEAD = 64 };

/* Bounds of these are not in the order of what they become, or are seldom stored. */
static int has_order(const struct parquet_node *leaf)
{
    switch (leaf->conversion) {
    case PARQUET_FIXED_BYTES:
    case PARQUET_FROM_INT96:
    case PARQUET_TIME_TEXT:
    case PARQUET_UUID_TEXT:
    case PARQUET_HALF:
        return 0;
    default:
        return 1;
    }
}

/* A bound is stored as PLAIN, byte arrays without their length. */
static int bound_fixed(const struct parquet_node *leaf, struct slice bytes, struct value *ret)
{
    struct parquet_dense dense = {0};
    struct buffer plain = {0};
    uint32_t len = (uint32_t)bytes.len;
    int code = 0;
    if (leaf->element->type == PARQUET_BYTE_ARRAY)
        code = buffer_append(&plain, &len, sizeof len);
    if (code == 0)
        code = buffer_slice(&plain, bytes);
    struct slice left = buffer_view(&plain);
    if (code == 0)
        code = parquet_convert(leaf, &left, 1, &dense);
    if (code > 0) {
        const struct column one = {.length = 1, .values = dense.fixed.data};
        const struct field *f = leaf->out;
        struct value v = {.kind = expression_kind(f)};
        if (f->type == TYPE_BOOL)
            v.at = dense.fixed.data[0] != 0;
        else if (v.kind == VALUE_REAL)
            v.real =
                f->type == TYPE_FLOAT64 ? column_f64(&one, 0) : (double)*(const float *)one.values;
        else if (f->type == TYPE_DECIMAL)
            v.number = column_decimal(&one, 0), v.scale = f->scale;
        else if (v.kind == VALUE_NUMBER)
            v.number = f->type == TYPE_INT32 ? column_i32(&one, 0) : column_i64(&one, 0);
        else
            v.at = f->type == TYPE_DATE ? column_i32(&one, 0) : column_i64(&one, 0);
        *ret = v;
    }
    buffer_done(&plain);
    parquet_dense_done(&dense);
    return code < 0 ? code : 0;
}

static int bound(const struct parquet_node *leaf, struct slice bytes, struct value *ret)
{
    ret->kind = VALUE_NULL;
    if (!bytes.ptr || !has_order(leaf))
        return 0;
    if (leaf->out->type == TYPE_UTF8 || leaf->out->type == TYPE_BINARY) {
        *ret = (struct value){.kind = VALUE_TEXT, .text = bytes};
        return 0;
    }
    if (!bytes.len)
        return 0;
    TRY(bound_fixed(leaf, bytes, ret));
    if (ret->kind == VALUE_REAL && isnan(ret->real))
        ret->kind = VALUE_NULL;
    return 0;
}

/* Bounds the wrong way round are not believed. */
static int both_bounds(const struct parquet_node *leaf, struct slice min, struct slice max,
                       struct expression_range *ret)
{
    int order;
    TRY(bound(leaf, min, &ret->low));
    TRY(bound(leaf, max, &ret->high));
    if (value_order(&ret->low, &ret->high, &order) && order > 0)
        ret->low.kind = ret->high.kind = VALUE_NULL;
    return 0;
}

int parquet_chunk_range(const struct parquet_node *leaf, const struct parquet_chunk_meta *c,
                        int64_t n_rows, struct arena *a, struct expression_range *ret)
{
    (void)a;
    *ret = (struct expression_range){.nulls = c->nulls, .rows = n_rows};
    return both_bounds(leaf, c->min, c->max, ret);
}

/* A part of the file in the arena; len 0 when it is not there or too long. */
static int read_part(const struct parquet_source *source, int64_t at, int64_t len, struct arena *a,
                     struct thrift_in *ret, struct error *err)
{
    *ret = (struct thrift_in){0};
    if (at < 4 || len <= 0 || len > INDEX_LIMIT || at > source->size - len)
        return 0;
    char *bytes = arena_alloc(a, (size_t)len);
    if (!bytes)
        return error_memory(err);
    TRY(parquet_source_read(source, at, (size_t)len, bytes, err));
    ret->at = (const uint8_t *)bytes;
    ret->end = ret->at + len;
    return 0;
}

static void read_place(struct thrift_in *t, enum thrift_type type, int64_t *at, int64_t *first_row)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    while (thrift_field(t, &f))
        if (f.id == 1)
            *at = thrift_int(t, f.type);
        else if (f.id == 3)
            *first_row = thrift_int(t, f.type);
        else
            thrift_skip(t, f.type);
    thrift_leave(t, outer);
}

static int places_make_sense(const struct parquet_page_places *p, const struct parquet_source *s,
                             int64_t n_rows)
{
    int good = p->n > 0 && p->first_row[0] == 0;
    for (int i = 0; good && i < p->n; i++)
        good = p->at[i] >= 4 && p->at[i] < s->size && p->first_row[i] < n_rows &&
               (!i || (p->first_row[i] > p->first_row[i - 1] && p->at[i] > p->at[i - 1]));
    return good;
}

int parquet_places_read(const struct parquet_source *source, const struct parquet_chunk_meta *c,
                        int64_t n_rows, struct arena *a, struct parquet_page_places *ret,
                        struct error *err)
{
    struct parquet_page_places p = {0};
    struct thrift_field f;
    struct thrift_in t;
    *ret = p;
    TRY(read_part(source, c->offset_index_at, c->offset_index_len, a, &t, err));
    if (!t.at)
        return 0;
    while (thrift_field(&t, &f))
        if (f.id == 1 && !p.at) {
            enum thrift_type of;
            size_t n = thrift_list(&t, f.type, &of);
            p.at = n < INT32_MAX ? ARENA_ARRAY(a, int64_t, n + 1) : NULL;
            p.first_row = p.at ? ARENA_ARRAY(a, int64_t, n + 1) : NULL;
            if (!p.first_row)
                return error_memory(err);
            p.n = (int)n;
            for (size_t i = 0; i < n && !t.failed; i++)
                read_place(&t, of, &p.at[i], &p.first_row[i]);
        } else {
            thrift_skip(&t, f.type);
        }
    if (!t.failed && places_make_sense(&p, source, n_rows))
        *ret = p;
    return 0;
}

/* A ColumnIndex, as its lists stand in the file. */
struct column_index {
    struct slice *min, *max;
    const uint8_t *is_null; /* 1: all null */
    int64_t *nulls;
    int n;
};

static struct slice *read_bounds(struct thrift_in *t, enum thrift_type type, int n, struct arena *a)
{
    enum thrift_type of;
    struct slice *bounds = ARENA_ARRAY(a, struct slice, (size_t)n + 1);
    t->failed |= !bounds || thrift_list(t, type, &of) != (size_t)n;
    for (int i = 0; i < n && !t->failed; i++)
        bounds[i] = thrift_bytes(t, of);
    return bounds;
}

static void read_null_pages(struct thrift_in *t, enum thrift_type type, struct column_index *x)
{
    enum thrift_type of;
    size_t n = thrift_list(t, type, &of);
    t->failed |= n != (size_t)x->n || (of != THRIFT_TRUE && of != THRIFT_FALSE);
    if (t->failed)
        return;
    x->is_null = t->at;
    t->at += n;
}

static void read_null_counts(struct thrift_in *t, enum thrift_type type, struct column_index *x,
                             struct arena *a)
{
    enum thrift_type of;
    x->nulls = ARENA_ARRAY(a, int64_t, (size_t)x->n + 1);
    t->failed |= !x->nulls || thrift_list(t, type, &of) != (size_t)x->n;
    for (int i = 0; i < x->n && !t->failed; i++)
        x->nulls[i] = thrift_int(t, of);
}

static void read_column_index(struct thrift_in *t, struct arena *a, struct column_index *x)
{
    struct thrift_field f;
    while (thrift_field(t, &f))
        switch (f.id) {
        case 1:
            read_null_pages(t, f.type, x);
            break;
        case 2:
            x->min = read_bounds(t, f.type, x->n, a);
            break;
        case 3:
            x->max = read_bounds(t, f.type, x->n, a);
            break;
        case 5:
            read_null_counts(t, f.type, x, a);
            break;
        default:
            thrift_skip(t, f.type);
        }
}

int parquet_page_ranges(const struct parquet_source *source, const struct parquet_node *leaf,
                        const struct parquet_chunk_meta *c, int64_t n_rows,
                        const struct parquet_page_places *places, struct arena *a,
                        struct expression_range **ret, struct error *err)
{
    struct column_index x = {.n = places->n};
    struct thrift_in t;
    *ret = NULL;
    TRY(read_part(source, c->column_index_at, c->column_index_len, a, &t, err));
    if (!t.at || !places->at)
        return 0;
    read_column_index(&t, a, &x);
    if (t.failed || !x.min || !x.max || !x.is_null)
        return 0;
    struct expression_range *ranges = ARENA_ARRAY(a, struct expression_range, (size_t)x.n + 1);
    if (!ranges)
        return error_memory(err);
    for (int i = 0; i < x.n; i++) {
        int64_t end = i + 1 < x.n ? places->first_row[i + 1] : n_rows;
        ranges[i].rows = end - places->first_row[i];
        ranges[i].nulls = x.is_null[i] == 1 ? ranges[i].rows : x.nulls ? x.nulls[i] : -1;
        if (x.is_null[i] != 1 && both_bounds(leaf, x.min[i], x.max[i], &ranges[i]) < 0)
            return error_memory(err);
    }
    *ret = ranges;
    return 0;
}

/* The bytes that the filter's hash is of; how many, or 0: none, so the filter says nothing. */
static size_t bloom_bytes(const struct parquet_node *leaf, const struct value *v, int64_t *room,
                          const void **ret)
{
    const struct field *f = leaf->out;
    int stored = leaf->element->type;
    decimal128 units = v->at;
    *ret = room;
    if (stored == PARQUET_BYTE_ARRAY && leaf->conversion == PARQUET_AS_IS &&
        v->kind == VALUE_TEXT) {
        *ret = v->text.ptr;
        return v->text.len;
    }
    if (v->kind != expression_kind(f) || (stored != PARQUET_INT32 && stored != PARQUET_INT64) ||
        (leaf->conversion != PARQUET_AS_IS && leaf->conversion != PARQUET_INT_DECIMAL))
        return 0;
    if (v->kind == VALUE_NUMBER &&
        !decimal_rescale(v->number, v->scale, f->type == TYPE_DECIMAL ? f->scale : 0, &units))
        return 0;
    if (stored == PARQUET_INT32 ? units < INT32_MIN || units > INT32_MAX
                                : units < INT64_MIN || units > INT64_MAX)
        return 0;
    *room = (int64_t)units;
    return stored == PARQUET_INT32 ? 4 : 8;
}

struct bloom_head {
    int64_t n_bytes, head_len;
    int known; /* algorithm, hash and compression are the ones there are */
};

static int is_first_choice(struct thrift_in *t, enum thrift_type type)
{
    struct thrift_field f;
    int first = 0, outer = thrift_enter(t, type);
    while (thrift_field(t, &f)) {
        first = f.id == 1;
        thrift_skip(t, f.type);
    }
    thrift_leave(t, outer);
    return first;
}

static int bloom_head(const struct parquet_source *source, int64_t at, struct bloom_head *ret)
{
    char bytes[BLOOM_HEAD];
    size_t len = source->size - at < BLOOM_HEAD ? (size_t)(source->size - at) : BLOOM_HEAD;
    if (parquet_source_read(source, at, len, bytes, NULL) < 0)
        return 0;
    struct thrift_in t = {.at = (const uint8_t *)bytes};
    struct thrift_field f;
    t.end = t.at + len;
    while (thrift_field(&t, &f))
        if (f.id == 1)
            ret->n_bytes = thrift_int(&t, f.type);
        else if (f.id >= 2 && f.id <= 4)
            ret->known += is_first_choice(&t, f.type);
        else
            thrift_skip(&t, f.type);
    ret->head_len = (const char *)t.at - bytes;
    return !t.failed && ret->known == 3 && ret->n_bytes >= BLOCK_BYTES &&
           ret->n_bytes % BLOCK_BYTES == 0 && ret->n_bytes <= source->size - at - ret->head_len;
}

int parquet_bloom_absent(const struct parquet_source *source, const struct parquet_node *leaf,
                         const struct parquet_chunk_meta *c, const struct value *v)
{
    static const uint32_t salt[8] = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                     0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};
    struct bloom_head head = {0};
    uint32_t block[8];
    const void *bytes;
    int64_t room;
    size_t len = bloom_bytes(leaf, v, &room, &bytes);
    if (!len || c->bloom_at < 4 || c->bloom_at >= source->size ||
        !bloom_head(source, c->bloom_at, &head))
        return 0;
    uint64_t hash = XXH64(bytes, len, 0), n_blocks = (uint64_t)head.n_bytes / BLOCK_BYTES;
    int64_t at =
        c->bloom_at + head.head_len + (int64_t)((hash >> 32) * n_blocks >> 32) * BLOCK_BYTES;
    if (parquet_source_read(source, at, sizeof block, block, NULL) < 0)
        return 0;
    for (int i = 0; i < 8; i++)
        if (!(block[i] >> ((uint32_t)hash * salt[i] >> 27) & 1))
            return 1;
    return 0;
}
