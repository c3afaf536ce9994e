/* Generic values: an e-mail, phone, id or address that does not belong to one person or household.
 * Found from a list ("noreply@…", 1234567890) and from the data: a value with too many different
 * people on it. Plain frequency does not make a value generic: one customer may have a thousand
 * records. It is generic when those who hold it have at least PEOPLE_MIN different given names and
 * as many different family names (by sound, so that slips count once), and no one name accounts for
 * more than a fifth of them; or at least FAMILIES_MIN family names, most holders having one of
 * their own. A household has one or two family names, a person one. Dates: generic_dates.h.
 *
 * Generic values become missing: they neither block nor score. An address is a street and its
 * number in one postcode (or place). Names are left to their frequency. Costs a sort of the records
 * that hold a value of PEOPLE_MIN records or more. */
#ifndef SLUICE_TRANSFORM_MATCH_GENERIC_H
#define SLUICE_TRANSFORM_MATCH_GENERIC_H

#include "transform/match/encode_parts.h"

enum { PEOPLE_MIN = 10, FAMILIES_MIN = 8 };

struct generic_value {
    int comparison;
    uint32_t code;   /* of an address: its street's */
    uint32_t number; /* of an address: its number's code; else MATCH_MISSING */
    uint32_t records;
};

struct generic {
    const struct encoded *e;
    struct generic_value *values; /* by comparison, the most records first */
    size_t n;
};

/* Finds them and takes them out of `e`: codes, counts, rows. e->generic holds what was found. */
int generic_find(struct encoded *e, struct error *err);
void generic_free(struct generic *g); /* NULL is fine */

/* Which values of a column were taken out, by code (malloc'ed); *ret NULL: the column is none that
 * may hold such. For keys that are not made from e's own codes. */
int generic_of_column(const struct encoded *e, const struct match_column *column, uint8_t **ret);

/* One line for each column: "email 'none@none.com' (104 records) and 5 more are on too many
 * different people: …". Returns the lines written. */
int generic_say(const struct generic *g, char ret_lines[][200], int most);

#endif
