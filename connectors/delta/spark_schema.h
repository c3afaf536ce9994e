/* A table's columns as Delta's schemaString has them: Spark's type names in JSON. */
#ifndef SLUICE_CONNECTORS_DELTA_SPARK_SCHEMA_H
#define SLUICE_CONNECTORS_DELTA_SPARK_SCHEMA_H

#include "core/batch.h"

/* *ret malloc'ed. Dictionaries are strings. All columns may be null. */
int spark_schema_text(const struct schema *s, char **ret, struct error *err);
/* The same schemaString with more columns behind; what others keep in it (metadata, nullable)
 * stays. */
int spark_schema_extend(const char *text, const struct field *fields, int n, char **ret,
                        struct error *err);
/* The same schemaString with the names that a table with column mapping has in its files, nested
 * ones too. ERR_DATA when a column has none. *ret malloc'ed. */
int spark_schema_physical(const char *text, char **ret, struct error *err);
/* ERR_DATA for a type that sluice does not have, by column. `ret_required` (n_fields ints,
 * malloc'ed): 1 where a column may not be null. Column metadata that changes what may be written
 * (invariants, generated or identity columns) sets *ret_rules to the column's name in `a`, else
 * NULL. */
int spark_schema_parse(const char *text, struct arena *a, struct schema **ret, int **ret_required,
                       const char **ret_rules, struct error *err);

/* Column names that Delta and Spark do not take, and names alike but for case: ERR_DATA. */
int spark_schema_check_names(const struct schema *s, struct error *err);

#endif
