/* What a file is and what its columns are: bytes, dialect, types, meanings, and what is not sure.
 * Looks at the first GUESS_ROWS rows, which are held. guess.c looks, guess_footer.c finds what
 * stands below the rows, guess_text.c and guess_json.c tell, guess_schema.c writes the schema that
 * `read --schema` and a source's `schema:` take (schemas/file_schema.h). */
#ifndef SLUICE_PIPELINES_GUESS_H
#define SLUICE_PIPELINES_GUESS_H

#include "connectors/identify.h"
#include "schemas/meaning.h"
#include "schemas/text_type.h"

enum { GUESS_ROWS = 50000, GUESS_FEW = 20, GUESS_DOUBTS = 16 };

struct guess_column {
    struct slice name;
    struct field type;    /* the file's own, or what all texts fit */
    int typed;            /* the file says the type */
    struct field nearest; /* what most texts fit, and how many do */
    int64_t fit;
    int64_t filled, distinct;
    enum meaning meaning;
    const char *why;
    const char *date_format; /* NULL: none but ISO */
    int date_sure;
    struct text_types texts;
    struct slice example; /* a value that does not fit `nearest`; "" */
};

struct guess {
    const char *path;
    struct identity identity;
    struct guess_column *columns;
    int n_columns;
    int64_t rows, rejected;
    int whole;           /* all rows were looked at */
    int n_footers;       /* rows below the data */
    struct slice footer; /* the first of them */
    struct slice starts; /* how a single footer starts; "" */
    int footer_count;    /* its field that holds the number of rows, from 1; 0 */
    const char *doubts[GUESS_DOUBTS];
    int n_doubts;
    struct arena *arena;
};

/* `options` as for reading; its rejects are used and emptied. All of *ret lies in the arena. */
int guess_file(const char *path, const struct read_options *options, struct arena *a,
               struct guess *ret, struct error *err);
int guess_text(const struct guess *g, int width, struct buffer *out);
int guess_json(const struct guess *g, struct buffer *out);
int guess_schema(const struct guess *g, const char *schema_path, struct buffer *out);

/* Between the parts. */
void guess_doubt(struct guess *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
int guess_footer(struct guess *g, struct rejects *rejects, int64_t last_line, struct error *err);

#endif
