#include "connectors/xml/parse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/xml/frame.h"
#include "connectors/xml/record.h"

struct xml_parser {
    xmlParserCtxtPtr ctxt;
    xmlSAXHandler sax;
    int started; /* the element around the records is open */
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
    p->sax.characters = p->sax.ignorableWhitespace = p->sax.cdataBlock = xml_on_text;
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

/* -- Messages ---------------------------------------------------------------------------------- */

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

/* -- Feeding ----------------------------------------------------------------------------------- */

static int push(struct xml_parser *p, const char *bytes, size_t len)
{
    while (len && p->ctxt->wellFormed) {
        size_t n = len < XML_PUSH ? len : XML_PUSH;
        xmlParseChunk(p->ctxt, bytes, (int)n, 0);
        bytes += n;
        len -= n;
    }
    return p->ctxt->wellFormed ? 0 : ERR_DATA;
}

/* Opens the element that stands around the records and declares their ancestors' prefixes. */
static int start(struct xml_parser *p, const struct part *part)
{
    const char *spaces = part->note ? part->note : "";
    if (p->started)
        return 0;
    if (xmlCtxtResetPush(p->ctxt, NULL, 0, NULL, NULL) != 0 ||
        xmlCtxtUseOptions(p->ctxt, XML_READ_OPTIONS) != 0)
        return ERR_MEMORY;
    p->started = 1;
    p->record.depth = 0;
    TRY(push(p, "<records", 8));
    TRY(push(p, spaces, strlen(spaces)));
    return push(p, ">", 1);
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

/* One record through the parser. 0; ERR_DATA: not well formed, or a fault of the record's own;
 * ERR_MEMORY. */
static int feed(struct xml_parser *p, const struct part *part, struct slice record)
{
    int r = start(p, part);
    int depth = p->record.depth;
    if (r == 0)
        r = xml_record_begin(&p->record, record.len);
    p->record.depth = depth;
    if (r == 0)
        r = push(p, record.ptr, record.len);
    if (r == 0 && !p->record.whole) {
        /* The parser may hold back what could still go on: a space decides. */
        r = push(p, " ", 1);
        r = r == 0 && !p->record.whole ? ERR_DATA : r;
    }
    if (r < 0)
        p->started = 0;
    if (p->record.out_of_memory)
        return ERR_MEMORY;
    return r < 0 || p->record.code ? ERR_DATA : 0;
}

static int reject_fault(struct xml_parser *p, struct chunk *c, const struct span *s)
{
    char text[XML_MESSAGE];
    if (p->record.code)
        return chunk_reject(c, s, 0, p->record.code, "%s", p->record.problem);
    xml_message(xmlCtxtGetLastError(p->ctxt), text);
    return chunk_reject(c, s, 0, "bad-xml", "%s", text);
}

static int learn_record(struct xml_parser *p, struct chunk *c, struct slice record)
{
    p->record.rows = NULL;
    p->record.learn = c->learned;
    p->record.grow = 0;
    int r = feed(p, c->part, record);
    if (r == 0 && p->record.news) {
        p->record.grow = 1;
        r = feed(p, c->part, record);
    }
    return r == ERR_MEMORY ? chunk_memory(c) : 0;
}

static int parse_good(struct xml_parser *p, struct chunk *c, const struct span *s)
{
    struct slice record = chunk_text(c, s);
    if (c->learned)
        return learn_record(p, c, record);
    p->record.rows = &c->rows;
    p->record.learn = NULL;
    int r = feed(p, c->part, record);
    if (r < 0 && p->ctxt->errNo == XML_ERR_NO_MEMORY) {
        /* Its dictionary of names may be full: a new one, once. */
        if (context_new(p) < 0)
            return chunk_memory(c);
        r = feed(p, c->part, record);
    }
    if (r == ERR_MEMORY)
        return chunk_memory(c);
    if (r < 0)
        return reject_fault(p, c, s);
    if (p->record.surprise)
        return chunk_surprise(c, s, p->record.surprise, slice_str(p->record.surprise_name));
    return chunk_commit(c, s);
}

static int parse_span(struct xml_parser *p, struct chunk *c, const struct span *s)
{
    if (s->kind == SPAN_LONG)
        return chunk_reject(c, s, 0, "too-large", "the record is over %d MiB", RECORD_BYTES >> 20);
    struct slice record = chunk_text(c, s);
    size_t valid = slice_utf8_valid(record);
    if (valid < record.len)
        return chunk_reject(c, s, valid, "invalid-utf8", "byte %zu of the record is not UTF-8",
                            valid + 1);
    if (record.len > 2 * XML_ATTRIBUTES && too_many_attributes(record))
        return chunk_reject(c, s, 0, "too-large", "an element has over %d attributes",
                            XML_ATTRIBUTES);
    return parse_good(p, c, s);
}

void xml_parse_chunk(void *parser, struct chunk *c)
{
    struct xml_parser *p = parser;
    p->started = 0; /* another part may declare other prefixes */
    for (size_t i = 0; i < c->n_spans; i++)
        if (parse_span(p, c, &c->spans[i]) < 0)
            return;
}
