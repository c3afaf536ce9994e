/* JSON Lines and JSON documents, read and written. Reading: connectors/nested/reader.h says how
 * columns are found and what becomes of bad records. Numbers keep their digits; what has no column
 * of its own (arrays of objects) is a column of JSON text. Writing: one object a row, every column
 * a member, nulls written as null; rows are formatted on the pool's threads. */
#ifndef SLUICE_CONNECTORS_JSON_H
#define SLUICE_CONNECTORS_JSON_H

#include "connectors/format.h"

extern const struct format json_format, jsonl_format;

#endif
