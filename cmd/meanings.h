/* --as COLUMN=MEANING, for the tools that find out what columns mean. */
#ifndef SLUICE_CMD_MEANINGS_H
#define SLUICE_CMD_MEANINGS_H

#include "cmd/session.h"
#include "pipelines/dedupe.h"

/* *ret in the session's arena, with room for one more. */
int meanings_parse(struct session *s, const struct option_list *as, struct dedupe_as **ret,
                   struct error *err);

#endif
