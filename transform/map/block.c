#include "transform/map/block.h"

#include <stdarg.h>
#include <stdio.h>

#include "transform/map/cell.h"
#include "transform/map/pick.h"
#include "transform/map/standard.h"

enum { SHOWN_BYTES = 200, SENTENCE = 640 };

int block_init(struct block *b, const struct plan *plan)
{
    b->plan = plan;
    arena_init(&b->arena, 0);
    return 0;
}

void block_done(struct block *b)
{
    arena_done(&b->arena);
}

size_t shown_len(struct slice s)
{
    if (s.len <= SHOWN_BYTES)
        return s.len;
    return slice_utf8_valid(slice_of(s.ptr, SHOWN_BYTES));
}

/* Where the value came from: the first column of the mapping that has one. */
static struct slice column_at_fault(struct block *b, int row, const struct feed *f)
{
    struct slice text;
    for (int i = 0; i < f->mapping->n_from; i++)
        if (cell_first(cell_source(b->in, f->columns[i]), b->first + row, &b->arena, &text) == 0 &&
            text.ptr)
            return f->mapping->from[i];
    return f->mapping->n_from ? f->mapping->from[0] : (struct slice){0};
}

int block_fault(struct block *b, int row, const struct feed *feed, const char *code,
                const char *format, ...)
{
    char sentence[SENTENCE];
    struct fault *fault = &b->faults[row];
    va_list args;
    if (b->fate[row] == FATE_FILTERED || (b->fate[row] == FATE_REJECTED && fault->feed <= feed))
        return 0;
    va_start(args, format);
    int n = vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    size_t len = n < 0 ? 0 : n < SENTENCE ? (size_t)n : SENTENCE - 1;
    struct slice text = arena_copy(&b->arena, slice_of(sentence, len));
    if (!text.ptr)
        return ERR_MEMORY;
    b->fate[row] = FATE_REJECTED;
    *fault = (struct fault){
        .feed = feed, .code = code, .column = column_at_fault(b, row, feed), .text = text};
    return 0;
}

int vector_ready(struct block *b, int column)
{
    struct vector *v = &b->columns[column];
    size_t n = (size_t)b->n;
    switch (b->plan->out->fields[column].type) {
    case TYPE_LIST:
        v->from = ARENA_ARRAY(&b->arena, int32_t, n + 1);
        return v->from ? 0 : ERR_MEMORY;
    case TYPE_DECIMAL:
        v->amount = ARENA_ARRAY(&b->arena, decimal128, n);
        v->filled = ARENA_ARRAY(&b->arena, unsigned char, n);
        break;
    case TYPE_UTF8:
        v->filled = NULL;
        break;
    default:
        v->integer = ARENA_ARRAY(&b->arena, int64_t, n);
        v->filled = ARENA_ARRAY(&b->arena, unsigned char, n);
    }
    v->text = ARENA_ARRAY(&b->arena, struct slice, n);
    return v->text ? 0 : ERR_MEMORY;
}

static int vector_grow(struct block *b, struct vector *v)
{
    int32_t cap = v->items_cap ? v->items_cap * 2 : 2 * BLOCK_ROWS;
    struct slice *items = ARENA_ARRAY(&b->arena, struct slice, (size_t)cap);
    struct slice *names = ARENA_ARRAY(&b->arena, struct slice, (size_t)cap);
    if (!items || !names)
        return ERR_MEMORY;
    if (v->n_items) {
        memcpy(items, v->items, (size_t)v->n_items * sizeof *items);
        memcpy(names, v->names, (size_t)v->n_items * sizeof *names);
    }
    v->items = items;
    v->names = names;
    v->items_cap = cap;
    return 0;
}

int vector_add(struct block *b, struct vector *v, struct slice item, struct slice name)
{
    if (v->n_items == v->items_cap)
        TRY(vector_grow(b, v));
    v->items[v->n_items] = item;
    v->names[v->n_items++] = name;
    return 0;
}

/* Column c of the filter, of all rows of the block. */
static int filter_column(struct block *b, int c, struct slice **ret)
{
    struct slice *values = ARENA_ARRAY(&b->arena, struct slice, (size_t)b->n + 1);
    if (!values)
        return ERR_MEMORY;
    for (int row = 0; row < b->n; row++)
        TRY(cell_first(cell_source(b->in, b->plan->where_columns[c]), b->first + row, &b->arena,
                       &values[row]));
    *ret = values;
    return 0;
}

static int filter(struct block *b)
{
    const struct expression *where = b->plan->where;
    if (!where)
        return 0;
    struct slice **values = ARENA_ARRAY(&b->arena, struct slice *, (size_t)where->n_columns + 1);
    uint8_t *mask = arena_alloc(&b->arena, (size_t)b->n + 1);
    if (!values || !mask)
        return ERR_MEMORY;
    for (int c = 0; c < where->n_columns; c++)
        TRY(filter_column(b, c, &values[c]));
    TRY(expression_texts(where, (const struct slice *const *)values, b->n, mask));
    for (int row = 0; row < b->n; row++)
        if (!mask[row])
            b->fate[row] = FATE_FILTERED;
    return 0;
}

static int pick_all(struct block *b)
{
    for (int i = 0; i < b->plan->n_feeds; i++) {
        const struct feed *f = &b->plan->feeds[i];
        struct vector *v = &b->columns[f->to];
        if (b->plan->fed[f->to] != f)
            continue;
        TRY(vector_ready(b, f->to));
        if (v->text)
            TRY(pick_texts(b, f, v->text));
    }
    return 0;
}

int block_run(struct block *b, const struct batch *in, int64_t first, int n)
{
    arena_reset(&b->arena);
    b->in = in;
    b->first = first;
    b->n = n;
    memset(b->fate, FATE_OUT, sizeof b->fate);
    memset(b->unread, 0, sizeof b->unread);
    b->columns = ARENA_ARRAY(&b->arena, struct vector, (size_t)b->plan->out->n_fields);
    if (!b->columns)
        return ERR_MEMORY;
    TRY(filter(b));
    TRY(pick_all(b));
    return standard_block(b);
}
