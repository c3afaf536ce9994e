/* Checking a project against the exports it names: are they there, can they be read, do they have
 * the columns that the mappings use? */
#ifndef SLUICE_PIPELINES_CHECK_EXPORTS_H
#define SLUICE_PIPELINES_CHECK_EXPORTS_H

#include "schemas/project.h"

/* Findings in order of their place; *ret in the arena. Returns their number or a negative code.
 * Opens one file of each pattern and reads as far as its columns need. */
int check_exports(const struct project *p, struct arena *arena, struct finding **ret,
                  struct error *err);

#endif
