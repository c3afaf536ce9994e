/* A block: up to 1024 rows on their way from source columns to canonical ones, small enough to stay
 * in the cache while each step goes through it column by column. A row is rejected by the first
 * mapping (in the rules' order) that cannot take its value; steps go on with all rows, so that what
 * is wrong never depends on their order. */
#ifndef SLUICE_TRANSFORM_MAP_BLOCK_H
#define SLUICE_TRANSFORM_MAP_BLOCK_H

#include "transform/map/plan.h"

enum { BLOCK_ROWS = 1024 };

/* Values of one canonical column; what it uses depends on its type, the rest is NULL. */
struct vector {
    struct slice *text;    /* utf8, and what typed columns are made from; ptr NULL: null */
    unsigned char *filled; /* typed: is there a value? */
    int64_t *integer;      /* bool, date, timestamp, int64 */
    decimal128 *amount;    /* decimal */
    int32_t *from;         /* list: row r has items from[r] … from[r + 1] - 1 */
    struct slice *items;
    struct slice *names; /* of ids: the items' names */
    int32_t n_items, items_cap;
};

enum fate { FATE_OUT, FATE_REJECTED, FATE_FILTERED };

/* Why a row is rejected. */
struct fault {
    const struct feed *feed;
    const char *code;
    struct slice column; /* of the source, or "" */
    struct slice text;
};

struct block {
    const struct plan *plan;
    const struct batch *in;
    int64_t first; /* of in's rows */
    int n;
    unsigned char fate[BLOCK_ROWS];
    unsigned char unread[BLOCK_ROWS]; /* an amount could not be read */
    struct fault faults[BLOCK_ROWS];
    struct vector *columns; /* by canonical column */
    struct arena arena;     /* all of it, and new text */
};

int block_init(struct block *b, const struct plan *plan); /* 0 or ERR_MEMORY */
void block_done(struct block *b);

/* Takes n rows of `in` from `first` on through filter, picking and standardising. 0 or ERR_MEMORY.
 */
int block_run(struct block *b, const struct batch *in, int64_t first, int n);

/* Rejects a row, unless a mapping before this one has, or it is filtered. 0 or ERR_MEMORY. */
int block_fault(struct block *b, int row, const struct feed *feed, const char *code,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The vector's arrays for its type, zeroed. 0 or ERR_MEMORY. */
int vector_ready(struct block *b, int column);
int vector_add(struct block *b, struct vector *v, struct slice item, struct slice name);

/* "%.*s" of a value in a sentence: at most 200 bytes of it, cut between characters. */
#define SHOWN(s) (int)shown_len(s), (s).ptr ? (s).ptr : ""
size_t shown_len(struct slice s);

#endif
