/* The two halves of the Arrow format's line in the table. */
#ifndef SLUICE_CONNECTORS_ARROW_ARROW_FILES_H
#define SLUICE_CONNECTORS_ARROW_ARROW_FILES_H

#include "connectors/arrow/arrow.h"

#define ARROW_TOTALS "sluice:totals"

int arrow_read(const char *const *paths, int n_paths, const struct read_options *options,
               struct stream **ret, struct error *err);
int arrow_write(const char *path, const struct schema *schema, const struct write_options *options,
                struct sink **ret, struct error *err);

#endif
