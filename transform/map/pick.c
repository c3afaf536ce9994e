#include "transform/map/pick.h"

#include "transform/map/cell.h"

static size_t find(struct slice text, struct slice separator)
{
    const char *at = text.len ? memmem(text.ptr, text.len, separator.ptr, separator.len) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

/* Cuts the piece before the next separator off; 0 when there is none left. */
static int cut(struct slice *rest, struct slice separator, struct slice *piece)
{
    if (!rest->ptr)
        return 0;
    size_t at = find(*rest, separator);
    *piece = slice_of(rest->ptr, at);
    *rest = at == rest->len
                ? (struct slice){0}
                : slice_of(rest->ptr + at + separator.len, rest->len - at - separator.len);
    return 1;
}

/* The part-th piece, from 1, or from the end when negative; ptr NULL when there are too few. */
static struct slice piece_of(struct slice text, struct slice separator, int part)
{
    struct slice rest = text, piece = {0};
    int n = 0;
    if (part < 0) {
        while (cut(&rest, separator, &piece))
            n++;
        part += n + 1;
        rest = text;
    }
    for (n = 0; n < part; n++)
        if (!cut(&rest, separator, &piece))
            return (struct slice){0};
    if (part < 1)
        return (struct slice){0};
    piece = slice_trim(piece);
    return piece.len ? piece : (struct slice){0};
}

enum { OTHERS_REJECT, OTHERS_KEEP, OTHERS_NULL };

static int map_value(struct block *b, const struct feed *f, int row, struct slice *text)
{
    const struct mapping *m = f->mapping;
    for (int i = 0; i < m->n_map; i++)
        if (slice_equal(*text, m->map[i].key)) {
            *text = m->map[i].value;
            if (!text->len)
                *text = (struct slice){0};
            return 0;
        }
    if (!text->ptr || m->map_others == OTHERS_KEEP)
        return 0;
    if (m->map_others == OTHERS_REJECT)
        TRY(block_fault(b, row, f, "unmapped-value", "'%.*s' is not in the map of '%.*s'",
                        SHOWN(*text), SHOWN(m->field)));
    *text = (struct slice){0};
    return 0;
}

static int shape(struct block *b, const struct feed *f, int row, struct slice *text)
{
    const struct mapping *m = f->mapping;
    if (m->split.len && text->ptr)
        *text = piece_of(*text, m->split, m->part);
    return m->n_map ? map_value(b, f, row, text) : 0;
}

static int first_of(struct block *b, const struct feed *f, int row, struct slice *ret)
{
    *ret = (struct slice){0};
    for (int i = 0; i < f->mapping->n_from && !ret->ptr; i++)
        TRY(cell_first(cell_source(b->in, f->columns[i]), b->first + row, &b->arena, ret));
    return 0;
}

static int join_all(struct block *b, const struct feed *f, int row, struct slice *ret)
{
    struct slice with = f->mapping->with, all = {0}, one;
    for (int i = 0; i < f->mapping->n_from; i++) {
        TRY(cell_first(cell_source(b->in, f->columns[i]), b->first + row, &b->arena, &one));
        if (!one.ptr)
            continue;
        if (!all.ptr) {
            all = one;
            continue;
        }
        char *out = arena_alloc(&b->arena, all.len + with.len + one.len);
        if (!out)
            return ERR_MEMORY;
        memcpy(out, all.ptr, all.len);
        if (with.len)
            memcpy(out + all.len, with.ptr, with.len);
        memcpy(out + all.len + with.len, one.ptr, one.len);
        all = slice_of(out, all.len + with.len + one.len);
    }
    *ret = all;
    return 0;
}

static int pick_one(struct block *b, const struct feed *f, int row, struct slice *ret)
{
    if (f->mapping->has_value)
        *ret = f->mapping->value.len ? f->mapping->value : (struct slice){0};
    else if (f->mapping->join)
        TRY(join_all(b, f, row, ret));
    else
        TRY(first_of(b, f, row, ret));
    return shape(b, f, row, ret);
}

/* The usual mapping, one column of text and nothing else, in one loop. */
static int is_plain(const struct block *b, const struct feed *f)
{
    const struct mapping *m = f->mapping;
    return m->n_from == 1 && !m->has_value && !m->split.len && !m->n_map &&
           b->in->schema->fields[f->columns[0]].type == TYPE_UTF8;
}

static void pick_plain(struct block *b, const struct feed *f, struct slice *out)
{
    const struct column *c = &b->in->columns[f->columns[0]];
    for (int row = 0; row < b->n; row++) {
        struct slice text = slice_trim(column_slice(c, b->first + row));
        out[row] = text.len ? text : (struct slice){0};
    }
}

int pick_texts(struct block *b, const struct feed *f, struct slice *out)
{
    if (is_plain(b, f)) {
        pick_plain(b, f, out);
        return 0;
    }
    for (int row = 0; row < b->n; row++)
        TRY(pick_one(b, f, row, &out[row]));
    return 0;
}

static int all_of(struct block *b, const struct feed *f, int row, int column,
                  struct slice out[PICK_VALUES], int *n)
{
    struct cell_source s = cell_source(b->in, column);
    int32_t count = cell_count(s, b->first + row);
    for (int32_t i = 0; i < count && *n < PICK_VALUES; i++) {
        struct slice text;
        TRY(cell_value(s, b->first + row, i, &b->arena, &text));
        if (!text.ptr)
            continue;
        TRY(shape(b, f, row, &text));
        if (text.ptr)
            out[(*n)++] = text;
    }
    return 0;
}

int pick_values(struct block *b, const struct feed *f, int row, struct slice out[PICK_VALUES],
                int *ret_n)
{
    *ret_n = 0;
    if (f->mapping->has_value || f->mapping->join) {
        TRY(pick_one(b, f, row, &out[0]));
        *ret_n = out[0].ptr != NULL;
        return 0;
    }
    for (int i = 0; i < f->mapping->n_from; i++)
        TRY(all_of(b, f, row, f->columns[i], out, ret_n));
    return 0;
}
