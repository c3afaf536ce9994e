/* XML documents, read. connectors/nested/reader.h says how columns are found and what becomes of
 * bad records. Columns are paths from the record element: requester/name, requester/@id, @id; an
 * element that repeats is a list. An element's text is all the text in it. Prefixes are kept as
 * written; a column named without one also matches under any. */
#ifndef SLUICE_CONNECTORS_XML_H
#define SLUICE_CONNECTORS_XML_H

#include "connectors/format.h"

extern const struct format xml_format;

#endif
