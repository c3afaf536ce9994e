/* Languages to ISO 639-1: "en-GB", "eng", "English", "Englisch", "anglais" → "en". The empty slice
 * when it is not known. */
#ifndef SLUICE_TRANSFORM_MAP_LANGUAGE_H
#define SLUICE_TRANSFORM_MAP_LANGUAGE_H

#include "core/slice.h"

/* The text is constant, or `text` itself. */
struct slice language_standard(struct slice text, char buffer[4]);

#endif
