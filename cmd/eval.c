/* eval: how right a result is, against a truth and against another result. */
#include <stdlib.h>
#include <unistd.h>

#include "cmd/overview.h"
#include "cmd/session.h"
#include "core/file.h"
#include "pipelines/judge/judge.h"

struct eval_tool {
    struct io_options io;
    const char *id, *cluster, *truth_id, *truth_cluster, *pairs, *compare;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    {.kind = OPTION_STRING,
     .name = "id",
     .arg = "COLUMN",
     .at = offsetof(struct eval_tool, id),
     .help = "the row's own id in the result; without it, a column that both files have"},
    {.kind = OPTION_STRING,
     .name = "cluster",
     .arg = "COLUMN",
     .at = offsetof(struct eval_tool, cluster),
     .help = "the customer's id in the result; without it, customer_id or cluster_id"},
    {.kind = OPTION_STRING,
     .name = "truth-id",
     .arg = "COLUMN",
     .at = offsetof(struct eval_tool, truth_id),
     .help = "the row's own id in the truth"},
    {.kind = OPTION_STRING,
     .name = "truth-cluster",
     .arg = "COLUMN",
     .at = offsetof(struct eval_tool, truth_cluster),
     .help = "who it is, in the truth"},
    {.kind = OPTION_STRING,
     .name = "pairs",
     .arg = "FILE",
     .at = offsetof(struct eval_tool, pairs),
     .help =
         "the compared pairs of 'dedupe --pairs': figures by threshold, and what blocking lost"},
    {.kind = OPTION_STRING,
     .name = "compare",
     .arg = "FILE",
     .at = offsetof(struct eval_tool, compare),
     .help = "another result of the same rows: its figures, and where the two differ"},
    IO_OPTION(eval_tool, OPTION_STRING, 'o', "output", "FILE", output,
              "write here instead of standard output"),
    IO_OPTION(eval_tool, OPTION_STRING, 't', "to", "FORMAT", to,
              "text or json: all of it; another format: the figures as rows"),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice eval with-ids.csv truth.csv -t text",
     "truth: the row's id and who it is, or pairs of row ids"},
    {"sluice eval with-ids.csv truth.csv --pairs pairs.parquet -t json",
     "by threshold, and what blocking lost, for a program"},
    {"sluice eval with-ids.csv --compare last-week.csv -t text", "two results, without a truth"},
    {NULL, NULL},
};

const struct tool eval_tool = {
    .name = "eval",
    .summary = "precision, recall and F1 of a result against a truth",
    .operands = "CLUSTERS [TRUTH]",
    .about = "Compares who is who in a result with a truth file, in any format: pairwise and "
             "B-cubed precision, recall and F1, customers that are exactly right, the worst "
             "customers, and the missed pairs by the columns in which they differ. Rows that the "
             "truth does not have are counted and not judged.\n\n"
             "On a terminal, and with '-t text' or '-t json', all of it is shown; in other formats "
             "the figures are rows of measure and value.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

static int open_one(struct session *s, const char *path, int code, struct stream **ret,
                    struct error *err)
{
    return path && code == 0 ? session_read_paths(s, &path, 1, ret, err) : code;
}

static int open_files(struct session *s, const struct eval_tool *t, struct judge_files *f,
                      struct error *err)
{
    s->read_flags = READ_WITH_PLACE;
    int code = open_one(s, s->operands[0], 0, &f->result, err);
    code = open_one(s, s->n_operands > 1 ? s->operands[1] : NULL, code, &f->truth, err);
    code = open_one(s, t->pairs, code, &f->pairs, err);
    code = open_one(s, t->compare, code, &f->other, err);
    if (code < 0) {
        stream_close(f->result);
        stream_close(f->truth);
        stream_close(f->pairs);
        stream_close(f->other);
    }
    return code;
}

/* "…: 'x' (line 3), 'y' (line 9), …" */
static void say_notes(const struct session *s, const char *what, const struct judge_note *notes,
                      int64_t n)
{
    struct buffer list = {0};
    int code = 0;
    for (int64_t i = 0; i < n && i < 5 && code == 0; i++)
        code = buffer_printf(&list, "%s'%.*s' (line %lld)", i ? ", " : "",
                             (int)(notes[i].id.len < 60 ? notes[i].id.len : 60), notes[i].id.ptr,
                             (long long)notes[i].line);
    if (n)
        session_say(s, "%lld %s: %.*s%s", (long long)n, what, (int)list.len,
                    (const char *)list.data, n > 5 ? ", …" : "");
    buffer_done(&list);
}

static void say_problems(const struct session *s, const struct judgement *j)
{
    say_notes(s, "rows of the truth name records that the result does not have", j->unknown_first,
              j->unknown);
    say_notes(s, "records are not in the truth, and not judged", j->unjudged_first, j->unjudged);
    if (j->repeated)
        session_say(s, "%lld rows of the truth say again what another says",
                    (long long)j->repeated);
    if (j->foreign_pairs)
        session_say(s, "%lld compared pairs name records that the result does not have",
                    (long long)j->foreign_pairs);
}

static int put_json(const struct judgement *j, struct buffer *out)
{
    json_t *all = judgement_json(j);
    char *text = all ? json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) : NULL;
    int code = text ? buffer_printf(out, "%s\n", text) : ERR_MEMORY;
    free(text);
    json_decref(all);
    return code;
}

static int show(struct session *s, const struct judgement *j, struct error *err)
{
    struct buffer out = {0};
    struct stream *rows;
    enum said_as shape = session_said_as(s, isatty(STDOUT_FILENO) ? SAID_AS_TEXT : SAID_AS_ROWS);
    if (shape == SAID_AS_ROWS) {
        TRY(judgement_rows(j, &rows, err));
        return session_pump(s, rows, err);
    }
    int code = shape == SAID_AS_JSON ? put_json(j, &out) : judgement_text(j, &out);
    if (code < 0) {
        buffer_done(&out);
        return error_memory(err);
    }
    if (!s->io->output || strcmp(s->io->output, "-") == 0)
        return overview_print(&out, err);
    code = file_store(s->io->output, 0, buffer_view(&out), err);
    buffer_done(&out);
    return code;
}

static int check_operands(const struct session *s, const struct eval_tool *t, struct error *err)
{
    if (s->n_operands < 1 || s->n_operands > 2 || (s->n_operands == 1 && !t->compare))
        return error_set(err, ERR_USAGE,
                         "give two files: the result and the truth (or one, with --compare OTHER)");
    if (t->pairs && s->n_operands == 1)
        return error_set(err, ERR_USAGE, "--pairs needs a truth to judge them by");
    return 0;
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct eval_tool *t = values;
    const struct judge_columns columns = {slice_str(t->id), slice_str(t->cluster),
                                          slice_str(t->truth_id), slice_str(t->truth_cluster)};
    struct judge_files files = {0};
    struct judgement j;
    TRY(check_operands(s, t, err));
    TRY(open_files(s, t, &files, err));
    int code = judge(&files, &columns, &j, err);
    if (code == 0) {
        say_problems(s, &j);
        code = show(s, &j, err);
    }
    judgement_done(&j);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct eval_tool t = {.io = IO_DEFAULTS};
    return session_run(&eval_tool, argc, argv, &t, &t.io, work, err);
}
