/* Postal addresses: the parts trimmed, in their case, with abbreviations in one form.
 *
 * in: line1 "12 ST MARY'S RD.", city "STOKE-ON-TRENT", postcode "st11aa", country "England"
 *     → "12 St Mary's Road", "Stoke-on-Trent", "ST1 1AA", "GB"
 * in: line1 "hauptstr. 5", country "D" → "Hauptstraße 5", "DE"
 *
 * Abbreviations are expanded by the country's language: English (also where it is not known),
 * German, French, Spanish. House numbers, and mixed case, are kept. Junk is dropped. A line 2 with
 * no line 1 becomes line 1. A postcode that is not of its country's form is only put in capitals.
 */
#ifndef SLUICE_TRANSFORM_MAP_ADDRESS_H
#define SLUICE_TRANSFORM_MAP_ADDRESS_H

#include "transform/map/country.h"

struct postal {
    struct slice line1, line2, city, region, postcode, country; /* ptr NULL: none */
};

/* Standardises in place; new text is in the arena or lives with `countries`. `home` (ISO alpha-2 or
 * "") is the country of addresses that name none: it says how to read them, and is not put in. 0 or
 * ERR_MEMORY. */
int address_standard(struct postal *p, struct slice home, const struct countries *countries,
                     struct arena *a);

#endif
