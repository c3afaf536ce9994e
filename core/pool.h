/* Threads. A pool of n workers; jobs are independent, and results are taken in the order in which
 * jobs were submitted, so that output never depends on timing. With 1 thread everything runs in the
 * caller. */
#ifndef SLUICE_CORE_POOL_H
#define SLUICE_CORE_POOL_H

#include <stddef.h>

struct pool;
struct pipeline;

/* threads 0: as many as processors (affinity mask). NULL when out of memory. */
struct pool *pool_new(int threads);
void pool_free(struct pool *p); /* waits for what runs */
int pool_threads(const struct pool *p);

/* Calls fn(arg, i) for i in 0..n-1 on all threads and returns when all are done. NULL pool: a plain
 * loop. fn may not call pool_for on the same pool. */
void pool_for(struct pool *p, size_t n, void (*fn)(void *arg, size_t i), void *arg);

/* An ordered pipeline: at most `depth` jobs in flight; a job is the caller's struct, worked on by
 * fn in any thread, given back by pipeline_take in order of submission. */
struct pipeline *pipeline_new(struct pool *p, int depth, void (*fn)(void *job));
int pipeline_full(const struct pipeline *pl);  /* depth reached: take before the next put */
int pipeline_empty(const struct pipeline *pl); /* nothing in flight */
void pipeline_put(struct pipeline *pl, void *job);
void *pipeline_take(struct pipeline *pl); /* waits for the oldest; NULL when empty */
void pipeline_free(struct pipeline *pl);  /* must be empty */

#endif
