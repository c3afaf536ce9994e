/* Values that a crowd shares: an e-mail, phone, id or address that belongs to no one person or
 * household. generic.h finds what is on records of mostly different family names; here are those
 * whose crowd is larger than the number of names (a mailbox of five thousand people), addresses (a
 * tower block: a street and its number in one postcode or place), and a list ("noreply@…",
 * 1234567890). Plain frequency makes no crowd: one customer may have a thousand records. Those who
 * share a value are a crowd when they have at least PEOPLE_MIN different given names and as many
 * different family names (by sound, so that slips count once), and no one name accounts for more
 * than a fifth of them. A household has one or two family names, a person one.
 *
 * Such values become missing: they neither block nor score. Names are left to their frequency.
 * Costs a sort of the records that share a value. */
#ifndef SLUICE_TRANSFORM_MATCH_CROWDED_H
#define SLUICE_TRANSFORM_MATCH_CROWDED_H

#include "transform/match/encode_parts.h"

enum { PEOPLE_MIN = 10 };

struct crowded_value {
    int comparison;
    uint32_t code;   /* of an address: its street's */
    uint32_t number; /* of an address: its number's code; else MATCH_MISSING */
    uint32_t records;
};

struct crowded {
    const struct encoded *e;
    struct crowded_value *values; /* by comparison, the most records first */
    size_t n;
};

/* Finds them and takes them out of `e`: codes, counts, rows. e->crowded holds what was found. */
int crowded_find(struct encoded *e, struct error *err);
void crowded_free(struct crowded *g); /* NULL is fine */

/* Which values of a column were taken out, here or as generic, by code (malloc'ed); *ret NULL: the
 * column is none that may hold such. For keys that are not made from e's own codes. */
int crowded_of_column(const struct encoded *e, const struct match_column *column, uint8_t **ret);

/* One line for each column: "email 'none@none.com' (104 records) and 5 more are on too many
 * different people: …". Returns the lines written. */
int crowded_say(const struct crowded *g, char ret_lines[][200], int most);

#endif
