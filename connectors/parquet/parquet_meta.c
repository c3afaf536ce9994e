#include "connectors/parquet/parquet_meta.h"

#include "connectors/parquet/thrift.h"

/* Room for a list's elements, each of which takes a byte of the footer at least. */
static void *room(struct thrift_in *t, struct arena *a, enum thrift_type type, size_t size,
                  int *ret_n, enum thrift_type *ret_of)
{
    size_t n = thrift_list(t, type, ret_of);
    void *p = n <= INT32_MAX ? arena_array(a, size, n + 1) : NULL;
    if (!p)
        t->failed = 1;
    *ret_n = p ? (int)n : 0;
    return p;
}

static void read_unit(struct thrift_in *t, enum thrift_type type, struct parquet_element *e)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    while (thrift_field(t, &f)) {
        e->unit = f.id;
        thrift_skip(t, f.type);
    }
    thrift_leave(t, outer);
}

/* What stands in the struct of the logical type: fields 1 and 2 of any. */
static void read_parameters(struct thrift_in *t, enum thrift_type type, struct parquet_element *e)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    while (thrift_field(t, &f)) {
        int is_time = e->logical == PARQUET_LOGICAL_TIME || e->logical == PARQUET_LOGICAL_TIMESTAMP;
        if (is_time && f.id == 2)
            read_unit(t, f.type, e);
        else if (e->logical == PARQUET_LOGICAL_DECIMAL && f.id == 1)
            e->scale = (int)thrift_int(t, f.type);
        else if (e->logical == PARQUET_LOGICAL_DECIMAL && f.id == 2)
            e->precision = (int)thrift_int(t, f.type);
        else if (e->logical == PARQUET_LOGICAL_INTEGER && f.id == 1)
            e->bits = (int)thrift_int(t, f.type);
        else if (e->logical == PARQUET_LOGICAL_INTEGER && f.id == 2)
            e->is_unsigned = !thrift_bool(t, f.type);
        else
            thrift_skip(t, f.type);
    }
    thrift_leave(t, outer);
}

static void read_logical(struct thrift_in *t, enum thrift_type type, struct parquet_element *e)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    while (thrift_field(t, &f)) {
        e->logical = (enum parquet_logical)f.id;
        read_parameters(t, f.type, e);
    }
    thrift_leave(t, outer);
}

static void read_element(struct thrift_in *t, enum thrift_type type, struct parquet_element *e)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    *e = (struct parquet_element){.type = -1, .converted = PARQUET_NOT_CONVERTED};
    while (thrift_field(t, &f))
        switch (f.id) {
        case 1:
            e->type = (int)thrift_int(t, f.type);
            break;
        case 2:
            e->width = (int)thrift_int(t, f.type);
            break;
        case 3:
            e->repetition = (int)thrift_int(t, f.type);
            break;
        case 4:
            e->name = thrift_bytes(t, f.type);
            break;
        case 5:
            e->n_children = (int32_t)thrift_int(t, f.type);
            break;
        case 6:
            e->converted = (int)thrift_int(t, f.type);
            break;
        case 7:
            e->scale = (int)thrift_int(t, f.type);
            break;
        case 8:
            e->precision = (int)thrift_int(t, f.type);
            break;
        case 10:
            read_logical(t, f.type, e);
            break;
        default:
            thrift_skip(t, f.type);
        }
    thrift_leave(t, outer);
}

static void read_statistics(struct thrift_in *t, enum thrift_type type,
                            struct parquet_chunk_meta *c)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    while (thrift_field(t, &f))
        if (f.id == 3)
            c->nulls = thrift_int(t, f.type);
        else if (f.id == 5)
            c->max = thrift_bytes(t, f.type);
        else if (f.id == 6)
            c->min = thrift_bytes(t, f.type);
        else
            thrift_skip(t, f.type);
    thrift_leave(t, outer);
}

static void read_chunk_meta(struct thrift_in *t, enum thrift_type type,
                            struct parquet_chunk_meta *c)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    while (thrift_field(t, &f))
        switch (f.id) {
        case 1:
            c->type = (int)thrift_int(t, f.type);
            break;
        case 4:
            c->codec = (int)thrift_int(t, f.type);
            break;
        case 5:
            c->n_values = thrift_int(t, f.type);
            break;
        case 6:
            c->unpacked_bytes = thrift_int(t, f.type);
            break;
        case 7:
            c->packed_bytes = thrift_int(t, f.type);
            break;
        case 9:
            c->data_at = thrift_int(t, f.type);
            break;
        case 11:
            c->dictionary_at = thrift_int(t, f.type);
            break;
        case 12:
            read_statistics(t, f.type, c);
            break;
        case 14:
            c->bloom_at = thrift_int(t, f.type);
            break;
        default:
            thrift_skip(t, f.type);
        }
    thrift_leave(t, outer);
}

static void read_chunk(struct thrift_in *t, enum thrift_type type, struct parquet_chunk_meta *c)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    *c = (struct parquet_chunk_meta){.type = -1, .nulls = -1};
    while (thrift_field(t, &f)) {
        c->in_other_file |= f.id == 1;
        c->encrypted |= f.id == 8 || f.id == 9;
        if (f.id == 3)
            read_chunk_meta(t, f.type, c);
        else if (f.id == 4)
            c->offset_index_at = thrift_int(t, f.type);
        else if (f.id == 5)
            c->offset_index_len = thrift_int(t, f.type);
        else if (f.id == 6)
            c->column_index_at = thrift_int(t, f.type);
        else if (f.id == 7)
            c->column_index_len = thrift_int(t, f.type);
        else
            thrift_skip(t, f.type);
    }
    thrift_leave(t, outer);
}

static void read_group(struct thrift_in *t, enum thrift_type type, struct arena *a,
                       struct parquet_group_meta *g)
{
    struct thrift_field f;
    enum thrift_type of;
    int outer = thrift_enter(t, type);
    while (thrift_field(t, &f))
        if (f.id == 1) {
            g->chunks = room(t, a, f.type, sizeof *g->chunks, &g->n_chunks, &of);
            for (int i = 0; i < g->n_chunks && !t->failed; i++)
                read_chunk(t, of, &g->chunks[i]);
        } else if (f.id == 3) {
            g->n_rows = thrift_int(t, f.type);
        } else {
            thrift_skip(t, f.type);
        }
    thrift_leave(t, outer);
}

static void read_pair(struct thrift_in *t, enum thrift_type type, struct key_value *pair)
{
    struct thrift_field f;
    int outer = thrift_enter(t, type);
    while (thrift_field(t, &f))
        if (f.id == 1)
            pair->key = thrift_bytes(t, f.type);
        else if (f.id == 2)
            pair->value = thrift_bytes(t, f.type);
        else
            thrift_skip(t, f.type);
    thrift_leave(t, outer);
}

static void read_meta(struct thrift_in *t, struct arena *a, struct parquet_meta *m)
{
    struct thrift_field f;
    enum thrift_type of;
    while (thrift_field(t, &f))
        switch (f.id) {
        case 2:
            m->elements = room(t, a, f.type, sizeof *m->elements, &m->n_elements, &of);
            for (int i = 0; i < m->n_elements && !t->failed; i++)
                read_element(t, of, &m->elements[i]);
            break;
        case 3:
            m->n_rows = thrift_int(t, f.type);
            break;
        case 4:
            m->groups = room(t, a, f.type, sizeof *m->groups, &m->n_groups, &of);
            for (int i = 0; i < m->n_groups && !t->failed; i++)
                read_group(t, of, a, &m->groups[i]);
            break;
        case 5:
            m->pairs = room(t, a, f.type, sizeof *m->pairs, &m->n_pairs, &of);
            for (int i = 0; i < m->n_pairs && !t->failed; i++)
                read_pair(t, of, &m->pairs[i]);
            break;
        default:
            thrift_skip(t, f.type);
        }
}

static int footer_bytes(const struct parquet_source *s, struct arena *a, struct slice *ret,
                        struct error *err)
{
    char tail[8];
    uint32_t len;
    if (s->size < 12)
        return error_set(err, ERR_DATA, "not a Parquet file: too short");
    TRY(parquet_source_read(s, s->size - 8, sizeof tail, tail, err));
    if (memcmp(tail + 4, "PARE", 4) == 0)
        return error_set(err, ERR_DATA, "the Parquet file is encrypted, which is not read");
    if (memcmp(tail + 4, PARQUET_MAGIC, 4) != 0)
        return error_set(err, ERR_DATA,
                         "the Parquet file does not end as it should: cut short, or not Parquet");
    memcpy(&len, tail, sizeof len);
    if (len > s->size - 12)
        return error_set(err, ERR_DATA, "the footer of the Parquet file is damaged");
    char *bytes = arena_alloc(a, (size_t)len + 1);
    if (!bytes)
        return error_memory(err);
    *ret = slice_of(bytes, len);
    return parquet_source_read(s, s->size - 8 - (int64_t)len, len, bytes, err);
}

int parquet_meta_read(const struct parquet_source *source, struct arena *a,
                      struct parquet_meta *ret, struct error *err)
{
    struct slice footer = {0};
    *ret = (struct parquet_meta){0};
    TRY(footer_bytes(source, a, &footer, err));
    struct thrift_in t = {.at = (const uint8_t *)footer.ptr};
    t.end = t.at + footer.len;
    read_meta(&t, a, ret);
    if (t.failed || !ret->n_elements)
        return error_set(err, ERR_DATA, "the footer of the Parquet file is damaged");
    return 0;
}
