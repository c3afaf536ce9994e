/* The house number of an address line, apart from the rest: "12a High Street", "High Street 12",
 * "Flat 3, 12 High Street". */
#ifndef SLUICE_TRANSFORM_MATCH_ADDRESS_H
#define SLUICE_TRANSFORM_MATCH_ADDRESS_H

#include "core/buffer.h"
#include "transform/match/match.h"

/* 1 and the number when there is one; the rest of the line goes to `street` (emptied first), or
 * the whole line when there is none. Negative: ERR_MEMORY. */
int address_split(struct slice line, struct slice *ret_number, struct buffer *street);

/* A street column as two: numbers and streets, with values and codes of their own. */
struct split_street {
    struct match_column number, street;
    int filled; /* 0: too few lines hold a number; nothing was made */
};
int split_street_init(struct split_street *s, const struct match_column *column, uint32_t n);
void split_street_done(struct split_street *s);

#endif
