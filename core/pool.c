/* One FIFO of tasks under one lock. A pool of n threads is n - 1 workers and the caller, who works
 * on queued tasks while waiting, so n is exact and one thread needs no special case. A task depends
 * on no task queued after it, so a waiter that helps cannot wait for itself. */
#include "core/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { POOL_THREADS_MAX = 1024, FOR_CHUNKS = 64 };

struct task {
    void (*run)(struct task *t);
    struct task *next;
    int done; /* under the pool's lock */
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t queued, finished;
    struct task *first, **last;
    int stopping, n_workers;
    pthread_t workers[];
};

static void enqueue(struct pool *p, struct task *t)
{
    t->next = NULL;
    t->done = 0;
    *p->last = t;
    p->last = &t->next;
}

static struct task *dequeue(struct pool *p)
{
    struct task *t = p->first;
    if (!t)
        return NULL;
    p->first = t->next;
    if (!p->first)
        p->last = &p->first;
    return t;
}

/* With the lock held, which it gives up while the task runs. */
static void run_unlocked(struct pool *p, struct task *t)
{
    pthread_mutex_unlock(&p->lock);
    t->run(t);
    pthread_mutex_lock(&p->lock);
    t->done = 1;
    pthread_cond_broadcast(&p->finished);
}

static void await(struct pool *p, const struct task *wanted)
{
    pthread_mutex_lock(&p->lock);
    while (!wanted->done) {
        struct task *t = dequeue(p);
        if (t)
            run_unlocked(p, t);
        else
            pthread_cond_wait(&p->finished, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
}

static void *worker(void *arg)
{
    struct pool *p = arg;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        struct task *t = dequeue(p);
        if (t)
            run_unlocked(p, t);
        else if (p->stopping)
            break;
        else
            pthread_cond_wait(&p->queued, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static int processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > POOL_THREADS_MAX ? POOL_THREADS_MAX : (int)online;
}

/* Signals stay with the main thread. Fewer workers than asked for are no error: results do not
 * depend on their number. */
static void start_workers(struct pool *p, int wanted)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (p->n_workers < wanted && pthread_create(&p->workers[p->n_workers], NULL, worker, p) == 0)
        p->n_workers++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pool *pool_new(int threads)
{
    if (threads <= 0)
        threads = processors();
    if (threads > POOL_THREADS_MAX)
        threads = POOL_THREADS_MAX;
    struct pool *p = calloc(1, sizeof *p + (size_t)threads * sizeof p->workers[0]);
    if (!p)
        return NULL;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->queued, NULL);
    pthread_cond_init(&p->finished, NULL);
    p->last = &p->first;
    start_workers(p, threads - 1);
    return p;
}

void pool_free(struct pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = 1;
    pthread_cond_broadcast(&p->queued);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->n_workers; i++)
        pthread_join(p->workers[i], NULL);
    pthread_cond_destroy(&p->finished);
    pthread_cond_destroy(&p->queued);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

int pool_threads(const struct pool *p)
{
    return p ? p->n_workers + 1 : 1;
}

struct range {
    void (*fn)(void *arg, size_t i);
    void *arg;
    size_t n, chunk;
    atomic_size_t next;
};

struct range_task {
    struct task task;
    struct range *range;
};

static void range_run(struct range *r)
{
    for (;;) {
        size_t from = atomic_fetch_add_explicit(&r->next, r->chunk, memory_order_relaxed);
        if (from >= r->n)
            return;
        size_t to = r->n - from < r->chunk ? r->n : from + r->chunk;
        for (size_t i = from; i < to; i++)
            r->fn(r->arg, i);
    }
}

static void range_task_run(struct task *t)
{
    range_run(((struct range_task *)t)->range);
}

static void range_submit(struct pool *p, struct range *r, struct range_task *tasks, size_t n)
{
    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < n; i++) {
        tasks[i] = (struct range_task){.task.run = range_task_run, .range = r};
        enqueue(p, &tasks[i].task);
    }
    pthread_cond_broadcast(&p->queued);
    pthread_mutex_unlock(&p->lock);
}

void pool_for(struct pool *p, size_t n, void (*fn)(void *arg, size_t i), void *arg)
{
    size_t threads = (size_t)pool_threads(p);
    struct range r = {.fn = fn, .arg = arg, .n = n, .chunk = n / (threads * FOR_CHUNKS) + 1};
    atomic_init(&r.next, 0);
    size_t helpers = n < threads ? n : threads;
    helpers -= helpers > 0;
    /* Without memory for helpers the caller does it all. */
    struct range_task *tasks = helpers ? malloc(helpers * sizeof *tasks) : NULL;
    if (tasks)
        range_submit(p, &r, tasks, helpers);
    range_run(&r);
    for (size_t i = 0; tasks && i < helpers; i++)
        await(p, &tasks[i].task);
    free(tasks);
}

struct slot {
    struct task task;
    struct pipeline *pipeline;
    void *job;
};

struct pipeline {
    struct pool *pool; /* NULL: everything in the caller */
    void (*fn)(void *job);
    int depth, oldest, n;
    struct slot slots[];
};

static void slot_run(struct task *t)
{
    struct slot *s = (struct slot *)t;
    s->pipeline->fn(s->job);
}

struct pipeline *pipeline_new(struct pool *p, int depth, void (*fn)(void *job))
{
    if (depth < 1)
        depth = 1;
    struct pipeline *pl = calloc(1, sizeof *pl + (size_t)depth * sizeof pl->slots[0]);
    if (!pl)
        return NULL;
    pl->pool = p;
    pl->fn = fn;
    pl->depth = depth;
    return pl;
}

int pipeline_full(const struct pipeline *pl)
{
    return pl->n == pl->depth;
}

int pipeline_empty(const struct pipeline *pl)
{
    return pl->n == 0;
}

void pipeline_put(struct pipeline *pl, void *job)
{
    struct slot *s = &pl->slots[(pl->oldest + pl->n) % pl->depth];
    *s = (struct slot){.task.run = slot_run, .pipeline = pl, .job = job};
    pl->n++;
    if (!pl->pool)
        return;
    pthread_mutex_lock(&pl->pool->lock);
    enqueue(pl->pool, &s->task);
    pthread_cond_signal(&pl->pool->queued);
    pthread_mutex_unlock(&pl->pool->lock);
}

void *pipeline_take(struct pipeline *pl)
{
    if (!pl->n)
        return NULL;
    struct slot *s = &pl->slots[pl->oldest];
    if (pl->pool)
        await(pl->pool, &s->task);
    else
        slot_run(&s->task);
    pl->oldest = (pl->oldest + 1) % pl->depth;
    pl->n--;
    return s->job;
}

void pipeline_free(struct pipeline *pl)
{
    free(pl);
}
