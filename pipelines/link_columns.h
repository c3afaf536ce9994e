/* Two files with columns of their own: which column of one is which of the other. By name, then by
 * meaning, then by the words that their values share. */
#ifndef SLUICE_PIPELINES_LINK_COLUMNS_H
#define SLUICE_PIPELINES_LINK_COLUMNS_H

#include "pipelines/columns.h"

/* One file: its columns as codes and with their meanings. */
struct link_side {
    struct coded_columns coded;
    struct meaning_column *meanings;
};

struct column_pair {
    int column[2]; /* of each file; -1: none (parts of names may stand alone) */
    enum meaning meaning;
    const char *why; /* constant */
};

enum { PAIRS_MAX = 64 };

/* Pairs in order of the first file's columns, then those that stand alone. Returns how many, or
 * ERR_MEMORY. */
int link_columns(const struct link_side sides[2], struct column_pair ret[PAIRS_MAX]);

/* One column over the rows of both files: `ret` owns its dictionary and codes. 0 or ERR_MEMORY. */
int link_merge_column(const struct link_side sides[2], const struct column_pair *p,
                      struct match_column *ret);

#endif
