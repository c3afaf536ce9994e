/* Places for rows of typed files, which have no lines: the file, the row's number from 1, and the
 * row as JSON for its reject. */
#ifndef SLUICE_CONNECTORS_PLACE_H
#define SLUICE_CONNECTORS_PLACE_H

#include "connectors/format.h"

struct place {
    const char *file;
    int64_t row; /* rows of the file before this batch */
};

/* `data` with the place fields behind; a new reference. */
int place_schema(const struct schema *data, struct schema **ret, struct error *err);
/* Puts the place columns behind a batch's own; `schema` is place_schema's. */
int place_append(struct batch *b, struct schema *schema, const struct place *place,
                 struct error *err);

#endif
