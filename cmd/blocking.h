/* Blocking rules on the command line, for the tools that match: --block, --block-mode, --plan. */
#ifndef SLUICE_CMD_BLOCKING_H
#define SLUICE_CMD_BLOCKING_H

#include "cmd/session.h"
#include "transform/match/plan.h"

struct blocking_options {
    struct option_list rules;
    const char *mode;
    int plan;
};

/* clang-format off */
#define BLOCKING_OPTIONS(T) \
    {.kind = OPTION_LIST, .name = "block", .arg = "KEY,…", .at = offsetof(struct T, blocking.rules), .help = "compare records that share these keys: a column, or prefix(COLUMN,3), soundex(COLUMN), year(COLUMN) …; may be repeated"}, \
    {.kind = OPTION_STRING, .name = "block-mode", .arg = "replace|join", .at = offsetof(struct T, blocking.mode), .help = "whether the rules of --block replace the automatic candidates (the default) or join them"}, \
    {.kind = OPTION_FLAG, .name = "plan", .at = offsetof(struct T, blocking.plan), .help = "match nothing: say which pairs would be compared, rule by rule, and how many matches are expected"}
/* clang-format on */

/* Puts the rules of --block in place of those in `into`; ERR_USAGE names what is wrong. */
int blocking_rules(struct session *s, const struct blocking_options *o, struct match_rules *into,
                   struct error *err);

/* Writes the plan to the output, and says what its figures are; ends the plan. */
int blocking_plan(struct session *s, struct match_plan *p, struct error *err);

#endif
