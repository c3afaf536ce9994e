/* A file's rows in memory as text, found by number, with the lines they stand on. */
#ifndef SLUICE_PIPELINES_SHEET_H
#define SLUICE_PIPELINES_SHEET_H

#include "core/rows.h"
#include "core/stream.h"

struct sheet {
    struct schema *schema;
    int n_fields; /* without those of the place, which stand behind */
    struct batch **batches;
    int n_batches;
    struct row_ref *rows;
    size_t n;
    int line; /* the column of READ_WITH_PLACE, or -1 */
};

/* Takes the stream over, also on failure. Sheets are ended with sheet_done; {0} is fine. */
int sheet_load(struct sheet *s, struct stream *from, struct error *err);
void sheet_done(struct sheet *s);

/* A value without white space at its ends, put into `text`; "" for a null. 0 or ERR_MEMORY. */
int sheet_value(const struct sheet *s, int column, size_t row, struct buffer *text,
                struct slice *ret);
/* The line of the file, or the row's number from 1 where the format has no lines. */
int64_t sheet_line(const struct sheet *s, size_t row);

/* Calls fn for each row with two of its columns. Stops at what fn returns other than 0. */
int sheet_each(const struct sheet *s, int a, int b,
               int (*fn)(void *arg, size_t row, struct slice a, struct slice b), void *arg);

#endif
