/* status: the runs of a project. */
#include "cmd/session.h"
#include "pipelines/lake.h"

struct status_tool {
    struct io_options io;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(status_tool),
    IO_OPTION(status_tool, OPTION_STRING, 0, "columns", "A,B,…", columns,
              "columns of the run table to show, instead of the usual ones"),
    IO_WRITE(status_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice status", "the runs, their counts and when they were"},
    {"sluice status --columns run,totals,tables -t jsonl", "totals and table versions"},
    {NULL, NULL},
};

const struct tool status_tool = {
    .name = "status",
    .summary = "the runs of the project",
    .operands = "",
    .about =
        "Lists the runs that published: when, of which date, how many records, rejects, customers "
        "and "
        "events. The run table also holds the totals of every step, the model's digest and the "
        "version of each table.",
    .options = options,
    .examples = examples,
    .group = GROUP_PROJECT,
    .run = run,
};

static int work(struct session *s, const void *values, struct error *err)
{
    (void)values;
    static const struct slice usual[] = {
        SLICE_INIT("run"),       SLICE_INIT("as_of"),   SLICE_INIT("started"),
        SLICE_INIT("finished"),  SLICE_INIT("records"), SLICE_INIT("rejects"),
        SLICE_INIT("customers"), SLICE_INIT("events"),  SLICE_INIT("orphan_events")};
    const struct slice *columns = usual;
    int n = sizeof usual / sizeof *usual;
    struct stream *rows;
    if (s->n_operands)
        return error_set(err, ERR_USAGE, "status takes no operand");
    TRY(session_project(s, err));
    if (s->io->columns) {
        struct slice *list = NULL;
        TRY(session_list(s, s->io->columns, &list, &n, err));
        columns = list;
    }
    TRY(lake_read(s->project, "run", -1, &rows, err));
    if (!rows) {
        session_say(s, "no run yet: 'sluice run' makes the first");
        return 0;
    }
    TRY(stream_columns(rows, columns, n, &rows, err));
    return session_pump(s, rows, err);
}

static int run(int argc, char **argv, struct error *err)
{
    struct status_tool t = {.io = IO_DEFAULTS};
    return session_run(&status_tool, argc, argv, &t, &t.io, work, err);
}
