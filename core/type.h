/* Types, fields and schemas: what the columns of a batch are. The types are Arrow's, a closed set.
 * A schema is immutable once built, counted by reference (atomically), and owns all its names. */
#ifndef SLUICE_CORE_TYPE_H
#define SLUICE_CORE_TYPE_H

#include "core/arena.h"
#include "core/error.h"

enum type_id {
    TYPE_BOOL, /* bits */
    TYPE_INT32,
    TYPE_INT64,
    TYPE_FLOAT32,
    TYPE_FLOAT64,
    TYPE_DECIMAL,   /* decimal128: __int128 unscaled, little-endian, 16 bytes */
    TYPE_UTF8,      /* i32 offsets + bytes, valid UTF-8 */
    TYPE_BINARY,    /* i32 offsets + bytes */
    TYPE_DATE,      /* date32: i32 days since 1970-01-01 */
    TYPE_TIMESTAMP, /* i64 microseconds since 1970-01-01T00:00Z, UTC */
    TYPE_LIST,      /* i32 offsets + children[0] */
    TYPE_STRUCT,    /* children */
    TYPE_DICT,      /* i32 codes; children[0] is the utf8 dictionary, whole in every batch */
};

struct field {
    struct slice name; /* terminated by a zero too */
    enum type_id type;
    int precision, scale; /* TYPE_DECIMAL: 1..38, 0..precision */
    int n_children;       /* list 1, struct n, dict 1 (utf8) */
    const struct field *children;
};

struct key_value {
    struct slice key, value;
};

struct schema {
    int n_fields;
    const struct field *fields;
    int n_meta;
    const struct key_value *meta; /* Arrow schema metadata; sorted by key */
    struct arena arena;
    int refs;
};

/* Deep copies of `fields` and `meta`; NULL when out of memory. */
struct schema *schema_new(const struct field *fields, int n_fields);
struct schema *schema_new_meta(const struct field *fields, int n_fields,
                               const struct key_value *meta, int n_meta);
/* Another schema with `fields` before field `at`; the metadata stays. NULL when out of memory. */
struct schema *schema_insert(const struct schema *s, int at, const struct field *fields, int n);
struct schema *schema_ref(const struct schema *s);
void schema_unref(const struct schema *s); /* NULL is fine */

/* Index of a field by name, or -1. */
int schema_find(const struct schema *s, struct slice name);
/* ERR_USAGE: "no column 'x'", with the nearest name there is. */
int schema_no_field(const struct schema *s, struct slice name, struct error *err);
/* Index of a column that must be there and be text, or a time; `rows` names whose it is ("xref
 * rows"). ERR_DATA: what came from outside need not have the types that we write. */
int schema_need_text(const struct schema *s, struct slice name, const char *rows,
                     struct error *err);
int schema_need_time(const struct schema *s, struct slice name, const char *rows,
                     struct error *err);
int schema_equal(const struct schema *a,
                 const struct schema *b); /* names and types; not metadata */
int field_equal(const struct field *a, const struct field *b);
struct slice schema_meta(const struct schema *s, struct slice key); /* ptr NULL when absent */

/* Bytes of one value of a fixed-width type (bool 0: bits); 0 for the others. */
size_t type_width(enum type_id type);

/* "int64", "decimal(18,2)", "list<utf8>", "struct<a: utf8, b: date>"; what --types takes for the
 * flat ones: bool int32 int64 float32 float64 decimal(P,S) utf8 (or string) binary date timestamp.
 */
int type_parse(struct slice text, struct field *ret_field, struct error *err);
char *type_name(const struct field *f, struct arena *a);

#endif
