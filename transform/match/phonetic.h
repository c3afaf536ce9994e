/* The phonetic skeleton of a name: its consonants by sound, vowels only in front. Written for
 * European names in Latin letters; finer than Soundex, so that few strangers share one. */
#ifndef SLUICE_TRANSFORM_MATCH_PHONETIC_H
#define SLUICE_TRANSFORM_MATCH_PHONETIC_H

#include "core/slice.h"

enum { PHONETIC_MAX = 12 };

/* `name` is folded (lower case). Returns the length written, 0 when there is no letter. */
size_t phonetic_skeleton(struct slice name, char out[PHONETIC_MAX]);

#endif
