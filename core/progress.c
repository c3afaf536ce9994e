#include "core/progress.h"

#include "core/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { REDRAW_MILLIS = 100, TIMES_MAX = 64 };

struct progress {
    enum progress_mode mode;
    pthread_mutex_t lock;     /* held while drawing */
    const char *stage, *unit; /* NULL between stages */
    int64_t total, began;
    atomic_int_least64_t done, next_draw;
    int drawn; /* a line is on the screen */
    int64_t cpu_began;
    int n_times;
    struct progress_time times[TIMES_MAX];
};

static int64_t millis_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t millis(void)
{
    return millis_of(CLOCK_MONOTONIC);
}

static int terminal_width(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

int progress_mode(const char *text, int quiet)
{
    if (!text || !strcmp(text, "auto"))
        return !quiet && isatty(STDERR_FILENO) ? PROGRESS_BAR : PROGRESS_NEVER;
    if (!strcmp(text, "always"))
        return PROGRESS_BAR;
    if (!strcmp(text, "json"))
        return PROGRESS_JSON;
    return strcmp(text, "never") ? -1 : PROGRESS_NEVER;
}

struct progress *progress_new(enum progress_mode mode)
{
    struct progress *p = mode == PROGRESS_NEVER ? NULL : calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->mode = mode;
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void progress_free(struct progress *p)
{
    if (!p)
        return;
    progress_end(p);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* Progress that cannot be shown is no reason to fail, so what goes wrong here is dropped. */
static void show(const struct buffer *b)
{
    ssize_t ignored = b->len ? write(STDERR_FILENO, b->data, b->len) : 0;
    (void)ignored;
}

/* The line is erased before it is drawn over; the cursor stays behind it. */
static int drawing(struct progress *p, const struct progress_view *v, struct buffer *out)
{
    if (p->mode == PROGRESS_JSON)
        return progress_json(v, out);
    TRY(buffer_string(out, "\r"));
    TRY(progress_bar(v, terminal_width() - 1, out));
    p->drawn = 1;
    return buffer_string(out, "\033[K");
}

/* With the lock held. */
static void draw(struct progress *p, int64_t now)
{
    if (p->mode == PROGRESS_TIMES)
        return;
    struct progress_view v = {p->stage, p->unit, atomic_load(&p->done), p->total, now - p->began};
    struct buffer out = {0};
    if (drawing(p, &v, &out) == 0)
        show(&out);
    buffer_done(&out);
}

void progress_stage(struct progress *p, const char *stage, const char *unit, int64_t total)
{
    if (!p)
        return;
    progress_end(p);
    int64_t now = millis();
    pthread_mutex_lock(&p->lock);
    p->stage = stage;
    p->unit = unit;
    p->total = total;
    p->began = now;
    p->cpu_began = millis_of(CLOCK_PROCESS_CPUTIME_ID);
    atomic_store(&p->done, 0);
    draw(p, now);
    atomic_store(&p->next_draw, now + REDRAW_MILLIS);
    pthread_mutex_unlock(&p->lock);
}

/* Of the threads that find a drawing due, the one that moves the time forward draws. */
void progress_add(struct progress *p, int64_t n)
{
    if (!p)
        return;
    atomic_fetch_add_explicit(&p->done, n, memory_order_relaxed);
    int64_t now = millis(), due = atomic_load(&p->next_draw);
    if (now < due || !atomic_compare_exchange_strong(&p->next_draw, &due, now + REDRAW_MILLIS))
        return;
    pthread_mutex_lock(&p->lock);
    if (p->stage)
        draw(p, now);
    pthread_mutex_unlock(&p->lock);
}

static void keep_time(struct progress *p)
{
    if (p->stage && p->n_times < TIMES_MAX)
        p->times[p->n_times++] = (struct progress_time){
            p->stage, millis() - p->began, millis_of(CLOCK_PROCESS_CPUTIME_ID) - p->cpu_began};
}

const struct progress_time *progress_times(const struct progress *p, int *ret_n)
{
    *ret_n = p ? p->n_times : 0;
    return p ? p->times : NULL;
}

void progress_end(struct progress *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    if (p->stage && p->mode == PROGRESS_JSON)
        draw(p, millis());
    if (p->drawn) {
        struct buffer clear = {0};
        if (buffer_string(&clear, "\r\033[K") == 0)
            show(&clear);
        buffer_done(&clear);
    }
    p->drawn = 0;
    keep_time(p);
    p->stage = NULL;
    pthread_mutex_unlock(&p->lock);
}
