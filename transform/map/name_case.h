/* Letter case of names and addresses that came all in capitals or all in small letters. Mixed case
 * is someone's decision, and is kept. Returns 0 or ERR_MEMORY. */
#ifndef SLUICE_TRANSFORM_MAP_NAME_CASE_H
#define SLUICE_TRANSFORM_MAP_NAME_CASE_H

#include "core/arena.h"

enum name_part {
    NAME_GIVEN,  /* "MARY-ANN" → "Mary-Ann", "J.R." → "J.R." */
    NAME_FAMILY, /* "O'BRIEN" → "O'Brien", "MCDONALD" → "McDonald", "VAN DER BERG" → "van der
                  * Berg" */
    NAME_PLACE,  /* "STRATFORD-UPON-AVON" → "Stratford-upon-Avon", "LE HAVRE" → "Le Havre" */
    NAME_STREET, /* as a place, and "1ST" → "1st", "12A" stays, "PO BOX" → "PO Box" */
};

int name_case(struct slice tidy, enum name_part part, struct arena *a, struct slice *ret);

/* "van", "de la": a word that belongs to the family name behind it. `lower` is one word. */
int name_particle(struct slice lower);

#endif
