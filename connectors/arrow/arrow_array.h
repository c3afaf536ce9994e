/* Arrays of a message: bound to the bytes of its body, then turned into columns of ours. Binding
 * checks that every buffer lies within the body and is as long as its rows need; turning into
 * columns checks offsets, codes and UTF-8, so nothing later reads out of bounds. */
#ifndef SLUICE_CONNECTORS_ARROW_ARROW_ARRAY_H
#define SLUICE_CONNECTORS_ARROW_ARROW_ARRAY_H

#include "connectors/arrow/arrow_schema.h"
#include "core/batch.h"

enum { ARROW_BATCH_ROWS = 1 << 27 };

struct arrow_bytes {
    uint8_t *ptr;
    size_t len;
};

struct arrow_dictionary {
    int64_t id;
    const struct field *field;
    struct column values;
    struct arena arena;
};

struct arrow_dictionaries {
    struct arrow_dictionary *items;
    int n;
};

struct arrow_array {
    const struct arrow_field *field;
    int64_t length;
    struct arrow_bytes validity, data[2];
    struct arrow_bytes *variadic; /* of views */
    int64_t n_variadic;
    const struct arrow_dictionary *dictionary;
    struct arrow_array *children;
};

enum arrow_codec { ARROW_STORED = -1, ARROW_LZ4 = 0, ARROW_ZSTD = 1 };

/* A record batch being bound: where its nodes and buffers have got to. */
struct arrow_binding {
    struct arrow_bytes body;
    struct fb_vector nodes, buffers, variadic;
    size_t node, buffer, view;
    enum arrow_codec codec;
    int64_t inflated; /* bytes so far */
    int64_t end;      /* of the buffers so far; -1 when they overlap */
    struct arena *arena;
    const struct arrow_dictionaries *dictionaries;
};

/* Reads the head of a RecordBatch table; *ret_rows its length. */
int arrow_bind_start(struct arrow_binding *b, const struct fb_table *records, int64_t *ret_rows,
                     struct error *err);
/* The next field's array, of at least `length` rows (-1: any). */
int arrow_bind(struct arrow_binding *b, const struct arrow_field *f, int64_t length,
               struct arrow_array *ret, struct error *err);
/* Passes over a field that nobody wants. */
int arrow_bind_skip(struct arrow_binding *b, const struct arrow_field *f, struct error *err);

/* One buffer's bytes, decompressed when the message is. */
int arrow_inflate(struct arrow_binding *b, struct arrow_bytes stored, struct arrow_bytes *ret,
                  struct error *err);

/* How a column comes by its memory: a shared body must not be written to nor kept. */
enum arrow_memory { ARROW_COPY, ARROW_IN_PLACE };

/* Rows first … first + n of an array as a column, what is new of it in `arena`. */
int arrow_column(const struct arrow_array *a, int64_t first, int64_t n, enum arrow_memory memory,
                 struct arena *arena, struct column *ret, struct error *err);

/* A dictionary message; a delta is put behind what is there. */
int arrow_dictionary_set(struct arrow_dictionaries *all, int64_t id, const struct arrow_array *a,
                         int is_delta, struct error *err);
void arrow_dictionaries_done(struct arrow_dictionaries *all);

/* Copies rows of a column: rows[i] (-1: a null), or 0, 1, … when rows is NULL. */
int arrow_gather(const struct field *f, const struct column *from, const int64_t *rows, int64_t n,
                 struct arena *arena, struct column *ret, struct error *err);

#endif
