/* Which files of a table need not be opened, as no row of theirs can pass a filter: by partition
 * values and by the statistics in the log. */
#ifndef SLUICE_CONNECTORS_DELTA_TABLE_SKIP_H
#define SLUICE_CONNECTORS_DELTA_TABLE_SKIP_H

#include "connectors/delta/log.h"
#include "connectors/delta/table_files.h"
#include "connectors/format.h"

/* 1: skipped; 0; negative: no memory. A file of a log, by its number, or of a plain table. Counts
 * in options->ret_skipped. */
int table_skip_logged(const struct log_state *log, int number, const struct read_options *options,
                      struct error *err);
int table_skip_plain(const struct table_file *file, const struct read_options *options,
                     struct error *err);

#endif
