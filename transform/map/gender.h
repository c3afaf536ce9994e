/* Gender: "F", "w", "weiblich", "Femme", "Mrs" → "female"; "M", "männlich", "Hombre", "Herr" →
 * "male"; "X", "d", "divers", "non-binary" → "other". The empty slice when it is none of these:
 * unknown, not said, junk. "2" and "1" are ISO 5218's female and male. */
#ifndef SLUICE_TRANSFORM_MAP_GENDER_H
#define SLUICE_TRANSFORM_MAP_GENDER_H

#include "core/slice.h"

struct slice gender_standard(struct slice text);

#endif
