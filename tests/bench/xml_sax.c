/* The peer of the XML benchmark: libxml2's SAX2 push parser alone, with handlers that only count.
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct counts {
    long elements, bytes;
};

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    struct counts *c = ctx;
    (void)name, (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces;
    (void)n_attributes, (void)n_defaulted, (void)attributes;
    c->elements++;
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct counts *c = ctx;
    (void)text;
    c->bytes += len;
}

/* The generated exports hold a few records that are not well formed on purpose: parsing goes on
 * after them. */
static void on_error(void *ctx, const xmlError *e)
{
    (void)ctx, (void)e;
}

int main(int argc, char **argv)
{
    static char buffer[65536];
    struct counts counts = {0, 0};
    xmlSAXHandler sax;
    size_t n;
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!f)
        return 66;
    memset(&sax, 0, sizeof sax);
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = on_start;
    sax.characters = on_text;
    sax.cdataBlock = on_text;
    sax.serror = (xmlStructuredErrorFunc)on_error;
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&sax, &counts, NULL, 0, argv[1]);
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_RECOVER);
    while ((n = fread(buffer, 1, sizeof buffer, f)) > 0)
        xmlParseChunk(parser, buffer, (int)n, 0);
    xmlParseChunk(parser, buffer, 0, 1);
    fprintf(stderr, "%ld elements, %ld bytes of text\n", counts.elements, counts.bytes);
    xmlFreeParserCtxt(parser);
    fclose(f);
    return counts.elements > 0 ? 0 : 65;
}
