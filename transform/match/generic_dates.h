/* Dates that systems fill in where they know none (1 January 1900): far more holders than the same
 * day of the years around, or the days around it, have. */
#ifndef SLUICE_TRANSFORM_MATCH_GENERIC_DATES_H
#define SLUICE_TRANSFORM_MATCH_GENERIC_DATES_H

#include "transform/match/encode.h"

enum { KNOWN_DATE_MIN = 3 }; /* holders below which no date is suspect */

/* Does value v of a date comparison have far more holders than its neighbours? */
int date_stands_out(const struct comparison *c, uint32_t v);

#endif
