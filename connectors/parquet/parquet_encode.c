#include "connectors/parquet/parquet_column.h"
#include "connectors/parquet/rle.h"

#include <xxhash.h>

/* After this many values the dictionary is first judged, then at the end of every page. */
enum { FIRST_LOOK = 4096 };

/* How many of `all` equally likely values are seen after n drawings: all × (1 - e^(-n / all)). With
 * nothing but IEEE operations, so that the same data is encoded the same way everywhere. */
static double seen_of(double all, double n)
{
    double power = 1 - n / all / 1024;
    if (power <= 0)
        return all;
    for (int i = 0; i < 10; i++)
        power *= power;
    return all * (1 - power);
}

/* Distinct values there may be, from d seen among n. */
static double distinct_values(double d, double n)
{
    double low = d, high = 1e9;
    for (int i = 0; i < 40; i++) {
        double middle = (low + high) / 2;
        if (seen_of(middle, n) < d)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Turns the codes of the page back into the values they stand for. */
static int codes_to_plain(struct parquet_column *c)
{
    const uint32_t *codes = (const uint32_t *)(const void *)c->codes.data;
    const struct parquet_dictionary *d = &c->dictionary;
    size_t n = c->codes.len / sizeof *codes;
    for (size_t i = 0; i < n; i++) {
        const struct parquet_entry *e = parquet_entry(d, codes[i]);
        if (c->leaf->type == PARQUET_BYTE_ARRAY)
            TRY(buffer_append(&c->plain, d->bytes.data + e->at - 4, e->len + 4u));
        else
            TRY(buffer_append(&c->plain, &e->key, (size_t)d->width));
    }
    buffer_reset(&c->codes);
    return 0;
}

int parquet_abandon_dictionary(struct parquet_column *c, struct error *err)
{
    if (c->n_coded_pages) {
        if (c->page_slots)
            TRY(parquet_flush_page(c, err));
    } else if (codes_to_plain(c) < 0) {
        return error_memory(err);
    }
    c->coding = 0;
    return 0;
}

/* What a row group of a Mi values would take, with a dictionary of all distinct values and packed
 * codes, against PLAIN, which packing may halve. */
static int still_worth_it(const struct parquet_column *c)
{
    uint32_t n = c->dictionary.n;
    int64_t n_values = c->n_values + c->page_values;
    if (c->dictionary.bytes.len > PARQUET_DICTIONARY_BYTES)
        return 0;
    if (n_values < FIRST_LOOK || n < FIRST_LOOK / 4 || c->page_rows < PARQUET_PAGE_ROWS) {
        int first = n_values >= FIRST_LOOK && n_values - c->step_values < FIRST_LOOK;
        if (!first || n < FIRST_LOOK / 4)
            return 1;
    }
    double group = 1 << 20, all = distinct_values(n, (double)n_values);
    double mean = (double)c->dictionary.bytes.len / n;
    double coded = all * mean + group * bit_width((uint32_t)all) / 8;
    return all * mean < PARQUET_DICTIONARY_BYTES * 2 && coded < group * mean / 2;
}

/* Values of a block: rows named, or one after another. */
struct block {
    const struct column *column;
    const int32_t *rows; /* NULL: first, first + 1, … */
    int64_t first;
    size_t n;
};

#define ROW(b, i) ((b)->rows ? (b)->rows[i] : (b)->first + (int64_t)(i))

static int gather_decimals(const struct block *b, int64_t limit, int64_t *ret, struct error *err)
{
    for (size_t i = 0; i < b->n; i++) {
        decimal128 v = column_decimal(b->column, ROW(b, i));
        if (v > limit || v < -(decimal128)limit)
            return error_set(err, ERR_DATA, "a decimal has more digits than its type");
        ret[i] = (int64_t)v;
    }
    return 0;
}

static int gather_ints(const struct parquet_leaf *leaf, const struct block *b, int64_t *ret,
                       struct error *err)
{
    switch (leaf->field->type) {
    case TYPE_INT32:
    case TYPE_DATE:
        for (size_t i = 0; i < b->n; i++)
            ret[i] = column_i32(b->column, ROW(b, i));
        return 0;
    case TYPE_BOOL:
        for (size_t i = 0; i < b->n; i++)
            ret[i] = column_bool(b->column, ROW(b, i));
        return 0;
    case TYPE_DECIMAL:
        return gather_decimals(b, leaf->width == 4 ? 999999999 : 999999999999999999, ret, err);
    default:
        for (size_t i = 0; i < b->n; i++)
            ret[i] = column_i64(b->column, ROW(b, i));
        return 0;
    }
}

static int put_plain_ints(struct buffer *to, const int64_t *values, size_t n, int width)
{
    size_t bytes = n * (size_t)width;
    TRY(buffer_reserve(to, bytes));
    uint8_t *p = to->data + to->len;
    if (width == 8) {
        memcpy(p, values, bytes);
    } else {
        for (size_t i = 0; i < n; i++)
            memcpy(p + i * (size_t)width, &values[i], (size_t)width);
    }
    to->len += bytes;
    return 0;
}

static int put_ints(struct parquet_column *c, const int64_t *values, size_t n)
{
    if (!c->coding)
        return put_plain_ints(&c->plain, values, n, c->leaf->width ? c->leaf->width : 1);
    TRY(buffer_reserve(&c->codes, n * sizeof(uint32_t)));
    uint32_t *codes = (uint32_t *)(void *)(c->codes.data + c->codes.len);
    TRY(parquet_code_ints(&c->dictionary, values, n, codes));
    c->codes.len += n * sizeof *codes;
    return 0;
}

static int hash_ints(struct parquet_column *c, const int64_t *values, size_t n)
{
    for (size_t i = 0; c->with_bloom && i < n; i++) {
        uint64_t hash = XXH64(&values[i], (size_t)c->leaf->width, 0);
        TRY(buffer_append(&c->bloom, &hash, sizeof hash));
    }
    return 0;
}

static int encode_ints(struct parquet_column *c, const struct block *b, struct error *err)
{
    int64_t values[PARQUET_BLOCK];
    TRY(gather_ints(c->leaf, b, values, err));
    parquet_bounds_ints(&c->bounds[c->current], values, b->n);
    c->raw_bytes += (int64_t)b->n * c->leaf->width;
    if (hash_ints(c, values, b->n) < 0 || put_ints(c, values, b->n) < 0)
        return error_memory(err);
    return 0;
}

/* Floats are coded by their bits; their order is another. */
static int encode_reals(struct parquet_column *c, const struct block *b, struct error *err)
{
    int64_t bits[PARQUET_BLOCK] = {0};
    double values[PARQUET_BLOCK];
    for (size_t i = 0; i < b->n; i++) {
        const char *at = (const char *)b->column->values + ROW(b, i) * c->leaf->width;
        float narrow;
        memcpy(&bits[i], at, (size_t)c->leaf->width);
        memcpy(&narrow, at, sizeof narrow);
        if (c->leaf->width == 4)
            values[i] = (double)narrow;
        else
            memcpy(&values[i], at, sizeof *values);
    }
    parquet_bounds_reals(&c->bounds[c->current], values, b->n);
    c->raw_bytes += (int64_t)b->n * c->leaf->width;
    return put_ints(c, bits, b->n) < 0 ? error_memory(err) : 0;
}

static int encode_wide(struct parquet_column *c, const struct block *b, struct error *err)
{
    size_t width = (size_t)c->leaf->width;
    if (buffer_reserve(&c->plain, b->n * width) < 0)
        return error_memory(err);
    for (size_t i = 0; i < b->n; i++) {
        decimal128 v = column_decimal(b->column, ROW(b, i));
        parquet_bounds_wide(&c->bounds[c->current], v);
        parquet_put_decimal(v, c->leaf->width, c->plain.data + c->plain.len);
        c->plain.len += width;
    }
    c->raw_bytes += (int64_t)(b->n * width);
    return 0;
}

static uint64_t prefix_slowly(const char *p, size_t len)
{
    uint8_t bytes[8] = {0};
    memcpy(bytes, p, len < 8 ? len : 8);
    uint64_t v;
    memcpy(&v, bytes, sizeof v);
    return __builtin_bswap64(v);
}

/* `end` is the end of the column's bytes: eight can be loaded at once up to there. */
static uint64_t prefix_of(const char *p, size_t len, const char *end)
{
    uint64_t v;
    if (end - p < 8)
        return prefix_slowly(p, len);
    memcpy(&v, p, sizeof v);
    v = __builtin_bswap64(v);
    return len >= 8 ? v : len ? v & ~(UINT64_MAX >> 8 * len) : 0;
}

static size_t gather_texts(const struct parquet_leaf *leaf, const struct block *b,
                           struct parquet_text *ret)
{
    const struct column *codes = leaf->field->type == TYPE_DICT ? b->column : NULL;
    const struct column *strings = codes ? &codes->children[0] : b->column;
    const char *bytes = strings->values, *end = bytes + strings->offsets[strings->length];
    size_t total = 0;
    for (size_t i = 0; i < b->n; i++) {
        int64_t row = codes ? column_i32(codes, ROW(b, i)) : ROW(b, i);
        const char *p = bytes + strings->offsets[row];
        size_t len = (size_t)(strings->offsets[row + 1] - strings->offsets[row]);
        ret[i] = (struct parquet_text){.ptr = p, .len = len, .prefix = prefix_of(p, len, end)};
        total += len;
    }
    return total;
}

static int text_order(const struct parquet_text *a, const struct parquet_text *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    return slice_compare(slice_of(a->ptr, a->len), slice_of(b->ptr, b->len));
}

/* `which`: the indices that count, or NULL for all of them. */
static int bound_texts(struct parquet_bounds *bounds, const struct parquet_text *texts,
                       const uint32_t *which, size_t n)
{
    if (!n)
        return 0;
    const struct parquet_text *min = &texts[which ? which[0] : 0], *max = min;
    for (size_t i = 1; i < n; i++) {
        const struct parquet_text *t = &texts[which ? which[i] : i];
        if (t->prefix <= min->prefix && text_order(t, min) < 0)
            min = t;
        else if (t->prefix >= max->prefix && text_order(t, max) > 0)
            max = t;
    }
    return parquet_bounds_bytes(bounds, slice_of(min->ptr, min->len), slice_of(max->ptr, max->len));
}

static int put_plain_texts(struct buffer *to, const struct parquet_text *texts, size_t n,
                           size_t total)
{
    TRY(buffer_reserve(to, total + n * 4));
    uint8_t *p = to->data + to->len;
    for (size_t i = 0; i < n; i++) {
        uint32_t len = (uint32_t)texts[i].len;
        memcpy(p, &len, 4);
        memcpy(p + 4, texts[i].ptr, len);
        p += 4 + len;
    }
    to->len += total + n * 4;
    return 0;
}

static int hash_texts(struct parquet_column *c, const struct parquet_text *texts, size_t n)
{
    for (size_t i = 0; c->with_bloom && i < n; i++) {
        uint64_t hash = XXH64(texts[i].ptr, texts[i].len, 0);
        TRY(buffer_append(&c->bloom, &hash, sizeof hash));
    }
    return 0;
}

static int code_texts(struct parquet_column *c, const struct parquet_text *texts, size_t n)
{
    uint32_t fresh[PARQUET_BLOCK];
    size_t n_fresh;
    TRY(buffer_reserve(&c->codes, n * sizeof(uint32_t)));
    uint32_t *codes = (uint32_t *)(void *)(c->codes.data + c->codes.len);
    TRY(parquet_code_texts(&c->dictionary, texts, n, c->n_pages + 1, codes, fresh, &n_fresh));
    c->codes.len += n * sizeof *codes;
    return bound_texts(&c->bounds[c->current], texts, fresh, n_fresh);
}

static int encode_texts(struct parquet_column *c, const struct block *b, struct error *err)
{
    struct parquet_text texts[PARQUET_BLOCK];
    size_t total = gather_texts(c->leaf, b, texts);
    c->raw_bytes += (int64_t)(total + 4 * b->n);
    if (hash_texts(c, texts, b->n) < 0)
        return error_memory(err);
    if (c->coding)
        return code_texts(c, texts, b->n) < 0 ? error_memory(err) : 0;
    if (bound_texts(&c->bounds[c->current], texts, NULL, b->n) < 0 ||
        put_plain_texts(&c->plain, texts, b->n, total) < 0)
        return error_memory(err);
    return 0;
}

static int encode_block(struct parquet_column *c, const struct block *b, struct error *err)
{
    switch (c->leaf->type) {
    case PARQUET_BYTE_ARRAY:
        return encode_texts(c, b, err);
    case PARQUET_FIXED:
        return encode_wide(c, b, err);
    case PARQUET_FLOAT:
    case PARQUET_DOUBLE:
        return encode_reals(c, b, err);
    default:
        return encode_ints(c, b, err);
    }
}

int parquet_encode(struct parquet_column *c, struct error *err)
{
    const struct parquet_shreds *s = &c->shreds;
    const int32_t *rows = s->rows.len ? (const int32_t *)(const void *)s->rows.data : NULL;
    for (int64_t at = 0; at < s->n_values; at += PARQUET_BLOCK) {
        int64_t left = s->n_values - at;
        struct block b = {.column = s->leaf,
                          .rows = rows ? rows + at : NULL,
                          .first = s->first + at,
                          .n = (size_t)(left < PARQUET_BLOCK ? left : PARQUET_BLOCK)};
        TRY(encode_block(c, &b, err));
        c->page_values += (int64_t)b.n;
    }
    c->step_values = s->n_values;
    return c->coding && !still_worth_it(c) ? parquet_abandon_dictionary(c, err) : 0;
}
