/* How a table is written that is named by its path: the last part of it is looked up in the project
 * file, then among the tables that sluice knows. */
#ifndef SLUICE_PIPELINES_LAKE_RULES_H
#define SLUICE_PIPELINES_LAKE_RULES_H

#include "connectors/delta/table.h"

enum lake_rules_of {
    LAKE_KNOWN,
    LAKE_NEW,     /* unknown and not there: appended to, as a Delta table */
    LAKE_UNKNOWN, /* unknown and there: the mode is a guess, the format is its own */
};

/* `p` may be NULL. */
enum lake_rules_of lake_rules(const struct project *p, const char *path, struct table_rules *ret);

#endif
