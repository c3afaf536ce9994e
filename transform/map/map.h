/* map: a source's rows → canonical records or events, standardised and validated; bad rows go to
 * the rejects with their place. Takes streams with place columns (READ_WITH_PLACE, see
 * connectors/format.h), found by name. */
#ifndef SLUICE_TRANSFORM_MAP_MAP_H
#define SLUICE_TRANSFORM_MAP_MAP_H

#include "core/pool.h"
#include "core/reject.h"
#include "core/stream.h"
#include "core/totals.h"
#include "schemas/project.h"

/* The source columns or paths that the rules use, each once, in order of first use. */
int map_columns(const struct record_rules *rules, struct arena *a, struct slice **ret, int *ret_n);

struct map_options {
    const struct project *project;
    const struct source *source;
    const struct record_rules *rules; /* source->record or one of source->events */
    enum canonical_kind kind;
    const struct schema *schema; /* canonical_schema with the whole project's extra fields */
    struct rejects *rejects;
    struct totals *totals;
    struct pool *pool;
};

/* Takes `from` over, also on failure. Rows come out in input order. Records with the same key:
 * equal rows are duplicates; else the latest updated_at stays (the rest are duplicates); equal
 * times that conflict are rejects ("conflicting-key"): so a stream of records gives its batches
 * once it has seen them all. Events with the same id and equal content are duplicates; else
 * rejects. */
int map_open(struct stream *from, const struct map_options *options, struct stream **ret,
             struct error *err);

/* Extra fields of all sources' rules for `kind`, sorted, in the arena. */
int map_extra_fields(const struct project *p, enum canonical_kind kind, struct arena *a,
                     struct slice **ret, int *ret_n);

#endif
