/* A model that was trained on other rows meets these: columns mean what they meant then. */
#ifndef SLUICE_PIPELINES_MODEL_COLUMNS_H
#define SLUICE_PIPELINES_MODEL_COLUMNS_H

#include "transform/match/match.h"

/* Fixes the meaning of every column that the model saw by this name, unless it is fixed already. */
void model_columns_take(const struct match_model *m, struct meaning_column *columns, int n);

/* ERR_DATA when the model compares a column that none of these is by name or meaning: with the
 * nearest name, where one is near; or when that is so of all its columns. */
int model_columns_check(const struct match_model *m, const struct meaning_column *columns, int n,
                        struct error *err);
/* The same of records with canonical columns, which come and go with their sources: ERR_DATA only
 * when none of the model's is here. */
int model_columns_check_records(const struct match_model *m, const struct match_table *t,
                                const char *path, struct error *err);

#endif
