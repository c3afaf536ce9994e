/* eval: precision, recall and F1 of a result against a truth. */
#include "cmd/session.h"
#include "pipelines/judge.h"

struct eval_tool {
    struct io_options io;
    const char *id, *cluster, *truth_id, *truth_cluster;
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
    IO_WRITE(eval_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice eval with-ids.csv truth.csv",
     "truth: the row's id and who it is, or pairs of row ids"},
    {"sluice eval with-ids.csv truth.csv -t json", "the figures for a program"},
    {NULL, NULL},
};

const struct tool eval_tool = {
    .name = "eval",
    .summary = "precision, recall and F1 of a result against a truth",
    .operands = "CLUSTERS TRUTH",
    .about = "Compares who is who in a result with a truth file, in any format: pairwise and "
             "B-cubed precision, recall "
             "and F1, clusters that are exactly right, the largest cluster. Rows that the truth "
             "does not have are "
             "counted and not judged.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

static int work(struct session *s, const void *values, struct error *err)
{
    const struct eval_tool *t = values;
    const struct judge_columns columns = {slice_str(t->id), slice_str(t->cluster),
                                          slice_str(t->truth_id), slice_str(t->truth_cluster)};
    struct stream *result, *truth, *rows;
    struct judgement j;
    if (s->n_operands != 2)
        return error_set(err, ERR_USAGE, "give two files: the result and the truth");
    TRY(session_read_paths(s, (const char *const *)s->operands, 1, &result, err));
    int code = session_read_paths(s, (const char *const *)s->operands + 1, 1, &truth, err);
    if (code < 0) {
        stream_close(result);
        return code;
    }
    TRY(judge(result, truth, &columns, &j, err));
    if (j.unknown)
        session_say(s, "%lld rows of the truth name records that the result does not have",
                    (long long)j.unknown);
    if (j.unjudged)
        session_say(s, "%lld records are not in the truth, and not judged", (long long)j.unjudged);
    TRY(judgement_rows(&j, &rows, err));
    return session_pump(s, rows, err);
}

static int run(int argc, char **argv, struct error *err)
{
    struct eval_tool t = {.io = IO_DEFAULTS};
    return session_run(&eval_tool, argc, argv, &t, &t.io, work, err);
}
