/* Progress on standard error: a bar on a terminal, JSON lines on request, else nothing. Updates
 * from any thread cost an atomic add and a look at the monotonic clock; drawing happens at most ten
 * times a second. Never writes personal data: stages are named by the program. One thread at a time
 * begins and ends stages. */
#ifndef SLUICE_CORE_PROGRESS_H
#define SLUICE_CORE_PROGRESS_H

#include "core/buffer.h"

struct progress;
/* PROGRESS_TIMES: shows nothing, and keeps the times of the stages, as the others do. */
enum progress_mode { PROGRESS_NEVER, PROGRESS_BAR, PROGRESS_JSON, PROGRESS_TIMES };

/* "auto" "always" "never" "json" (NULL is auto): auto is a bar when standard error is a terminal
 * and `quiet` is 0. -1: no such mode. */
int progress_mode(const char *text, int quiet);
struct progress *
progress_new(enum progress_mode mode); /* NULL serves as "never" everywhere below */
void progress_free(struct progress *p);
/* A new stage; total 0 when unknown; unit "rows", "bytes", "pairs". Both strings must outlive it.
 */
void progress_stage(struct progress *p, const char *stage, const char *unit, int64_t total);
void progress_add(struct progress *p, int64_t n);
void progress_end(struct progress *p); /* clears the line */

/* How long each stage took, in order: by the clock, and of all threads' work. */
struct progress_time {
    const char *stage;
    int64_t millis, cpu_millis;
};
/* Those of the stages that ended; their number in *ret_n. The progress keeps the first few dozen.
 */
const struct progress_time *progress_times(const struct progress *p, int *ret_n);

/* What is shown, for progress.c and its tests. */
struct progress_view {
    const char *stage, *unit;
    int64_t done, total; /* total 0: unknown */
    int64_t millis;      /* since the stage began */
};
/* "match  [#####-----]  45%  1.2M of 2.6M rows  350k/s  0:04 left", cut to `width` columns. */
int progress_bar(const struct progress_view *v, int width, struct buffer *out);
/* {"stage":"match","unit":"rows","done":12,"total":34} and a line feed; total null when unknown. */
int progress_json(const struct progress_view *v, struct buffer *out);

#endif
