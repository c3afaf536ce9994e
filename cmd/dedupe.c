/* dedupe: files in, the same rows with customer_id out. */
#include "cmd/blocking.h"
#include "cmd/columns_as.h"
#include "cmd/evidence.h"
#include "pipelines/steps.h"

struct dedupe_tool {
    struct io_options io;
    struct evidence_options evidence;
    struct option_list as;
    const char *id, *one_to_one, *effort, *model;
    double threshold;
    int explain;
    struct blocking_options blocking;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    {.kind = OPTION_LIST,
     .name = "as",
     .arg = "COLUMN=MEANING",
     .at = offsetof(struct dedupe_tool, as),
     .help = "take a column for this, such as 'kunde=full-name' or 'nr=unknown'; may be repeated"},
    {.kind = OPTION_STRING,
     .name = "id",
     .arg = "COLUMN",
     .at = offsetof(struct dedupe_tool, id),
     .help = "the row's own id, which says nothing about the customer"},
    {.kind = OPTION_FLAG,
     .name = "explain",
     .at = offsetof(struct dedupe_tool, explain),
     .help = "say why each column was taken for what it was taken for"},
    {.kind = OPTION_STRING,
     .name = "model",
     .arg = "FILE",
     .at = offsetof(struct dedupe_tool, model),
     .help =
         "weights from a model that 'sluice train' made, or from settings of Splink 4 or 5, not "
         "from these rows"},
    {.kind = OPTION_REAL,
     .name = "threshold",
     .arg = "P",
     .at = offsetof(struct dedupe_tool, threshold),
     .help = "the probability from which rows join: .5, and .95 with a Splink model"},
    {.kind = OPTION_STRING,
     .name = "one-to-one",
     .arg = "yes|no|auto",
     .at = offsetof(struct dedupe_tool, one_to_one),
     .help =
         "does no source hold a customer twice? auto, the default: found from the data, and said"},
    {.kind = OPTION_STRING,
     .name = "effort",
     .arg = "full|low",
     .at = offsetof(struct dedupe_tool, effort),
     .help = "low: fewer candidates, faster, a little less accurate"},
    EVIDENCE_OPTIONS(dedupe_tool),
    BLOCKING_OPTIONS(dedupe_tool),
    IO_READ(dedupe_tool),
    IO_WRITE(dedupe_tool),
    IO_REJECTS(dedupe_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice dedupe customers.csv -o with-ids.csv",
     "no configuration: columns and weights are found from the data"},
    {"sluice dedupe crm.csv shop.csv -t jsonl", "several files with the same columns"},
    {"sluice dedupe old.csv --as kunde=full-name --id nr -o new.parquet",
     "where a column was taken wrongly"},
    {"sluice dedupe customers.csv --report report.html -o with-ids.csv",
     "and a page to judge the result by"},
    {"sluice dedupe customers.csv --block email --block 'prefix(postcode,3),family_name' --plan",
     "how many pairs rules of your own would compare"},
    {NULL, NULL},
};

const struct tool dedupe_tool = {
    .name = "dedupe",
    .summary = "the same rows with customer_id; no configuration needed",
    .operands = "[FILE…]",
    .about = "Finds out which rows are the same customer and writes the same rows, in the same "
             "order, with "
             "customer_id and match_probability in front. What the columns mean is found from "
             "their names and their "
             "contents, and said on standard error; how much each agreement is worth is learned "
             "from the data, "
             "without labels.",
    .options = options,
    .examples = examples,
    .group = GROUP_MAIN,
    .run = run,
};

static int plan(struct session *s, const struct dedupe_tool *t, const struct dedupe_options *o,
                struct stream *rows, struct error *err)
{
    struct dedupe_report report;
    struct match_plan p;
    int code = dedupe_plan(rows, o, &report, &p, err);
    columns_say(s, &report, t->explain ? COLUMNS_WHY : COLUMNS_USED);
    arena_done(&report.arena);
    return code < 0 ? code : blocking_plan(s, &p, err);
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct dedupe_tool *t = values;
    struct match_rules rules = {.threshold = t->threshold};
    struct dedupe_options o = {
        .pool = s->pool, .progress = s->progress, .rules = &rules, .memory = s->common.memory};
    struct dedupe_report report = {0};
    struct evidence_witness witness;
    struct match_model *model = NULL;
    struct stream *rows, *linked;
    TRY(probability_check(t->threshold, "--threshold", err));
    TRY(evidence_check(&t->evidence, err));
    o.witness = evidence_witness(&witness, s, &t->evidence, &report);
    TRY(columns_as(s, &t->as, t->id, &o, err));
    TRY(blocking_rules(s, &t->blocking, &rules, err));
    TRY(effort_parse(t->effort, &o.effort, err));
    TRY(one_to_one_parse(t->one_to_one, &o.one_to_one, err));
    TRY(session_read(s, 0, &rows, err));
    int code = t->model ? match_model_read(t->model, &model, err) : 0;
    o.model = model;
    if (code < 0) {
        stream_close(rows);
        return code;
    }
    if (t->blocking.plan) {
        code = plan(s, t, &o, rows, err);
        match_model_free(model);
        return code;
    }
    code = dedupe_rows(rows, &o, &report, &linked, err);
    match_model_free(model);
    columns_say(s, &report, t->explain ? COLUMNS_WHY : COLUMNS_USED);
    for (int i = 0; i < report.n_warnings; i++)
        session_say(s, "warning: %s", report.warnings[i]);
    if (code == 0 && report.clean)
        session_say(s, "%s hold nobody twice: a customer has at most one row of each%s",
                    report.clean,
                    o.one_to_one == ONE_TO_ONE_AUTO ? " (found; --one-to-one no to let it)" : "");
    if (code == 0) {
        session_say(s, "%lld rows are %lld customers; the largest has %lld", (long long)report.rows,
                    (long long)report.customers, (long long)report.largest);
        progress_stage(s->progress, "write", "rows", report.rows);
        code = session_pump(s, linked, err);
    }
    arena_done(&report.arena);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct dedupe_tool t = {.io = IO_DEFAULTS};
    return session_run(&dedupe_tool, argc, argv, &t, &t.io, work, err);
}
