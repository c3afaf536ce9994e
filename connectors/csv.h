/* CSV and TSV, by the dialect of docs/csv.md. */
#ifndef SLUICE_CONNECTORS_CSV_H
#define SLUICE_CONNECTORS_CSV_H

#include "connectors/format.h"

extern const struct format csv_format, tsv_format, fixed_format;

#endif
