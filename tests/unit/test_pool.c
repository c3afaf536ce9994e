#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/pool.h"

enum { N = 10007 };

struct counts {
    atomic_int seen[N];
};

static void count(void *arg, size_t i)
{
    atomic_fetch_add(&((struct counts *)arg)->seen[i], 1);
}

static void each_index_is_visited_once(void **state)
{
    (void)state;
    static struct counts counts;
    size_t sizes[] = {0, 1, 2, 3, 127, N};
    for (int threads = 1; threads <= 5; threads++) {
        struct pool *p = pool_new(threads);
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            memset(&counts, 0, sizeof counts);
            pool_for(p, sizes[s], count, &counts);
            for (size_t i = 0; i < N; i++)
                assert_int_equal(counts.seen[i], i < sizes[s]);
        }
        pool_free(p);
    }
}

static void no_pool_is_a_plain_loop(void **state)
{
    (void)state;
    static struct counts counts;
    memset(&counts, 0, sizeof counts);
    pool_for(NULL, 5, count, &counts);
    assert_int_equal(counts.seen[4], 1);
    assert_int_equal(pool_threads(NULL), 1);
    pool_free(NULL);
}

static void the_number_of_threads_is_as_asked_or_the_processors(void **state)
{
    (void)state;
    struct pool *three = pool_new(3), *all = pool_new(0);
    assert_int_equal(pool_threads(three), 3);
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    assert_int_equal(pool_threads(all), CPU_COUNT(&set));
    pool_free(three);
    pool_free(all);
}

struct meeting {
    pthread_barrier_t barrier;
};

static void meet(void *arg, size_t i)
{
    (void)i;
    pthread_barrier_wait(&((struct meeting *)arg)->barrier);
}

/* Hangs, and so fails by the runner's time-out, when fewer than four run at once. */
static void four_threads_run_at_once(void **state)
{
    (void)state;
    struct meeting m;
    pthread_barrier_init(&m.barrier, NULL, 4);
    struct pool *p = pool_new(4);
    pool_for(p, 4, meet, &m);
    pool_free(p);
    pthread_barrier_destroy(&m.barrier);
}

struct job {
    int number, square;
    pthread_t by;
};

/* Earlier jobs take longer, so that they finish out of order. */
static void square(void *arg)
{
    struct job *j = arg;
    usleep((useconds_t)(200 * (7 - j->number % 8)));
    j->square = j->number * j->number;
    j->by = pthread_self();
}

static void run_in_order(struct pool *p, int depth)
{
    struct job jobs[64];
    struct pipeline *pl = pipeline_new(p, depth, square);
    assert_true(pipeline_empty(pl));
    int put = 0, taken = 0;
    while (taken < 64) {
        while (put < 64 && !pipeline_full(pl)) {
            jobs[put] = (struct job){.number = put};
            pipeline_put(pl, &jobs[put++]);
            assert_true(put - taken <= depth);
        }
        struct job *j = pipeline_take(pl);
        assert_ptr_equal(j, &jobs[taken]);
        assert_int_equal(j->square, taken * taken);
        taken++;
    }
    assert_true(pipeline_empty(pl));
    assert_null(pipeline_take(pl));
    pipeline_free(pl);
}

static void a_pipeline_gives_jobs_back_in_order(void **state)
{
    (void)state;
    run_in_order(NULL, 3);
    for (int threads = 1; threads <= 4; threads++) {
        struct pool *p = pool_new(threads);
        for (int depth = 1; depth <= 9; depth += 4)
            run_in_order(p, depth);
        pool_free(p);
    }
}

static void one_thread_works_in_the_caller(void **state)
{
    (void)state;
    struct pool *p = pool_new(1);
    struct pipeline *pl = pipeline_new(p, 2, square);
    struct job j = {.number = 3};
    pipeline_put(pl, &j);
    pipeline_take(pl);
    assert_true(pthread_equal(j.by, pthread_self()));
    pipeline_free(pl);
    pool_free(p);
}

static void two_pipelines_share_a_pool(void **state)
{
    (void)state;
    struct pool *p = pool_new(2);
    struct pipeline *a = pipeline_new(p, 8, square), *b = pipeline_new(p, 8, square);
    struct job jobs[16];
    for (int i = 0; i < 16; i++) {
        jobs[i] = (struct job){.number = i};
        pipeline_put(i % 2 ? b : a, &jobs[i]);
    }
    for (int i = 1; i < 16; i += 2)
        assert_ptr_equal(pipeline_take(b), &jobs[i]);
    for (int i = 0; i < 16; i += 2)
        assert_ptr_equal(pipeline_take(a), &jobs[i]);
    pipeline_free(a);
    pipeline_free(b);
    pool_free(p);
}

static void freeing_a_pool_finishes_what_is_queued(void **state)
{
    (void)state;
    struct pool *p = pool_new(2);
    struct pipeline *pl = pipeline_new(p, 8, square);
    struct job jobs[8];
    for (int i = 0; i < 8; i++) {
        jobs[i] = (struct job){.number = i, .square = -1};
        pipeline_put(pl, &jobs[i]);
    }
    pool_free(p);
    for (int i = 0; i < 8; i++)
        assert_int_equal(jobs[i].square, i * i);
    pipeline_free(pl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_index_is_visited_once),
        cmocka_unit_test(no_pool_is_a_plain_loop),
        cmocka_unit_test(the_number_of_threads_is_as_asked_or_the_processors),
        cmocka_unit_test(four_threads_run_at_once),
        cmocka_unit_test(a_pipeline_gives_jobs_back_in_order),
        cmocka_unit_test(one_thread_works_in_the_caller),
        cmocka_unit_test(two_pipelines_share_a_pool),
        cmocka_unit_test(freeing_a_pool_finishes_what_is_queued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
