/* A witness sees what was matched before it goes: the records, the engine's result and evidence,
 * and who each record is. For reports, scored pairs and explanations. */
#ifndef SLUICE_PIPELINES_WITNESS_H
#define SLUICE_PIPELINES_WITNESS_H

#include "transform/golden/identity.h"
#include "transform/match/evidence.h"
#include "transform/match/match.h"

struct matched { /* all borrowed */
    const struct match_table *table;
    const struct match_result *result;
    const struct match_evidence *evidence; /* NULL when the witness asked for none */
    int model_given;                       /* the model was not learned from these records */
    const struct match_rules *rules;       /* NULL: defaults */
    const struct identity_member *members; /* by record: its name and its customer */
};

struct match_witness {
    int (*look)(void *arg, const struct matched *m, struct error *err);
    void *arg;
    int wants_evidence; /* every compared pair is kept: memory, and a pass of scoring more */
};

/* "source:key", or the key alone where there are no sources; appended. 0 or ERR_MEMORY. */
int matched_name(const struct matched *m, uint32_t record, struct buffer *out);
/* A record's value of a column of the table, lists with commas; appended. */
int matched_value(const struct matched *m, int column, uint32_t record, struct buffer *out);
/* Is there a value, and is it the same in both records (as sets, for lists), punctuation and case
 * aside? Without a value in one of them they do not differ. */
enum matched_sameness { MATCHED_MISSING, MATCHED_SAME, MATCHED_DIFFERS };
enum matched_sameness matched_compare(const struct matched *m, int column, uint32_t a, uint32_t b);

#endif
