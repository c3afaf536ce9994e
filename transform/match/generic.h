/* Generic values: what stands in a field of one person and says nothing of who it is, because too
 * many different people have it (test@test.com, 1 January 1900, the number of a call centre). They
 * are found from the data and read as missing, so that they neither block nor score. Mailboxes,
 * numbers and ids: many holders, most of other family names. Dates: far more holders than any
 * date of the days and years around. Costs one pass over the records and a sort of the suspects. */
#ifndef SLUICE_TRANSFORM_MATCH_GENERIC_H
#define SLUICE_TRANSFORM_MATCH_GENERIC_H

#include "transform/match/encode.h"

/* Makes generic values missing in codes, lists and counts. What was found is appended to
 * e->generic. 0 or ERR_MEMORY. */
int generic_silence(struct encoded *e);

#endif
