/* What a model keeps beside its tables: frequent values and aliases, by their text. */
#ifndef SLUICE_TRANSFORM_MATCH_MODEL_ENTRIES_H
#define SLUICE_TRANSFORM_MATCH_MODEL_ENTRIES_H

#include "transform/match/model.h"

struct match_model *model_new(void);                          /* NULL when out of memory */
struct match_model *model_clone(const struct match_model *m); /* NULL when out of memory */
/* Takes the frequent values and the aliases that training found, in order of their text. */
int model_keep_entries(struct match_model *m, const struct encoded *e,
                       const struct alias_set aliases[COMPARISONS_MAX], struct error *err);
/* A model for other records: its fields in the order of e's comparisons. A comparison that the
 * model does not know weighs nothing; ERR_DATA when it knows none of them. */
int model_copy_for(const struct match_model *from, const struct encoded *e, struct match_model *ret,
                   struct alias_set aliases[COMPARISONS_MAX], struct error *err);

#endif
