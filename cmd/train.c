/* train: records → a match model, with its chart. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/columns_as.h"
#include "cmd/overview.h"
#include "core/file.h"
#include "pipelines/steps.h"
#include "pipelines/train/words.h"
#include "transform/match/model_chart.h"
#include "transform/splink/splink.h"

enum { BAD_SHOWN = 20 };

struct train_tool {
    struct io_options io;
    struct option_list as;
    const char *id, *effort, *labels, *show;
    double label_weight;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(train_tool),
    IO_OPTION(train_tool, OPTION_STRING, 'o', "output", "FILE", output,
              "the model; without it, the project's"),
    {.kind = OPTION_STRING,
     .name = "labels",
     .arg = "FILE",
     .at = offsetof(struct train_tool, labels),
     .help = "pairs of record ids, each with 1 or 0, yes or no, match or no match; two columns "
             "alone: all are matches"},
    {.kind = OPTION_REAL,
     .name = "label-weight",
     .arg = "N",
     .at = offsetof(struct train_tool, label_weight),
     .help = "how many pairs each label counts for (1)"},
    {.kind = OPTION_STRING,
     .name = "show",
     .arg = "MODEL",
     .at = offsetof(struct train_tool, show),
     .help = "draw a model that is there, and train none"},
    {.kind = OPTION_STRING,
     .name = "effort",
     .arg = "full|low",
     .at = offsetof(struct train_tool, effort),
     .help = "low: fewer candidates, faster, a little less accurate"},
    {.kind = OPTION_LIST,
     .name = "as",
     .arg = "COLUMN=MEANING",
     .at = offsetof(struct train_tool, as),
     .help = "take a column for this, such as 'kunde=full-name' or 'nr=unknown'; may be repeated. "
             "'--as splink' writes the model as settings that Splink 5 loads"},
    {.kind = OPTION_STRING,
     .name = "id",
     .arg = "COLUMN",
     .at = offsetof(struct train_tool, id),
     .help = "the row's own id, which labels name and which says nothing about the customer"},
    IO_READ(train_tool),
    IO_REJECTS(train_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice map | sluice train", "the project's model, from all its records"},
    {"sluice train customers.csv -o model.json", "from any file, read as dedupe reads it"},
    {"sluice train customers.csv --id nr --labels decided.csv -o model.json",
     "with what a steward has decided"},
    {"sluice train --show models/person.json", "a model that is there, as a chart"},
    {"sluice dedupe tonight.csv --model model.json -o with-ids.csv", "and its use"},
    {NULL, NULL},
};

const struct tool train_tool = {
    .name = "train",
    .summary = "estimate match weights from the data, no labels",
    .operands = "[FILE…]",
    .about =
        "Learns from records how much each agreement and each difference says about two of them "
        "being one customer, and writes it as a model that 'dedupe' and 'match' take with --model. "
        "Records are canonical ones with a project, or rows of any columns, read as 'dedupe' reads "
        "them. No labels are needed.\n\n"
        "Draws the model as a chart, says by name what could not be learned, and how far the model "
        "lies from the one in its place; --dry-run does so without writing.\n\n"
        "Labels that name unknown records or contradict each other are listed and refused; "
        "--max-rejects allows some to be set aside.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

/* "--as splink" is a format, not a column. */
static int is_for_splink(const struct train_tool *t)
{
    for (int i = 0; i < t->as.n; i++)
        if (strcmp(t->as.items[i], "splink") == 0)
            return 1;
    return 0;
}

static struct option_list columns_of(const struct train_tool *t)
{
    struct option_list columns = {.n = 0};
    for (int i = 0; i < t->as.n; i++)
        if (strcmp(t->as.items[i], "splink") != 0)
            columns.items[columns.n++] = t->as.items[i];
    return columns;
}

/* Blocks where the locale writes UTF-8. */
static enum chart_style style_of_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *value = NULL;
    for (int i = 0; i < 3 && !(value && *value); i++)
        value = getenv(names[i]);
    int utf8 = value && (strcasestr(value, "UTF-8") || strcasestr(value, "UTF8"));
    return utf8 ? CHART_BLOCKS : CHART_ASCII;
}

static int print_chart(const struct match_model *m, struct error *err)
{
    struct buffer out = {0};
    if (model_chart(m, style_of_locale(), &out) < 0) {
        buffer_done(&out);
        return error_memory(err);
    }
    return overview_print(&out, err);
}

static void say_line(void *arg, const char *line)
{
    session_say(arg, "%s", line);
}

static int show(struct session *s, const char *path, struct error *err)
{
    struct train_report r = {0};
    const struct train_listener to = {say_line, s};
    TRY(match_model_read(path, &r.model, err));
    if (r.model->splink) {
        train_report_done(&r);
        return error_set(err, ERR_USAGE,
                         "'%s' is a Splink model: Splink draws it (linker.visualisations)", path);
    }
    int code = print_chart(r.model, err);
    train_say_notes(&r, &to);
    train_report_done(&r);
    return code;
}

/* Labels on their way in. */
struct label_watch {
    struct session *s;
    int64_t bad;
};

static void say_bad_label(void *arg, int64_t line, int64_t row, const char *text)
{
    struct label_watch *w = arg;
    if (w->bad++ < BAD_SHOWN)
        session_say(w->s, "%s %lld: %s", line ? "line" : "row", (long long)(line ? line : row),
                    text);
}

/* Bad labels are too many as soon as there is one, unless --max-rejects allows some. */
static int judge_labels(void *arg, const struct label_list *l, struct error *err)
{
    struct label_watch *w = arg;
    struct reject_limit limit;
    struct error why;
    const char *text = w->s->io->max_rejects ? w->s->io->max_rejects : "0";
    if (w->bad > BAD_SHOWN)
        session_say(w->s, "… and %lld more labels", (long long)(w->bad - BAD_SHOWN));
    if (!reject_limit_parse(slice_str(text), &limit))
        return error_set(err, ERR_USAGE, "--max-rejects takes a number of rows or N%%, not '%s'",
                         text);
    if (reject_limit_check(limit, l->bad, l->rows, &why) == 0)
        return 0;
    w->s->max_rejects = "all"; /* the file of rejects is written; the refusal is ours */
    w->s->io->max_rejects = NULL;
    TRY(session_judge(w->s, err));
    return error_set(err, ERR_DATA,
                     "%lld of %lld labels cannot be used: correct them, or set them aside with "
                     "--max-rejects %lld",
                     (long long)l->bad, (long long)l->rows, (long long)l->bad);
}

static int open_labels(struct session *s, const char *const *path, struct stream **ret,
                       struct error *err)
{
    static const struct read_options all = {.layout = LAYOUT_DETECT, .flags = READ_WITH_PLACE};
    struct read_options o = all;
    *ret = NULL;
    o.pool = s->pool;
    return *path ? format_read(path, 1, &o, ret, err) : 0;
}

/* -o, or the project's; NULL: none, and nothing is to be written. */
static int model_path(struct session *s, char **ret, struct error *err)
{
    const struct steps steps = {.project = s->project};
    *ret = NULL;
    if (!s->io->output && !s->project)
        return s->common.dry_run
                   ? 0
                   : error_set(err, ERR_USAGE,
                               "there is no project here: name the model with -o FILE, or look at "
                               "it alone with --dry-run");
    *ret = s->io->output ? strdup(s->io->output) : step_model_path(&steps);
    return *ret ? 0 : error_memory(err);
}

static void say_drift(struct session *s, const char *path, const struct train_report *r)
{
    const struct train_listener to = {say_line, s};
    struct match_model *in_place;
    struct error err;
    if (!path || strcmp(path, "-") == 0 || !file_exists(path))
        return;
    if (match_model_read(path, &in_place, &err) < 0) {
        session_say(s, "the model in place cannot be read: %s: %s", err.where, err.text);
        return;
    }
    if (!in_place->splink)
        train_say_drift(in_place, r->model, &to);
    match_model_free(in_place);
}

static int write_model(struct session *s, const struct train_tool *t, const struct match_model *m,
                       const char *path, struct error *err)
{
    struct buffer warnings = {0};
    if (!is_for_splink(t))
        return match_model_write(m, path, err);
    int code = splink_model_write(m, path, &warnings, err);
    struct slice rest = buffer_view(&warnings), line;
    while (code == 0 && slice_cut(&rest, '\n', &line))
        if (line.len)
            session_say(s, "for Splink: %.*s", (int)line.len, line.ptr);
    buffer_done(&warnings);
    return code;
}

static int keep(struct session *s, const struct train_tool *t, const char *path,
                const struct train_report *r, struct error *err)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    if (!path || s->common.dry_run)
        return 0;
    if (slash > path) {
        char *folder = strndup(path, (size_t)(slash - path));
        int code = folder ? file_mkdirs(folder, 0, err) : error_memory(err);
        free(folder);
        TRY(code);
    }
    TRY(write_model(s, t, r->model, path, err));
    session_say(s, "the model is in '%s'", path);
    return 0;
}

static int tell(struct session *s, const char *path, const struct train_report *r,
                struct error *err)
{
    const struct train_listener to = {say_line, s};
    columns_say(s, &r->rows, COLUMNS_USED);
    if (!s->common.quiet && !(path && strcmp(path, "-") == 0))
        TRY(print_chart(r->model, err));
    train_say_notes(r, &to);
    if (r->labels.rows)
        train_say_labels(r, &to);
    say_drift(s, path, r);
    return 0;
}

/* A model of other rows must not take the place of the project's. */
static int check_model_path(const struct session *s, const struct schema *rows, struct error *err)
{
    if (s->io->output || s->common.dry_run || train_is_canonical(rows, s->project))
        return 0;
    return error_set(err, ERR_USAGE,
                     "these rows are not the project's records, which come from 'sluice map': name "
                     "the model with -o FILE");
}

static int train(struct session *s, const struct train_tool *t, const char *path, struct error *err)
{
    struct label_watch watch = {.s = s};
    struct train_options o = {.rows = {.pool = s->pool, .progress = s->progress},
                              .project = s->project,
                              .label_file = {NULL, s->rejects, say_bad_label, &watch},
                              .label_weight = t->label_weight,
                              .judge_labels = judge_labels,
                              .arg = &watch};
    struct train_report r = {0};
    struct stream *records;
    const struct option_list as = columns_of(t);
    TRY(columns_as(s, &as, t->id, &o.rows, err));
    TRY(effort_parse(t->effort, &o.rows.effort, err));
    TRY(open_labels(s, &t->labels, &o.labels, err));
    int code = session_read(s, 0, &records, err);
    if (code == 0 && (code = check_model_path(s, records->schema, err)) < 0)
        stream_close(records);
    if (code < 0)
        stream_close(o.labels);
    else
        code = train_model(records, &o, &r, err);
    if (code == 0)
        code = session_judge(s, err);
    if (code == 0)
        code = tell(s, path, &r, err);
    if (code == 0)
        code = keep(s, t, path, &r, err);
    train_report_done(&r);
    return code;
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct train_tool *t = values;
    char *path;
    if (t->show)
        return show(s, t->show, err);
    if (!(t->label_weight >= 0 && t->label_weight <= 1e6))
        return error_set(err, ERR_USAGE,
                         "--label-weight takes a number above 0, at most a million");
    TRY(session_project_any(s, err));
    TRY(model_path(s, &path, err));
    int code = train(s, t, path, err);
    free(path);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct train_tool t = {.io = IO_DEFAULTS};
    return session_run(&train_tool, argc, argv, &t, &t.io, work, err);
}
