#include "connectors/nested/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

size_t newlines_count(struct slice s)
{
    size_t n = 0, i = 0;
#if defined(__SSE2__)
    const __m128i newline = _mm_set1_epi8('\n');
    while (s.len - i >= 16) {
        __m128i sums = _mm_setzero_si128();
        size_t stop = s.len - i < 16 * 255 ? i + (s.len - i) / 16 * 16 : i + 16 * 255;
        for (; i < stop; i += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + i));
            sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(v, newline));
        }
        sums = _mm_sad_epu8(sums, _mm_setzero_si128());
        n += (size_t)(_mm_cvtsi128_si64(sums) + _mm_cvtsi128_si64(_mm_srli_si128(sums, 8)));
    }
#endif
    for (; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

static int span_room(struct chunk *c)
{
    if (c->n_spans < c->cap_spans)
        return 0;
    size_t cap = c->cap_spans ? c->cap_spans * 2 : 1024;
    struct span *spans = realloc(c->spans, cap * sizeof *spans);
    if (!spans)
        return ERR_MEMORY;
    c->spans = spans;
    c->cap_spans = cap;
    return 0;
}

int chunk_span(struct chunk *c, size_t at, size_t len)
{
    TRY(span_room(c));
    c->spans[c->n_spans++] = (struct span){SPAN_RECORD, (uint32_t)at, (uint32_t)len};
    return 0;
}

int chunk_long(struct chunk *c, struct slice raw, int64_t line, int64_t offset)
{
    TRY(span_room(c));
    buffer_reset(&c->long_raw);
    TRY(buffer_slice(&c->long_raw, raw));
    c->long_line = line;
    c->long_offset = offset;
    c->spans[c->n_spans++] = (struct span){SPAN_LONG, 0, 0};
    return 0;
}

/* "file:line:column", in `out`. */
static void place_text(const struct part *part, int64_t line, int64_t column, char out[320])
{
    const char *member = part->member, *sep = *member ? "/" : "";
    snprintf(out, 320, "%.200s%s%.80s:%lld:%lld", part->file, sep, member, (long long)line,
             (long long)column);
}

static int64_t column_of(struct slice text, size_t at)
{
    const char *newline = at ? memrchr(text.ptr, '\n', at) : NULL;
    return newline ? (int64_t)(text.ptr + at - newline) : (int64_t)at + 1;
}

int chunk_broken(struct chunk *c, size_t at, struct error *err, const char *format, ...)
{
    char where[320], text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    int64_t line = c->line + (int64_t)newlines_count(slice_of(c->text.ptr, at));
    place_text(c->part, line, column_of(c->text, at), where);
    return error_at(err, ERR_DATA, where, "%s", text);
}

struct slice chunk_text(const struct chunk *c, const struct span *s)
{
    if (s->kind == SPAN_LONG)
        return buffer_view(&c->long_raw);
    return slice_of(c->text.ptr + s->at, s->len);
}

/* The line of byte `at`; cheap when asked in order. */
static int64_t chunk_line(struct chunk *c, size_t at)
{
    if (at < c->counted) {
        c->counted = 0;
        c->counted_line = c->line;
    }
    struct slice between = slice_of(c->text.ptr + c->counted, at - c->counted);
    c->counted_line += (int64_t)newlines_count(between);
    c->counted = at;
    return c->counted_line;
}

static struct record_place record_place(struct chunk *c, const struct span *s)
{
    struct record_place p = {
        .file = c->part->file_slice, .member = c->part->member_slice, .raw = chunk_text(c, s)};
    p.line = s->kind == SPAN_LONG ? c->long_line : chunk_line(c, s->at);
    p.offset = s->kind == SPAN_LONG ? c->long_offset : c->offset + (int64_t)s->at;
    if (c->part->transcoded)
        p.offset = -1;
    return p;
}

int chunk_memory(struct chunk *c)
{
    return error_memory(&c->err);
}

static int reject_put(struct chunk *c, const struct record_place *p, struct slice column,
                      const char *code, const char *text)
{
    struct reject reject = {.source = nested_options(c->reader)->source,
                            .file = p->file,
                            .member = p->member,
                            .line = p->line,
                            .offset = p->offset,
                            .column = column,
                            .code = code,
                            .text = slice_str(text),
                            .raw = p->raw};
    return reject_add(c->rejects, &reject) < 0 ? chunk_memory(c) : 0;
}

int chunk_reject(struct chunk *c, const struct span *s, size_t at, const char *code,
                 const char *format, ...)
{
    if (c->learned)
        return 0;
    char where[320], text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    c->rows_in++;
    struct record_place p = record_place(c, s);
    if (c->rejects)
        return reject_put(c, &p, slice_of(NULL, 0), code, text);
    int64_t line = p.line, column = 1;
    if (s->kind == SPAN_RECORD) {
        line = chunk_line(c, s->at + at);
        column = column_of(c->text, s->at + at);
    }
    place_text(c->part, line, column, where);
    return error_at(&c->err, ERR_DATA, where, "%s", text);
}

struct bad_value {
    struct chunk *chunk;
    const struct record_place *place;
};

static int bad_value(void *arg, const struct field *column, struct slice text)
{
    const struct bad_value *b = arg;
    char room[600], where[320];
    struct arena names;
    arena_init(&names, 0);
    const struct field *f = column->type == TYPE_LIST ? &column->children[0] : column;
    const char *type = type_name(f, &names);
    snprintf(room, sizeof room, "'%.*s' is not a value of type %s",
             text.len > 80 ? 80 : (int)text.len, text.ptr, type ? type : "?");
    arena_done(&names);
    if (b->chunk->rejects)
        return reject_put(b->chunk, b->place, column->name, "bad-value", room);
    place_text(b->chunk->part, b->place->line, 1, where);
    return error_at(&b->chunk->err, ERR_DATA, where, "column '%.*s': %s", (int)column->name.len,
                    column->name.ptr, room);
}

static int batch_room(struct chunk *c)
{
    if (c->n_batches < c->cap_batches)
        return 0;
    int cap = c->cap_batches ? c->cap_batches * 2 : 4;
    struct batch **batches = realloc(c->batches, (size_t)cap * sizeof(struct batch *));
    if (!batches)
        return chunk_memory(c);
    c->batches = batches;
    c->cap_batches = cap;
    return 0;
}

/* One exploded record can make more rows than a batch holds. */
static int batch_put(struct chunk *c, struct batch *b)
{
    int64_t n = b->n_rows;
    for (int64_t at = 0; n > BATCH_ROWS && at < n; at += BATCH_ROWS) {
        struct batch *piece;
        int64_t rows = n - at < BATCH_ROWS ? n - at : BATCH_ROWS;
        if (batch_room(c) < 0 || batch_slice(b, at, rows, &piece, &c->err) < 0) {
            batch_free(b);
            return c->err.code;
        }
        c->batches[c->n_batches++] = piece;
    }
    if (n > BATCH_ROWS) {
        batch_free(b);
        return 0;
    }
    if (batch_room(c) < 0) {
        batch_free(b);
        return c->err.code;
    }
    c->batches[c->n_batches++] = b;
    return 0;
}

int chunk_flush(struct chunk *c)
{
    struct batch *b = NULL;
    TRY(maker_finish(&c->rows, &b, &c->err));
    return b ? batch_put(c, b) : 0;
}

int chunk_commit(struct chunk *c, const struct span *s)
{
    struct record_place place = {.line = -1};
    int64_t rows = maker_count(&c->rows);
    size_t raw = c->rows.with_place ? s->len : 0;
    if (rows > 1 && maker_bytes(&c->rows) + raw > MAKER_BYTES / (size_t)rows)
        return chunk_reject(c, s, 0, "too-large", "the record makes %lld rows of too many bytes",
                            (long long)rows);
    int64_t full = batch_builder_rows(&c->rows.builder) + rows;
    if (full > BATCH_ROWS && full > rows)
        TRY(chunk_flush(c));
    c->rows_in += rows;
    if (c->rows.with_place || c->rows.has_types)
        place = record_place(c, s);
    struct bad_value arg = {c, &place};
    int r = maker_commit(&c->rows, &place, bad_value, &arg);
    if (r == ERR_MEMORY && !c->err.code)
        chunk_memory(c);
    return r;
}

int chunk_surprise(struct chunk *c, const struct span *s, const struct shape_node *parent,
                   struct slice name)
{
    char where[320], path[256];
    shape_path(nested_shape(c->reader), parent, path, sizeof path);
    struct record_place p = record_place(c, s);
    place_text(c->part, p.line, 1, where);
    const char *sep = !*path || !name.len                           ? ""
                      : nested_shape(c->reader)->style == SHAPE_XML ? "/"
                                                                    : ".";
    return error_at(&c->err, ERR_DATA, where,
                    "'%s%s%.*s' is first met (or first met in this form) after the part of the "
                    "input that the columns were found in; name the columns to take with --columns",
                    path, sep, name.len > 100 ? 100 : (int)name.len, name.ptr);
}
