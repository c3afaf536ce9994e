/* The schema of a Parquet file as a tree, and what each part becomes: lists in all the forms that
 * writers have used (LogicalTypes.md, backward-compatibility rules), maps as lists of entries. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_TREE_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_TREE_H

#include "connectors/parquet/parquet_meta.h"

enum parquet_node_kind { PARQUET_NODE_LEAF, PARQUET_NODE_STRUCT, PARQUET_NODE_LIST };

/* What is done to a leaf's stored values. */
enum parquet_conversion {
    PARQUET_AS_IS,         /* same bytes: 4, 8, or a byte array */
    PARQUET_BOOL,          /* bits */
    PARQUET_UNSIGNED,      /* int32 → int64, int64 → decimal(20,0) */
    PARQUET_INT_DECIMAL,   /* int32 or int64 → decimal */
    PARQUET_BYTES_DECIMAL, /* big-endian bytes → decimal */
    PARQUET_FIXED_BYTES,   /* fixed length → binary */
    PARQUET_FROM_MILLIS,   /* timestamp in ms → µs */
    PARQUET_FROM_NANOS,    /* in ns */
    PARQUET_FROM_INT96,    /* ns of the day and Julian day */
    PARQUET_TIME_TEXT,     /* a time of day → text; `unit` */
    PARQUET_UUID_TEXT,     /* 16 bytes → 8-4-4-4-12 */
    PARQUET_HALF,          /* float16 → float32 */
};

struct parquet_node {
    enum parquet_node_kind kind;
    const struct field *out;
    int def;         /* the definition level at which it is not null */
    int context_def; /* at which it exists at all: its innermost list has an element */
    int rep;         /* lists around it */
    int n_children;
    struct parquet_node *children;
    int first_leaf, end_leaf; /* the leaves below it, or itself */

    /* leaves */
    const struct parquet_element *element;
    enum parquet_conversion conversion;
    int max_def, max_rep;
};

struct parquet_tree {
    int n_fields, n_leaves;
    struct parquet_node *fields; /* the top ones */
    const struct field *out;     /* one per top field */
};

/* ERR_DATA when the schema makes no sense or a type is not read. */
int parquet_tree_make(const struct parquet_meta *meta, struct arena *a, struct parquet_tree *ret,
                      struct error *err);

#endif
