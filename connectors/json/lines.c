#include "connectors/json/lines.h"

#include <stdlib.h>

#include "connectors/json/parse.h"

struct line_cutter {
    int skipping; /* inside a line that is too long */
    struct buffer raw;
    int64_t line, offset; /* of it */
};

static int lines_new(struct nested_reader *r, struct part *part, struct slice head, void **ret,
                     struct error *err)
{
    (void)r, (void)part, (void)head;
    *ret = calloc(1, sizeof(struct line_cutter));
    return *ret ? 0 : error_memory(err);
}

static void lines_free(void *cutter)
{
    struct line_cutter *l = cutter;
    buffer_done(&l->raw);
    free(l);
}

static int skip_begin(struct line_cutter *l, struct chunk *c, size_t *ret_used)
{
    l->skipping = c->skipped = 1;
    l->line = c->line;
    l->offset = c->offset;
    buffer_reset(&l->raw);
    *ret_used = c->text.len;
    return buffer_append(&l->raw, c->text.ptr, RAW_BYTES);
}

static int skip_on(struct line_cutter *l, struct chunk *c, size_t *ret_used)
{
    const char *newline = c->text.len ? memchr(c->text.ptr, '\n', c->text.len) : NULL;
    *ret_used = newline ? (size_t)(newline + 1 - c->text.ptr) : c->text.len;
    if (!newline && !c->last) {
        c->skipped = 1;
        return 0;
    }
    l->skipping = 0;
    return chunk_long(c, buffer_view(&l->raw), l->line, l->offset);
}

static int lines_cut(void *cutter, struct chunk *c, size_t *ret_used, struct error *err)
{
    struct line_cutter *l = cutter;
    int r = 0;
    const char *newline = c->text.len ? memrchr(c->text.ptr, '\n', c->text.len) : NULL;
    if (l->skipping)
        r = skip_on(l, c, ret_used);
    else if (c->last)
        *ret_used = c->text.len;
    else if (newline)
        *ret_used = (size_t)(newline + 1 - c->text.ptr);
    else if (c->text.len >= RECORD_BYTES)
        r = skip_begin(l, c, ret_used);
    return r < 0 ? error_memory(err) : 0;
}

static int is_blank(struct slice line)
{
    return slice_trim(line).len == 0;
}

static void lines_parse(void *parser, struct chunk *c)
{
    size_t at = 0;
    int cut = 0;
    if (c->n_spans) {
        json_parse_spans(parser, c);
        return;
    }
    while (at < c->text.len) {
        const char *from = c->text.ptr + at;
        const char *newline = memchr(from, '\n', c->text.len - at);
        size_t len = newline ? (size_t)(newline - from) : c->text.len - at;
        struct slice line = slice_of(from, len);
        struct span span = {SPAN_RECORD, (uint32_t)at, (uint32_t)len};
        if (len && line.ptr[len - 1] == '\r')
            span.len--;
        if ((len == 0 || *from != '{') && is_blank(line)) {
            at += len + 1;
            continue;
        }
        if (json_parse_record(parser, c, &span, newline || c->learned ? NULL : &cut) < 0)
            return;
        if (cut) {
            chunk_broken(c, at + len, &c->err, "the file ends inside a record: it was cut off");
            return;
        }
        at += len + 1;
    }
}

const struct nested_kind json_lines_kind = {
    .style = SHAPE_JSON,
    .splits_itself = 1,
    .cutter_new = lines_new,
    .cut = lines_cut,
    .cutter_free = lines_free,
    .parser_new = json_parser_new,
    .parse = lines_parse,
    .parser_free = json_parser_free,
};
