/* Decisions that people made about pairs of records: decisions.csv beside the project file, columns
 * action (link or unlink), a, b (source:key), and who, at, why, which are kept for people. Of two
 * lines about one pair the later counts. Lines that cannot all be kept (a and b, b and c are one
 * customer, a and c are not) are named, and what is parted stays apart. */
#ifndef SLUICE_PIPELINES_DECISIONS_H
#define SLUICE_PIPELINES_DECISIONS_H

#include "core/dict.h"
#include "core/error.h"
#include "transform/match/match.h"

enum { DECISION_WARNINGS = 4 };

struct decisions {
    struct match_decision *list; /* a < b, each pair once */
    size_t n;
    int64_t unknown; /* lines that name a record that is not here */
    char warnings[DECISION_WARNINGS][200];
    int n_warnings;
};

/* `names`: "source:key" of the records; index[code]: the record. A file that is not there is no
 * decisions. ERR_DATA at the line of an action that is none. */
int decisions_read(const char *path, const struct dict *names, const uint32_t *index,
                   struct decisions *ret, struct error *err);
void decisions_done(struct decisions *d);

#endif
