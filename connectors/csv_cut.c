#include "connectors/csv_split.h"

enum state { FIELD_START, UNQUOTED, QUOTED, QUOTE_SEEN };

struct scan {
    const struct csv_marks *marks;
    struct slice text;
    enum state state;
    size_t opened;
};

/* A carriage return that belongs to a line end: before '\n', or as the last byte. */
static int ends_line(const struct scan *s, size_t i)
{
    if (s->text.ptr[i] != '\r' || s->marks->newline != '\n')
        return 0;
    return i + 1 == s->text.len || s->text.ptr[i + 1] == '\n';
}

/* The space that belongs to the delimiter before it. */
static int is_padding(const struct scan *s, size_t i)
{
    return s->marks->padded && s->state == FIELD_START && i && s->text.ptr[i] == ' ' &&
           (unsigned char)s->text.ptr[i - 1] == s->marks->delimiter;
}

/* Moves over byte i. 1: it ends a row; 2: the next byte is escaped. */
static int scan_byte(struct scan *s, size_t i)
{
    const struct csv_marks *m = s->marks;
    unsigned char c = (unsigned char)s->text.ptr[i];
    int quote = m->quote && c == m->quote;

    if (is_padding(s, i))
        return 0;
    if (m->escape && c == m->escape && s->state != QUOTE_SEEN) {
        s->state = s->state == FIELD_START ? UNQUOTED : s->state;
        return 2;
    }
    if (s->state == QUOTED) {
        s->state = quote ? QUOTE_SEEN : QUOTED;
        return 0;
    }
    if (quote && s->state != UNQUOTED) {
        if (s->state == FIELD_START)
            s->opened = i;
        s->state = QUOTED;
        return 0;
    }
    if (c == m->newline || (m->delimiter && c == m->delimiter)) {
        s->state = FIELD_START;
        return c == m->newline;
    }
    if (s->state == QUOTE_SEEN)
        s->state = ends_line(s, i) ? QUOTE_SEEN : QUOTED;
    else
        s->state = UNQUOTED;
    return m->escape && c == m->escape ? 2 : 0;
}

/* Bytes that change nothing within a field. */
static size_t skip_plain(const struct scan *s, const unsigned char special[256], size_t i)
{
    if (s->state == UNQUOTED || s->state == QUOTED)
        while (i < s->text.len && !special[(unsigned char)s->text.ptr[i]])
            i++;
    return i;
}

void csv_cut_slow(const struct csv_marks *marks, struct slice text, int at_end, struct csv_cut *ret)
{
    struct scan s = {.marks = marks, .text = text};
    unsigned char special[256] = {0};
    int64_t lines = 0;

    *ret = (struct csv_cut){0};
    special[marks->quote] = special[marks->delimiter] = 1;
    special[marks->escape] = special[marks->newline] = 1;
    for (size_t i = 0; (i = skip_plain(&s, special, i)) < text.len; i++) {
        int what = scan_byte(&s, i);
        lines += text.ptr[i] == marks->newline;
        if (what == 2 && i + 1 < text.len) {
            i++;
            lines += text.ptr[i] == marks->newline;
        } else if (what == 1) {
            ret->len = i + 1;
            ret->lines = lines;
        }
    }
    ret->open = s.state == QUOTED;
    ret->opened = s.opened;
    if (at_end && !ret->open) {
        ret->len = text.len;
        ret->lines = lines;
    }
}

size_t csv_first_row(const struct csv_marks *marks, struct slice text, int at_end)
{
    struct scan s = {.marks = marks, .text = text};

    for (size_t i = 0; i < text.len; i++) {
        int what = scan_byte(&s, i);
        if (what == 1)
            return i + 1;
        i += what == 2;
    }
    return at_end && s.state != QUOTED ? text.len : 0;
}

struct fast {
    struct csv_cut cut;
    uint64_t inside;      /* all ones inside quotes */
    uint64_t after_start; /* bit 0: the byte before was a separator, a closing quote, or none */
    uint64_t after_close; /* bit 0: the byte before was a closing quote */
    int64_t lines;
};

/* Bytes after a closing quote that are no separator must be the '\r' of a line end. */
static int closes_badly(uint64_t suspects, struct slice text, size_t base, int newline)
{
    for (; suspects; suspects &= suspects - 1) {
        size_t i = base + (size_t)__builtin_ctzll(suspects);
        if (i >= text.len)
            return 0;
        if (text.ptr[i] != '\r' || newline != '\n')
            return 1;
        if (i + 1 < text.len && text.ptr[i + 1] != '\n')
            return 1;
    }
    return 0;
}

static inline int fast_block(struct fast *f, struct csv_block m, struct slice text, size_t base,
                             int newline)
{
    uint64_t newlines = m.newline, in, opens, closes, separators, suspects;

    if (m.quote | f->inside | f->after_close) {
        in = prefix_xor(m.quote) ^ f->inside;
        opens = m.quote & in;
        closes = m.quote & ~in;
        separators = (m.delimiter | m.newline) & ~in;
        if (opens & ~((separators | closes) << 1 | f->after_start))
            return 0;
        suspects = (closes << 1 | f->after_close) & ~(separators | m.quote);
        if (suspects && closes_badly(suspects, text, base, newline))
            return 0;
        f->after_start = (separators | closes) >> 63;
        f->after_close = closes >> 63;
        f->inside = (uint64_t)((int64_t)in >> 63);
        newlines &= ~in;
    } else {
        f->after_start = (m.delimiter | m.newline) >> 63;
    }
    if (newlines) {
        int last = 63 - __builtin_clzll(newlines);
        f->cut.len = base + (size_t)last + 1;
        f->cut.lines = f->lines + __builtin_popcountll(m.newline & (~UINT64_C(0) >> (63 - last)));
    }
    f->lines += __builtin_popcountll(m.newline);
    return 1;
}

static int fast_cut(const struct csv_marks *marks, struct slice text, struct fast *f)
{
    csv_masker *mask = csv_masker_best();
    struct csv_block blocks[CSV_RUN];
    char tail[CSV_BLOCK] = {0};
    size_t at = 0, whole = text.len / CSV_BLOCK;

    f->after_start = 1;
    while (whole) {
        size_t n = whole < CSV_RUN ? whole : CSV_RUN;
        mask(text.ptr + at, n, marks, blocks);
        for (size_t i = 0; i < n; i++, at += CSV_BLOCK)
            if (!fast_block(f, blocks[i], text, at, marks->newline))
                return 0;
        whole -= n;
    }
    if (at < text.len) {
        memcpy(tail, text.ptr + at, text.len - at);
        mask(tail, 1, marks, blocks);
        if (!fast_block(f, blocks[0], text, at, marks->newline))
            return 0;
    }
    return 1;
}

void csv_cut(const struct csv_marks *marks, struct slice text, int at_end, struct csv_cut *ret)
{
    struct fast f = {0};

    if (!marks->padded && !(marks->escape && memchr(text.ptr, marks->escape, text.len)) &&
        fast_cut(marks, text, &f) && !(at_end && f.inside)) {
        *ret = f.cut;
        ret->regular = 1;
        ret->open = f.inside != 0;
        if (at_end) {
            ret->len = text.len;
            ret->lines = f.lines;
        }
        return;
    }
    csv_cut_slow(marks, text, at_end, ret);
}
