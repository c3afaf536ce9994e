/* Rows made of a record's values: whoever walks a record sets the value of each node it meets;
 * committing gives one row, or one per element of the exploded list. Nothing reaches the builders
 * before the whole record is known to be good, so a bad one leaves no trace. Values are borrowed
 * until the commit: they point into the record or into `scratch`. Memory is bounded by the
 * record's size. One thread at a time; each chunk of input has its own. */
#ifndef SLUICE_CONNECTORS_NESTED_MAKER_H
#define SLUICE_CONNECTORS_NESTED_MAKER_H

#include "connectors/nested/shape.h"
#include "core/builder.h"

enum {
    MAKER_ELEMENTS = 1 << 20, /* of one list in one record */
    MAKER_BYTES = 1 << 28,    /* of the rows of one record */
};

/* Where a record stands; the values of the place columns. */
struct record_place {
    struct slice file, member, raw;
    int64_t line, offset;
};

struct list_end { /* of a list inside the exploded one: where one row's elements end */
    uint32_t end;
    int present;
};

struct row_value {
    uint64_t record;   /* the record it belongs to: an older one means that it is absent */
    struct slice text; /* ptr NULL: null */
    struct slice *elements;
    uint32_t n, cap;
    struct list_end *ends;
    uint32_t n_ends, cap_ends;
    int listed; /* a list was begun in this row */
};

struct list_count { /* elements so far of one list in one record */
    uint64_t record;
    uint32_t n;
};

struct maker {
    const struct shape *shape;
    struct batch_builder builder;
    int with_place, has_types;
    struct row_value *values; /* by column */
    uint64_t *stamps;         /* by node: the object in which it was last met */
    struct list_count *lists; /* by node, for items nodes */
    uint64_t stamp, record;
    struct arena scratch; /* of the record */
    struct arena arena;
    uint8_t *typed; /* by column: not plain text */
    int32_t *keep;  /* rows to keep once some turned out bad */
    int64_t n_bad, cap_keep;
};

/* `schema` has the shape's columns, then the place columns when flags has READ_WITH_PLACE. */
int maker_init(struct maker *r, const struct shape *shape, const struct schema *schema, int flags,
               struct error *err);
void maker_done(struct maker *r);

void maker_begin(struct maker *r);

/* A new object, for telling duplicate keys: its stamp. */
static inline uint64_t maker_object(struct maker *r)
{
    return ++r->stamp;
}

/* 1 when the node was already met in this object. */
static inline int maker_met(struct maker *r, const struct shape_node *n, uint64_t object)
{
    int met = r->stamps[n->id] == object;
    r->stamps[n->id] = object;
    return met;
}

/* The value at a node that has a column (ptr NULL: null). 0; 1 when the column had one already, by
 * another path that spells the same; ERR_MEMORY; ERR_DATA when the list has too many elements. */
int maker_set(struct maker *r, const struct shape_node *n, struct slice text);
/* A list begins (so that an empty one is not null). */
void maker_list(struct maker *r, const struct shape_node *items);
/* An element of it ends: columns it did not fill get a null, so that they stay side by side. */
int maker_element(struct maker *r, const struct shape_node *items);

/* How many rows the record makes. */
int64_t maker_count(const struct maker *r);

/* Bytes of the values that each of them repeats. */
size_t maker_bytes(const struct maker *r);

/* Appends them. A value that is not of its column's type makes its row a bad one: `bad` is called
 * with the column, and the row will not be in the batch. 0 or ERR_MEMORY. */
int maker_commit(struct maker *r, const struct record_place *place,
                 int (*bad)(void *arg, const struct field *column, struct slice text), void *arg);

/* The batch of what was committed, NULL when that is nothing. */
int maker_finish(struct maker *r, struct batch **ret, struct error *err);

#endif
