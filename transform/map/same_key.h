/* Rows with the same key. Events are judged as they come: one whose id was seen is a duplicate when
 * its content is equal, else a conflict. Records are judged when all have come: of those with one
 * key the latest updated_at stays (none is before all others), equal content is a duplicate, and
 * latest ones that differ are all conflicts. */
#ifndef SLUICE_TRANSFORM_MAP_SAME_KEY_H
#define SLUICE_TRANSFORM_MAP_SAME_KEY_H

#include "transform/map/job.h"
#include "transform/map/seen.h"

/* Judges all rows of a finished job of events. 0 or a negative code. */
int same_key_events(struct seen *seen, struct job *j);

/* Judges all rows of finished jobs of records, in their order. Memory: 32 bytes a key. */
int same_key_records(struct job *const *jobs, int n, struct error *err);

#endif
