/* Thrift's compact protocol (apache/thrift doc/specs/thrift-compact-protocol.md), as far as
 * Parquet's metadata needs it. Written into a buffer, read in place; failures stick, so callers
 * check once, at the end. */
#ifndef SLUICE_CONNECTORS_PARQUET_THRIFT_H
#define SLUICE_CONNECTORS_PARQUET_THRIFT_H

#include "core/buffer.h"

enum thrift_type {
    THRIFT_STOP,
    THRIFT_TRUE,
    THRIFT_FALSE,
    THRIFT_I8,
    THRIFT_I16,
    THRIFT_I32,
    THRIFT_I64,
    THRIFT_DOUBLE,
    THRIFT_BINARY,
    THRIFT_LIST,
    THRIFT_SET,
    THRIFT_MAP,
    THRIFT_STRUCT,
};

struct thrift_out {
    struct buffer *to;
    int last;   /* id of the last field of the current struct */
    int failed; /* memory ran out */
};

void thrift_put_bool(struct thrift_out *t, int id, int v);
void thrift_put_i8(struct thrift_out *t, int id, int v);
void thrift_put_i16(struct thrift_out *t, int id, int v);
void thrift_put_i32(struct thrift_out *t, int id, int32_t v);
void thrift_put_i64(struct thrift_out *t, int id, int64_t v);
void thrift_put_bytes(struct thrift_out *t, int id, struct slice v);
/* A struct as a field: gives back what thrift_end wants. id 0: as an element of a list. */
int thrift_begin(struct thrift_out *t, int id);
void thrift_end(struct thrift_out *t, int outer);
/* A list of n elements, which follow by thrift_begin(t, 0) or the functions below. */
void thrift_put_list(struct thrift_out *t, int id, enum thrift_type of, size_t n);
void thrift_put_element_int(struct thrift_out *t, int64_t v);
void thrift_put_element_bytes(struct thrift_out *t, struct slice v);
void thrift_put_element_bool(struct thrift_out *t, int v);

struct thrift_in {
    const uint8_t *at, *end;
    int last, depth;
    int failed; /* cut short or not Thrift */
};

struct thrift_field {
    int id;
    enum thrift_type type;
};

/* The next field of a struct: 1, or 0 at its end or on failure. Every field must be read by one of
 * the functions below or skipped. */
int thrift_field(struct thrift_in *t, struct thrift_field *ret);
void thrift_skip(struct thrift_in *t, enum thrift_type type);
/* Of a field (or element) of any integer type; 0 and failed for others. */
int64_t thrift_int(struct thrift_in *t, enum thrift_type type);
int thrift_bool(struct thrift_in *t, enum thrift_type type);
struct slice thrift_bytes(struct thrift_in *t, enum thrift_type type); /* points into the input */
/* Entering and leaving a struct: for (outer = thrift_enter(…); thrift_field(…);) …; thrift_leave */
int thrift_enter(struct thrift_in *t, enum thrift_type type);
void thrift_leave(struct thrift_in *t, int outer);
/* Elements of a list and their type; never more than bytes are left. */
size_t thrift_list(struct thrift_in *t, enum thrift_type type, enum thrift_type *ret_of);

#endif
