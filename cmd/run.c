/* run: the whole job of the project file. */
#include <stdio.h>

#include "cmd/session.h"
#include "core/calendar.h"
#include "pipelines/run.h"

struct run_tool {
    struct io_options io;
    const char *start, *stop, *as_of, *effort;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(run_tool),
    {.kind = OPTION_STRING,
     .name = "start",
     .arg = "STEP",
     .at = offsetof(struct run_tool, start),
     .help = "begin with this step, on what the steps before it left: map, match, merge, write"},
    {.kind = OPTION_STRING,
     .name = "stop",
     .arg = "STEP",
     .at = offsetof(struct run_tool, stop),
     .help = "end after this step: pull, map, match, merge"},
    {.kind = OPTION_STRING,
     .name = "as-of",
     .arg = "DATE",
     .at = offsetof(struct run_tool, as_of),
     .help = "the run's date; without it, the newest date in the records"},
    {.kind = OPTION_STRING,
     .name = "effort",
     .arg = "full|low",
     .at = offsetof(struct run_tool, effort),
     .help = "low: fewer candidates, faster, a little less accurate"},
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice run", "the project of sluice.yaml here or above"},
    {"sluice run --dry-run", "what would be read and written"},
    {"sluice run --stop match", "up to the customer ids, writing no table"},
    {NULL, NULL},
};

const struct tool run_tool = {
    .name = "run",
    .summary = "the whole project: pull, map, match, merge, write",
    .operands = "",
    .about =
        "Brings the exports in, makes records and events of them, finds out who is who, merges one "
        "golden "
        "record per customer and writes the lake's tables.\n\n"
        "Running again with nothing new does nothing and says so. After a crash it goes on from "
        "the "
        "first step that was not done. A run with more bad rows than the project allows, or "
        "whose totals do not balance, publishes nothing and leaves with 65. One run per lake at a "
        "time; a second one leaves with 75.",
    .options = options,
    .examples = examples,
    .group = GROUP_MAIN,
    .run = run,
};

static void say(void *arg, const char *text)
{
    const struct session *s = arg;
    if (!s->common.quiet)
        fprintf(stderr, "%s\n", text);
}

static int as_of_parse(const char *text, int64_t *ret, struct error *err)
{
    *ret = AS_OF_NONE;
    if (!text || timestamp_parse(slice_str(text), ret))
        return 0;
    return error_set(err, ERR_USAGE, "--as-of takes a date such as 2026-03-01, not '%s'", text);
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct run_tool *t = values;
    struct run_options o = {.start = RUN_PULL, .stop = RUN_WRITE, .say = say, .say_arg = s};
    if (s->n_operands)
        return error_set(err, ERR_USAGE, "run takes no file: the project file names them");
    if (t->start)
        TRY(run_step_parse(t->start, &o.start, err));
    if (t->stop)
        TRY(run_step_parse(t->stop, &o.stop, err));
    TRY(as_of_parse(t->as_of, &o.as_of, err));
    TRY(effort_parse(t->effort, &o.effort, err));
    TRY(session_project(s, err));
    o.project = s->project;
    o.pool = s->pool;
    o.progress = s->progress;
    o.memory = s->common.memory;
    o.stats = s->common.stats;
    s->common.stats = NULL; /* the run writes them, step by step */
    return s->common.dry_run ? run_plan(&o, err) : run_project(&o, err);
}

static int run(int argc, char **argv, struct error *err)
{
    struct run_tool t = {.io = IO_DEFAULTS};
    return session_run(&run_tool, argc, argv, &t, &t.io, work, err);
}
