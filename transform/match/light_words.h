/* Light words: legal forms and kinds in the names of firms ("ltd", "GmbH", "restaurant"),
 * directions and units in addresses ("ne", "suite"). That one side writes them and the other does
 * not says nothing; that both write different ones does ("Ritz cafe", "Ritz restaurant"). */
#ifndef SLUICE_TRANSFORM_MATCH_LIGHT_WORDS_H
#define SLUICE_TRANSFORM_MATCH_LIGHT_WORDS_H

#include "core/slice.h"
#include "schemas/meaning.h"

/* `word`: folded (lower case, no accents, no marks), in the column's short form. */
int is_light_word(enum meaning meaning, struct slice word);
/* The country whose law knows the form ("DE"; "*" several), NULL for what is no legal form. */
const char *legal_form_country(struct slice word);

#endif
