/* The records as a Splink model looks at them: raw values, untrimmed and as they were written, of
 * the columns that the model names, each distinct value once, with what the model derives from it.
 * Records are numbered by their unique id, so that l is always the smaller of a pair. */
#ifndef SLUICE_TRANSFORM_SPLINK_DATA_H
#define SLUICE_TRANSFORM_SPLINK_DATA_H

#include "transform/match/match.h"
#include "transform/splink/model.h"

struct splink_values {        /* of a column */
    struct sql_value *values; /* by code; one more at the end: null */
    uint32_t n_values;
    uint32_t *codes;   /* by record, or by item; n_values for null */
    uint32_t *offsets; /* of items: n + 1; else NULL */
    uint32_t *counts;  /* records that hold the value; NULL for items */
    uint32_t filled;
    struct arena arena;
};

struct splink_data {
    const struct splink_model *model;
    uint32_t n;
    uint32_t *row;     /* by record: its row in the table */
    uint32_t *id_rank; /* by record; records of one id share it */
    uint32_t *source;  /* by record, or NULL */
    struct splink_values *columns;
    struct sql_value **derived; /* by expression, then code of its column (null last) */
};

int splink_data_init(struct splink_data *d, const struct match_table *t,
                     const struct splink_model *m, struct pool *pool, struct error *err);
void splink_data_done(struct splink_data *d);
/* row, id_rank and source of d, from the ids and datasets of rows (either may be NULL). 0 or
 * ERR_MEMORY. */
int splink_order_rows(struct splink_data *d, struct splink_values *ids,
                      const struct splink_values *sources);

/* Where evaluating stands: two records, and the items that exploded columns have there. */
struct splink_view {
    const struct splink_data *data;
    uint32_t record[2];
    const struct splink_rule *rule;       /* whose exploded columns, or NULL */
    uint32_t item[2][SPLINK_EXPLODE_MAX]; /* index into the column's codes */
};
/* For sql_scope.value, with a view as its argument. */
const struct sql_value *splink_view_value(void *arg, const struct sql_node *n);

static inline uint32_t splink_code(const struct splink_data *d, int column, uint32_t record)
{
    return d->columns[column].codes[record];
}

#endif
