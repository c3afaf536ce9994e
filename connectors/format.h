/* The table of formats: one line per format, one file each. To add a format is to add a file and a
 * line. */
#ifndef SLUICE_CONNECTORS_FORMAT_H
#define SLUICE_CONNECTORS_FORMAT_H

#include "core/pool.h"
#include "core/progress.h"
#include "core/reject.h"
#include "core/stream.h"
#include "schemas/layout.h"

struct input;
struct expression;

/* What a filter made it needless to read. */
struct read_skipped {
    int64_t files, all_files, groups, all_groups, pages, all_pages;
};

enum read_flags {
    /* Behind the data columns: __file, __member utf8, __line, __offset int64, __raw binary (the raw
       row). */
    READ_WITH_PLACE = 1,
};

/* How to read: shared by all formats. Everything pointed to is borrowed and must outlive the stream
 * (but `opened`); the struct itself is copied by who keeps it. */
struct read_options {
    struct layout layout;
    const struct slice *columns; /* only these columns or paths, in this order; NULL: all. Nested
                                  * formats extract just these; one that is nowhere in the file is
                                  * all null (nested) or an error (flat) */
    int n_columns;
    const struct field *types; /* columns to type, by name; others are utf8. A value that is not of
                                * the type is a reject ("bad-value") */
    int n_types;
    int flags;
    struct slice source;     /* for rejects; "" */
    struct rejects *rejects; /* NULL: the first bad row is an error */
    struct pool *pool;       /* NULL: one thread */
    struct progress *progress;
    /* Rows for which it is false need not come; NULL: all must. It is bound to the stream's schema
     * before the first batch is asked for. */
    const struct expression *where;
    struct read_skipped *ret_skipped; /* added to; may be NULL */
    const int64_t *version;           /* of a table; NULL: its newest */
    int64_t *ret_rows_in;             /* rows seen, rejected ones included; may be NULL */
    struct input **opened; /* *opened is paths[0], open and looked at but not read from: format_read
                            * gives it for a pipe, which cannot be opened twice; format_open takes
                            * it. NULL or NULL in it: not open yet */
};

struct write_options {
    const char *compression; /* parquet: zstd snappy gzip lz4 none; else by the file's extension
                                (.gz .zst) */
    int delimiter;           /* csv; 0: comma */
    int width;               /* table: columns of the terminal, 0: no limit */
    struct pool *pool;
};

struct format {
    const char *name;
    const char *const *extensions; /* without the dot; ends in NULL */
    const char *help;
    /* How sure (0..100) the first bytes (up to 64 KiB, decompressed) are of this format. NULL:
     * never detected. */
    int (*sniff)(struct slice head);
    /* A stream over all parts of all `paths` (n ≥ 1, "-" is standard input). Later files must have
     * the first one's columns (any order where the format names them); else ERR_DATA naming file
     * and column. NULL: cannot be read. */
    int (*read)(const char *const *paths, int n_paths, const struct read_options *options,
                struct stream **ret, struct error *err);
    /* A sink into a file (core/file.h: "-" is standard output). NULL: cannot be written. */
    int (*write)(const char *path, const struct schema *schema, const struct write_options *options,
                 struct sink **ret, struct error *err);
};

const struct format *const *formats(void); /* ends in NULL */
/* By name or extension; NULL. */
const struct format *format_named(struct slice name);
const struct format *
format_of_path(const char *path); /* by extension, looking through .gz etc.; NULL */

/* Detects the format where layout.type is NULL, checks it, and opens. A folder that holds a Delta
 * log or parquet files is read as a table. Nothing here guesses types: text is utf8 unless
 * options->types says otherwise. */
int format_read(const char *const *paths, int n_paths, const struct read_options *options,
                struct stream **ret, struct error *err);
/* `name` NULL: by the path's extension; "-": a table on a terminal, Arrow otherwise. */
int format_write(const char *name, const char *path, const struct schema *schema,
                 const struct write_options *options, struct sink **ret, struct error *err);

/* For readers: opens paths[i] with the layout's member and `encoding`, or takes the one that is
 * open already (so each reader must open its first path by this, once). */
int format_open(const struct read_options *options, const char *const *paths, int i,
                const char *encoding, struct input **ret, struct error *err);

/* What the first part of an input is: by its bytes as they are, then its name, then its text. The
 * next input_next gives that part. */
int format_detect(struct input *in, const struct read_options *options, const struct format **ret,
                  struct error *err);

/* For sources of rows with places: the five place columns' fields. */
extern const struct field place_fields[5];

#endif
