/* read: any format in, any format out. */
#include "cmd/session.h"

struct read_tool {
    struct io_options io;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_READ(read_tool),
    IO_WRITE(read_tool),
    IO_OPTION(read_tool, OPTION_STRING, 0, "columns", "A,B,…", columns,
              "only these columns, in this order"),
    IO_OPTION(read_tool, OPTION_INT, 0, "head", "N", head, "only the first N rows"),
    IO_OPTION(read_tool, OPTION_STRING, 0, "types", "NAME=TYPE,…", types,
              "types of columns; the others stay text"),
    IO_VERSION(read_tool),
    IO_REJECTS(read_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice read customers.csv.gz", "a table that fits the terminal"},
    {"sluice read export.xml -o export.parquet", "XML to Parquet"},
    {"sluice read sales.csv --types 'total=decimal(18,2),day=date' -t jsonl", "typed JSON Lines"},
    {"sluice read lake/customer --head 10 -t csv", "the first customers of the lake"},
    {NULL, NULL},
};

const struct tool read_tool = {
    .name = "read",
    .summary = "any format in, any format out",
    .operands = "[FILE|TABLE…]",
    .about = "Reads files, an archive's members, a table of the lake or standard input, and writes "
             "them in "
             "another format. The input's format is found from its first bytes, then its name; the "
             "output's from its name, or a table on a terminal and Arrow in a pipe.\n\n"
             "Text stays text: nothing is taken for a number or a date unless --types says so.\n\n"
             "Bad rows are set aside and counted; --max-rejects fails when there are too many.",
    .options = options,
    .examples = examples,
    .group = GROUP_STEPS,
    .run = run,
};

static int work(struct session *s, const void *values, struct error *err)
{
    (void)values;
    struct stream *rows;
    TRY(session_read(s, 0, &rows, err));
    TRY(session_shape(s, &rows, err));
    return session_pump(s, rows, err);
}

static int run(int argc, char **argv, struct error *err)
{
    struct read_tool t = {.io = IO_DEFAULTS};
    return session_run(&read_tool, argc, argv, &t, &t.io, work, err);
}
