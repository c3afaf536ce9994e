/* A layout: how an export's bytes are to be read. What is left empty is detected. Filled from the
 * project file's `format:` or from command-line options; read by connectors. Plain data; strings
 * belong to whoever filled it. */
#ifndef SLUICE_SCHEMAS_LAYOUT_H
#define SLUICE_SCHEMAS_LAYOUT_H

#include "core/type.h"

enum { LAYOUT_AUTO = -1 };

struct layout_column { /* of a fixed-width record */
    struct slice name;
    int from, width; /* from 1, in characters of a single-byte encoding, else bytes */
};

struct layout {
    const char *type;     /* name in the formats' table ("csv", "jsonl" …), NULL: detect */
    const char *member;   /* shell pattern of archive members to read; NULL: all regular ones */
    const char *encoding; /* ICU name; NULL: detect (BOM, valid UTF-8, else windows-1252) */
    int delimiter, quote,
        escape;       /* a byte; LAYOUT_AUTO: detect; quote or escape 0: there is none */
    int padded;       /* a space behind a delimiter belongs to it; LAYOUT_AUTO: detect */
    int header;       /* header rows: 0 none (columns c1, c2 …), 1, 2 …; LAYOUT_AUTO: detect */
    int skip;         /* lines before the header */
    const char *each; /* JSON: path of the array of records ("contacts"); XML: the record element's
                       * name. NULL: found (JSON: the document, its array, or its only array; XML:
                       * the child element that repeats) */
    const char
        *explode; /* a list in the record ("OrderItems[]"): one row per element, the record's other
                   * fields repeated; a record whose list is empty or missing is one row */
    const struct layout_column *columns; /* fixed width */
    int n_columns;
    const char
        *header_starts; /* records to skip (fixed width, CSV): a header record's first bytes */
    const char *trailer_starts; /* a control record: checked, not data; must be the last */
    int trailer_count; /* field (CSV: from 1) or, in fixed width, trailer_from/width: number of data
                          rows; 0: none */
    int trailer_from, trailer_width;
    int trailer_sum; /* field that holds the sum of column trailer_of; 0: none; in fixed
                        width trailer_sum_from/width */
    int trailer_sum_from, trailer_sum_width;
    const char *trailer_of; /* column that trailer_sum adds up */
    char trailer_decimal;   /* decimal mark in it, default '.' */
};

#define LAYOUT_DETECT                                                                              \
    {                                                                                              \
        .delimiter = LAYOUT_AUTO, .quote = LAYOUT_AUTO, .escape = LAYOUT_AUTO,                     \
        .padded = LAYOUT_AUTO, .header = LAYOUT_AUTO                                               \
    }

#endif
