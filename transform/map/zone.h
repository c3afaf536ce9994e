/* Time zones: local times of an IANA zone to UTC. All changes of the zone's offset from 1900 to
 * 2100 are asked of ICU once, when it is opened; after that a zone is only read, by any thread, and
 * a conversion is a binary search.
 *
 * A local time that does not exist (the clock was put forward over it) is taken with the offset
 * from before the change: 02:30 of a skipped hour is 03:30 of the new time. A local time that came
 * twice (the clock was put back) is the first of the two. */
#ifndef SLUICE_TRANSFORM_MAP_ZONE_H
#define SLUICE_TRANSFORM_MAP_ZONE_H

#include "core/arena.h"
#include "core/error.h"

struct zone;

/* `name` "" or "UTC": *ret is NULL, which zone_to_utc takes as UTC. An unknown name is ERR_CONFIG.
 * The zone lives in the arena. */
int zone_open(struct slice name, struct arena *a, const struct zone **ret, struct error *err);

/* Microseconds of a local clock, counted as if it were UTC, to UTC. */
int64_t zone_to_utc(const struct zone *z, int64_t local_micros);

#endif
