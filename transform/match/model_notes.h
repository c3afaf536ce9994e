/* What could not be learned, by name: read off a model's own evidence, so that a model trained long
 * ago says it as well as one trained now. */
#ifndef SLUICE_TRANSFORM_MATCH_MODEL_NOTES_H
#define SLUICE_TRANSFORM_MATCH_MODEL_NOTES_H

#include "transform/match/model.h"

/* Fewer expected matches with a value on both sides than this teach a comparison little. */
enum { NOTE_THIN = 30 };

/* Calls `say` with a sentence for each: too few records, training that did not settle, shares of
 * matches beyond belief, columns left out, comparisons with little evidence or at a bound, levels
 * that no match showed. */
void model_notes(const struct match_model *m, void (*say)(void *arg, const char *note), void *arg);

#endif
