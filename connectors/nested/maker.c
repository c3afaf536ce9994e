#include "connectors/nested/maker.h"

#include <stdlib.h>

#include "connectors/format.h"

int maker_init(struct maker *r, const struct shape *shape, const struct schema *schema, int flags,
               struct error *err)
{
    *r = (struct maker){.shape = shape, .with_place = flags & READ_WITH_PLACE};
    arena_init(&r->arena, 0);
    arena_init(&r->scratch, (size_t)1 << 28);
    TRY(batch_builder_init(&r->builder, schema, err));
    size_t n = (size_t)shape->n_columns;
    r->values = ARENA_ARRAY(&r->arena, struct row_value, n + 1);
    r->typed = ARENA_ARRAY(&r->arena, uint8_t, n + 1);
    r->stamps = ARENA_ARRAY(&r->arena, uint64_t, (size_t)shape->n_nodes);
    r->lists = ARENA_ARRAY(&r->arena, struct list_count, (size_t)shape->n_nodes);
    if (!r->values || !r->typed || !r->stamps || !r->lists)
        return error_memory(err);
    for (size_t i = 0; i < n; i++) {
        r->typed[i] = schema->fields[i].type != TYPE_UTF8;
        r->has_types |= r->typed[i];
    }
    return 0;
}

void maker_done(struct maker *r)
{
    for (int i = 0; r->values && i < r->shape->n_columns; i++) {
        free(r->values[i].elements);
        free(r->values[i].ends);
    }
    free(r->keep);
    batch_builder_done(&r->builder);
    arena_done(&r->scratch);
    arena_done(&r->arena);
    *r = (struct maker){0};
}

void maker_begin(struct maker *r)
{
    r->record++;
    arena_reset(&r->scratch);
}

/* Makes the value one of this record. */
static void value_renew(struct maker *r, struct row_value *v)
{
    if (v->record == r->record)
        return;
    v->record = r->record;
    v->text = slice_of(NULL, 0);
    v->n = v->n_ends = 0;
    v->listed = 0;
}

/* Room for one more in a growing array. */
static int array_room(void *array, uint32_t n, uint32_t *cap, size_t size)
{
    void *old, *grown;
    if (n < *cap)
        return 0;
    if (n >= MAKER_ELEMENTS)
        return ERR_DATA;
    uint32_t more = *cap ? *cap * 2 : 8;
    memcpy(&old, array, sizeof old);
    grown = realloc(old, more * size);
    if (!grown)
        return ERR_MEMORY;
    memcpy(array, &grown, sizeof grown);
    *cap = more;
    return 0;
}

static int element_add(struct row_value *v, struct slice text)
{
    TRY(array_room(&v->elements, v->n, &v->cap, sizeof *v->elements));
    v->elements[v->n++] = text;
    return 0;
}

int maker_set(struct maker *r, const struct shape_node *n, struct slice text)
{
    struct row_value *v = &r->values[n->column];
    int before = v->record == r->record;
    value_renew(r, v);
    if (r->shape->columns[n->column].list)
        return element_add(v, text);
    v->text = text;
    return before;
}

void maker_list(struct maker *r, const struct shape_node *items)
{
    for (int i = 0; i < items->n_aligned; i++) {
        struct row_value *v = &r->values[items->aligned[i]];
        value_renew(r, v);
        v->listed = 1;
    }
}

/* Ends the row's share of the lists inside the exploded one. */
static int inner_lists_end(struct maker *r)
{
    for (int i = 0; i < r->shape->n_columns; i++) {
        if (!r->shape->columns[i].inside)
            continue;
        struct row_value *v = &r->values[i];
        value_renew(r, v);
        TRY(array_room(&v->ends, v->n_ends, &v->cap_ends, sizeof *v->ends));
        v->ends[v->n_ends++] = (struct list_end){.end = v->n, .present = v->listed};
        v->listed = 0;
    }
    return 0;
}

int maker_element(struct maker *r, const struct shape_node *items)
{
    struct list_count *count = &r->lists[items->id];
    if (count->record != r->record)
        *count = (struct list_count){.record = r->record};
    count->n++;
    for (int i = 0; i < items->n_aligned; i++) {
        struct row_value *v = &r->values[items->aligned[i]];
        value_renew(r, v);
        while (v->n < count->n)
            TRY(element_add(v, slice_of(NULL, 0)));
    }
    return items == r->shape->exploded ? inner_lists_end(r) : 0;
}

int64_t maker_count(const struct maker *r)
{
    const struct shape_node *items = r->shape->exploded;
    if (!items || r->lists[items->id].record != r->record)
        return 1;
    return r->lists[items->id].n ? r->lists[items->id].n : 1;
}

size_t maker_bytes(const struct maker *r)
{
    size_t n = 0;
    for (int c = 0; c < r->shape->n_columns; c++) {
        const struct row_value *v = &r->values[c];
        const struct shape_column *column = &r->shape->columns[c];
        if (v->record != r->record || column->exploded || column->inside)
            continue;
        n += v->text.len;
        for (uint32_t i = 0; column->list && i < v->n; i++)
            n += v->elements[i].len;
    }
    return n;
}

/* A text that is not of the type is noted in `ret_bad`, and a null stands in for it. */
static int append_text(struct builder *b, struct slice text, struct slice *ret_bad)
{
    if (!text.ptr)
        return builder_null(b);
    int r = builder_text(b, text);
    if (r)
        return r < 0 ? r : 0;
    *ret_bad = text;
    return builder_null(b);
}

static int append_list(struct builder *b, const struct slice *elements, size_t n,
                       struct slice *ret_bad)
{
    for (size_t i = 0; i < n; i++)
        TRY(append_text(builder_child(b, 0), elements[i], ret_bad));
    return builder_close(b);
}

static int append_inner(struct builder *b, const struct row_value *v, int64_t row,
                        struct slice *ret_bad)
{
    if (row >= v->n_ends || !v->ends[row].present)
        return builder_null(b);
    uint32_t from = row ? v->ends[row - 1].end : 0;
    return append_list(b, v->elements + from, v->ends[row].end - from, ret_bad);
}

/* Column `c` of row `row` of the record. */
static int append_value(struct maker *r, int c, int64_t row, struct slice *ret_bad)
{
    const struct shape_column *column = &r->shape->columns[c];
    const struct row_value *v = &r->values[c];
    struct builder *b = &r->builder.columns[c];
    if (v->record != r->record)
        return builder_null(b);
    if (column->exploded)
        return append_text(b, row < v->n ? v->elements[row] : slice_of(NULL, 0), ret_bad);
    if (column->inside)
        return append_inner(b, v, row, ret_bad);
    if (column->list)
        return append_list(b, v->elements, v->n, ret_bad);
    if (r->typed[c])
        return append_text(b, v->text, ret_bad);
    return v->text.ptr ? builder_slice(b, v->text) : builder_null(b);
}

static int append_place(struct maker *r, const struct record_place *p)
{
    struct builder *b = &r->builder.columns[r->shape->n_columns];
    TRY(builder_slice(&b[0], p->file));
    TRY(builder_slice(&b[1], p->member));
    TRY(builder_i64(&b[2], p->line));
    TRY(builder_i64(&b[3], p->offset));
    return builder_slice(&b[4], p->raw);
}

/* Notes whether the row just appended is to be kept; the list begins with the first bad one. */
static int note_row(struct maker *r, int64_t index, int is_bad)
{
    if (!is_bad && !r->n_bad)
        return 0;
    if (index >= r->cap_keep) {
        int64_t cap = index * 2 + 1024;
        int32_t *keep = realloc(r->keep, (size_t)cap * sizeof *keep);
        if (!keep)
            return ERR_MEMORY;
        r->keep = keep;
        r->cap_keep = cap;
    }
    if (!r->n_bad)
        for (int64_t i = 0; i < index; i++)
            r->keep[i] = (int32_t)i;
    if (is_bad)
        r->n_bad++;
    else
        r->keep[index - r->n_bad] = (int32_t)index;
    return 0;
}

static int commit_row(struct maker *r, int64_t row, const struct record_place *place,
                      struct slice *ret_bad, int *ret_column)
{
    for (int c = 0; c < r->shape->n_columns; c++) {
        struct slice bad = slice_of(NULL, 0);
        TRY(append_value(r, c, row, &bad));
        if (bad.ptr && *ret_column < 0) {
            *ret_bad = bad;
            *ret_column = c;
        }
    }
    return r->with_place ? append_place(r, place) : 0;
}

int maker_commit(struct maker *r, const struct record_place *place,
                 int (*bad)(void *arg, const struct field *column, struct slice text), void *arg)
{
    int64_t n = maker_count(r);
    for (int64_t row = 0; row < n; row++) {
        struct slice text = slice_of(NULL, 0);
        int column = -1;
        int64_t index = batch_builder_rows(&r->builder);
        TRY(commit_row(r, row, place, &text, &column));
        TRY(note_row(r, index, column >= 0));
        if (column >= 0)
            TRY(bad(arg, &r->builder.schema->fields[column], text));
    }
    return 0;
}

/* Without the bad rows. */
static int keep_good(struct maker *r, struct batch **batch, struct error *err)
{
    struct batch *good = NULL;
    int64_t n = (*batch)->n_rows - r->n_bad;
    int rc = n ? batch_take(*batch, r->keep, n, &good, err) : 0;
    batch_free(*batch);
    *batch = good;
    return rc;
}

int maker_finish(struct maker *r, struct batch **ret, struct error *err)
{
    *ret = NULL;
    if (!r->builder.schema->n_fields || !batch_builder_rows(&r->builder))
        return 0;
    TRY(batch_builder_finish(&r->builder, ret, err));
    int rc = r->n_bad ? keep_good(r, ret, err) : 0;
    r->n_bad = 0;
    return rc;
}
