/* A model as a chart for a person, 80 columns wide: for each comparison and state of what it
 * depends on, a line a level with its weight as a bar left (against) or right (for) of zero, and
 * the level's share among pairs of the same person, of a household, and of strangers. */
#ifndef SLUICE_TRANSFORM_MATCH_MODEL_CHART_H
#define SLUICE_TRANSFORM_MATCH_MODEL_CHART_H

#include "core/buffer.h"
#include "transform/match/model.h"

enum chart_style { CHART_ASCII, CHART_BLOCKS /* UTF-8 block elements */ };

/* 0 or ERR_MEMORY. */
int model_chart(const struct match_model *m, enum chart_style style, struct buffer *out);

/* "where postcode agrees": what a state of a comparison means; "" where it depends on nothing. */
void model_state_words(const struct match_model *m, int k, int state, char out[96]);

/* What a level adds in bits, on average over the values where it goes by their frequency. */
double model_level_bits(const struct field_model *f, int state, int level);
/* Is the level's weight one that training finds? Learned aliases count only where there are some.
 */
int model_level_used(const struct match_model *m, int k, int level);

#endif
