#include "connectors/xml/parse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/xml/frame.h"
#include "connectors/xml/glance.h"
#include "connectors/xml/record.h"

enum { PIECE = 1 << 16 };

struct xml_parser {
    xmlParserCtxtPtr ctxt;
    xmlSAXHandler sax;
    int started; /* the element around the records is open */
    int renewed; /* the context is new because of the record at hand */
    struct chunk *chunk;
    size_t next; /* span that the parser is in */
    struct xml_record record;
};

static void quiet(void *arg, xmlErrorPtr e)
{
    (void)arg, (void)e;
}

static int context_new(struct xml_parser *p)
{
    if (p->ctxt)
        xmlFreeParserCtxt(p->ctxt);
    p->started = 0;
    p->ctxt = xmlCreatePushParserCtxt(&p->sax, &p->record, NULL, 0, NULL);
    return p->ctxt ? 0 : ERR_MEMORY;
}

int xml_parser_new(struct nested_reader *r, void **ret, struct error *err)
{
    (void)r;
    struct xml_parser *p = calloc(1, sizeof *p);
    if (!p)
        return error_memory(err);
    p->sax.initialized = XML_SAX2_MAGIC;
    p->sax.startElementNs = xml_on_start;
    p->sax.endElementNs = xml_on_end;
    p->sax.characters = p->sax.ignorableWhitespace = xml_on_text;
    p->sax.cdataBlock = xml_on_cdata;
    p->sax.serror = quiet;
    *ret = p;
    return context_new(p) < 0 ? error_memory(err) : 0;
}

void xml_parser_free(void *parser)
{
    struct xml_parser *p = parser;
    if (p->ctxt)
        xmlFreeParserCtxt(p->ctxt);
    xml_record_done(&p->record);
    free(p);
}

void xml_message(const xmlError *e, char ret[XML_MESSAGE])
{
    if (!e || !e->message) {
        snprintf(ret, XML_MESSAGE, "not well formed");
        return;
    }
    if (e->code == XML_ERR_TAG_NAME_MISMATCH && e->str1 && e->str2) {
        snprintf(ret, XML_MESSAGE, "'<%.150s>' is closed by '</%.150s>'", e->str1, e->str2);
        return;
    }
    snprintf(ret, XML_MESSAGE, "%s", e->message);
    size_t n = strlen(ret);
    while (n && (ret[n - 1] == '\n' || ret[n - 1] == '.' || ret[n - 1] == ' '))
        ret[--n] = 0;
    if (n > 1 && islower((unsigned char)ret[1]))
        ret[0] = (char)tolower((unsigned char)ret[0]);
}

static int push(struct xml_parser *p, const char *bytes, size_t len)
{
    while (len && p->ctxt->wellFormed && !p->chunk->err.code) {
        size_t n = len < PIECE ? len : PIECE;
        xmlParseChunk(p->ctxt, bytes, (int)n, 0);
        bytes += n;
        len -= n;
    }
    return p->ctxt->wellFormed && !p->chunk->err.code ? 0 : ERR_DATA;
}

/* Opens the element that stands around the records and declares their ancestors' prefixes. */
static int start(struct xml_parser *p)
{
    const char *spaces = p->chunk->part->note ? p->chunk->part->note : "";
    if (p->started)
        return 0;
    if (xmlCtxtResetPush(p->ctxt, NULL, 0, NULL, NULL) != 0 ||
        xmlCtxtUseOptions(p->ctxt, XML_READ_OPTIONS) != 0)
        return chunk_memory(p->chunk);
    p->started = 1;
    p->record.depth = 0;
    TRY(push(p, "<records", 8));
    TRY(push(p, spaces, strlen(spaces)));
    return push(p, ">", 1);
}

static int reject_fault(struct xml_parser *p, const struct span *s)
{
    char text[XML_MESSAGE];
    if (p->record.code)
        return chunk_reject(p->chunk, s, 0, p->record.code, "%s", p->record.problem);
    xml_message(xmlCtxtGetLastError(p->ctxt), text);
    return chunk_reject(p->chunk, s, 0, "bad-xml", "%s", text);
}

/* The parser calls this at the end of each record that is well formed. */
static void record_whole(void *arg)
{
    struct xml_parser *p = arg;
    struct chunk *c = p->chunk;
    const struct span *s = &c->spans[p->next++];
    if (c->err.code || c->learned)
        return;
    if (p->record.out_of_memory)
        chunk_memory(c);
    else if (p->record.code)
        reject_fault(p, s);
    else if (p->record.surprise)
        chunk_surprise(c, s, p->record.surprise, slice_str(p->record.surprise_name));
    else
        chunk_commit(c, s);
}

/* The records from `first` to before `end`, which stand next to each other, through the parser,
 * until one is not well formed: that is p->next then. */
static int feed(struct xml_parser *p, size_t first, size_t end)
{
    const struct span *spans = p->chunk->spans, *last = &spans[end - 1];
    size_t longest = 0;
    p->next = first;
    for (size_t i = first; i < end; i++)
        longest = spans[i].len > longest ? spans[i].len : longest;
    if (xml_record_room(&p->record, longest) < 0)
        return chunk_memory(p->chunk);
    TRY(start(p));
    TRY(push(p, p->chunk->text.ptr + spans[first].at, last->at + last->len - spans[first].at));
    if (p->next < end) /* the parser may hold back what could go on: a space decides */
        TRY(push(p, " ", 1));
    return p->next < end ? ERR_DATA : 0;
}

/* A record that is not well formed is rejected; a full dictionary of names is no fault of its. */
static int recover(struct xml_parser *p)
{
    int full = p->ctxt->errNo == XML_ERR_NO_MEMORY && !p->renewed;
    p->started = 0;
    p->renewed = full;
    if (full)
        return context_new(p) < 0 ? chunk_memory(p->chunk) : 0;
    return reject_fault(p, &p->chunk->spans[p->next++]);
}

static int feed_all(struct xml_parser *p, size_t first, size_t end)
{
    while (first < end) {
        int r = feed(p, first, end);
        TRY(p->chunk->err.code);
        if (r < 0)
            TRY(recover(p));
        else
            p->renewed = 0;
        first = p->next;
    }
    return 0;
}

/* Every tag's attributes are compared with one another: too many would take for ever. */
static int too_many_attributes(struct slice record)
{
    const char *p = record.ptr, *end = p + record.len;
    while ((p = memchr(p, '<', (size_t)(end - p)))) {
        const char *next = memchr(p + 1, '<', (size_t)(end - p - 1));
        size_t tag, gap = (size_t)((next ? next : end) - p);
        if (gap > 2 * XML_ATTRIBUTES && xml_tag_end(slice_of(p, gap), &tag) > XML_ATTRIBUTES)
            return 1;
        p++;
    }
    return 0;
}

/* Is the record one for the parser? 1; 0: it was rejected; negative. */
static int fit(struct xml_parser *p, const struct span *s)
{
    struct slice record = chunk_text(p->chunk, s);
    size_t valid = s->kind == SPAN_LONG ? record.len : slice_utf8_valid(record);
    if (s->kind == SPAN_LONG)
        return chunk_reject(p->chunk, s, 0, "too-large", "the record is over %d MiB",
                            RECORD_BYTES >> 20);
    if (valid < record.len)
        return chunk_reject(p->chunk, s, valid, "invalid-utf8",
                            "byte %zu of the record is not UTF-8", valid + 1);
    if (record.len > 2 * XML_ATTRIBUTES && too_many_attributes(record))
        return chunk_reject(p->chunk, s, 0, "too-large", "an element has over %d attributes",
                            XML_ATTRIBUTES);
    return 1;
}

static int needs_parser(const struct chunk *c, const struct span *s)
{
    struct slice record = chunk_text(c, s);
    return s->kind == SPAN_RECORD && slice_utf8_valid(record) == record.len &&
           !(record.len > 2 * XML_ATTRIBUTES && too_many_attributes(record));
}

/* Does nothing but white space stand between the two? */
static int next_to(const struct chunk *c, const struct span *a, const struct span *b)
{
    size_t from = a->at + a->len;
    return slice_trim(slice_of(c->text.ptr + from, b->at - from)).len == 0;
}

static int parse_rows(struct xml_parser *p)
{
    struct chunk *c = p->chunk;
    size_t first = 0;
    while (first < c->n_spans) {
        size_t end = first + 1;
        if (!needs_parser(c, &c->spans[first])) {
            TRY(fit(p, &c->spans[first]));
            first = end;
            continue;
        }
        while (end < c->n_spans && needs_parser(c, &c->spans[end]) &&
               next_to(c, &c->spans[end - 1], &c->spans[end]))
            end++;
        TRY(feed_all(p, first, end));
        first = end;
    }
    return 0;
}

/* Once to see that it is well formed, then to learn from it: a bad record leaves no paths. */
static int learn_one(struct xml_parser *p, size_t i)
{
    for (p->record.grow = 0; p->record.grow < 2; p->record.grow++) {
        int r = feed(p, i, i + 1);
        if (p->record.out_of_memory)
            return chunk_memory(p->chunk);
        if (r < 0) {
            p->started = 0;
            return p->chunk->err.code;
        }
    }
    return 0;
}

static int learn(struct xml_parser *p)
{
    struct chunk *c = p->chunk;
    for (size_t i = 0; i < c->n_spans; i++) {
        const struct span *s = &c->spans[i];
        if (s->kind == SPAN_RECORD && xml_glance(&p->record, chunk_text(c, s)) &&
            needs_parser(c, s))
            TRY(learn_one(p, i));
    }
    return 0;
}

void xml_parse_chunk(void *parser, struct chunk *c)
{
    struct xml_parser *p = parser;
    p->started = 0; /* another part may declare other prefixes */
    p->chunk = c;
    p->record.whole = record_whole;
    p->record.arg = p;
    p->record.learn = c->learned;
    p->record.rows = c->learned ? NULL : &c->rows;
    if (c->learned)
        learn(p);
    else
        parse_rows(p);
}
