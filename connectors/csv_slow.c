#include "connectors/csv_split.h"

#include <csv.h>
#include <stdlib.h>

/* Irregular text. Whatever parses it, the fields are written again in regular form (quoted when the
 * value is an empty string or begins with a quote), so that whoever reads fields sees one form. */

struct slow {
    struct csv_split *s;
    const struct csv_marks *marks;
    struct slice piece;
    int failed;
    int row_open; /* fields were put since the last row end */
};

static int put_quoted(struct buffer *b, struct slice value, char quote)
{
    TRY(buffer_putc(b, quote));
    for (size_t i = 0; i < value.len; i++) {
        TRY(buffer_putc(b, value.ptr[i]));
        if (value.ptr[i] == quote)
            TRY(buffer_putc(b, quote));
    }
    return buffer_putc(b, quote);
}

static int put_field(struct slow *f, struct slice value, int null)
{
    struct csv_split *s = f->s;
    int quote = f->marks->quote;

    TRY(csv_split_reserve(s, s->n_ends + 1, s->n_rows + 1));
    if (!f->row_open)
        s->own_starts_in[s->n_rows] = (uint32_t)s->rewritten.len;
    f->row_open = 1;
    if (quote && !null && (!value.len || (unsigned char)value.ptr[0] == quote))
        TRY(put_quoted(&s->rewritten, value, (char)quote));
    else
        TRY(buffer_slice(&s->rewritten, value));
    if (s->rewritten.len >= UINT32_MAX)
        return ERR_MEMORY;
    s->ends[s->n_ends++] = (uint32_t)s->rewritten.len;
    return buffer_putc(&s->rewritten, '\n');
}

/* The row that the byte before `next` ends; an empty line has one empty field. */
static int put_row(struct slow *f, size_t next)
{
    struct csv_split *s = f->s;

    if (!f->row_open)
        TRY(put_field(f, slice_of(NULL, 0), 1));
    s->rows[s->n_rows++] = (uint32_t)s->n_ends;
    TRY(csv_split_reserve(s, s->n_ends, s->n_rows + 1));
    s->starts[s->n_rows] = (uint32_t)next;
    f->row_open = 0;
    return 0;
}

enum { INSIDE = 2 }; /* csv_parser.pstate: in a field, no closing quote seen */

static void on_field(void *bytes, size_t len, void *arg)
{
    struct slow *f = arg;

    if (!f->failed)
        f->failed = put_field(f, slice_of(bytes, len), bytes == NULL) < 0;
}

static void on_row(int c, void *arg)
{
    (void)c;
    (void)arg;
}

static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static int is_lf(unsigned char c)
{
    return c == '\n';
}

static int is_cr(unsigned char c)
{
    return c == '\r';
}

static int feed(struct csv_parser *p, struct slow *f, const char *bytes, size_t len)
{
    if (len && csv_parse(p, bytes, len, on_field, on_row, f) != len)
        return ERR_MEMORY;
    return f->failed ? ERR_MEMORY : 0;
}

/* One physical line at a time, so that it is known where rows start and which '\r' belong to line
 * ends: libcsv can only be told single bytes. */
static int feed_lines(struct csv_parser *p, struct slow *f)
{
    const char newline = (char)f->marks->newline;
    size_t at = 0;

    while (at < f->piece.len) {
        const char *line = f->piece.ptr + at;
        const char *end = memchr(line, newline, f->piece.len - at);
        size_t body = end ? (size_t)(end - line) : f->piece.len - at;
        size_t kept = body && newline == '\n' && line[body - 1] == '\r' ? body - 1 : body;

        TRY(feed(p, f, line, kept));
        if (p->quoted && p->pstate == INSIDE) {
            TRY(feed(p, f, line + kept, body + (end != NULL) - kept));
        } else {
            TRY(feed(p, f, &newline, 1));
            TRY(put_row(f, at + body + (end != NULL)));
        }
        at += body + (end != NULL);
    }
    return 0;
}

static int by_libcsv(struct slow *f)
{
    struct csv_parser p;
    int code;

    if (csv_init(&p, CSV_EMPTY_IS_NULL) != 0)
        return ERR_MEMORY;
    csv_set_space_func(&p, no_space);
    csv_set_term_func(&p, f->marks->newline == '\n' ? is_lf : is_cr);
    csv_set_delim(&p, (unsigned char)f->marks->delimiter);
    csv_set_quote(&p, (unsigned char)f->marks->quote);
    code = feed_lines(&p, f);
    csv_free(&p);
    return code;
}

struct escaped {
    struct slow *f;
    int quoted, seen; /* in a quoted field; a quote in it that may close it */
    int begun;        /* the field has a byte */
};

static int end_field(struct escaped *e)
{
    struct buffer *b = &e->f->s->field;

    TRY(put_field(e->f, buffer_view(b), !e->quoted && b->len == 0));
    buffer_reset(b);
    e->quoted = e->seen = e->begun = 0;
    return 0;
}

static int keep(struct escaped *e, char c)
{
    if (e->seen)
        TRY(buffer_putc(&e->f->s->field, (char)e->f->marks->quote));
    e->seen = 0;
    e->begun = 1;
    return buffer_putc(&e->f->s->field, c);
}

/* A byte that is neither escaped nor escapes. */
static int take_byte(struct escaped *e, size_t i)
{
    const struct csv_marks *m = e->f->marks;
    unsigned char c = (unsigned char)e->f->piece.ptr[i];
    int open = e->quoted && !e->seen;

    if (m->quote && c == m->quote && !e->begun) {
        e->quoted = e->begun = 1;
        return 0;
    }
    if (m->quote && c == m->quote && e->quoted) {
        if (!e->seen) {
            e->seen = 1;
            return 0;
        }
        e->seen = 0;
        return keep(e, (char)c);
    }
    if (!open && m->delimiter && c == m->delimiter)
        return end_field(e);
    if (!open && c == m->newline) {
        TRY(end_field(e));
        return put_row(e->f, i + 1);
    }
    return keep(e, (char)c);
}

static int line_end_cr(const struct escaped *e, size_t i)
{
    struct slice piece = e->f->piece;

    return piece.ptr[i] == '\r' && e->f->marks->newline == '\n' && (!e->quoted || e->seen) &&
           (i + 1 == piece.len || piece.ptr[i + 1] == '\n');
}

/* The space that belongs to the delimiter before it. */
static int is_padding(const struct escaped *e, size_t i)
{
    const char *text = e->f->piece.ptr;

    return e->f->marks->padded && !e->begun && i && text[i] == ' ' &&
           (unsigned char)text[i - 1] == e->f->marks->delimiter;
}

static int by_escape(struct slow *f)
{
    struct escaped e = {.f = f};
    struct slice piece = f->piece;

    buffer_reset(&f->s->field);
    for (size_t i = 0; i < piece.len; i++) {
        if (is_padding(&e, i))
            continue;
        if (f->marks->escape && (unsigned char)piece.ptr[i] == f->marks->escape &&
            i + 1 < piece.len)
            TRY(keep(&e, piece.ptr[++i]));
        else if (!line_end_cr(&e, i))
            TRY(take_byte(&e, i));
    }
    if (f->s->starts[f->s->n_rows] == piece.len)
        return 0;
    TRY(end_field(&e));
    return put_row(f, piece.len);
}

int csv_split_slow(struct csv_split *s, const struct csv_marks *marks, struct slice piece)
{
    struct slow f = {.s = s, .marks = marks, .piece = piece};

    s->n_ends = s->n_rows = 0;
    buffer_reset(&s->rewritten);
    TRY(csv_split_reserve(s, 1, 1));
    TRY(buffer_reserve(&s->rewritten, piece.len + 16));
    s->starts[0] = 0;
    int ours = marks->escape || marks->padded || !marks->quote || !marks->delimiter;
    TRY(ours ? by_escape(&f) : by_libcsv(&f));
    s->starts_in = s->own_starts_in;
    s->text = (const char *)s->rewritten.data;
    return 0;
}
