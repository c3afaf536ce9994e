/* Names of organisations by their first letters: "ibm" and "international business machines". Words
 * are folded; legal forms and kinds ("ltd", "gmbh") at the end say nothing, and the words that
 * initials leave out ("of", "und") may be left out. */
#ifndef SLUICE_TRANSFORM_MATCH_ACRONYM_H
#define SLUICE_TRANSFORM_MATCH_ACRONYM_H

#include "core/slice.h"

/* Is one of the names made of the first letters, two to eight, of the other's words, the first
 * word's first? */
int is_acronym(struct slice a, struct slice b);

#endif
