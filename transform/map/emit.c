#include "transform/map/emit.h"

#include "core/hash.h"
#include "transform/map/cell.h"

/* Rows of a block that go out. */
struct picked {
    int rows[BLOCK_ROWS];
    int n;
    uint64_t *content;
};

static uint64_t hash_slice(struct slice s)
{
    return s.ptr ? hash_fixed(s.ptr, s.len) : 1;
}

static void mix(struct picked *p, int i, uint64_t h)
{
    p->content[i] = hash_pair(p->content[i], h);
}

static int emit_nulls(struct builder *to, int n)
{
    for (int i = 0; i < n; i++)
        TRY(builder_null(to));
    return 0;
}

static int emit_constant(struct builder *to, struct slice text, int n)
{
    for (int i = 0; i < n; i++)
        TRY(builder_slice(to, text));
    return 0;
}

static int emit_texts(struct builder *to, const struct vector *v, struct picked *p)
{
    for (int i = 0; i < p->n; i++) {
        struct slice text = v->text[p->rows[i]];
        TRY(text.ptr ? builder_slice(to, text) : builder_null(to));
        mix(p, i, hash_slice(text));
    }
    return 0;
}

static int emit_integer(struct builder *to, int64_t v)
{
    switch (to->field->type) {
    case TYPE_BOOL:
        return builder_bool(to, v != 0);
    case TYPE_DATE:
        return builder_i32(to, (int32_t)v);
    default:
        return builder_i64(to, v);
    }
}

static int emit_integers(struct builder *to, const struct vector *v, struct picked *p)
{
    for (int i = 0; i < p->n; i++) {
        int row = p->rows[i];
        TRY(v->filled[row] ? emit_integer(to, v->integer[row]) : builder_null(to));
        mix(p, i, v->filled[row] ? (uint64_t)v->integer[row] + 2 : 1);
    }
    return 0;
}

static int emit_amounts(struct builder *to, const struct vector *v, struct picked *p)
{
    for (int i = 0; i < p->n; i++) {
        int row = p->rows[i];
        TRY(v->filled[row] ? builder_decimal(to, v->amount[row]) : builder_null(to));
        /* 18 digits fit. */
        mix(p, i, v->filled[row] ? (uint64_t)(int64_t)v->amount[row] + 2 : 1);
    }
    return 0;
}

static int emit_item(struct builder *to, struct slice item, struct slice name)
{
    struct builder *child = builder_child(to, 0);
    if (child->field->type != TYPE_STRUCT)
        return builder_slice(child, item);
    TRY(builder_slice(builder_child(child, 0), name));
    TRY(builder_slice(builder_child(child, 1), item));
    return builder_close(child);
}

static int emit_lists(struct builder *to, const struct vector *v, struct picked *p)
{
    for (int i = 0; i < p->n; i++) {
        int row = p->rows[i];
        for (int32_t k = v->from[row]; k < v->from[row + 1]; k++) {
            TRY(emit_item(to, v->items[k], v->names[k]));
            mix(p, i, hash_pair(hash_slice(v->names[k]), hash_slice(v->items[k])));
        }
        TRY(builder_close(to));
        mix(p, i, (uint64_t)(v->from[row + 1] - v->from[row]));
    }
    return 0;
}

static int emit_raw_cell(struct block *b, struct builder *to, int column, int row)
{
    struct cell_source s = cell_source(b->in, column);
    int32_t n = cell_count(s, b->first + row);
    for (int32_t i = 0; i < n; i++) {
        struct slice text;
        TRY(cell_raw(s, b->first + row, i, &b->arena, &text));
        if (text.ptr)
            TRY(emit_item(to, text, s.field->name));
    }
    return 0;
}

static int emit_raw(struct block *b, struct builder *to, const struct picked *p)
{
    for (int i = 0; i < p->n; i++) {
        for (int c = 0; c < b->plan->n_raw; c++)
            TRY(emit_raw_cell(b, to, b->plan->raw_columns[c], p->rows[i]));
        TRY(builder_close(to));
    }
    return 0;
}

static int emit_empty_lists(struct builder *to, int n)
{
    for (int i = 0; i < n; i++)
        TRY(builder_close(to));
    return 0;
}

static int emit_column(struct block *b, struct builder *to, int column, struct picked *p)
{
    const struct field *f = &b->plan->out->fields[column];
    const struct vector *v = &b->columns[column];
    if (slice_equal(f->name, SLICE_LIT("source")))
        return emit_constant(to, b->plan->source, p->n);
    if (slice_equal(f->name, SLICE_LIT("raw")))
        return emit_raw(b, to, p);
    if (slice_equal(f->name, SLICE_LIT("kind")) && !v->text && b->plan->event_kind.len)
        return emit_constant(to, b->plan->event_kind, p->n);
    if (f->type == TYPE_LIST)
        return v->from ? emit_lists(to, v, p) : emit_empty_lists(to, p->n);
    if (v->amount)
        return emit_amounts(to, v, p);
    if (v->integer)
        return emit_integers(to, v, p);
    return v->text ? emit_texts(to, v, p) : emit_nulls(to, p->n);
}

int emit_block(struct block *b, struct batch_builder *out, uint64_t *content)
{
    struct picked p = {.content = content};
    for (int row = 0; row < b->n; row++)
        if (b->fate[row] == FATE_OUT)
            p.rows[p.n++] = row;
    memset(content, 0, (size_t)p.n * sizeof *content);
    for (int c = 0; c < b->plan->out->n_fields; c++)
        TRY(emit_column(b, &out->columns[c], c, &p));
    return p.n;
}
