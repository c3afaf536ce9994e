#include "connectors/arrow/arrow_schema.h"

enum { MAX_DEPTH = 64, MAX_FIELDS = 100000 };

/* Schema.fbs, union Type. */
enum type_tag {
    TAG_NULL = 1,
    TAG_INT,
    TAG_FLOAT,
    TAG_BINARY,
    TAG_UTF8,
    TAG_BOOL,
    TAG_DECIMAL,
    TAG_DATE,
    TAG_TIME,
    TAG_TIMESTAMP,
    TAG_INTERVAL,
    TAG_LIST,
    TAG_STRUCT,
    TAG_UNION,
    TAG_FIXED_BINARY,
    TAG_FIXED_LIST,
    TAG_MAP,
    TAG_DURATION,
    TAG_LARGE_BINARY,
    TAG_LARGE_UTF8,
    TAG_LARGE_LIST,
    TAG_RUN_END,
    TAG_BINARY_VIEW,
    TAG_UTF8_VIEW,
    TAG_LIST_VIEW,
    TAG_LARGE_LIST_VIEW,
};

static const char *const tag_names[] = {
    [TAG_INTERVAL] = "interval",   [TAG_UNION] = "union",
    [TAG_DURATION] = "duration",   [TAG_RUN_END] = "run-end encoded",
    [TAG_LIST_VIEW] = "list view", [TAG_LARGE_LIST_VIEW] = "large list view",
};

struct reading {
    struct arena *arena;
    struct error *err;
    int n_fields; /* so far, against schemas that fan out */
};

static int refuse(struct reading *r, const struct field *f, const char *what)
{
    return error_set(r->err, ERR_DATA, "column '%.*s' is of the Arrow type %s, which is not read",
                     (int)f->name.len, f->name.ptr, what);
}

static void becomes(struct arrow_field *w, struct field *f, enum arrow_kind kind, int64_t width,
                    enum type_id type)
{
    w->kind = kind;
    w->width = width;
    f->type = type;
}

static int read_int(struct reading *r, const struct fb_table *t, struct arrow_field *w,
                    struct field *f)
{
    int64_t bits = fb_int(t, 0, 4, 0);
    w->is_signed = fb_int(t, 1, 1, 0) != 0;
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
        return refuse(r, f, "int of an unknown width");
    int narrow = bits < 32 || (bits == 32 && w->is_signed);
    int plain = w->is_signed && bits >= 32;
    becomes(w, f, plain ? ARROW_PLAIN : ARROW_INT, bits / 8, narrow ? TYPE_INT32 : TYPE_INT64);
    if (bits == 64 && !w->is_signed) {
        f->type = TYPE_DECIMAL;
        f->precision = 20;
    }
    return 0;
}

static int read_float(struct reading *r, const struct fb_table *t, struct arrow_field *w,
                      struct field *f)
{
    int64_t precision = fb_int(t, 0, 2, 0);
    if (precision != 1 && precision != 2)
        return refuse(r, f, "float16");
    becomes(w, f, ARROW_PLAIN, precision == 1 ? 4 : 8,
            precision == 1 ? TYPE_FLOAT32 : TYPE_FLOAT64);
    return 0;
}

static int read_decimal(struct reading *r, const struct fb_table *t, struct arrow_field *w,
                        struct field *f)
{
    int64_t precision = fb_int(t, 0, 4, 0), scale = fb_int(t, 1, 4, 0), bits = fb_int(t, 2, 4, 128);
    if (bits != 32 && bits != 64 && bits != 128 && bits != 256)
        return refuse(r, f, "decimal of an unknown width");
    if (precision < 1 || precision > 38)
        return refuse(r, f, "decimal256 of more than 38 digits");
    if (scale < 0 || scale > precision)
        return refuse(r, f, "decimal with a scale outside its precision");
    becomes(w, f, bits == 128 ? ARROW_PLAIN : ARROW_DECIMAL, bits / 8, TYPE_DECIMAL);
    f->precision = (int)precision;
    f->scale = (int)scale;
    return 0;
}

/* Units: 0 s, 1 ms, 2 µs, 3 ns. */
static void set_unit(struct arrow_field *w, int64_t unit)
{
    w->multiply = unit == 0 ? 1000000 : unit == 1 ? 1000 : 1;
    w->divide = unit == 3 ? 1000 : 1;
}

static int read_time(struct reading *r, const struct fb_table *t, int tag, struct arrow_field *w,
                     struct field *f)
{
    int64_t unit = fb_int(t, 0, 2, tag == TAG_TIMESTAMP ? 0 : 1);
    if (unit < 0 || unit > 3)
        return refuse(r, f, "time of an unknown unit");
    set_unit(w, unit);
    if (tag == TAG_TIMESTAMP) {
        becomes(w, f, unit == 2 ? ARROW_PLAIN : ARROW_TIMESTAMP, 8, TYPE_TIMESTAMP);
    } else if (tag == TAG_TIME) {
        becomes(w, f, ARROW_TIME, unit < 2 ? 4 : 8, TYPE_UTF8);
    } else if (unit == 0) {
        becomes(w, f, ARROW_PLAIN, 4, TYPE_DATE);
    } else {
        becomes(w, f, ARROW_DATE64, 8, TYPE_DATE);
    }
    return 0;
}

static int read_fixed(struct reading *r, const struct fb_table *t, int tag, struct arrow_field *w,
                      struct field *f)
{
    int64_t n = fb_int(t, 0, 4, 0);
    if (n < 0)
        return refuse(r, f, "fixed size of less than nothing");
    if (tag == TAG_FIXED_LIST)
        becomes(w, f, ARROW_FIXED_LIST, n, TYPE_LIST);
    else
        becomes(w, f, ARROW_FIXED_SIZE, n, TYPE_BINARY);
    return 0;
}

static int read_type(struct reading *r, int64_t tag, const struct fb_table *t,
                     struct arrow_field *w, struct field *f)
{
    switch (tag) {
    case TAG_NULL:
        becomes(w, f, ARROW_NULL, 0, TYPE_UTF8);
        return 0;
    case TAG_BOOL:
        becomes(w, f, ARROW_BOOL, 0, TYPE_BOOL);
        return 0;
    case TAG_BINARY:
    case TAG_LARGE_BINARY:
        becomes(w, f, ARROW_BYTES, tag == TAG_BINARY ? 4 : 8, TYPE_BINARY);
        return 0;
    case TAG_UTF8:
    case TAG_LARGE_UTF8:
        becomes(w, f, ARROW_BYTES, tag == TAG_UTF8 ? 4 : 8, TYPE_UTF8);
        return 0;
    case TAG_BINARY_VIEW:
    case TAG_UTF8_VIEW:
        becomes(w, f, ARROW_VIEW, 16, tag == TAG_UTF8_VIEW ? TYPE_UTF8 : TYPE_BINARY);
        return 0;
    case TAG_LIST:
    case TAG_LARGE_LIST:
    case TAG_MAP:
        becomes(w, f, ARROW_LIST, tag == TAG_LARGE_LIST ? 8 : 4, TYPE_LIST);
        return 0;
    case TAG_STRUCT:
        becomes(w, f, ARROW_STRUCT, 0, TYPE_STRUCT);
        return 0;
    case TAG_INT:
        return read_int(r, t, w, f);
    case TAG_FLOAT:
        return read_float(r, t, w, f);
    case TAG_DECIMAL:
        return read_decimal(r, t, w, f);
    case TAG_DATE:
    case TAG_TIME:
    case TAG_TIMESTAMP:
        return read_time(r, t, (int)tag, w, f);
    case TAG_FIXED_BINARY:
    case TAG_FIXED_LIST:
        return read_fixed(r, t, (int)tag, w, f);
    default:
        return refuse(
            r, f, tag > 0 && tag <= TAG_LARGE_LIST_VIEW ? tag_names[tag] : "of a later version");
    }
}

/* DictionaryEncoding: the field's type is that of the values, the array holds their codes. */
static int read_encoding(struct reading *r, const struct fb_table *t, struct arrow_field *w,
                         const struct field *f)
{
    struct fb_table encoding = fb_get_table(t, 4);
    if (!encoding.doc)
        return 0;
    struct fb_table index = fb_get_table(&encoding, 1);
    int64_t bits = fb_int(&index, 0, 4, index.doc ? 0 : 32);
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
        return refuse(r, f, "dictionary with codes of an unknown width");
    w->coded = 1;
    w->dictionary_id = fb_int(&encoding, 0, 8, 0);
    w->code_width = (int)(bits / 8);
    w->code_signed = index.doc ? fb_int(&index, 1, 1, 0) != 0 : 1;
    return 0;
}

static int read_fields(struct reading *r, const struct fb_vector *v, int depth,
                       struct arrow_field **ret, struct field **ret_out);

static int read_field(struct reading *r, const struct fb_table *t, int depth, struct arrow_field *w,
                      struct field *f)
{
    f->name = fb_get_string(t, 0);
    if (!f->name.ptr)
        f->name = SLICE_LIT("");
    struct fb_table type = fb_get_table(t, 3);
    TRY(read_type(r, fb_int(t, 2, 1, 0), &type, w, f));
    TRY(read_encoding(r, t, w, f));
    int is_list = w->kind == ARROW_LIST || w->kind == ARROW_FIXED_LIST;
    if (is_list || w->kind == ARROW_STRUCT) {
        struct fb_vector children = fb_get_vector(t, 5, 4);
        if (is_list && children.n != 1)
            return refuse(r, f, "list without one child");
        struct field *out;
        TRY(read_fields(r, &children, depth + 1, &w->children, &out));
        w->n_children = f->n_children = (int)children.n;
        f->children = out;
        if (is_list)
            out->name = SLICE_LIT("item"); /* writers differ, and it means nothing */
    }
    w->out = f;
    return 0;
}

static int read_fields(struct reading *r, const struct fb_vector *v, int depth,
                       struct arrow_field **ret, struct field **ret_out)
{
    r->n_fields += v->n > MAX_FIELDS ? MAX_FIELDS : (int)v->n;
    if (depth > MAX_DEPTH || r->n_fields > MAX_FIELDS)
        return error_set(r->err, ERR_DATA, "the schema has more than %d fields or %d levels",
                         MAX_FIELDS, MAX_DEPTH);
    *ret = ARENA_ARRAY(r->arena, struct arrow_field, v->n + 1);
    *ret_out = ARENA_ARRAY(r->arena, struct field, v->n + 1);
    if (!*ret || !*ret_out)
        return error_memory(r->err);
    for (size_t i = 0; i < v->n; i++) {
        struct fb_table t = fb_vector_table(v, i);
        if (v->doc->bad)
            break;
        TRY(read_field(r, &t, depth, &(*ret)[i], &(*ret_out)[i]));
    }
    return 0;
}

int arrow_read_pairs(const struct fb_vector *v, struct arena *a, struct key_value **ret, int *ret_n,
                     struct error *err)
{
    if (v->n > MAX_FIELDS)
        return error_set(err, ERR_DATA, "more than %d entries of metadata", MAX_FIELDS);
    struct key_value *pairs = ARENA_ARRAY(a, struct key_value, v->n + 1);
    if (!pairs)
        return error_memory(err);
    for (size_t i = 0; i < v->n; i++) {
        struct fb_table t = fb_vector_table(v, i);
        pairs[i].key = fb_get_string(&t, 0);
        pairs[i].value = fb_get_string(&t, 1);
    }
    *ret = pairs;
    *ret_n = (int)v->n;
    return 0;
}

int arrow_read_schema(const struct fb_table *t, struct arena *a, struct arrow_schema *ret,
                      struct error *err)
{
    if (fb_int(t, 0, 2, 0) != 0)
        return error_set(err, ERR_DATA, "the Arrow stream is big-endian, which is not read");
    struct reading r = {.arena = a, .err = err};
    struct fb_vector fields = fb_get_vector(t, 1, 4), pairs = fb_get_vector(t, 2, 4);
    struct arrow_schema s = {.n_fields = (int)fields.n};
    struct field *out = NULL;
    TRY(read_fields(&r, &fields, 0, &s.fields, &out));
    TRY(arrow_read_pairs(&pairs, a, &s.meta, &s.n_meta, err));
    s.out = out;
    *ret = s;
    return 0;
}
