/* Progress on standard error: a bar on a terminal, JSON lines on request, else nothing. Updates
 * from any thread cost an atomic add; drawing happens at most ten times a second. Never writes
 * personal data. */
#ifndef SLUICE_CORE_PROGRESS_H
#define SLUICE_CORE_PROGRESS_H

#include <stdint.h>

struct progress;
enum progress_mode { PROGRESS_NEVER, PROGRESS_BAR, PROGRESS_JSON };

/* "auto" "always" "never" "json" (NULL is auto): auto is a bar when standard error is a terminal.
 * -1: no such mode. */
int progress_mode(const char *text, int quiet);
struct progress *
progress_new(enum progress_mode mode); /* NULL serves as "never" everywhere below */
void progress_free(struct progress *p);
/* A new stage; total 0 when unknown; unit "rows", "bytes", "pairs". */
void progress_stage(struct progress *p, const char *stage, const char *unit, int64_t total);
void progress_add(struct progress *p, int64_t n);
void progress_end(struct progress *p); /* clears the line */

#endif
