/* What is in a table, column by column, in one pass and constant memory: type, nulls, distinct
 * values, lengths, least and greatest, quantiles, commonest values, patterns, outliers, keys.
 *
 * Up to FREQUENT_EXACT distinct values a column is counted exactly. Past that: distinct is
 * HyperLogLog's (core/hyperloglog.h), the commonest are those that survive (core/frequent.h), and
 * patterns are those of every PROFILE_EVERY-th row. Nulls, lengths, least and greatest, types are
 * always exact; quantiles are right to 1 part in 8192 (core/quantiles.h). The same rows in the same
 * order give the same profile. profile.c looks, profile_column.c sums up, profile_text.c,
 * profile_json.c and profile_rows.c tell. */
#ifndef SLUICE_PIPELINES_PROFILE_H
#define SLUICE_PIPELINES_PROFILE_H

#include "core/frequent.h"
#include "core/hyperloglog.h"
#include "core/pool.h"
#include "core/quantiles.h"
#include "core/stream.h"
#include "schemas/text_type.h"

enum { PROFILE_TOP = 5, PROFILE_EVERY = 16, PROFILE_SHAPE = 40, PROFILE_QUANTILES = 5 };
extern const double profile_quantiles[PROFILE_QUANTILES]; /* .05 .25 .5 .75 .95 */

/* Text that is kept while it is the least, the longest …: cut at PROFILE_KEPT bytes. */
enum { PROFILE_KEPT = 120 };
struct kept_text {
    char bytes[PROFILE_KEPT];
    int len; /* -1: none yet */
};

struct profile_look { /* at one column */
    const struct field *field;
    int64_t rows, nulls, empty;
    struct frequent values;
    int streaming; /* what follows is filled as values come; before that, at the end */
    struct hyperloglog *distinct;
    struct text_types types;
    struct quantiles numbers;
    int64_t shortest, longest;
    struct kept_text least, greatest; /* by bytes */
    double low, high;                 /* of the numbers */
    struct kept_text low_text, high_text, shortest_text, longest_text;
    struct frequent shapes;
    int64_t shaped; /* values whose shape was taken */
    int code;
};

struct profile {
    struct schema *schema;
    struct profile_look *looks;
    int64_t rows;
};

struct profile_share {
    struct slice text;
    int64_t count;
};

struct profile_column { /* what is told of one column */
    struct slice name;
    struct field type;
    int64_t rows, nulls, empty, filled;
    int64_t distinct;
    int distinct_exact, top_exact, shapes_sampled;
    enum { KEY_NO, KEY_YES, KEY_LIKELY } key;
    int64_t shortest, longest;
    struct slice shortest_text, longest_text;
    int has_numbers;
    struct slice least, greatest; /* by value when all are numbers, else by bytes */
    double quantiles[PROFILE_QUANTILES];
    int64_t outliers; /* numbers further than 3 interquartile ranges from the middle half */
    struct profile_share top[PROFILE_TOP], shapes[PROFILE_TOP];
    int n_top, n_shapes;
    int64_t shaped;
};

int profile_init(struct profile *p, const struct schema *schema, struct error *err);
void profile_done(struct profile *p);
/* A batch more, columns side by side. */
int profile_add(struct profile *p, const struct batch *b, struct pool *pool, struct error *err);
/* After the last batch, once. */
int profile_end(struct profile *p, struct pool *pool, struct error *err);
/* After that: all columns, in the arena; texts live as long as `p`. */
int profile_columns(struct profile *p, struct arena *a, struct profile_column **ret,
                    struct error *err);

/* "A9": letters A or a, digits 9, a run of more than three of one kind as A+, others as they are;
 * cut at PROFILE_SHAPE bytes. */
size_t profile_shape(struct slice text, char to[PROFILE_SHAPE]);

int profile_text(const char *name, const struct profile *p, const struct profile_column *columns,
                 int width, struct buffer *out);
int profile_json(const char *name, const struct profile *p, const struct profile_column *columns,
                 struct buffer *out);
/* A row for each column. */
int profile_rows(const struct profile *p, const struct profile_column *columns, struct stream **ret,
                 struct error *err);

#endif
