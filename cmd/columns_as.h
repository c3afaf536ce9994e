/* --as COLUMN=MEANING and --id COLUMN, as the tools that read plain rows take them. */
#ifndef SLUICE_CMD_COLUMNS_AS_H
#define SLUICE_CMD_COLUMNS_AS_H

#include "cmd/session.h"
#include "pipelines/dedupe.h"

/* Into the session's arena and `ret`; `id` may be NULL. */
int columns_as(struct session *s, const struct option_list *as, const char *id,
               struct dedupe_options *ret, struct error *err);

enum columns_detail { COLUMNS_USED, COLUMNS_WHY };
/* What the columns were taken for, on standard error: those that are used, or all and why. */
void columns_say(const struct session *s, const struct dedupe_report *r,
                 enum columns_detail detail);

#endif
