/* Person names: parts put in their places and their case, titles and suffixes cut off, a whole name
 * split into parts, the formal name found.
 *
 * in: given "DR. BOB", family "VAN DER BERG JR"
 *     → title "Dr", given "Bob", family "van der Berg", suffix "Jr", full "Bob van der Berg Jr",
 *       formal "robert" in title case: "Robert"
 * in: full "O'BRIEN, MARY-ANN J." → given "Mary-Ann", middle "J", family "O'Brien", full "Mary-Ann
 *     J O'Brien"
 * in: full "Ludwig van Beethoven" → given "Ludwig", family "van Beethoven"
 * in: full "ACME TOOLS LTD" → organisation "ACME TOOLS LTD", nothing else
 *
 * Junk is dropped. Case is changed only where a value is all in capitals or all in small letters.
 */
#ifndef SLUICE_TRANSFORM_MAP_NAME_H
#define SLUICE_TRANSFORM_MAP_NAME_H

#include "core/arena.h"

struct person_name {
    struct slice title, given, middle, family, suffix, full, formal; /* ptr NULL: none */
    struct slice organisation;
};

/* Standardises in place; new text is in the arena. `formal` is only written. 0 or ERR_MEMORY. */
int name_standard(struct person_name *n, struct arena *a);

#endif
