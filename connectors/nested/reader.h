/* Reading nested records: what JSON Lines, JSON documents and XML have in common. Bytes come from
 * an input part by part; a cutter, one thread, finds where records begin and end and checks what
 * stands between them; chunks of whole records are parsed on a pool's threads, and their batches,
 * rejects and errors come out in the order of the input.
 *
 * The schema is the columns that are named, or is found: from the first SAMPLE_RECORDS records or
 * SAMPLE_BYTES, and when there is more, from all of it when it can be read again. From a pipe, a
 * path that appears later is an error, never lost.
 *
 * Memory: a few chunks of CHUNK_BYTES (or of one record, at most RECORD_BYTES) and their batches;
 * while a pipe's schema is being found, SAMPLE_BYTES. */
#ifndef SLUICE_CONNECTORS_NESTED_READER_H
#define SLUICE_CONNECTORS_NESTED_READER_H

#include "connectors/format.h"
#include "connectors/nested/maker.h"

enum {
    CHUNK_BYTES = 1 << 21,
    RECORD_BYTES = 1 << 24,
    SAMPLE_BYTES = 1 << 25,
    SAMPLE_RECORDS = 1 << 16,
    RAW_BYTES = 1 << 16,
    ENCODING_NAME = 64,
};

struct nested_reader;
struct input;

/* One file, or one member of an archive. Lives as long as the reader. */
struct part {
    struct part *next;
    char *file, *member; /* "" outside archives */
    struct slice file_slice, member_slice;
    int transcoded; /* offsets in the file are unknown */
    char *note;     /* of the cutter for the parsers, set before the first chunk; malloc'ed */
};

enum span_kind {
    SPAN_RECORD,
    SPAN_LONG, /* over RECORD_BYTES: its first bytes are in chunk->long_raw */
};

/* A record's place in its chunk. */
struct span {
    enum span_kind kind;
    uint32_t at, len;
};

/* Some whole records on their way through the pipeline. Slots are used again, and with them their
 * parsers and builders. */
struct chunk {
    struct chunk *next;    /* in a list of free or kept ones */
    struct chunk *sibling; /* in the list of all */
    struct nested_reader *reader;
    struct part *part;
    struct slice text;
    int64_t line, offset; /* of the text's first byte */
    int last;             /* nothing follows in the part */
    int skipped;          /* set by a cutter: the text is the inside of a record too long */
    struct span *spans;
    size_t n_spans, cap_spans;
    struct buffer owned; /* the text */
    struct buffer long_raw;
    int64_t long_line, long_offset;
    int64_t counted_line; /* line of `counted`, a cursor for chunk_place */
    size_t counted;
    void *parser;
    struct maker rows;
    int maker_ready;
    struct shape *learned; /* not NULL: find paths, make no rows */
    int64_t records;
    struct batch **batches;
    int n_batches, cap_batches, taken;
    struct rejects *rejects;
    int64_t rows_in;
    struct error err; /* code 0: fine */
};

/* A kind of file. Cutter and parser are made anew for each part and each slot. */
struct nested_kind {
    enum shape_style style;
    int splits_itself; /* the parser finds the records in the text, which has no spans */
    /* `head` is the part's first bytes. */
    int (*cutter_new)(struct nested_reader *r, struct part *part, struct slice head, void **ret,
                      struct error *err);
    /* Adds the spans of whole records in `text`, which begins where the cut before ended; says how
     * many bytes are done with. 0 bytes used asks for a longer text. With `chunk->last` all of it
     * must be used. chunk->text, line and offset are set. */
    int (*cut)(void *cutter, struct chunk *chunk, size_t *ret_used, struct error *err);
    void (*cutter_free)(void *cutter);
    int (*parser_new)(struct nested_reader *r, void **ret, struct error *err);
    /* Every span, through chunk_* below. An error goes to chunk->err. */
    void (*parse)(void *parser, struct chunk *chunk);
    void (*parser_free)(void *parser);
    /* The encoding that the first bytes tell of, which may point into `head`'s copy `room`; NULL
     * for UTF-8. */
    const char *(*encoding)(struct slice head, char room[ENCODING_NAME]);
};

int nested_read(const struct nested_kind *kind, const char *const *paths, int n_paths,
                const struct read_options *options, struct stream **ret, struct error *err);

const struct read_options *nested_options(const struct nested_reader *r);
const struct shape *nested_shape(const struct nested_reader *r);

int chunk_span(struct chunk *c, size_t at, size_t len); /* 0 or ERR_MEMORY */
/* A record too long to hold, of which `raw` is the start. At most one a chunk, the last span. */
int chunk_long(struct chunk *c, struct slice raw, int64_t line, int64_t offset);
/* ERR_DATA at byte `at` of the text: "file:line:column: …". */
int chunk_broken(struct chunk *c, size_t at, struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
size_t newlines_count(struct slice s);

struct slice chunk_text(const struct chunk *c, const struct span *s);
/* The record in c->rows is whole. */
int chunk_commit(struct chunk *c, const struct span *s);
/* The record is a bad one; `at` is the byte in it where that shows. */
int chunk_reject(struct chunk *c, const struct span *s, size_t at, const char *code,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A value at a path (a child of `parent`, or `parent` itself when the name is empty) that the
 * schema has no column for: only possible after a pipe's sample. */
int chunk_surprise(struct chunk *c, const struct span *s, const struct shape_node *parent,
                   struct slice name);
int chunk_memory(struct chunk *c);
/* Makes a batch of the rows so far. */
int chunk_flush(struct chunk *c);

#endif
