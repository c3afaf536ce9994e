/* The steps of the main job, as streams: the same ones that `run` chains in one process and that
 * the tools `map`, `match`, `merge` and `attach` give to the shell. */
#ifndef SLUICE_PIPELINES_STEPS_H
#define SLUICE_PIPELINES_STEPS_H

#include "connectors/format.h"
#include "core/totals.h"
#include "pipelines/witness.h"
#include "transform/map/map.h"
#include "transform/match/plan.h"

/* What all steps share; borrowed. */
struct steps {
    const struct project *project;
    struct pool *pool;
    struct progress *progress;
    int64_t memory;                   /* bytes that may be held; 0: most of what there is */
    struct rejects *rejects;          /* all steps' rejects, in order */
    struct totals totals;             /* of the step at work */
    const char *only_source;          /* map: this source alone; NULL: all */
    const struct reject_limit *limit; /* map: of rejects, in place of the sources' own; or NULL */
};

/* What came of each source in a step; for the summary. */
struct source_counts {
    struct slice source;
    int64_t in, out, rejected, filtered, duplicates;
};

/* All landed records, or events, of all sources as canonical ones, source by source in the
 * project's order. Rejects beyond a source's limit and totals that do not balance are ERR_DATA at
 * the end of that source, before the stream ends. `counts` has room for project->n_sources and must
 * outlive the stream; NULL is fine. */
int step_map(struct steps *s, enum canonical_kind kind, struct source_counts *counts,
             struct stream **ret, struct error *err);

struct match_step {
    struct stream *records;  /* taken over */
    struct stream *previous; /* the last customer_xref; taken over; NULL: every id is new */
    const char *model_path;  /* NULL: the project's, or models/person.json beside it */
    enum match_effort effort;
    const struct match_rules *rules;     /* NULL: the project's */
    int64_t as_of;                       /* stands in the identity events; AS_OF_NONE: none */
    const struct match_witness *witness; /* or NULL */
};
/* "full" or "low"; NULL is full. */
int one_to_one_parse(const char *text, enum one_to_one *ret, struct error *err); /* NULL: auto */
int effort_parse(const char *text, enum match_effort *ret, struct error *err);

struct match_report {
    int64_t records, customers, candidates, largest;
    int trained; /* the model was made now, and written */
    char model_digest[65];
    char warnings[MATCH_WARNINGS][200];
    int n_warnings;
};
/* Records with customer_id and match_probability in front, in order of (source, key); and the
 * identity events. */
int step_match(struct steps *s, struct match_step *match, struct match_report *ret_report,
               struct stream **ret_linked, struct stream **ret_events, struct error *err);

/* The plan instead: which pairs would be compared. Takes the streams of `match` over. */
int step_match_plan(struct steps *s, struct match_step *match, struct match_plan *ret,
                    struct error *err);

/* Events with customer_id in front, null for a customer that is not in `xref`; events are taken
 * over, the xref is read whole and closed here. *ret_orphans counts them while the stream is read,
 * and must outlive it. */
int step_attach(struct steps *s, struct stream *events, struct stream *xref, int64_t *ret_orphans,
                struct stream **ret, struct error *err);

/* The time of a run that is given none, and finds none in its records. */
#define AS_OF_NONE INT64_MIN

/* Where the project's model lies: malloc'ed. */
char *step_model_path(const struct steps *s);

#endif
