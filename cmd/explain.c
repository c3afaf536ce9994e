/* explain: why two records are, or are not, the same customer; why a golden value won. */
#include <stdio.h>

#include "cmd/overview.h"
#include "cmd/session.h"
#include "pipelines/explain.h"
#include "pipelines/lookup.h"

struct explain_tool {
    struct io_options io;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(explain_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice explain 3ZQ8K1M5T0VWX",
     "where each golden value of a customer comes from, and what lost"},
    {"sluice explain 3ZQ8K1M5T0VWX email", "one field of it"},
    {"sluice explain billing:10023 sales:0035A0000129",
     "the match of two records, comparison by comparison"},
    {NULL, NULL},
};

const struct tool explain_tool = {
    .name = "explain",
    .summary = "why two records are the same customer; why a golden value won",
    .operands = "CUSTOMER [FIELD] | RECORD RECORD",
    .about = "With a customer_id: each golden value, the source record that gave it, the rule that "
             "chose it, and the "
             "values that lost.\n\n"
             "With two records, each named source:key: what every comparison says for or against "
             "their being "
             "one customer, and the sum.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

static int work(struct session *s, const void *values, struct error *err)
{
    struct buffer out = {0};
    struct slice first, second, part;
    (void)values;
    if (s->n_operands < 1 || s->n_operands > 2)
        return error_set(err, ERR_USAGE,
                         "give a customer_id and perhaps a field, or two records as source:key");
    TRY(session_project(s, err));
    first = slice_str(s->operands[0]);
    second = slice_str(s->n_operands > 1 ? s->operands[1] : NULL);
    int code = record_name(first, &part, &part)
                   ? explain_pair(s->project, first, second, &out, err)
                   : explain_customer(s->project, first, second.len ? second.ptr : NULL, &out, err);
    if (code < 0) {
        buffer_done(&out);
        return code;
    }
    return overview_print(&out, err);
}

static int run(int argc, char **argv, struct error *err)
{
    struct explain_tool t = {.io = IO_DEFAULTS};
    return session_run(&explain_tool, argc, argv, &t, &t.io, work, err);
}
