/* What a steward decides about records of the lake, written into decisions.csv; it takes effect in
 * the next run. Records are named source:key. */
#ifndef SLUICE_PIPELINES_STEWARD_H
#define SLUICE_PIPELINES_STEWARD_H

#include "core/arena.h"
#include "schemas/project.h"

struct steward_note {
    struct slice why, who;
    int dry_run; /* nothing is written */
};

enum steward_action { STEWARD_LINK, STEWARD_UNLINK };

/* What was decided, for the user. Strings in the arena. */
struct steward_done {
    struct slice customers[2]; /* of the two records now; "" when the lake has none */
    int lines;                 /* written */
    int groups;                /* that a customer falls into */
    int records;               /* of it */
};

/* ERR_INPUT when the lake does not have the record. */
int steward_decide(const struct project *p, enum steward_action action, struct slice a,
                   struct slice b, const struct steward_note *note, struct arena *arena,
                   struct steward_done *ret, struct error *err);

/* Parts a customer: `apart` (n of its records) from the rest, or with n 0 what the last run that
 * merged others into it had merged, each of them again by itself. Every record of a group is
 * unlinked from every record of the others. ERR_INPUT: no such customer or record, or nothing was
 * ever merged into it; ERR_USAGE: all of its records are named. */
int steward_unmerge(const struct project *p, struct slice customer, const struct slice *apart,
                    int n, const struct steward_note *note, struct arena *arena,
                    struct steward_done *ret, struct error *err);

#endif
