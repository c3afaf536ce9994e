/* What the writer and the reader of models share: the words that stand in the JSON. */
#ifndef SLUICE_TRANSFORM_MATCH_MODEL_JSON_H
#define SLUICE_TRANSFORM_MATCH_MODEL_JSON_H

#include <jansson.h>

#include "transform/match/model_entries.h"

#define MODEL_FORMAT "sluice match model"
enum { MODEL_VERSION = 1 };

/* In order of enum household and enum dependency; end in NULL. */
extern const char *const model_household_names[], *const model_depends_names[];

#endif
