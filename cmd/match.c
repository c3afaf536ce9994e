/* match: canonical records → the same with the customer they belong to. */
#include "cmd/blocking.h"
#include "cmd/evidence.h"
#include "core/file.h"
#include "pipelines/steps.h"

struct match_tool {
    struct io_options io;
    struct evidence_options evidence;
    const char *previous, *identity_events, *model, *effort;
    struct blocking_options blocking;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(match_tool),
    {.kind = OPTION_STRING,
     .name = "previous",
     .arg = "TABLE",
     .at = offsetof(struct match_tool, previous),
     .help =
         "the customer_xref of the run before, whose ids go on; one that is not there yet is fine"},
    {.kind = OPTION_STRING,
     .name = "identity-events",
     .arg = "FILE",
     .at = offsetof(struct match_tool, identity_events),
     .help = "customers created, merged, split and retired go here"},
    {.kind = OPTION_STRING,
     .name = "model",
     .arg = "FILE",
     .at = offsetof(struct match_tool, model),
     .help =
         "the match model; without it, the project's; made from the records when it is not there"},
    {.kind = OPTION_STRING,
     .name = "effort",
     .arg = "full|low",
     .at = offsetof(struct match_tool, effort),
     .help = "low: fewer candidates, faster, a little less accurate"},
    EVIDENCE_OPTIONS(match_tool),
    BLOCKING_OPTIONS(match_tool),
    IO_WRITE(match_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice match --previous lake/customer_xref --identity-events identity.arrow records.arrow -o "
     "linked.arrow",
     "as the nightly run does it"},
    {"sluice map | sluice match -t csv", "every id is new"},
    {"sluice match records.arrow --plan -t json", "which pairs the project's rules would compare"},
    {NULL, NULL},
};

const struct tool match_tool = {
    .name = "match",
    .summary = "canonical records to the same with customer_id and match_probability",
    .operands = "[RECORDS]",
    .about = "Decides which records are the same customer, without labels, and passes them on in "
             "order of source "
             "and key with two columns in front: customer_id, and match_probability, which says "
             "how surely the record belongs to the rest of its customer.",
    .options = options,
    .examples = examples,
    .group = GROUP_STEPS,
    .run = run,
};

/* *path must outlive the stream. */
static int open_previous(const char *const *path, struct stream **ret, struct error *err)
{
    static const struct read_options all = {.layout = LAYOUT_DETECT};
    *ret = NULL;
    if (!*path || !file_exists(*path))
        return 0;
    return format_read(path, 1, &all, ret, err);
}

static int plan(struct session *s, struct steps *steps, struct match_step *m, struct error *err)
{
    struct match_plan p;
    TRY(step_match_plan(steps, m, &p, err));
    return blocking_plan(s, &p, err);
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct match_tool *t = values;
    struct match_step m = {.model_path = t->model, .as_of = AS_OF_NONE};
    struct match_report report;
    struct evidence_witness witness;
    struct stream *linked, *events;
    m.witness = evidence_witness(&witness, s, &t->evidence, NULL);
    TRY(effort_parse(t->effort, &m.effort, err));
    TRY(session_project(s, err));
    struct steps steps = {.project = s->project,
                          .pool = s->pool,
                          .progress = s->progress,
                          .memory = s->common.memory};
    struct match_rules rules = s->project->match;
    TRY(blocking_rules(s, &t->blocking, &rules, err));
    m.rules = &rules;
    TRY(session_read(s, 0, &m.records, err));
    if (t->blocking.plan)
        return plan(s, &steps, &m, err);
    int code = open_previous(&t->previous, &m.previous, err);
    if (code < 0) {
        stream_close(m.records);
        return code;
    }
    TRY(step_match(&steps, &m, &report, &linked, &events, err));
    for (int i = 0; i < report.n_warnings; i++)
        session_say(s, "warning: %s", report.warnings[i]);
    code = t->identity_events ? session_pump_path(s, events, t->identity_events, err)
                              : (stream_close(events), 0);
    if (code < 0) {
        stream_close(linked);
        return code;
    }
    TRY(session_pump(s, linked, err));
    session_say(s, "%lld records are %lld customers", (long long)report.records,
                (long long)report.customers);
    return 0;
}

static int run(int argc, char **argv, struct error *err)
{
    struct match_tool t = {.io = IO_DEFAULTS};
    return session_run(&match_tool, argc, argv, &t, &t.io, work, err);
}
