#include "connectors/xml/frame.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/xml/cut.h"
#include "connectors/xml/parse.h"

/* Enough of a document to see what repeats in it. */
enum { FIND_BYTES = 1 << 19 };

struct xml_frame {
    struct nested_reader *reader;
    struct part *part;
    char wanted[4 * XML_NAME]; /* name, or names from an ancestor down */
    int wanted_known;
    xmlParserCtxtPtr ctxt; /* checks all that is not a record */
    xmlSAXHandler sax;
    char open[XML_DEPTH][XML_NAME];
    int depth;
    struct buffer pending; /* of the frame, not yet given to the parser */
    struct buffer spaces;  /* xmlns:… attributes of the records' ancestors */
    int root, any;         /* an element, a record was seen */
    int64_t others;        /* elements in the root that are none */
    struct xml_cut cut;
};

static void frame_free(void *cutter)
{
    struct xml_frame *f = cutter;
    if (f->ctxt)
        xmlFreeParserCtxt(f->ctxt);
    buffer_done(&f->pending);
    buffer_done(&f->spaces);
    buffer_done(&f->cut.raw);
    free(f);
}

/* Errors are read from the context; this keeps them off standard error. */
static void quiet(void *arg, xmlErrorPtr e)
{
    (void)arg, (void)e;
}

static int frame_new(struct nested_reader *r, struct part *part, struct slice head, void **ret,
                     struct error *err)
{
    (void)head;
    const char *each = nested_options(r)->layout.each;
    struct xml_frame *f = calloc(1, sizeof *f);
    if (!f)
        return error_memory(err);
    *ret = f;
    f->reader = r;
    f->part = part;
    f->sax.initialized = XML_SAX2_MAGIC;
    f->sax.serror = quiet;
    f->ctxt = xmlCreatePushParserCtxt(&f->sax, NULL, NULL, 0, NULL);
    if (!f->ctxt || xmlCtxtUseOptions(f->ctxt, XML_READ_OPTIONS) != 0)
        return error_memory(err);
    if (each && strlen(each) >= sizeof f->wanted)
        return error_set(err, ERR_CONFIG, "'each' is too long");
    if (each) {
        f->wanted_known = 1;
        snprintf(f->wanted, sizeof f->wanted, "%s", each + (*each == '/'));
    }
    return 0;
}

static int frame_fault(const struct xml_frame *f, struct error *err)
{
    char text[XML_MESSAGE], where[320];
    const xmlError *e = xmlCtxtGetLastError(f->ctxt);
    xml_message(e, text);
    snprintf(where, sizeof where, "%.200s%s%.80s:%d:%d", f->part->file, *f->part->member ? "/" : "",
             f->part->member, e ? e->line : 0, e ? e->int2 : 0);
    if (f->ctxt->errNo == XML_ERR_NO_MEMORY)
        return error_memory(err);
    return error_at(err, ERR_DATA, where, "%s", text);
}

/* Gives the parser what was collected; `end` when nothing follows. */
static int frame_flush(struct xml_frame *f, int end, struct error *err)
{
    if (f->pending.len || end)
        xmlParseChunk(f->ctxt, (const char *)f->pending.data, (int)f->pending.len, end);
    buffer_reset(&f->pending);
    return f->ctxt->wellFormed ? 0 : frame_fault(f, err);
}

/* The parser is slow in starting: it gets the frame in large pieces. */
static int frame_push(struct xml_frame *f, const char *bytes, size_t len, struct error *err)
{
    if (buffer_append(&f->pending, bytes, len) < 0)
        return error_memory(err);
    return f->pending.len < XML_PUSH ? 0 : frame_flush(f, 0, err);
}

/* Line breaks instead of a record's bytes, so that the parser's line numbers stay right. */
static int frame_lines(struct xml_frame *f, size_t lines, struct error *err)
{
    if (buffer_reserve(&f->pending, lines + 1) < 0)
        return error_memory(err);
    memset(f->pending.data + f->pending.len, '\n', lines);
    f->pending.len += lines;
    return f->pending.len < XML_PUSH ? 0 : frame_flush(f, 0, err);
}

/* 1, 0 when the record goes on in the next text, negative. */
static int cut_record(struct xml_frame *f, struct chunk *c, size_t from, size_t *ret_at,
                      struct error *err)
{
    struct xml_cut *k = &f->cut;
    const char *p = c->text.ptr + from + k->done, *end = c->text.ptr + c->text.len;
    int whole = xml_cut_on(k, &p, end, c->last);
    k->done = (size_t)(p - c->text.ptr) - from;
    if (!whole && c->last)
        return chunk_broken(c, from, err,
                            "record '<%s>' does not end in the file: it was cut off, or the "
                            "record lacks its end tag",
                            k->name);
    if (!whole)
        return 0;
    *ret_at = from + k->done;
    int r = k->skipping ? chunk_long(c, buffer_view(&k->raw), k->line, k->offset)
                        : chunk_span(c, from, k->done);
    k->open = 0;
    if (r < 0)
        return error_memory(err);
    TRY(frame_lines(f, newlines_count(slice_of(c->text.ptr + from, k->done)), err));
    return 1;
}

static int skip_begin(struct xml_frame *f, struct chunk *c, size_t from, struct error *err)
{
    struct xml_cut *k = &f->cut;
    k->skipping = 1;
    k->line = c->line + (int64_t)newlines_count(slice_of(c->text.ptr, from));
    k->offset = c->offset + (int64_t)from;
    buffer_reset(&k->raw);
    return buffer_append(&k->raw, c->text.ptr + from, RAW_BYTES) < 0 ? error_memory(err) : 0;
}

/* The record goes on past the text: it stays for the next one, unless it is too long to hold. */
static int cut_pause(struct xml_frame *f, struct chunk *c, size_t from, size_t *ret_used,
                     struct error *err)
{
    struct xml_cut *k = &f->cut;
    *ret_used = from;
    if (!k->skipping && c->text.len - from < RECORD_BYTES)
        return 0;
    if (!k->skipping)
        TRY(skip_begin(f, c, from, err));
    TRY(frame_lines(f, newlines_count(slice_of(c->text.ptr + from, k->done)), err));
    *ret_used = from + k->done;
    k->done = 0;
    return 0;
}

/* Is the element called `name`, inside those that are open, a record? */
static int is_record(const struct xml_frame *f, struct slice name)
{
    struct slice rest = slice_str(f->wanted);
    int above = f->depth;
    for (;;) {
        const char *slash = rest.len ? memrchr(rest.ptr, '/', rest.len) : NULL;
        struct slice last =
            slash ? slice_of(slash + 1, rest.len - (size_t)(slash + 1 - rest.ptr)) : rest;
        if (!xml_name_matches(name, last))
            return 0;
        if (!slash)
            return 1;
        if (!above)
            return 0;
        rest.len = (size_t)(slash - rest.ptr);
        name = slice_str(f->open[--above]);
    }
}

/* Keeps the tag's xmlns:prefix="…" for the parsers, which see records without their ancestors. */
static int keep_spaces(struct xml_frame *f, struct slice tag)
{
    while (tag.len) {
        const char *at = memmem(tag.ptr, tag.len, " xmlns:", 7);
        const char *quote = at ? memchr(at, '"', tag.len - (size_t)(at - tag.ptr)) : NULL;
        if (!quote)
            return 0;
        const char *end = tag.ptr + tag.len;
        const char *close = memchr(quote + 1, '"', (size_t)(end - quote - 1));
        if (!close)
            return 0;
        const char *equals = memchr(at, '=', (size_t)(quote - at));
        struct slice key = slice_of(at, equals ? (size_t)(equals + 1 - at) : 0);
        int known = f->spaces.len && memmem(f->spaces.data, f->spaces.len, key.ptr, key.len);
        if (key.len && !known)
            TRY(buffer_append(&f->spaces, at, (size_t)(close + 1 - at)));
        tag = slice_of(close + 1, (size_t)(end - close - 1));
    }
    return 0;
}

static int first_record(struct xml_frame *f, struct error *err)
{
    f->any = 1;
    if (f->part->note)
        return 0;
    f->part->note = malloc(f->spaces.len + 1);
    if (!f->part->note)
        return error_memory(err);
    if (f->spaces.len)
        memcpy(f->part->note, f->spaces.data, f->spaces.len);
    f->part->note[f->spaces.len] = 0;
    return 0;
}

static int record_begin(struct xml_frame *f, struct chunk *c, size_t at, struct slice name,
                        struct error *err)
{
    struct xml_cut *k = &f->cut;
    if (name.len >= XML_NAME)
        return chunk_broken(c, at, err, "an element's name is too long");
    memcpy(k->name, name.ptr, name.len);
    k->name[name.len] = 0;
    k->name_len = name.len;
    k->nest = 0;
    k->done = 0;
    k->until = NULL;
    k->open = 1;
    if (!f->depth) { /* it is the root: something must stand for it */
        f->root = 1;
        TRY(frame_push(f, "<record/>", 9, err));
    }
    return first_record(f, err);
}

static int element_begin(struct xml_frame *f, struct chunk *c, size_t at, struct slice tag,
                         struct slice name, struct error *err)
{
    f->root = 1;
    f->others += f->depth > 0;
    if (tag.len >= 2 && tag.ptr[tag.len - 2] == '/')
        return 0;
    if (f->depth == XML_DEPTH)
        return chunk_broken(c, at, err, "the document is nested too deeply");
    if (name.len >= XML_NAME)
        return chunk_broken(c, at, err, "an element's name is too long");
    memcpy(f->open[f->depth], name.ptr, name.len);
    f->open[f->depth++][name.len] = 0;
    return keep_spaces(f, tag) < 0 ? error_memory(err) : 0;
}

/* A tag of the frame at `at`. 1, 0 when its end is not seen, negative. */
static int frame_tag(struct xml_frame *f, struct chunk *c, size_t at, size_t *ret_end,
                     struct error *err)
{
    struct slice rest = slice_of(c->text.ptr + at, c->text.len - at);
    int is_end = rest.len > 1 && rest.ptr[1] == '/';
    int attributes = xml_tag_end(rest, ret_end);
    if (attributes < 0 && rest.len < XML_TAG && !c->last)
        return 0;
    if (attributes > XML_ATTRIBUTES || (attributes < 0 && !c->last))
        return chunk_broken(c, at, err, "a tag has too many attributes, or too long ones");
    if (attributes < 0)
        *ret_end = rest.len; /* cut off: its own parser says so */
    struct slice tag = slice_of(rest.ptr, *ret_end);
    *ret_end += at;
    if (is_end) {
        f->depth -= f->depth > 0;
        return 1;
    }
    struct slice name = xml_name(slice_of(tag.ptr + 1, tag.len - 1));
    TRY(element_begin(f, c, at, tag, name, err));
    return 1;
}

/* The markup at `at`, which is no record. 1, 0 when its end is not seen, negative. */
static int frame_markup(struct xml_frame *f, struct chunk *c, size_t at, size_t *ret_end,
                        struct error *err)
{
    const char *p = c->text.ptr + at, *end = c->text.ptr + c->text.len, *on;
    const char *until = end - p >= 2 ? xml_terminator(p, end) : NULL;
    if (!until && end - p >= 2 && p[1] == '!')
        return chunk_broken(c, at, err, "a DOCTYPE is refused: no DTD, no entities");
    if (!until)
        return frame_tag(f, c, at, ret_end, err);
    const char *next = xml_skip_until(until, p + 2, end, &on);
    if (!next && !c->last && (size_t)(end - p) < RECORD_BYTES)
        return 0;
    if (!next && !c->last)
        return chunk_broken(c, at, err, "a comment or CDATA outside the records is too long");
    *ret_end = next ? (size_t)(next - c->text.ptr) : c->text.len;
    return 1;
}

static int record_starts(const struct xml_frame *f, const char *p, const char *end,
                         struct slice *ret_name)
{
    if (end - p < 2 || p[1] == '/' || p[1] == '!' || p[1] == '?')
        return 0;
    *ret_name = xml_name(slice_of(p + 1, (size_t)(end - p - 1)));
    return is_record(f, *ret_name);
}

static int frame_end(struct xml_frame *f, struct chunk *c, struct error *err)
{
    TRY(frame_flush(f, 0, err));
    if (f->depth)
        return chunk_broken(c, c->text.len, err, "the file ends inside '<%s>': it was cut off",
                            f->open[f->depth - 1]);
    if (!f->root)
        return chunk_broken(c, 0, err, "there is no XML element in the file");
    TRY(frame_flush(f, 1, err));
    if (f->any || !f->others)
        return 0;
    return chunk_broken(c, 0, err, "the document has no element '%s'", f->wanted);
}

static int find_wanted(struct xml_frame *f, struct chunk *c)
{
    char name[XML_NAME];
    struct slice head = slice_of(c->text.ptr, c->text.len < FIND_BYTES ? c->text.len : FIND_BYTES);
    if (f->wanted_known || !xml_find_record(head, name))
        return 0;
    f->wanted_known = 1;
    snprintf(f->wanted, sizeof f->wanted, "%s", name);
    return 0;
}

/* From markup to markup, from `*at` on; `*flushed` is how far the frame's parser has been fed. 1,
 * 0 when more text is needed, negative. */
static int frame_step(struct xml_frame *f, struct chunk *c, size_t *at, size_t *flushed,
                      struct error *err)
{
    const char *end = c->text.ptr + c->text.len, *p = c->text.ptr + *at;
    struct slice name;
    if (!f->cut.open) {
        p = p < end ? memchr(p, '<', (size_t)(end - p)) : NULL;
        *at = p ? (size_t)(p - c->text.ptr) : c->text.len;
        if (!p || (end - p < XML_NAME && !c->last))
            return 0;
        if (!record_starts(f, p, end, &name))
            return frame_markup(f, c, *at, at, err);
        TRY(frame_push(f, c->text.ptr + *flushed, *at - *flushed, err));
        *flushed = *at;
        TRY(record_begin(f, c, *at, name, err));
    }
    int r = cut_record(f, c, *at, at, err);
    if (r > 0)
        *flushed = *at;
    return r;
}

static int frame_cut(void *cutter, struct chunk *c, size_t *ret_used, struct error *err)
{
    struct xml_frame *f = cutter;
    size_t at = 0, flushed = 0;
    int more, was_long = f->cut.skipping;
    TRY(find_wanted(f, c));
    while ((more = frame_step(f, c, &at, &flushed, err)) > 0) {
        if (!was_long)
            continue;
        f->cut.skipping = 0;
        *ret_used = at;
        return 0;
    }
    TRY(more);
    if (f->cut.open)
        return cut_pause(f, c, at, ret_used, err);
    if (c->last)
        at = c->text.len;
    TRY(frame_push(f, c->text.ptr + flushed, at - flushed, err));
    *ret_used = at;
    return c->last ? frame_end(f, c, err) : frame_flush(f, 0, err);
}

static const char *frame_encoding(struct slice head, char room[ENCODING_NAME])
{
    const char *close = head.len ? memchr(head.ptr, '>', head.len) : NULL;
    if (!close || !slice_starts(head, SLICE_LIT("<?xml")))
        return NULL;
    const char *at = memmem(head.ptr, (size_t)(close - head.ptr), "encoding", 8);
    size_t n = 0;
    if (!at)
        return NULL;
    for (at += 8; at < close && (*at == ' ' || *at == '=' || *at == '"' || *at == '\'');)
        at++;
    while (at < close && *at != '"' && *at != '\'' && n < ENCODING_NAME - 1)
        room[n++] = *at++;
    room[n] = 0;
    struct slice name = slice_of(room, n), utf = SLICE_LIT("utf-");
    int is_utf = n >= 4 && slice_equal_nocase(slice_of(room, 4), utf);
    if (!n || is_utf || slice_equal_nocase(name, SLICE_LIT("utf8")) ||
        slice_equal_nocase(name, SLICE_LIT("us-ascii")))
        return NULL;
    return room;
}

const struct nested_kind xml_kind = {
    .style = SHAPE_XML,
    .cutter_new = frame_new,
    .cut = frame_cut,
    .cutter_free = frame_free,
    .parser_new = xml_parser_new,
    .parse = xml_parse_chunk,
    .parser_free = xml_parser_free,
    .encoding = frame_encoding,
};
