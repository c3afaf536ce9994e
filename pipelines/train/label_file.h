/* A steward's labels: rows of two record ids and whether they are one customer (1/0, yes/no,
 * match/no match …); two columns of ids alone are all matches. The columns are found by what is in
 * them. Rows that cannot be used are rejects, all of them: an unknown record, a record with itself,
 * a word that is no label, and every label in a contradiction (a pair labelled both ways; a and c
 * different where others make them one through b). Time and memory are linear in the rows. */
#ifndef SLUICE_PIPELINES_TRAIN_LABEL_FILE_H
#define SLUICE_PIPELINES_TRAIN_LABEL_FILE_H

#include "core/dict.h"
#include "core/reject.h"
#include "transform/match/match.h"

struct label_options {
    const struct dict *ids; /* of the records: code i names record i */
    struct rejects *rejects;
    /* Called for each reject in order of the rows. `line` 0: not known. NULL: no one listens. */
    void (*say)(void *arg, int64_t line, int64_t row, const char *text);
    void *arg;
};

struct label_list {
    struct match_label *list; /* each pair once, in order of the pairs */
    uint64_t *group;          /* by label: equal for labels of one customer, in any order of rows */
    size_t n, n_same;
    int64_t rows, undecided, repeated, bad;
    char columns[200]; /* that were used: "'a' and 'b', labels in 'label'" */
};

/* Takes `rows` (read with places) over, also on failure. ERR_DATA when no two columns hold ids of
 * the records or no column holds labels. */
int label_file_read(struct stream *rows, const struct label_options *options,
                    struct label_list *ret, struct error *err);
void label_list_done(struct label_list *l);

/* 1 same, 0 different, -1 not decided, -2 no label. */
int label_word(struct slice text);

#endif
