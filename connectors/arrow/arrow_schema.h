/* Arrow schemas as messages: ours written, anyone's read (apache/arrow format/Schema.fbs). A read
 * schema is a tree of wire fields: what the bytes are, and which of our fields they become. */
#ifndef SLUICE_CONNECTORS_ARROW_ARROW_SCHEMA_H
#define SLUICE_CONNECTORS_ARROW_ARROW_SCHEMA_H

#include "connectors/arrow/flatbuffer.h"
#include "core/type.h"

enum { ARROW_V5 = 4 };
enum arrow_header { ARROW_SCHEMA = 1, ARROW_DICTIONARY = 2, ARROW_RECORDS = 3 };

/* How a wire array's bytes are laid out. */
enum arrow_kind {
    ARROW_NULL,       /* no buffers; becomes utf8 */
    ARROW_BOOL,       /* bits */
    ARROW_PLAIN,      /* the same bytes as ours, `width` each */
    ARROW_INT,        /* `width` bytes, becomes int32, int64 or (uint64) decimal(20,0) */
    ARROW_DECIMAL,    /* `width` 4, 8 or 32 bytes */
    ARROW_DATE64,     /* milliseconds */
    ARROW_TIMESTAMP,  /* i64 of another unit than µs: value × multiply / divide */
    ARROW_TIME,       /* `width` 4 or 8; becomes utf8 */
    ARROW_BYTES,      /* offsets of `width` bytes, data */
    ARROW_VIEW,       /* 16-byte views, any number of data buffers */
    ARROW_FIXED_SIZE, /* `width` bytes each; becomes binary */
    ARROW_LIST,       /* offsets of `width` bytes, one child */
    ARROW_FIXED_LIST, /* `width` elements each, one child */
    ARROW_STRUCT,
};

struct arrow_field {
    enum arrow_kind kind;
    int64_t width;
    int is_signed;
    int64_t multiply, divide; /* times and timestamps: to µs */
    int coded; /* the array holds codes of a dictionary, whose values are of `kind` */
    int64_t dictionary_id;
    int code_width, code_signed;
    const struct field *out;
    int n_children;
    struct arrow_field *children;
};

struct arrow_schema {
    int n_fields;
    struct arrow_field *fields;
    const struct field *out; /* one per field */
    int n_meta;
    struct key_value *meta;
};

/* The metadata of a schema message (prefix included) appended to b; 0 or ERR_MEMORY. */
int arrow_put_schema(struct buffer *b, const struct schema *schema);
/* `pairs` as a vector of KeyValue tables. */
int arrow_put_pairs(struct buffer *b, size_t at, const struct key_value *pairs, int n);
/* Begins a message, its prefix to be filled in by arrow_end_message. */
int arrow_begin_message(struct buffer *b, enum arrow_header header, int64_t body_len,
                        size_t *ret_header, size_t *ret_pairs);
int arrow_end_message(struct buffer *b);

/* Reads a Schema table; memory is the arena's, text the message's. ERR_DATA names what cannot be
 * read. */
int arrow_read_schema(const struct fb_table *t, struct arena *a, struct arrow_schema *ret,
                      struct error *err);
int arrow_read_pairs(const struct fb_vector *v, struct arena *a, struct key_value **ret, int *ret_n,
                     struct error *err);

#endif
