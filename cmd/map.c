/* map: what landed → canonical records or events. */
#include <stdio.h>

#include "cmd/session.h"
#include "pipelines/rejected.h"
#include "pipelines/steps.h"

struct map_tool {
    struct io_options io;
    int events;
    const char *source;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(map_tool),
    {.kind = OPTION_FLAG,
     .name = "events",
     .at = offsetof(struct map_tool, events),
     .help = "what happened, instead of who they are"},
    {.kind = OPTION_STRING,
     .name = "source",
     .arg = "NAME",
     .at = offsetof(struct map_tool, source),
     .help = "this source alone"},
    IO_WRITE(map_tool),
    IO_REJECTS(map_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice map -o records.arrow --rejects rejects.arrow", "all sources' records"},
    {"sluice map --events | sluice attach --xref lake/customer_xref | sluice write lake/event",
     "events, with the customers they belong to"},
    {"sluice map --source billing --max-rejects all -t csv | head", "a look at one source"},
    {NULL, NULL},
};

const struct tool map_tool = {
    .name = "map",
    .summary = "a source's fields to canonical records and events, bad rows aside",
    .operands = "",
    .about =
        "Reads what 'sluice pull' landed and makes canonical records (or, with --events, events) "
        "of it by the "
        "project file: names, dates, phones, addresses and amounts in one form, the raw values "
        "beside them. A row that cannot be used goes to the rejects with its place and the reason; "
        "more of them than the source allows and nothing is written.",
    .options = options,
    .examples = examples,
    .group = GROUP_STEPS,
    .run = run,
};

static void say(void *arg, const char *text)
{
    session_say(arg, "%s", text);
}

static int write_rejects(struct session *s, int64_t newest, struct error *err)
{
    struct stream *rows;
    int64_t n = rejects_count(s->rejects);
    const char *path = s->io->rejects ? s->io->rejects : "rejects-map.arrow";
    if (n)
        session_say(s, "%lld bad rows, in '%s':", (long long)n, path);
    rejected_say(s->rejects, say, s);
    if (n == 0 && !s->io->rejects)
        return 0;
    TRY(rejected_stream(s->rejects, newest, &rows, err));
    return session_pump_path(s, rows, path, err);
}

/* Rejects are written before the output is finished: they are there also when it is refused. */
static int map_out(struct session *s, struct stream *rows, int64_t *newest, struct error *err)
{
    struct sink *to = NULL;
    struct batch *b;
    int more = session_write(s, rows->schema, &to, err);
    while (more == 0 && (more = stream_next(rows, &b, err)) > 0)
        more = sink_write(to, b, err);
    struct error second = {0};
    int code = write_rejects(s, *newest, more < 0 ? &second : err);
    if (more == 0 && code == 0)
        code = session_pass_totals(s, to, err);
    if (more == 0 && code == 0)
        code = sink_finish(to, err);
    sink_close(to);
    return more < 0 ? more : code;
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct map_tool *t = values;
    enum canonical_kind kind = t->events ? CANONICAL_EVENT : CANONICAL_RECORD;
    struct stream *rows;
    struct reject_limit limit;
    int64_t newest = AS_OF_NONE;
    TRY(session_project(s, err));
    if (s->io->max_rejects && !reject_limit_parse(slice_str(s->io->max_rejects), &limit))
        return error_set(err, ERR_USAGE, "--max-rejects takes a number of rows or N%%, not '%s'",
                         s->io->max_rejects);
    if (t->source && !project_source(s->project, slice_str(t->source)))
        return error_set(err, ERR_USAGE, "the project has no source '%s'", t->source);
    struct steps *steps = ARENA_NEW(&s->arena, struct steps);
    if (!steps)
        return error_memory(err);
    *steps = (struct steps){.project = s->project,
                            .pool = s->pool,
                            .progress = s->progress,
                            .rejects = s->rejects,
                            .only_source = t->source,
                            .limit = s->io->max_rejects ? &limit : NULL};
    s->totals = &steps->totals;
    TRY(step_map(steps, kind, NULL, &rows, err));
    TRY(rejected_keep_time(&rows, kind, &newest, err));
    int code = map_out(s, rows, &newest, err);
    stream_close(rows);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct map_tool t = {.io = IO_DEFAULTS};
    return session_run(&map_tool, argc, argv, &t, &t.io, work, err);
}
