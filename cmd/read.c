/* read: any format in, any format out. */
#include "cmd/selection.h"

struct read_tool {
    struct io_options io;
    struct selection selection;
};

#define SELECT_OPTION(kind_, name_, arg_, member_, help_)                                          \
    {                                                                                              \
        .kind = kind_, .name = name_, .arg = arg_,                                                 \
        .at = offsetof(struct read_tool, selection.member_), .help = help_                         \
    }

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_READ(read_tool),
    IO_WRITE(read_tool),
    IO_OPTION(read_tool, OPTION_STRING, 0, "columns", "A,B,…", columns,
              "only these columns, in this order"),
    SELECT_OPTION(OPTION_STRING, "where", "CONDITION", where,
                  "only rows for which it is true: 'country = \"GB\" and total > 100.00'"),
    SELECT_OPTION(OPTION_STRING, "sample", "N|P%", sample,
                  "N rows, or P of every 100, chosen by chance but always the same ones"),
    SELECT_OPTION(OPTION_INT, "seed", "N", seed, "another number gives another --sample"),
    SELECT_OPTION(OPTION_STRING, "sort-by", "A,-B,…", sort_by,
                  "sort by these columns, '-' downwards; equal rows keep their order"),
    IO_OPTION(read_tool, OPTION_INT, 0, "head", "N", head, "only the first N rows"),
    SELECT_OPTION(OPTION_INT, "tail", "N", tail, "only the last N rows"),
    SELECT_OPTION(OPTION_STRING, "rename", "OLD=NEW,…", rename,
                  "other names for columns, last of all"),
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
    {"sluice read lake/customer --where 'country = \"GB\" and total > 100.00' --sort-by -total",
     "some of the lake, the dearest first"},
    {"sluice read lake/customer --head 10 -t csv", "the first customers of the lake"},
    {NULL, NULL},
};

const struct tool read_tool = {
    .name = "read",
    .summary = "any format in, any format out",
    .operands = "[FILE|TABLE…]",
    .about =
        "Reads files, an archive's members, a table of the lake or standard input, and writes "
        "them in "
        "another format. The input's format is found from its first bytes, then its name; the "
        "output's from its name, or a table on a terminal and Arrow in a pipe.\n\n"
        "--where, --sample, --sort-by, --head or --tail, --columns and --rename are applied in "
        "that order. The language of --where is in docs/expressions.md; of Parquet files and "
        "tables only what it can be true for is read, and -v says how much was skipped. "
        "--sort-by uses files in $TMPDIR when the rows do not fit into --memory.\n\n"
        "Text stays text: nothing is taken for a number or a date unless --types says so.\n\n"
        "Bad rows are set aside and counted; --max-rejects fails when there are too many.",
    .options = options,
    .examples = examples,
    .group = GROUP_STEPS,
    .run = run,
};

static void say_skipped(const struct session *s)
{
    const struct read_skipped *k = &s->skipped;
    if (!s->common.verbose || !s->where || !(k->all_files + k->all_groups))
        return;
    if (k->all_files)
        session_say(s, "%lld of %lld files skipped", (long long)k->files, (long long)k->all_files);
    session_say(s, "%lld of %lld row groups and %lld of %lld pages skipped", (long long)k->groups,
                (long long)k->all_groups, (long long)k->pages, (long long)k->all_pages);
}

static int work(struct session *s, const void *values, struct error *err)
{
    struct selection selection = ((const struct read_tool *)values)->selection;
    struct stream *rows;
    int code = selection_read(s, &selection, &rows, err);
    if (code == 0)
        code = session_pump(s, rows, err);
    selection_done(&selection);
    if (code == 0)
        say_skipped(s);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct read_tool t = {.io = IO_DEFAULTS, .selection = {.tail = -1}};
    return session_run(&read_tool, argc, argv, &t, &t.io, work, err);
}
