/* Values given to a tool: the text itself, "-" for standard input or "@FILE", so that what is
 * private need not stand in a command line. */
#ifndef SLUICE_CMD_GIVEN_H
#define SLUICE_CMD_GIVEN_H

#include "cmd/session.h"
#include "pipelines/steward.h"

/* In the session's arena, without a newline at the end. ERR_DATA past 64 KiB. */
int given_value(struct session *s, const char *text, struct slice *ret, struct error *err);

/* The reason for a decision, and who makes it; a tool's struct embeds this as `note` and puts the
 * options into its table. */
struct note_options {
    const char *why, *who;
};

/* clang-format off */
#define NOTE_OPTIONS(T) \
    {.kind = OPTION_STRING, .name = "why", .arg = "TEXT|-|@FILE", .at = offsetof(struct T, note.why), \
     .help = "the reason, kept with the decision; needed"}, \
    {.kind = OPTION_STRING, .name = "who", .arg = "NAME", .at = offsetof(struct T, note.who), \
     .help = "who decides (default: who is logged in)"}
/* clang-format on */

/* ERR_USAGE without a reason. */
int given_note(struct session *s, const struct note_options *o, struct steward_note *ret,
               struct error *err);

#endif
