/* Record elements to rows: libxml2's SAX2 push parser, with no network, no DTD, no entities but the
 * five of XML, and its own ceilings on text and depth. Records go one after the other into a parser
 * that has an element open around them, so that its set-up is paid once; a record that is not well
 * formed costs a new start. */
#ifndef SLUICE_CONNECTORS_XML_PARSE_H
#define SLUICE_CONNECTORS_XML_PARSE_H

#include <libxml/xmlerror.h>

#include "connectors/nested/reader.h"

enum { XML_PUSH = 1 << 20, XML_MESSAGE = 400 };

/* NONET; and IGNORE_ENC, for the text is UTF-8 whatever its declaration says. */
#define XML_READ_OPTIONS (XML_PARSE_NONET | XML_PARSE_IGNORE_ENC)

int xml_parser_new(struct nested_reader *r, void **ret, struct error *err);
void xml_parser_free(void *parser);
void xml_parse_chunk(void *parser, struct chunk *c);

/* libxml2's sentence in our form. */
void xml_message(const xmlError *e, char ret[XML_MESSAGE]);

#endif
