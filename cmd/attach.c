/* attach: events → the same with customer_id, through an xref. */
#include "cmd/session.h"
#include "pipelines/steps.h"

struct attach_tool {
    struct io_options io;
    const char *xref;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(attach_tool),
    {.kind = OPTION_STRING,
     .name = "xref",
     .arg = "TABLE",
     .at = offsetof(struct attach_tool, xref),
     .help = "the customer_xref: source, key, customer_id"},
    IO_WRITE(attach_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice map --events | sluice attach --xref lake/customer_xref | sluice write lake/event",
     "as the nightly run does it"},
    {NULL, NULL},
};

const struct tool attach_tool = {
    .name = "attach",
    .summary = "events to the same with customer_id, through an xref",
    .operands = "[EVENTS]",
    .about = "Puts the customer in front of each event: the one that the event's customer key "
             "belongs to in the event's "
             "source (or in the source that the project's 'of' names). An event whose key nobody "
             "has stays, "
             "with no customer_id, and is counted.",
    .options = options,
    .examples = examples,
    .group = GROUP_STEPS,
    .run = run,
};

static int work(struct session *s, const void *values, struct error *err)
{
    const struct attach_tool *t = values;
    static const struct read_options all = {.layout = LAYOUT_DETECT};
    struct stream *events, *xref, *attached;
    int64_t orphans;
    if (!t->xref)
        return error_set(err, ERR_USAGE, "which xref? give --xref lake/customer_xref");
    TRY(session_project(s, err));
    struct steps steps = {.project = s->project, .pool = s->pool};
    TRY(session_read(s, 0, &events, err));
    int code = format_read(&t->xref, 1, &all, &xref, err);
    if (code < 0) {
        stream_close(events);
        return code;
    }
    TRY(step_attach(&steps, events, xref, &orphans, &attached, err));
    TRY(session_pump(s, attached, err));
    if (orphans)
        session_say(s, "%lld events belong to no customer of the xref", (long long)orphans);
    return 0;
}

static int run(int argc, char **argv, struct error *err)
{
    struct attach_tool t = {.io = IO_DEFAULTS};
    return session_run(&attach_tool, argc, argv, &t, &t.io, work, err);
}
