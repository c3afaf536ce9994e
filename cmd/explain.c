/* explain: why two records are, or are not, the same customer; why a golden value won. */
#include <stdio.h>

#include "cmd/columns_as.h"
#include "cmd/overview.h"
#include "cmd/session.h"
#include "pipelines/explain/explain.h"
#include "pipelines/lookup.h"

struct explain_tool {
    struct io_options io;
    struct option_list as;
    const char *file, *model, *id, *format;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    {.kind = OPTION_STRING,
     .name = "file",
     .arg = "FILE",
     .at = offsetof(struct explain_tool, file),
     .help = "explain rows of this file, as dedupe takes them, instead of the lake's records"},
    {.kind = OPTION_LIST,
     .name = "as",
     .arg = "COLUMN=MEANING",
     .at = offsetof(struct explain_tool, as),
     .help = "with --file: take a column for this, as dedupe does; may be repeated"},
    {.kind = OPTION_STRING,
     .name = "id",
     .arg = "COLUMN",
     .at = offsetof(struct explain_tool, id),
     .help = "with --file: the row's own id"},
    {.kind = OPTION_STRING,
     .name = "model",
     .arg = "FILE",
     .at = offsetof(struct explain_tool, model),
     .help = "with --file: the match model; without it, learned from the file as dedupe does"},
    {.kind = OPTION_STRING,
     .letter = 't',
     .name = "to",
     .arg = "text|json",
     .at = offsetof(struct explain_tool, format),
     .help = "words, or an object for a program"},
    IO_CONFIG(explain_tool),
    IO_READ(explain_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice explain 3ZQ8K1M5T0VWX",
     "where each golden value of a customer comes from, and which links hold it together"},
    {"sluice explain 3ZQ8K1M5T0VWX email", "one field of it"},
    {"sluice explain billing:10023 sales:0035A0000129",
     "the match of two records, comparison by comparison"},
    {"sluice explain --file with-ids.csv 3ZQ8K1M5T0VWX",
     "what holds a customer of a dedupe result together"},
    {"sluice explain --file with-ids.csv 4711 4712 -t json", "two rows of it by their ids"},
    {NULL, NULL},
};

const struct tool explain_tool = {
    .name = "explain",
    .summary = "why two records are the same customer; why a golden value won",
    .operands = "CUSTOMER [FIELD] | RECORD RECORD",
    .about = "With a customer_id: each golden value, the source record that gave it, the rule that "
             "chose it, and the values that lost; then the links that hold its records together, "
             "the weakest first, and what a cut at the weakest would leave.\n\n"
             "With two records, each named source:key (with --file, by their ids): what every "
             "comparison says for or against their being one customer or two of one household, in "
             "bits, and the sum.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

static int explain_file(struct session *s, const struct explain_tool *t, struct explanation *out,
                        struct error *err)
{
    struct dedupe_options o = {.pool = s->pool, .progress = s->progress};
    struct match_model *model = NULL;
    struct stream *rows;
    TRY(columns_as(s, &t->as, t->id, &o, err));
    if (t->model)
        TRY(match_model_read(t->model, &model, err));
    o.model = model;
    int code = session_read_paths(s, &t->file, 1, &rows, err);
    if (code == 0)
        code = explain_rows(rows, &o, slice_str(s->operands[0]),
                            slice_str(s->n_operands > 1 ? s->operands[1] : NULL), out, err);
    match_model_free(model);
    return code;
}

static int explain_in_lake(struct session *s, struct explanation *out, struct error *err)
{
    struct slice first = slice_str(s->operands[0]), part;
    const char *second = s->n_operands > 1 ? s->operands[1] : NULL;
    TRY(session_project(s, err));
    return record_name(first, &part, &part)
               ? explain_pair(s->project, first, slice_str(second), out, err)
               : explain_customer(s->project, first, second, out, err);
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct explain_tool *t = values;
    struct explanation out;
    int json = t->format && strcmp(t->format, "json") == 0;
    if (s->n_operands < 1 || s->n_operands > 2)
        return error_set(err, ERR_USAGE,
                         "give a customer_id and perhaps a field, or two records as source:key");
    if (t->model && !t->file)
        return error_set(err, ERR_USAGE, "--model goes with --file: the lake has its own model");
    if (explanation_init(&out, json ? EXPLAIN_JSON : EXPLAIN_TEXT) < 0)
        return error_memory(err);
    int code = t->file ? explain_file(s, t, &out, err) : explain_in_lake(s, &out, err);
    if (code == 0 && explanation_finish(&out) < 0)
        code = error_memory(err);
    if (code == 0) {
        struct buffer text = out.text; /* printing frees it */
        out.text = (struct buffer){0};
        code = overview_print(&text, err);
    }
    explanation_done(&out);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct explain_tool t = {.io = IO_DEFAULTS};
    return session_run(&explain_tool, argc, argv, &t, &t.io, work, err);
}
