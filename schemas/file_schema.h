/* A file's schema: what `guess -o schema.yaml` writes, a person edits, and `read --schema` and a
 * source's `schema:` take. `format:` is the project file's (how the bytes are read), `types:` gives
 * columns a type, `record:` says what the columns are to a customer, as in the project file. */
#ifndef SLUICE_SCHEMAS_FILE_SCHEMA_H
#define SLUICE_SCHEMAS_FILE_SCHEMA_H

#include "schemas/layout.h"
#include "schemas/yaml.h"

struct file_schema {
    struct layout layout;
    struct field *types; /* of flat types */
    int n_types;
    struct yaml_node root; /* for `record:` */
};

/* Reads and checks; all of it lies in the arena. ERR_CONFIG at "path:LINE:COL", ERR_INPUT. */
int file_schema_read(const char *path, struct arena *a, struct file_schema *ret, struct error *err);

#endif
