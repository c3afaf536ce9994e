/* What a model keeps beside its tables: frequent values and aliases, by their text. */
#ifndef SLUICE_TRANSFORM_MATCH_MODEL_ENTRIES_H
#define SLUICE_TRANSFORM_MATCH_MODEL_ENTRIES_H

#include "transform/match/model.h"

struct match_model *model_new(void);                          /* NULL when out of memory */
struct match_model *model_clone(const struct match_model *m); /* NULL when out of memory */
/* Takes the frequent values and the aliases that training found, in order of their text. */
int model_keep_entries(struct match_model *m, const struct encoded *e,
                       const struct alias_set aliases[COMPARISONS_MAX], struct error *err);
/* Notes every column that says something, and why one is not compared. */
int model_keep_columns(struct match_model *m, const struct match_table *t, const struct encoded *e,
                       struct error *err);
/* One more, that did not reach the table. 0 or ERR_MEMORY. */
int model_add_column(struct match_model *m, struct slice name, enum meaning meaning,
                     struct slice why_not);

/* A model for other records: its fields in the order of e's comparisons. A comparison that the
 * model does not know weighs nothing; ERR_DATA when it knows none of them. */
int model_copy_for(const struct match_model *from, const struct encoded *e, struct match_model *ret,
                   struct alias_set aliases[COMPARISONS_MAX], struct error *err);

/* What does not fit where a model meets records that it was not made for, a sentence each:
 * comparisons on one side alone, with the nearest name. */
void model_misfits(const struct match_model *m, const struct encoded *e,
                   void (*say)(void *arg, const char *text), void *arg);

#endif
