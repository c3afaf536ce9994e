/* Walking one JSON record: the whole of RFC 8259 is checked, whatever part of it is wanted. Depth
 * is at most JSON_DEPTH. What is found goes to rows, or to a tree of paths that is being learned,
 * or nowhere. Stops at the first fault, with its place; nothing is committed by a walk. */
#ifndef SLUICE_CONNECTORS_JSON_WALK_H
#define SLUICE_CONNECTORS_JSON_WALK_H

#include "connectors/nested/maker.h"

enum { JSON_DEPTH = 512 };

struct json_key { /* of an object that no column comes from, kept to tell duplicates */
    uint64_t hash;
    struct slice text;
};

struct json_walk {
    struct maker *rows;  /* values go here; or */
    struct shape *learn; /* paths go here; or neither */
    int grow;            /* the tree may be changed; else `news` tells that it should be */
    int news;
    int duplicates_fine;
    const char *start, *at, *end;
    int depth, high;
    struct arena *scratch; /* unescaped strings; the rows' own, or own_scratch */
    struct arena own_scratch;
    struct json_key *keys;
    size_t n_keys, cap_keys;
    const char *code, *problem; /* of a fault: a reject's code, a sentence; `at` is its place */
    const struct shape_node *surprise; /* a path without a column, met in a record… */
    struct slice surprise_key;         /* … under this key, or "" */
};

void json_walk_init(struct json_walk *w, struct maker *rows);
void json_walk_done(struct json_walk *w);

/* A record, which must be an object. 0; ERR_DATA: a fault, or (with `surprise`) a path that the
 * schema lacks; ERR_MEMORY. */
int json_walk_record(struct json_walk *w, struct slice record, struct shape_node *root);

/* One string in its quotes, unescaped until the next walk. */
int json_walk_string(struct json_walk *w, struct slice token, struct slice *ret);

/* Is this one valid JSON text (any value, duplicate keys allowed)? */
int json_valid(struct slice text);

#endif
