/* Expectations: what must be true of a table's rows, from a `check:` entry of the project file or a
 * file of its own. expect.c reads them, expect_rows.c holds rows against them. Rows stream;
 * `unique` and `refers_to` hold 16 to 32 bytes for each distinct value, told apart by 64-bit
 * hashes. An empty value breaks `not_null` alone;
 * to a rule it is null, as in any expression. */
#ifndef SLUICE_PIPELINES_EXPECT_H
#define SLUICE_PIPELINES_EXPECT_H

#include "core/batch.h"
#include "schemas/expression.h"
#include "schemas/pattern.h"
#include "schemas/yaml.h"

struct hash_set { /* of 64-bit hashes */
    uint64_t *slots;
    size_t n, cap;
};
int hash_set_add(struct hash_set *s, uint64_t hash); /* 1 new, 0 there, ERR_MEMORY */
int hash_set_has(const struct hash_set *s, uint64_t hash);

enum expect_kind {
    EXPECT_NOT_NULL,
    EXPECT_UNIQUE,
    EXPECT_PATTERN,
    EXPECT_RANGE,
    EXPECT_IN,
    EXPECT_REFERS_TO,
    EXPECT_FRESH,
    EXPECT_RULE,  /* an expression, true of every row */
    EXPECT_LEAST, /* rows */
    EXPECT_MOST,
    EXPECT_CHANGE, /* of rows, from the last run */
};

struct bound {
    int given, is_number;
    struct slice text;
    decimal128 number;
};

struct expectation {
    enum expect_kind kind;
    struct slice column;
    struct position at;
    const char *says; /* "range 0 to 100" */
    int index;        /* of the column, once bound */
    struct pattern *pattern;
    struct expression *rule;
    uint8_t *holds; /* rule: of each row of the batch at work */
    struct bound low, high;
    struct slice file, other; /* refers_to */
    struct hash_set set;      /* unique: seen; in, refers_to: allowed */
    int64_t limit;            /* rows; or microseconds; or millionths */
    int64_t newest;           /* fresh: microseconds; INT64_MIN none */
    int64_t failed;           /* rows; 1 for what is of the whole */
};

struct expectations {
    const char *file; /* for messages */
    struct slice *paths;
    int n_paths;
    struct slice table;
    struct expectation *list;
    int n;
    int64_t rows;
    struct arena *arena;
};

/* `node` has passed the JSON Schema; mistakes that it cannot see are ERR_CONFIG at FILE:LINE:COL.
 * expectations_done frees what is not in the arena. */
int expectations_read(const struct yaml_node *node, const char *file, struct arena *a,
                      struct expectations *ret, struct error *err);
/* Reads and checks a file of expectations. */
int expectations_load(const char *path, struct arena *a, struct expectations *ret,
                      struct error *err);
void expectations_done(struct expectations *e);

/* Finds the columns; ERR_CONFIG with the nearest name. */
int expectations_bind(struct expectations *e, const struct schema *schema, struct error *err);
/* Rows that break something: rows[i] and the names of what they break, both for *ret_n of them.
 * `rows` and `why` have room for all; texts live in `scratch`. */
int expectations_batch(struct expectations *e, const struct batch *b, struct arena *scratch,
                       int32_t *rows, struct slice *why, int64_t *ret_n, struct error *err);
/* After the last batch: freshness at `now` (microseconds), row counts; last_rows -1: not known.
 * Returns how many expectations are broken. */
int expectations_end(struct expectations *e, int64_t now, int64_t last_rows);

#endif
