#include "pipelines/profile.h"

#include <math.h>
#include <stdlib.h>

#include "core/hash.h"

static int look_init(struct profile_look *l, const struct field *f)
{
    l->field = f;
    l->least.len = l->greatest.len = l->low_text.len = l->high_text.len = -1;
    l->shortest_text.len = l->longest_text.len = -1;
    l->shortest = INT64_MAX;
    l->longest = -1;
    TRY(frequent_init(&l->values));
    return frequent_init(&l->shapes);
}

int profile_init(struct profile *p, const struct schema *schema, struct error *err)
{
    *p = (struct profile){.schema = schema_ref(schema)};
    p->looks = calloc((size_t)schema->n_fields + 1, sizeof *p->looks);
    if (!p->looks)
        return error_memory(err);
    for (int i = 0; i < schema->n_fields; i++)
        if (look_init(&p->looks[i], &schema->fields[i]) < 0)
            return error_memory(err);
    return 0;
}

void profile_done(struct profile *p)
{
    for (int i = 0; p->looks && i < p->schema->n_fields; i++) {
        struct profile_look *l = &p->looks[i];
        frequent_done(&l->values);
        frequent_done(&l->shapes);
        quantiles_done(&l->numbers);
        free(l->distinct);
    }
    free(p->looks);
    schema_unref(p->schema);
    *p = (struct profile){0};
}

static void keep(struct kept_text *k, struct slice s)
{
    size_t n = s.len;
    if (n > PROFILE_KEPT)
        for (n = PROFILE_KEPT; n && (s.ptr[n] & 0xc0) == 0x80; n--)
            continue;
    if (n)
        memcpy(k->bytes, s.ptr, n);
    k->len = (int)n;
}

static struct slice kept(const struct kept_text *k)
{
    return slice_of(k->bytes, k->len < 0 ? 0 : (size_t)k->len);
}

static int64_t characters(struct slice s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += (s.ptr[i] & 0xc0) != 0x80;
    return n;
}

static char shape_class(char c)
{
    if (c >= '0' && c <= '9')
        return '9';
    if (c >= 'A' && c <= 'Z')
        return 'A';
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 128 ? 'a' : c;
}

size_t profile_shape(struct slice text, char to[PROFILE_SHAPE])
{
    size_t n = 0;
    for (size_t i = 0; i < text.len && n + 4 < PROFILE_SHAPE;) {
        char kind = shape_class(text.ptr[i]);
        size_t run = 0;
        for (; i < text.len && shape_class(text.ptr[i]) == kind; i++)
            run += (text.ptr[i] & 0xc0) != 0x80;
        if (run <= 3 || (kind == '9' && run <= 8)) {
            for (size_t j = 0; j < (run ? run : 1) && n < PROFILE_SHAPE; j++)
                to[n++] = kind;
        } else {
            to[n++] = kind;
            to[n++] = '+';
        }
    }
    return n;
}

static double number_of(struct slice s)
{
    static const double powers[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                    1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
    int64_t whole = 0;
    size_t at = s.ptr[0] == '-', digits = 0, point = s.len;
    for (; at < s.len && digits < 18; at++) {
        if (s.ptr[at] == '.') {
            point = at + 1;
            continue;
        }
        if (s.ptr[at] < '0' || s.ptr[at] > '9')
            break;
        whole = whole * 10 + (s.ptr[at] - '0');
        digits++;
    }
    double v = (double)whole;
    if (point < at)
        v /= powers[at - point];
    if (at < s.len) {
        char text[64];
        size_t n = s.len < sizeof text - 1 ? s.len : sizeof text - 1;
        memcpy(text, s.ptr, n);
        text[n] = '\0';
        return strtod(text, NULL);
    }
    return s.ptr[0] == '-' ? -v : v;
}

static int look_at_number(struct profile_look *l, struct slice s, int64_t times)
{
    double v = number_of(s);
    if (!l->numbers.cells)
        TRY(quantiles_init(&l->numbers));
    if (l->low_text.len < 0 || v < l->low) {
        l->low = v;
        keep(&l->low_text, s);
    }
    if (l->high_text.len < 0 || v > l->high) {
        l->high = v;
        keep(&l->high_text, s);
    }
    quantiles_add(&l->numbers, v, times);
    return 0;
}

static void look_at_length(struct profile_look *l, struct slice s)
{
    int64_t n = characters(s);
    if (n < l->shortest) {
        l->shortest = n;
        keep(&l->shortest_text, s);
    }
    if (n > l->longest) {
        l->longest = n;
        keep(&l->longest_text, s);
    }
}

static void look_at_order(struct profile_look *l, struct slice s)
{
    if (l->least.len < 0 || slice_compare(s, kept(&l->least)) < 0)
        keep(&l->least, s);
    if (l->greatest.len < 0 || slice_compare(s, kept(&l->greatest)) > 0)
        keep(&l->greatest, s);
}

static int look_at_shape(struct profile_look *l, struct slice s, int64_t times)
{
    char shape[PROFILE_SHAPE];
    struct slice text = slice_of(shape, profile_shape(s, shape));
    uint64_t hash = hash_fixed(text.ptr, text.len);
    int code = frequent_add(&l->shapes, hash, text);
    if (code == FREQUENT_FULL) {
        TRY(frequent_lossy(&l->shapes));
        code = frequent_add(&l->shapes, hash, text);
    }
    TRY(code);
    if (times > 1)
        TRY(frequent_more(&l->shapes, hash, times - 1));
    l->shaped += times;
    return 0;
}

/* Everything that one value tells but how often it came. */
static int look_at_value(struct profile_look *l, struct slice s, int64_t times)
{
    int whole = 0, scale = 0;
    enum text_kind kind = text_kind_of(s, &whole, &scale);
    text_types_note(&l->types, s, kind, whole, scale, times);
    if (kind == TEXT_INTEGER || kind == TEXT_DECIMAL || kind == TEXT_REAL)
        TRY(look_at_number(l, s, times));
    look_at_length(l, s);
    look_at_order(l, s);
    return 0;
}

/* What the exact table holds goes where it would have gone. */
static int start_streaming(struct profile_look *l)
{
    l->distinct = calloc(1, sizeof *l->distinct);
    if (!l->distinct)
        return ERR_MEMORY;
    l->streaming = 1;
    for (uint32_t i = 0; i < l->values.n; i++) {
        const struct frequent_value *v = &l->values.values[i];
        hyperloglog_add(l->distinct, v->hash);
        TRY(look_at_value(l, v->text, v->count));
        TRY(look_at_shape(l, v->text, v->count));
    }
    return frequent_lossy(&l->values);
}

static int add_value(struct profile_look *l, struct slice s)
{
    uint64_t hash = hash_fixed(s.ptr, s.len);
    int code = frequent_add(&l->values, hash, s);
    if (code == FREQUENT_FULL) {
        TRY(start_streaming(l));
        code = frequent_add(&l->values, hash, s);
    }
    TRY(code);
    if (!l->streaming)
        return 0;
    hyperloglog_add(l->distinct, hash);
    if (l->rows % PROFILE_EVERY == 0)
        TRY(look_at_shape(l, s, 1));
    return look_at_value(l, s, 1);
}

static int add_column(struct profile_look *l, const struct column *c, int64_t n)
{
    struct buffer text = {0};
    int code = 0;
    for (int64_t row = 0; row < n && code >= 0; row++) {
        struct slice s;
        l->rows++;
        if (column_null(c, row)) {
            l->nulls++;
            continue;
        }
        if (l->field->type == TYPE_UTF8 || l->field->type == TYPE_DICT) {
            s = column_text(l->field, c, row);
        } else {
            buffer_reset(&text);
            code = value_text(l->field, c, row, &text);
            s = buffer_view(&text);
        }
        l->empty += !s.len;
        if (s.len && code >= 0)
            code = add_value(l, s);
    }
    buffer_done(&text);
    return code < 0 ? code : 0;
}

struct adding {
    struct profile *profile;
    const struct batch *batch;
};

static void add_task(void *arg, size_t i)
{
    const struct adding *a = arg;
    struct profile_look *l = &a->profile->looks[i];
    if (l->code == 0)
        l->code = add_column(l, &a->batch->columns[i], a->batch->n_rows);
}

int profile_add(struct profile *p, const struct batch *b, struct pool *pool, struct error *err)
{
    struct adding a = {p, b};
    pool_for(pool, (size_t)p->schema->n_fields, add_task, &a);
    p->rows += b->n_rows;
    for (int i = 0; i < p->schema->n_fields; i++)
        if (p->looks[i].code < 0)
            return error_memory(err);
    return 0;
}

/* An exact table is looked at once, value by value. */
static int end_look(struct profile_look *l)
{
    for (uint32_t i = 0; !l->streaming && i < l->values.n; i++) {
        const struct frequent_value *v = &l->values.values[i];
        TRY(look_at_value(l, v->text, v->count));
        TRY(look_at_shape(l, v->text, v->count));
    }
    return 0;
}

static void end_task(void *arg, size_t i)
{
    struct profile_look *l = &((struct profile *)arg)->looks[i];
    l->code = end_look(l);
}

int profile_end(struct profile *p, struct pool *pool, struct error *err)
{
    pool_for(pool, (size_t)p->schema->n_fields, end_task, p);
    for (int i = 0; i < p->schema->n_fields; i++)
        if (p->looks[i].code < 0)
            return error_memory(err);
    return 0;
}
