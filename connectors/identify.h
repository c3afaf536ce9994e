/* What a file is before its rows are read: what it is packed in, its members, its encoding, its
 * format and, of CSV, its dialect, each as the readers would take it. Strings belong to the arena.
 */
#ifndef SLUICE_CONNECTORS_IDENTIFY_H
#define SLUICE_CONNECTORS_IDENTIFY_H

#include "connectors/csv_dialect.h"
#include "connectors/format.h"

enum { IDENTIFY_MEMBERS = 100 };

struct identity {
    const char *packed; /* "gzip", "gzip, tar", "zip"; "" when it is not */
    const char *members[IDENTIFY_MEMBERS];
    int n_members; /* of an archive, all of them; the first are in `members` */
    const char *format;
    const char *encoding; /* of text, else "" */
    int encoding_sure;    /* 0: no byte order mark and no valid UTF-8, so it was guessed */
    int has_dialect;      /* CSV and TSV */
    struct csv_dialect dialect;
    int dialect_sure;      /* 0..100, as csv_dialect_detect */
    const char *line_end;  /* "LF", "CR LF", "CR", "mixed"; "" when not text */
    struct slice preamble; /* the lines before the header */
};

/* `path` is a file: it is opened more than once. */
int identify(const char *path, const struct read_options *options, struct arena *a,
             struct identity *ret, struct error *err);

#endif
