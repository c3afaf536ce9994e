/* What mode merge knows of the new rows: their keys, what each row is, and bounds that leave most
 * files of the table unread. About 150 bytes and the key a row. For table_merge.c. */
#ifndef SLUICE_CONNECTORS_DELTA_MERGE_KEYS_H
#define SLUICE_CONNECTORS_DELTA_MERGE_KEYS_H

#include "connectors/delta/table_sink.h"

struct merge_row {
    uint64_t digest[2]; /* of all columns: one fixed, one seeded, so that none can be forged */
    int file;           /* of the log, that has the very same row; -1: none */
    int64_t row;
};

/* Of new rows that agree in the key columns that are partition columns. */
struct merge_group {
    struct buffer *min, *max; /* row_key bytes of the other key columns */
};

struct merge {
    struct dict keys;
    struct merge_row *rows; /* by code */
    uint32_t cap_rows;
    struct dict groups; /* row_key bytes of the key columns that are partition columns */
    struct merge_group *by_group;
    uint32_t cap_groups;
    int *split; /* key columns that are partition columns, by index in the partition */
    int *split_columns;
    int n_split;
    int *rest; /* the other key columns */
    int n_rest;
    uint64_t seed[2];
    char *dirty;         /* by file: it goes */
    struct sorter *into; /* where wanted rows go; NULL: to the files */
    struct buffer key, all;
};

/* The code of a row's key among the new rows', or DICT_NONE; ERR_MEMORY is less than that. `key`:
 * the key columns of the batch; NULL: they are its first. */
int64_t merge_code(struct table_sink *t, const struct batch *b, int64_t row, const int *key);
/* What a row is, all columns. 0 or ERR_MEMORY. */
int merge_digest(struct merge *m, const struct batch *b, int64_t row, uint64_t ret[2]);
/* May the file hold a key of the new rows? 1, 0 or negative. */
int merge_may_hold(struct table_sink *t, const struct log_file *f, struct error *err);

#endif
