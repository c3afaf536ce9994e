/* What `sluice` says about itself as a whole: the tools by group, the version, man pages,
 * completions. */
#ifndef SLUICE_CMD_OVERVIEW_H
#define SLUICE_CMD_OVERVIEW_H

#include "core/buffer.h"
#include "core/error.h"

/* 0 when the command line asked for it and it was printed, 1 when a tool is named, negative on
 * error. */
int overview_asked(int argc, char **argv, struct error *err);

int version_print(struct error *err);
/* All of `b` to standard output, and frees it. */
int overview_print(struct buffer *b, struct error *err);

#endif
