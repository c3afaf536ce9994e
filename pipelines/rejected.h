/* The rejects of a step, as the lake keeps them: with the newest business time of the rows they
 * came among in front, so that a night's rejects can be told from another's without asking the
 * clock. */
#ifndef SLUICE_PIPELINES_REJECTED_H
#define SLUICE_PIPELINES_REJECTED_H

#include "core/reject.h"
#include "schemas/canonical.h"

/* Puts an observer on a stream of records (updated_at) or events (at): *ret_newest is the newest
 * time seen, AS_OF_NONE (INT64_MIN) when there is none. `*stream` is replaced; taken over also on
 * failure. */
int rejected_keep_time(struct stream **stream, enum canonical_kind kind, int64_t *ret_newest,
                       struct error *err);

/* All rejects as a stream: `at` (timestamp) and reject_schema(). Empties r. */
int rejected_stream(struct rejects *r, int64_t at, struct stream **ret, struct error *err);

/* "  12 bad-date", a line per code. */
void rejected_say(const struct rejects *r, void (*say)(void *arg, const char *text), void *arg);

#endif
