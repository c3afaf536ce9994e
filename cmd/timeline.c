/* timeline: everything a customer did, in order. */
#include <stdlib.h>

#include "cmd/session.h"
#include "pipelines/lookup.h"

struct timeline_tool {
    struct io_options io;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(timeline_tool),
    IO_OPTION(timeline_tool, OPTION_STRING, 0, "columns", "A,B,…", columns,
              "columns of the event table to show, instead of the usual ones"),
    IO_WRITE(timeline_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice timeline 3ZQ8K1M5T0VWX", "a customer's events from all channels"},
    {"sluice timeline 3ZQ8K1M5T0VWX --columns at,kind,text -t jsonl",
     "other columns, for a program"},
    {NULL, NULL},
};

const struct tool timeline_tool = {
    .name = "timeline",
    .summary = "everything a customer did, in order",
    .operands = "CUSTOMER",
    .about = "Shows the events of one customer from the lake's event table, oldest first.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

static int work(struct session *s, const void *values, struct error *err)
{
    (void)values;
    static const struct slice usual[] = {
        SLICE_INIT("at"),       SLICE_INIT("source"),  SLICE_INIT("kind"),
        SLICE_INIT("channel"),  SLICE_INIT("product"), SLICE_INIT("gross"),
        SLICE_INIT("currency"), SLICE_INIT("points"),  SLICE_INIT("text")};
    const struct slice *columns = usual;
    int n = sizeof usual / sizeof *usual, n_batches;
    struct found f;
    struct batch **batches;
    struct stream *rows;
    if (s->n_operands != 1)
        return error_set(err, ERR_USAGE, "which customer? give one customer_id");
    TRY(session_project(s, err));
    if (s->io->columns) {
        struct slice *list = NULL;
        TRY(session_list(s, s->io->columns, &list, &n, err));
        columns = list;
    }
    struct equals same = {"customer_id", slice_str(s->operands[0])};
    TRY(lookup(s->project, "event", &same, 1, "at", &f, err));
    if (f.n == 0) {
        found_done(&f);
        return error_set(err, ERR_INPUT, "no event of customer '%s'", s->operands[0]);
    }
    int code = rows_batches(f.rows, f.n, f.rows[0].batch->schema, BATCH_ROWS, NULL, &batches,
                            &n_batches, err);
    if (code == 0) {
        code = stream_of_batches(f.rows[0].batch->schema, batches, n_batches, &rows, err);
        free(batches);
    }
    found_done(&f);
    TRY(code);
    TRY(stream_columns(rows, columns, n, &rows, err));
    return session_pump(s, rows, err);
}

static int run(int argc, char **argv, struct error *err)
{
    struct timeline_tool t = {.io = IO_DEFAULTS};
    return session_run(&timeline_tool, argc, argv, &t, &t.io, work, err);
}
