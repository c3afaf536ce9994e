/* Which columns of a typed file become which columns of a stream: the first file says what they are
 * (as far as they are asked for), later files must have the same ones, in any order. */
#ifndef SLUICE_CONNECTORS_COLUMNS_H
#define SLUICE_CONNECTORS_COLUMNS_H

#include "connectors/format.h"

/* What a file has. */
struct columns_have {
    const struct field *fields;
    int n_fields;
    struct key_value *meta; /* is sorted in place */
    int n_meta;
};

/* The first file: wanted[i] is the column that field i becomes, or -1; *ret a new schema of the
 * columns in the order of the options. An unknown column is ERR_USAGE with the nearest name. */
int columns_choose(const struct columns_have *have, const struct read_options *options, int *wanted,
                   struct schema **ret, struct error *err);
/* A later one: ERR_DATA when it lacks a column, has others, or has them of another type. */
int columns_match(const struct columns_have *have, const struct read_options *options,
                  const struct schema *schema, const char *first_path, int *wanted,
                  struct error *err);

/* Either, for the next file of a stream whose first is `first_path`: as long as *data_schema is
 * NULL it is the first, and this sets it and *stream_schema (with the place columns when the
 * options ask for them). */
int columns_map(const struct columns_have *have, const struct read_options *options,
                const char *first_path, int *wanted, struct schema **data_schema,
                struct schema **stream_schema, struct error *err);

#endif
