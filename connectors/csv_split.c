#include "connectors/csv_split.h"

#include <stdlib.h>

void csv_split_done(struct csv_split *s)
{
    free(s->ends);
    free(s->rows);
    free(s->starts);
    free(s->own_starts_in);
    buffer_done(&s->rewritten);
    buffer_done(&s->field);
    *s = (struct csv_split){0};
}

static int grow(uint32_t **array, size_t cap)
{
    uint32_t *more = realloc(*array, cap * sizeof(**array));

    if (!more)
        return ERR_MEMORY;
    *array = more;
    return 0;
}

/* One row more than asked for, as starts[n_rows] is the end. */
int csv_split_reserve(struct csv_split *s, size_t ends, size_t rows)
{
    if (ends > s->cap_ends) {
        size_t cap = ends > 2 * s->cap_ends ? ends : 2 * s->cap_ends;
        TRY(grow(&s->ends, cap));
        s->cap_ends = cap;
    }
    if (rows >= s->cap_rows) {
        size_t cap = rows + 1 > 2 * s->cap_rows ? rows + 1 : 2 * s->cap_rows;
        TRY(grow(&s->rows, cap));
        TRY(grow(&s->starts, cap));
        TRY(grow(&s->own_starts_in, cap));
        s->cap_rows = cap;
    }
    return 0;
}

struct fast_split {
    struct csv_split *s;
    struct slice piece;
    int newline;
    uint64_t inside;
};

/* Closes a row whose last field has index k in ends. */
static inline void end_row(struct fast_split *f, size_t k, size_t at)
{
    struct csv_split *s = f->s;

    if (f->newline == '\n' && at > s->starts[s->n_rows] && f->piece.ptr[at - 1] == '\r')
        s->ends[k] = (uint32_t)(at - 1);
    s->rows[s->n_rows++] = (uint32_t)k + 1;
    s->starts[s->n_rows] = (uint32_t)at + 1;
}

static inline void split_block(struct fast_split *f, struct csv_block m, size_t base)
{
    struct csv_split *s = f->s;
    uint64_t separators = m.delimiter | m.newline, newlines = m.newline;
    uint32_t *ends = s->ends + s->n_ends;

    if (m.quote | f->inside) {
        uint64_t in = prefix_xor(m.quote) ^ f->inside;
        f->inside = (uint64_t)((int64_t)in >> 63);
        separators &= ~in;
        newlines &= ~in;
    }
    for (uint64_t bits = separators; bits; bits &= bits - 1)
        *ends++ = (uint32_t)base + (uint32_t)__builtin_ctzll(bits);
    for (; newlines; newlines &= newlines - 1) {
        uint64_t before = separators & ((newlines & -newlines) - 1);
        end_row(f, s->n_ends + (size_t)__builtin_popcountll(before),
                base + (size_t)__builtin_ctzll(newlines));
    }
    s->n_ends = (size_t)(ends - s->ends);
}

int csv_split_fast(struct csv_split *s, const struct csv_marks *marks, struct slice piece)
{
    struct fast_split f = {.s = s, .piece = piece, .newline = marks->newline};
    csv_masker *mask = csv_masker_best();
    struct csv_block blocks[CSV_RUN];
    size_t at = 0;

    s->text = piece.ptr;
    s->n_ends = s->n_rows = 0;
    TRY(csv_split_reserve(s, 1, 1));
    s->starts[0] = 0;
    while (at < piece.len) {
        size_t n = (piece.len - at) / CSV_BLOCK;
        char tail[CSV_BLOCK] = {0};
        const char *from = piece.ptr + at;
        if (n == 0) {
            memcpy(tail, from, piece.len - at);
            from = tail;
            n = 1;
        }
        n = n < CSV_RUN ? n : CSV_RUN;
        TRY(csv_split_reserve(s, s->n_ends + n * CSV_BLOCK + 1, s->n_rows + n * CSV_BLOCK + 1));
        mask(from, n, marks, blocks);
        for (size_t i = 0; i < n; i++, at += CSV_BLOCK)
            split_block(&f, blocks[i], at);
    }
    if (s->starts[s->n_rows] < piece.len) { /* the last row has no line end */
        s->ends[s->n_ends++] = (uint32_t)piece.len;
        end_row(&f, s->n_ends - 1, piece.len);
        s->starts[s->n_rows] = (uint32_t)piece.len;
    }
    s->starts_in = s->starts;
    return 0;
}

static int undouble(struct slice inner, char quote, struct arena *scratch, struct slice *ret)
{
    char *out = arena_alloc(scratch, inner.len + 1);
    size_t n = 0;

    if (!out)
        return ERR_MEMORY;
    while (inner.len) {
        const char *q = memchr(inner.ptr, quote, inner.len);
        size_t run = q ? (size_t)(q - inner.ptr) + 1 : inner.len;
        memcpy(out + n, inner.ptr, run);
        n += run;
        if (q && run < inner.len && inner.ptr[run] == quote)
            run++;
        inner = slice_of(inner.ptr + run, inner.len - run);
    }
    *ret = slice_of(out, n);
    return 0;
}

static int unquote(struct slice raw, int quote, struct arena *scratch, struct slice *ret)
{
    struct slice inner = slice_of(raw.ptr + 1, raw.len - 2);

    if (!inner.len || !memchr(inner.ptr, quote, inner.len)) {
        *ret = inner;
        return 0;
    }
    return undouble(inner, (char)quote, scratch, ret);
}

static inline int value(struct slice raw, int quote, struct arena *scratch, struct slice *ret)
{
    if (!raw.len) {
        *ret = slice_of(NULL, 0);
        return 0;
    }
    if (quote && (unsigned char)raw.ptr[0] == quote && raw.len > 1)
        return unquote(raw, quote, scratch, ret);
    *ret = raw;
    return 0;
}

int csv_field(const struct csv_split *s, int quote, size_t row, uint32_t i, struct arena *scratch,
              struct slice *ret)
{
    return value(csv_raw_field(s, row, i), quote, scratch, ret);
}

int csv_column(const struct csv_split *s, int quote, const uint32_t *rows, size_t n, uint32_t i,
               struct arena *scratch, struct slice *ret)
{
    for (size_t r = 0; r < n; r++)
        if (value(csv_raw_field(s, rows[r], i), quote, scratch, &ret[r]) < 0)
            return ERR_MEMORY;
    return 0;
}
