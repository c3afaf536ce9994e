/* Rows of text to batches: what CSV and fixed width share. Files and archive members are read one
 * after the other as one stream; the text is cut at row ends into chunks, chunks are parsed on the
 * pool and come out in order, one or more batches each. A bad row is a reject; text that cannot be
 * cut is an error with its line. Memory: a chunk for each job in flight, and a row of up to 16 MiB.
 * What the rows hold and where chunks end depends on the bytes alone.
 *
 * rows.c is the stream, rows_part.c the head of a file, rows_job.c the parsing of a chunk (on any
 * thread), rows_build.c the columns, rows_trailer.c control records. */
#ifndef SLUICE_CONNECTORS_ROWS_H
#define SLUICE_CONNECTORS_ROWS_H

#include "connectors/csv_dialect.h"
#include "connectors/format.h"
#include "connectors/input.h"
#include "core/decimal.h"

enum rows_kind { ROWS_CSV, ROWS_TSV, ROWS_FIXED };
enum { ROWS_CHUNK = 1 << 21, ROWS_LONGEST = 1 << 24, TRAILER_SCALE = 6 };

/* `chunk` bytes are read at a time; 0: ROWS_CHUNK. */
int rows_open(enum rows_kind kind, const char *const *paths, int n_paths,
              const struct read_options *options, size_t chunk, struct stream **ret,
              struct error *err);

/* From here on: within the files rows_*.c alone. */

struct row_part { /* a file or an archive's member; kept until the stream is closed */
    const char *path, *member;
    const char *place;    /* both, for messages */
    const char *encoding; /* of recoded text, else NULL */
    struct csv_dialect dialect;
    struct slice *names;
    int n_fields;
    int empty_last;       /* the header ends in a delimiter: the empty field there is no column */
    int *map;             /* field of each of the stream's data columns */
    int sum_of;           /* field that the control record adds up, or -1 */
    int64_t line, offset; /* where the data start */
};

struct row_plan { /* what jobs share; does not change once the first part is known */
    enum rows_kind kind;
    struct read_options options;
    struct schema *schema;
    int n_data;   /* its first columns come from fields, the others are the place */
    size_t width; /* fixed: what a row must have, in bytes or characters */
    struct slice header_starts, trailer_starts;
};

struct bad_row { /* of a chunk */
    uint32_t row;
    int column; /* of the plan's data columns, or -1 */
    const char *code;
    uint32_t fields;
};

struct row_trailer { /* a control record as it stands in a chunk */
    int seen;
    int not_last;       /* a row follows it in the chunk */
    int64_t line;       /* its own, or of the row that follows */
    struct slice count; /* in the chunk's scratch */
    struct slice sum;
};

struct row_job {
    const struct row_plan *plan;
    const struct row_part *part;
    char *buf;
    size_t cap, len;   /* what was read */
    struct slice text; /* the whole rows in it */
    int64_t line;      /* where text starts: line, from 1 */
    int64_t offset;    /* and byte in the part; -1 unknown */
    int regular, last; /* last: the part ends with this chunk */

    struct csv_split split;
    struct arena scratch;
    uint32_t *good; /* rows to be built */
    size_t n_good, cap_good;
    struct bad_row *bad;
    size_t n_bad, cap_bad;
    struct slice *cells;

    struct batch **batches; /* what comes out */
    int n_batches, taken;
    struct rejects *rejects;
    int64_t n_rows; /* bad ones too */
    struct row_trailer trailer;
    decimal128 sum;
    int64_t unread; /* amounts that could not be added */
    int code;
    struct error err;
};

void row_job_run(void *job);
int row_job_add_bad(struct row_job *job, struct bad_row bad);
void row_job_done(struct row_job *job);
/* The text of a row without its line end. */
struct slice row_raw(const struct row_job *job, size_t row);
/* Data column c of the rows listed, into job->cells. */
int row_cells(struct row_job *job, int c, const uint32_t *rows, size_t n);
/* Builds the good rows into batches and notes values that are not of their type. */
int row_job_build(struct row_job *job, struct error *err);
/* Turns bad rows into rejects, or the first into an error. */
int row_job_reject(struct row_job *job, struct error *err);
/* The physical line of a row, from the last one asked for, which may not be behind it. */
struct row_lines {
    size_t at;
    int64_t line;
};
int64_t row_line(const struct row_job *job, struct row_lines *lines, size_t row);

/* Reads dialect and header at the start of text; *ret_begin is where the data start. */
int row_part_start(struct row_plan *plan, struct arena *arena, struct row_part *part,
                   const struct row_part *first, struct slice text, int whole, size_t *ret_begin,
                   struct error *err);
/* The stream's columns, from the first part. */
int row_plan_schema(struct row_plan *plan, const struct row_part *first, struct error *err);
int row_part_map(const struct row_plan *plan, struct arena *arena, struct row_part *part,
                 struct error *err);

struct row_totals { /* of a part so far, to be held against its control record */
    int64_t rows, unread;
    decimal128 sum;
    int trailer_seen;
};
int row_trailer_take(const struct row_job *job, struct row_totals *totals, struct error *err);
int row_trailer_note(struct row_job *job, size_t row, struct row_lines *lines);
int row_trailer_add(struct row_job *job, size_t row);

#endif
