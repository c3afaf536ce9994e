#include <stdio.h>

#include "connectors/arrow/arrow_array.h"
#include "core/calendar.h"
#include "core/decimal.h"

struct making {
    enum arrow_memory memory;
    struct arena *arena;
    struct error *err;
};

static int damaged(const struct making *m, const struct arrow_array *a, const char *what)
{
    return error_set(m->err, ERR_DATA, "column '%.*s' of the Arrow data %s",
                     (int)a->field->out->name.len, a->field->out->name.ptr, what);
}

/* May the whole buffer serve as it is? */
static int usable(const struct making *m, const struct arrow_array *a, int64_t first, int64_t n,
                  const void *bytes)
{
    return m->memory == ARROW_IN_PLACE && first == 0 && n == a->length && bytes &&
           (uintptr_t)bytes % 8 == 0;
}

static void copy_bits(uint8_t *to, const uint8_t *from, int64_t first, int64_t n)
{
    const uint8_t *p = from + first / 8;
    int shift = (int)(first % 8);
    size_t bytes = (size_t)(n + 7) / 8, have = (size_t)(shift + n + 7) / 8;
    if (!shift) {
        memcpy(to, p, bytes);
        return;
    }
    for (size_t i = 0; i < bytes; i++) {
        unsigned next = i + 1 < have ? p[i + 1] : 0;
        to[i] = (uint8_t)(p[i] >> shift | next << (8 - shift));
    }
}

/* Bits n and on of the last byte are made zero, so that whole bytes can be counted. */
static int64_t count_set(uint8_t *bits, int64_t n)
{
    int64_t set = 0, i = 0;
    if (n % 8)
        bits[n / 8] = (uint8_t)(bits[n / 8] & ((1 << n % 8) - 1));
    int64_t bytes = (n + 7) / 8;
    for (; i + 8 <= bytes; i += 8) {
        uint64_t word;
        memcpy(&word, bits + i, 8);
        set += __builtin_popcountll(word);
    }
    for (; i < bytes; i++)
        set += __builtin_popcount(bits[i]);
    return set;
}

static int make_bits(struct making *m, const struct arrow_array *a, struct arrow_bytes from,
                     int64_t first, int64_t n, uint8_t **ret)
{
    if (usable(m, a, first, n, from.ptr)) {
        *ret = from.ptr;
        return 0;
    }
    *ret = arena_zalloc(m->arena, (size_t)n / 8 + 8);
    if (!*ret)
        return error_memory(m->err);
    if (n)
        copy_bits(*ret, from.ptr, first, n);
    return 0;
}

static int make_validity(struct making *m, const struct arrow_array *a, int64_t first,
                         struct column *c)
{
    if (!a->validity.len || !c->length)
        return 0;
    TRY(make_bits(m, a, a->validity, first, c->length, &c->validity));
    c->null_count = c->length - count_set(c->validity, c->length);
    if (!c->null_count)
        c->validity = NULL;
    return 0;
}

/* Values under nulls are zero in our batches. */
static void zero_nulls(struct column *c, size_t width)
{
    if (!c->validity)
        return;
    for (int64_t i = 0; i < c->length; i++)
        if (!bit_get(c->validity, i))
            memset((char *)c->values + (size_t)i * width, 0, width);
}

static int decimals_fit(const struct making *m, const struct arrow_array *a, const struct column *c)
{
    if (a->field->out->type != TYPE_DECIMAL || a->field->out->precision == DECIMAL_DIGITS)
        return 0;
    decimal128 bound = decimal_power(a->field->out->precision);
    for (int64_t i = 0; i < c->length; i++) {
        decimal128 v = column_decimal(c, i);
        if (v >= bound || v <= -bound)
            return damaged(m, a, "has a decimal with more digits than its type");
    }
    return 0;
}

static int make_plain(struct making *m, const struct arrow_array *a, int64_t first,
                      struct column *c)
{
    size_t width = (size_t)a->field->width;
    if (usable(m, a, first, c->length, a->data[0].ptr)) {
        c->values = a->data[0].ptr;
    } else {
        c->values = arena_alloc(m->arena, (size_t)c->length * width + 8);
        if (!c->values)
            return error_memory(m->err);
        if (c->length)
            memcpy(c->values, a->data[0].ptr + (size_t)first * width, (size_t)c->length * width);
    }
    zero_nulls(c, width);
    return decimals_fit(m, a, c);
}

static int make_bool(struct making *m, const struct arrow_array *a, int64_t first, struct column *c)
{
    uint8_t *bits;
    TRY(make_bits(m, a, a->data[0], first, c->length, &bits));
    c->values = bits;
    for (int64_t i = 0; c->validity && i < (c->length + 7) / 8; i++)
        bits[i] &= c->validity[i];
    return 0;
}

static int64_t load_int(const uint8_t *p, int64_t width, int is_signed)
{
    uint64_t v = 0;
    memcpy(&v, p, (size_t)width);
    if (width == 8 || !is_signed)
        return (int64_t)v;
    int shift = (int)(64 - 8 * width);
    return (int64_t)(v << shift) >> shift;
}

static int64_t floor_div(int64_t v, int64_t by)
{
    return v / by - (v % by < 0);
}

static int widen_int(const struct arrow_field *f, const uint8_t *p, void *to)
{
    int64_t v = load_int(p, f->width, f->is_signed);
    int32_t narrow = (int32_t)v;
    decimal128 wide = (uint64_t)v;
    if (f->out->type == TYPE_INT32)
        memcpy(to, &narrow, 4);
    else if (f->out->type == TYPE_INT64)
        memcpy(to, &v, 8);
    else
        memcpy(to, &wide, 16);
    return 1;
}

static int widen_decimal(const struct arrow_field *f, const uint8_t *p, void *to)
{
    decimal128 v;
    if (f->width < 16) {
        v = load_int(p, f->width, 1);
    } else {
        memcpy(&v, p, 16);
        int64_t high[2];
        memcpy(high, p + 16, 16);
        int64_t sign = v < 0 ? -1 : 0;
        if (high[0] != sign || high[1] != sign)
            return 0;
    }
    memcpy(to, &v, 16);
    return 1;
}

static int widen_date(const struct arrow_field *f, const uint8_t *p, void *to)
{
    (void)f;
    int64_t days = floor_div(load_i64(p), 86400000);
    int32_t v = (int32_t)days;
    memcpy(to, &v, 4);
    return days == v;
}

static int widen_timestamp(const struct arrow_field *f, const uint8_t *p, void *to)
{
    int64_t v = load_i64(p);
    if (__builtin_mul_overflow(v, f->multiply, &v))
        return 0;
    v = floor_div(v, f->divide);
    memcpy(to, &v, 8);
    return 1;
}

static int make_widened(struct making *m, const struct arrow_array *a, int64_t first,
                        struct column *c)
{
    const struct arrow_field *f = a->field;
    int (*widen)(const struct arrow_field *, const uint8_t *, void *) =
        f->kind == ARROW_INT       ? widen_int
        : f->kind == ARROW_DECIMAL ? widen_decimal
        : f->kind == ARROW_DATE64  ? widen_date
                                   : widen_timestamp;
    size_t width = type_width(f->out->type);
    c->values = arena_zalloc(m->arena, (size_t)c->length * width + 8);
    if (!c->values)
        return error_memory(m->err);
    for (int64_t i = 0; i < c->length; i++)
        if (!column_null(c, i) && !widen(f, a->data[0].ptr + (size_t)((first + i) * f->width),
                                         (char *)c->values + (size_t)i * width))
            return damaged(m, a, "has a value that does not fit");
    return decimals_fit(m, a, c);
}

static int64_t offset_at(const struct arrow_array *a, int64_t i)
{
    const uint8_t *p = a->data[0].ptr + (size_t)(i * a->field->width);
    return a->field->width == 4 ? load_i32(p) : load_i64(p);
}

static int offsets_room(struct making *m, struct column *c)
{
    c->offsets = arena_alloc(m->arena, 4 * ((size_t)c->length + 1));
    if (!c->offsets)
        return error_memory(m->err);
    c->offsets[0] = 0;
    return 0;
}

/* Offsets of the rows, from 0 on; *ret_from is the first one as it was. All lie in 0..limit. */
static int make_offsets(struct making *m, const struct arrow_array *a, int64_t first, int64_t limit,
                        struct column *c, int64_t *ret_from)
{
    *ret_from = 0;
    if (!c->length)
        return offsets_room(m, c);
    int64_t from = offset_at(a, first), last = from;
    int as_is = usable(m, a, first, c->length, a->data[0].ptr) && a->field->width == 4 && from == 0;
    if (as_is)
        c->offsets = (int32_t *)(void *)a->data[0].ptr;
    else
        TRY(offsets_room(m, c));
    for (int64_t i = 1; i <= c->length; i++) {
        int64_t at = offset_at(a, first + i);
        if (from < 0 || at < last || at > limit || at - from > INT32_MAX)
            return damaged(m, a, "has offsets that are out of order or out of bounds");
        last = at;
        if (!as_is)
            c->offsets[i] = (int32_t)(at - from);
    }
    *ret_from = from;
    return 0;
}

static int check_text(const struct making *m, const struct arrow_array *a, const struct column *c)
{
    struct slice all = slice_of(c->values, (size_t)c->offsets[c->length]);
    if (a->field->out->type != TYPE_UTF8)
        return 0;
    if (slice_utf8_valid(all) != all.len)
        return damaged(m, a, "has text that is not UTF-8");
    for (int64_t i = 0; i < c->length; i++)
        if (c->offsets[i] < c->offsets[c->length] && (all.ptr[c->offsets[i]] & 0xc0) == 0x80)
            return damaged(m, a, "has text that begins inside a character");
    return 0;
}

/* A null that has contents: they are dropped, all the rest is copied. */
static int drop_null_contents(struct making *m, const struct arrow_array *a, struct column *c)
{
    for (int64_t i = 0; c->validity && i < c->length; i++)
        if (!bit_get(c->validity, i) && c->offsets[i] != c->offsets[i + 1])
            return arrow_gather(a->field->out, c, NULL, c->length, m->arena, c, m->err);
    return 0;
}

static int make_bytes(struct making *m, const struct arrow_array *a, int64_t first,
                      struct column *c)
{
    int64_t from;
    TRY(make_offsets(m, a, first, (int64_t)a->data[1].len, c, &from));
    size_t len = (size_t)c->offsets[c->length];
    c->values = a->data[1].ptr ? a->data[1].ptr + from : NULL;
    if (m->memory == ARROW_COPY || !len) {
        void *copy = arena_alloc(m->arena, len + 8);
        if (!copy)
            return error_memory(m->err);
        if (len)
            memcpy(copy, c->values, len);
        c->values = copy;
    }
    TRY(drop_null_contents(m, a, c));
    return check_text(m, a, c);
}

static int view_at(const struct making *m, const struct arrow_array *a, int64_t row,
                   struct slice *ret)
{
    const uint8_t *view = a->data[0].ptr + (size_t)row * 16;
    int64_t len = load_i32(view);
    if (len >= 0 && len <= 12) {
        *ret = slice_of((const char *)view + 4, (size_t)len);
        return 0;
    }
    int64_t buffer = load_i32(view + 8), at = load_i32(view + 12);
    if (len < 0 || buffer < 0 || buffer >= a->n_variadic || at < 0 ||
        at + len > (int64_t)a->variadic[buffer].len)
        return damaged(m, a, "has a view that is out of bounds");
    *ret = slice_of((const char *)a->variadic[buffer].ptr + at, (size_t)len);
    return 0;
}

static int make_views(struct making *m, const struct arrow_array *a, int64_t first,
                      struct column *c)
{
    int64_t len = 0;
    struct slice s;
    TRY(offsets_room(m, c));
    for (int64_t i = 0; i < c->length; i++) {
        if (!column_null(c, i)) {
            TRY(view_at(m, a, first + i, &s));
            len += (int64_t)s.len;
        }
        if (len > INT32_MAX)
            return damaged(m, a, "has more than 2 GiB of text in a batch");
        c->offsets[i + 1] = (int32_t)len;
    }
    c->values = arena_alloc(m->arena, (size_t)len + 8);
    if (!c->values)
        return error_memory(m->err);
    for (int64_t i = 0; i < c->length; i++)
        if (c->offsets[i] != c->offsets[i + 1]) {
            TRY(view_at(m, a, first + i, &s));
            memcpy((char *)c->values + c->offsets[i], s.ptr, s.len);
        }
    return check_text(m, a, c);
}

static int make_fixed_size(struct making *m, const struct arrow_array *a, int64_t first,
                           struct column *c)
{
    int64_t width = a->field->width;
    TRY(offsets_room(m, c));
    c->values = arena_alloc(m->arena, (size_t)(c->length * width) + 8);
    if (!c->values)
        return error_memory(m->err);
    int32_t at = 0;
    for (int64_t i = 0; i < c->length; i++) {
        if (!column_null(c, i)) {
            if (width > INT32_MAX - at)
                return damaged(m, a, "has more than 2 GiB in a batch");
            if (width)
                memcpy((char *)c->values + at, a->data[0].ptr + (size_t)((first + i) * width),
                       (size_t)width);
            at += (int32_t)width;
        }
        c->offsets[i + 1] = at;
    }
    return 0;
}

/* A time of day as 12:34:56 or 12:34:56.000007. */
static int make_times(struct making *m, const struct arrow_array *a, int64_t first,
                      struct column *c)
{
    TRY(offsets_room(m, c));
    c->values = arena_alloc(m->arena, (size_t)c->length * 16 + 8);
    if (!c->values)
        return error_memory(m->err);
    size_t at = 0;
    for (int64_t i = 0; i < c->length; i++) {
        int64_t v =
            load_int(a->data[0].ptr + (size_t)((first + i) * a->field->width), a->field->width, 1);
        if (!column_null(c, i)) {
            if (v < 0 || v > MICROS_PER_DAY * a->field->divide / a->field->multiply)
                return damaged(m, a, "has a time outside the day");
            int64_t micros = v * a->field->multiply / a->field->divide;
            int seconds = (int)(micros / 1000000);
            char text[64];
            int len = snprintf(text, sizeof text, "%02d:%02d:%02d.%06d", seconds / 3600,
                               seconds / 60 % 60, seconds % 60, (int)(micros % 1000000));
            size_t keep = micros % 1000000 ? (size_t)len : 8;
            memcpy((char *)c->values + at, text, keep);
            at += keep;
        }
        c->offsets[i + 1] = (int32_t)at;
    }
    return 0;
}

static int make_column(struct making *m, const struct arrow_array *a, int64_t first, int64_t n,
                       struct column *c);

static int make_children(struct making *m, const struct arrow_array *a, int64_t first, int64_t n,
                         struct column *c)
{
    c->children = ARENA_ARRAY(m->arena, struct column, (size_t)a->field->n_children + 1);
    if (!c->children)
        return error_memory(m->err);
    for (int i = 0; i < a->field->n_children; i++)
        TRY(make_column(m, &a->children[i], first, n, &c->children[i]));
    return 0;
}

static int make_list(struct making *m, const struct arrow_array *a, int64_t first, struct column *c)
{
    int64_t from, width = a->field->width;
    if (a->field->kind == ARROW_LIST) {
        TRY(make_offsets(m, a, first, a->children[0].length, c, &from));
    } else {
        TRY(offsets_room(m, c));
        from = first * width;
        for (int64_t i = 1; i <= c->length; i++)
            c->offsets[i] = (int32_t)(i * width);
    }
    TRY(make_children(m, a, from, c->offsets[c->length], c));
    return drop_null_contents(m, a, c);
}

static int make_nulls(struct making *m, struct column *c)
{
    c->null_count = c->length;
    c->offsets = arena_zalloc(m->arena, 4 * ((size_t)c->length + 1));
    c->validity = arena_zalloc(m->arena, (size_t)c->length / 8 + 1);
    c->values = arena_zalloc(m->arena, 8);
    return c->offsets && c->validity && c->values ? 0 : error_memory(m->err);
}

static int make_decoded(struct making *m, const struct arrow_array *a, int64_t first,
                        struct column *c)
{
    const struct arrow_field *f = a->field;
    int64_t *rows = arena_alloc(m->arena, 8 * (size_t)c->length + 8);
    if (!rows)
        return error_memory(m->err);
    for (int64_t i = 0; i < c->length; i++) {
        rows[i] = -1;
        if (column_null(c, i))
            continue;
        rows[i] = load_int(a->data[0].ptr + (size_t)((first + i) * f->code_width), f->code_width,
                           f->code_signed);
        if (rows[i] < 0 || rows[i] >= a->dictionary->values.length)
            return damaged(m, a, "has a code that its dictionary does not");
    }
    return arrow_gather(f->out, &a->dictionary->values, rows, c->length, m->arena, c, m->err);
}

static int make_values(struct making *m, const struct arrow_array *a, int64_t first,
                       struct column *c)
{
    if (a->field->coded)
        return make_decoded(m, a, first, c);
    switch (a->field->kind) {
    case ARROW_NULL:
        return make_nulls(m, c);
    case ARROW_BOOL:
        return make_bool(m, a, first, c);
    case ARROW_PLAIN:
        return make_plain(m, a, first, c);
    case ARROW_TIME:
        return make_times(m, a, first, c);
    case ARROW_BYTES:
        return make_bytes(m, a, first, c);
    case ARROW_VIEW:
        return make_views(m, a, first, c);
    case ARROW_FIXED_SIZE:
        return make_fixed_size(m, a, first, c);
    case ARROW_LIST:
    case ARROW_FIXED_LIST:
        return make_list(m, a, first, c);
    case ARROW_STRUCT:
        return make_children(m, a, first, c->length, c);
    default:
        return make_widened(m, a, first, c);
    }
}

static int make_column(struct making *m, const struct arrow_array *a, int64_t first, int64_t n,
                       struct column *c)
{
    *c = (struct column){.length = n};
    TRY(make_validity(m, a, first, c));
    return make_values(m, a, first, c);
}

int arrow_column(const struct arrow_array *a, int64_t first, int64_t n, enum arrow_memory memory,
                 struct arena *arena, struct column *ret, struct error *err)
{
    struct making m = {.memory = memory, .arena = arena, .err = err};
    return make_column(&m, a, first, n, ret);
}
