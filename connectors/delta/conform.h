/* Batches made to conform to a table's columns: kept, put in order, decoded, widened, computed,
 * filled with a constant or with nulls. The same on the way in (an input's rows to the table's) and
 * out (a data file's rows and its partition values to the table's). Buffers that fit are not
 * copied. */
#ifndef SLUICE_CONNECTORS_DELTA_CONFORM_H
#define SLUICE_CONNECTORS_DELTA_CONFORM_H

#include "connectors/delta/partition.h"

enum conform_how {
    CONFORM_KEEP,     /* column `from` as it is */
    CONFORM_CONVERT,  /* column `from` as the wanted type: dictionaries to text, integers and floats
                         widened */
    CONFORM_NO_EMPTY, /* the same, and "" is null: Delta reads an empty partition value so */
    CONFORM_COMPUTE,  /* `part` of column `from` */
    CONFORM_VALUE,    /* `value` in every row; ptr NULL: null */
};

struct conform_column {
    enum conform_how how;
    int from;
    enum partition_kind part;
    struct slice value; /* borrowed */
};

struct conformer;

/* `columns` has to->n_fields of them and is copied. ERR_DATA when a value is not of its column's
 * type. */
int conformer_new(const struct schema *from, const struct schema *to,
                  const struct conform_column *columns, struct conformer **ret, struct error *err);
void conformer_free(struct conformer *c);
/* In place. `b` has the schema `from`, and then `to`. */
int conformer_apply(struct conformer *c, struct batch *b, struct error *err);
/* Rows whose empty value became null, so far. */
int64_t conformer_emptied(const struct conformer *c);
/* Can a column of a file be given as the wanted type? Numbers may be widened, structs gain members,
 * which are matched by name. */
int conform_converts(const struct field *from, const struct field *to);

#endif
