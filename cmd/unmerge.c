/* unmerge: a customer is more than one. */
#include "cmd/given.h"

struct unmerge_tool {
    struct io_options io;
    struct note_options note;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    NOTE_OPTIONS(unmerge_tool),
    IO_CONFIG(unmerge_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice unmerge 3ZQ8K1M5T0VWX --why 'father and son'",
     "what was merged into the customer is to be apart again"},
    {"sluice unmerge 3ZQ8K1M5T0VWX billing:10024 loyalty:99 --why 'father and son'",
     "these two records are somebody else"},
    {NULL, NULL},
};

const struct tool unmerge_tool = {
    .name = "unmerge",
    .summary = "part a customer that is more than one",
    .operands = "CUSTOMER [RECORD…]",
    .about =
        "Writes decisions that part a customer into decisions.csv beside the project file: the "
        "records named, as source:key, from all others; without any, the last merge is undone: the "
        "customers that it took in are to be as they were before that run. It takes effect in the "
        "next run "
        "and in every later one. 'sluice decide link' takes a pair back.",
    .options = options,
    .examples = examples,
    .group = GROUP_DECIDE,
    .run = run,
};

static int work(struct session *s, const void *values, struct error *err)
{
    const struct unmerge_tool *t = values;
    struct steward_note note;
    struct steward_done done;
    if (s->n_operands < 1)
        return error_set(err, ERR_USAGE, "which customer? give a customer_id");
    TRY(given_note(s, &t->note, &note, err));
    int n = s->n_operands - 1;
    struct slice *apart = ARENA_ARRAY(&s->arena, struct slice, (size_t)n + 1);
    if (!apart)
        return error_memory(err);
    for (int i = 0; i < n; i++)
        apart[i] = slice_str(s->operands[i + 1]);
    TRY(session_project(s, err));
    TRY(steward_unmerge(s->project, slice_str(s->operands[0]), apart, n, &note, &s->arena, &done,
                        err));
    session_say(s, "%d decisions %s the %d records of '%s' into %d groups from the next run on",
                done.lines, note.dry_run ? "would part" : "part", done.records, s->operands[0],
                done.groups);
    return 0;
}

static int run(int argc, char **argv, struct error *err)
{
    struct unmerge_tool t = {.io = IO_DEFAULTS};
    return session_run(&unmerge_tool, argc, argv, &t, &t.io, work, err);
}
