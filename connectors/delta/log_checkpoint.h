/* Checkpoints that other engines write: the state of a table in one Parquet file, a row an action.
 * Used when the commits before it are gone. */
#ifndef SLUICE_CONNECTORS_DELTA_LOG_CHECKPOINT_H
#define SLUICE_CONNECTORS_DELTA_LOG_CHECKPOINT_H

#include "core/buffer.h"
#include "core/error.h"

/* Appends the actions as lines of JSON, as a commit has them. */
int log_checkpoint_read(const char *path, struct buffer *ret, struct error *err);

#endif
