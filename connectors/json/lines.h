/* JSON Lines: a record a line. Lines are found by the parser, in parallel; the cutter only cuts
 * behind a newline. A line that is not a record costs itself alone, but a last one that is cut off
 * is a truncated file. */
#ifndef SLUICE_CONNECTORS_JSON_LINES_H
#define SLUICE_CONNECTORS_JSON_LINES_H

#include "connectors/nested/reader.h"

extern const struct nested_kind json_lines_kind;

#endif
