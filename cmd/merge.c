/* merge: linked records → golden records, with lineage. */
#include "cmd/session.h"
#include "transform/golden/golden.h"

struct merge_tool {
    struct io_options io;
    const char *lineage;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(merge_tool),
    {.kind = OPTION_STRING,
     .name = "lineage",
     .arg = "FILE",
     .at = offsetof(struct merge_tool, lineage),
     .help = "where each golden value came from, by which rule, and what lost"},
    IO_WRITE(merge_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice merge --lineage lineage.arrow linked.arrow | sluice write lake/customer",
     "as the nightly run does it"},
    {NULL, NULL},
};

const struct tool merge_tool = {
    .name = "merge",
    .summary = "linked records to golden records, with lineage",
    .operands = "[LINKED]",
    .about =
        "Makes one record per customer: each value is chosen among the customer's source records "
        "by the chain "
        "of rules in the project file's 'golden' section, or by the default of its kind. The same "
        "records give the same golden record in any order.",
    .options = options,
    .examples = examples,
    .group = GROUP_STEPS,
    .run = run,
};

static int work(struct session *s, const void *values, struct error *err)
{
    const struct merge_tool *t = values;
    struct totals *totals = ARENA_NEW(&s->arena, struct totals);
    struct stream *linked, *customers, *lineage;
    if (!totals)
        return error_memory(err);
    s->totals = totals;
    TRY(session_project(s, err));
    struct golden_options golden = {
        .rules = &s->project->golden, .pool = s->pool, .totals = totals};
    TRY(session_read(s, 0, &linked, err));
    TRY(golden_merge(linked, &golden, &customers, &lineage, err));
    int code =
        t->lineage ? session_pump_path(s, lineage, t->lineage, err) : (stream_close(lineage), 0);
    if (code == 0)
        code = totals_check(totals, "merge", err);
    if (code < 0) {
        stream_close(customers);
        return code;
    }
    return session_pump(s, customers, err);
}

static int run(int argc, char **argv, struct error *err)
{
    struct merge_tool t = {.io = IO_DEFAULTS};
    return session_run(&merge_tool, argc, argv, &t, &t.io, work, err);
}
