/* YAML 1.2 (so JSON too) as a tree whose every key and value knows its line and column. libfyaml
 * scans; the tree is ours and lies in the caller's arena. Anchors and aliases work; tags, complex
 * keys and more than one document are refused. Hostile files: at most 4 MiB, 64 levels and 200,000
 * nodes, aliases counted as what they stand for. Duplicate keys are kept: the checker reports them.
 */
#ifndef SLUICE_SCHEMAS_YAML_H
#define SLUICE_SCHEMAS_YAML_H

#include "core/arena.h"
#include "core/error.h"

struct position {
    int line, column; /* from 1; 0 unknown */
};

enum yaml_kind { /* of the YAML 1.2 core schema */
                 YAML_NULL,
                 YAML_BOOL,
                 YAML_INT,
                 YAML_REAL,
                 YAML_TEXT,
                 YAML_LIST,
                 YAML_MAP
};

struct yaml_node {
    enum yaml_kind kind;
    struct position at;
    struct slice text; /* scalars, as written: "007" stays "007" */
    struct yaml_node *items;
    struct yaml_pair *pairs; /* maps, in order of the file */
    int n;                   /* of items or pairs */
    int weight;              /* nodes in it, itself included */
};

struct yaml_pair {
    struct slice key;
    struct position key_at;
    struct yaml_node value;
};

/* Parses `bytes`; an empty document is a YAML_NULL. ERR_CONFIG with "name:LINE:COL" as its place.
 */
int yaml_parse(const char *name, struct slice bytes, struct arena *a, struct yaml_node *ret,
               struct error *err);

/* The value of a key, or NULL (also when `map` is NULL or no map). */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* The pair of a key, or NULL. */
const struct yaml_pair *yaml_pair(const struct yaml_node *map, const char *key);
/* "a list", "text": what a node is, for messages. */
const char *yaml_kind_name(enum yaml_kind kind);
/* A whole number; `otherwise` when the node is NULL, no YAML_INT, or past int. */
int yaml_int(const struct yaml_node *node, int otherwise);
/* A number; 1, or 0 when it is none. */
int yaml_number(const struct yaml_node *node, double *ret);

#endif
