/* Values given to a tool: the text itself, "-" for standard input or "@FILE", so that what is
 * private need not stand in a command line. */
#ifndef SLUICE_CMD_GIVEN_H
#define SLUICE_CMD_GIVEN_H

#include "cmd/session.h"

/* In the session's arena, without a newline at the end. ERR_DATA past 64 KiB. */
int given_value(struct session *s, const char *text, struct slice *ret, struct error *err);

#endif
