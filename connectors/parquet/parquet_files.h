/* The two halves of the Parquet format's line in the table. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_FILES_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_FILES_H

#include "connectors/parquet/parquet.h"

int parquet_read(const char *const *paths, int n_paths, const struct read_options *options,
                 struct stream **ret, struct error *err);
int parquet_write(const char *path, const struct schema *schema,
                  const struct write_options *options, struct sink **ret, struct error *err);

#endif
