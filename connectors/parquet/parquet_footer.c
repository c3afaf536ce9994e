#include "connectors/parquet/parquet_footer.h"

#include "connectors/parquet/thrift.h"

#ifndef SLUICE_BUILD
#define SLUICE_BUILD "release"
#endif

struct element {
    struct slice name;
    int type; /* parquet_type, or -1 for a group */
    int width, repetition, n_children;
    enum parquet_converted converted;
    const struct field *field; /* for a logical type; NULL: none */
};

static void put_unit_micros(struct thrift_out *t)
{
    int unit = thrift_begin(t, 2), micros = thrift_begin(t, 2);
    thrift_end(t, micros);
    thrift_end(t, unit);
}

static void put_logical(struct thrift_out *t, enum parquet_logical logical, const struct field *f)
{
    int outer = thrift_begin(t, 10), inner = thrift_begin(t, (int)logical);
    if (logical == PARQUET_LOGICAL_DECIMAL) {
        thrift_put_i32(t, 1, f->scale);
        thrift_put_i32(t, 2, f->precision);
    }
    if (logical == PARQUET_LOGICAL_TIMESTAMP) {
        thrift_put_bool(t, 1, 1);
        put_unit_micros(t);
    }
    thrift_end(t, inner);
    thrift_end(t, outer);
}

static enum parquet_logical logical_of(const struct field *f, enum parquet_converted *ret)
{
    switch (f->type) {
    case TYPE_UTF8:
    case TYPE_DICT:
        *ret = PARQUET_UTF8;
        return PARQUET_LOGICAL_STRING;
    case TYPE_DECIMAL:
        *ret = PARQUET_DECIMAL;
        return PARQUET_LOGICAL_DECIMAL;
    case TYPE_DATE:
        *ret = PARQUET_DATE;
        return PARQUET_LOGICAL_DATE;
    case TYPE_TIMESTAMP:
        *ret = PARQUET_TIMESTAMP_MICROS;
        return PARQUET_LOGICAL_TIMESTAMP;
    case TYPE_LIST:
        *ret = parquet_is_map(f) ? PARQUET_MAP : PARQUET_LIST;
        return parquet_is_map(f) ? PARQUET_LOGICAL_MAP : PARQUET_LOGICAL_LIST;
    default:
        *ret = PARQUET_NOT_CONVERTED;
        return PARQUET_LOGICAL_NONE;
    }
}

static void put_element(struct thrift_out *t, const struct element *e)
{
    enum parquet_converted converted = PARQUET_NOT_CONVERTED;
    enum parquet_logical logical =
        e->field ? logical_of(e->field, &converted) : PARQUET_LOGICAL_NONE;
    int outer = thrift_begin(t, 0);
    if (e->type >= 0)
        thrift_put_i32(t, 1, e->type);
    if (e->type == PARQUET_FIXED)
        thrift_put_i32(t, 2, e->width);
    if (e->repetition >= 0)
        thrift_put_i32(t, 3, e->repetition);
    thrift_put_bytes(t, 4, e->name);
    if (e->type < 0)
        thrift_put_i32(t, 5, e->n_children);
    if (converted != PARQUET_NOT_CONVERTED)
        thrift_put_i32(t, 6, (int32_t)converted);
    if (converted == PARQUET_DECIMAL) {
        thrift_put_i32(t, 7, e->field->scale);
        thrift_put_i32(t, 8, e->field->precision);
    }
    if (logical)
        put_logical(t, logical, e->field);
    thrift_end(t, outer);
}

static int count_elements(const struct field *f)
{
    if (f->type != TYPE_LIST && f->type != TYPE_STRUCT)
        return 1;
    int n = f->type == TYPE_LIST && !parquet_is_map(f) ? 2 : 1;
    for (int i = 0; i < f->n_children; i++)
        n += count_elements(&f->children[i]);
    return n;
}

static void put_field(struct thrift_out *t, const struct field *f, struct slice name);

/* optional MAP { repeated key_value { required key; optional value } } */
static void put_map(struct thrift_out *t, const struct field *f, struct slice name)
{
    const struct field *key = &f->children[0].children[0], *value = key + 1;
    struct element e = {.name = SLICE_LIT("key"), .field = key};
    put_element(
        t,
        &(struct element){
            .name = name, .type = -1, .repetition = PARQUET_OPTIONAL, .n_children = 1, .field = f});
    put_element(t, &(struct element){.name = f->children[0].name,
                                     .type = -1,
                                     .repetition = PARQUET_REPEATED,
                                     .n_children = 2});
    e.type = (int)parquet_physical(key, &e.width);
    e.repetition = PARQUET_REQUIRED;
    put_element(t, &e);
    put_field(t, value, SLICE_LIT("value"));
}

/* Lists in the strict three levels: optional LIST { repeated list { optional element } }. */
static void put_field(struct thrift_out *t, const struct field *f, struct slice name)
{
    struct element e = {
        .name = name, .type = -1, .repetition = PARQUET_OPTIONAL, .n_children = 1, .field = f};
    if (parquet_is_map(f)) {
        put_map(t, f, name);
        return;
    }
    if (f->type == TYPE_LIST) {
        put_element(t, &e);
        put_element(t, &(struct element){.name = SLICE_LIT("list"),
                                         .type = -1,
                                         .repetition = PARQUET_REPEATED,
                                         .n_children = 1});
        put_field(t, &f->children[0], SLICE_LIT("element"));
        return;
    }
    if (f->type == TYPE_STRUCT) {
        e.n_children = f->n_children;
        put_element(t, &e);
        for (int i = 0; i < f->n_children; i++)
            put_field(t, &f->children[i], f->children[i].name);
        return;
    }
    e.type = (int)parquet_physical(f, &e.width);
    put_element(t, &e);
}

static void put_schema(struct thrift_out *t, const struct schema *schema)
{
    int n = 1;
    for (int i = 0; i < schema->n_fields; i++)
        n += count_elements(&schema->fields[i]);
    thrift_put_list(t, 2, THRIFT_STRUCT, (size_t)n);
    put_element(t, &(struct element){.name = SLICE_LIT("schema"),
                                     .type = -1,
                                     .repetition = -1,
                                     .n_children = schema->n_fields});
    for (int i = 0; i < schema->n_fields; i++)
        put_field(t, &schema->fields[i], schema->fields[i].name);
}

/* Where the chunk's indexes were written; 0: there is none. */
struct index_place {
    int64_t column_at, offset_at;
};

static void put_chunk(struct thrift_out *t, const struct parquet_chunk *c,
                      const struct index_place *place)
{
    int outer = thrift_begin(t, 0);
    thrift_put_i64(t, 2, 0);
    int inner = thrift_begin(t, 3); /* its fields were encoded when it was written */
    t->failed |= buffer_slice(t->to, c->metadata) < 0;
    t->last = inner;
    thrift_put_i64(t, 4, place->offset_at);
    thrift_put_i32(t, 5, (int32_t)c->offset_index.len);
    if (c->column_index.ptr) {
        thrift_put_i64(t, 6, place->column_at);
        thrift_put_i32(t, 7, (int32_t)c->column_index.len);
    }
    thrift_end(t, outer);
}

static void put_group(struct thrift_out *t, const struct parquet_group *g, int n_leaves,
                      int ordinal, const struct index_place *places)
{
    int64_t packed = 0, unpacked = 0;
    int outer = thrift_begin(t, 0);
    thrift_put_list(t, 1, THRIFT_STRUCT, (size_t)n_leaves);
    for (int i = 0; i < n_leaves; i++) {
        put_chunk(t, &g->chunks[i], &places[i]);
        packed += g->chunks[i].packed_bytes;
        unpacked += g->chunks[i].unpacked_bytes;
    }
    thrift_put_i64(t, 2, unpacked);
    thrift_put_i64(t, 3, g->n_rows);
    if (n_leaves)
        thrift_put_i64(t, 5, g->chunks[0].at);
    thrift_put_i64(t, 6, packed);
    if (ordinal <= INT16_MAX)
        thrift_put_i16(t, 7, ordinal);
    thrift_end(t, outer);
}

static void put_pairs(struct thrift_out *t, const struct schema *schema)
{
    if (!schema->n_meta)
        return;
    thrift_put_list(t, 5, THRIFT_STRUCT, (size_t)schema->n_meta);
    for (int i = 0; i < schema->n_meta; i++) {
        int outer = thrift_begin(t, 0);
        thrift_put_bytes(t, 1, schema->meta[i].key);
        thrift_put_bytes(t, 2, schema->meta[i].value);
        thrift_end(t, outer);
    }
}

/* Every leaf has its type's own order; without this, bounds mean nothing. */
static void put_orders(struct thrift_out *t, int n_leaves)
{
    thrift_put_list(t, 7, THRIFT_STRUCT, (size_t)n_leaves);
    for (int i = 0; i < n_leaves; i++) {
        int outer = thrift_begin(t, 0), inner = thrift_begin(t, 1);
        thrift_end(t, inner);
        thrift_end(t, outer);
    }
}

static int put_footer(const struct parquet_footer *f, const struct index_place *places,
                      struct buffer *ret)
{
    struct thrift_out t = {.to = ret};
    int ordinal = 0;
    thrift_put_i32(&t, 1, 1);
    put_schema(&t, f->schema);
    thrift_put_i64(&t, 3, f->n_rows);
    thrift_put_list(&t, 4, THRIFT_STRUCT, (size_t)f->n_groups);
    for (const struct parquet_group *g = f->groups; g; g = g->next, ordinal++)
        put_group(&t, g, f->n_leaves, ordinal, places + (size_t)ordinal * (size_t)f->n_leaves);
    put_pairs(&t, f->schema);
    thrift_put_bytes(&t, 6,
                     SLICE_LIT("sluice version " SLUICE_VERSION " (build " SLUICE_BUILD ")"));
    put_orders(&t, f->n_leaves);
    thrift_end(&t, 0);
    uint32_t len = (uint32_t)ret->len;
    TRY(buffer_append(ret, &len, sizeof len));
    TRY(buffer_string(ret, PARQUET_MAGIC));
    return t.failed ? ERR_MEMORY : 0;
}

/* All column indexes, then all offset indexes, as readers expect to fetch them. */
static int write_indexes(const struct parquet_footer *f, struct file_out *file,
                         struct index_place *places, struct error *err)
{
    size_t at = 0;
    for (const struct parquet_group *g = f->groups; g; g = g->next)
        for (int i = 0; i < f->n_leaves; i++, at++) {
            places[at].column_at = file_offset(file);
            TRY(file_write(file, g->chunks[i].column_index.ptr, g->chunks[i].column_index.len,
                           err));
        }
    at = 0;
    for (const struct parquet_group *g = f->groups; g; g = g->next)
        for (int i = 0; i < f->n_leaves; i++, at++) {
            places[at].offset_at = file_offset(file);
            TRY(file_write(file, g->chunks[i].offset_index.ptr, g->chunks[i].offset_index.len,
                           err));
        }
    return 0;
}

int parquet_footer_write(const struct parquet_footer *f, struct file_out *file, struct error *err)
{
    struct arena arena;
    struct buffer bytes = {0};
    arena_init(&arena, 0);
    struct index_place *places =
        ARENA_ARRAY(&arena, struct index_place, (size_t)f->n_groups * (size_t)f->n_leaves + 1);
    int code = places ? write_indexes(f, file, places, err) : error_memory(err);
    if (code == 0 && put_footer(f, places, &bytes) < 0)
        code = error_memory(err);
    if (code == 0 && bytes.len > INT32_MAX)
        code = error_set(err, ERR_DATA, "the Parquet file has too many row groups");
    if (code == 0)
        code = file_write(file, bytes.data, bytes.len, err);
    arena_done(&arena);
    buffer_done(&bytes);
    return code;
}
