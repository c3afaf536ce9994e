/* optimize: the small files of a table into few. */
#include "cmd/session.h"
#include "connectors/delta/table_care.h"
#include "pipelines/lake_rules.h"

struct optimize_tool {
    struct io_options io;
    const char *sort;
    int64_t target;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(optimize_tool),
    {.kind = OPTION_SIZE,
     .name = "target",
     .arg = "SIZE",
     .at = offsetof(struct optimize_tool, target),
     .help = "size of a file (default: 128M); files of less than half of it are small"},
    {.kind = OPTION_STRING,
     .name = "sort",
     .arg = "A,B,…",
     .at = offsetof(struct optimize_tool, sort),
     .help = "order of the rows within a partition (default: what the table's rules say)"},
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice optimize lake/event", "one file a partition, where it fits"},
    {"sluice optimize lake/event --dry-run", "says what it would do"},
    {NULL, NULL},
};

const struct tool optimize_tool = {
    .name = "optimize",
    .summary = "the small files of a table into few",
    .operands = "TABLE…",
    .about =
        "Writes the small files of each partition of a Delta table again as files of the target "
        "size, in the table's sort order, in one commit that changes no row. What there was stays "
        "for the readers of older versions until 'sluice vacuum'.\n\n"
        "A table that has no two small files in a partition is left alone. Writers may go on "
        "meanwhile: when one takes a file away, the work begins again.",
    .options = options,
    .examples = examples,
    .group = GROUP_PROJECT,
    .run = run,
};

static int find_sort(struct session *s, const struct optimize_tool *t, const char *table,
                     struct optimize_options *how, struct error *err)
{
    struct table_rules rules;
    struct slice *list = NULL;
    if (t->sort) {
        TRY(session_list(s, t->sort, &list, &how->n_sort, err));
        how->sort = list;
    } else {
        lake_rules(s->project, table, &rules);
        how->sort = rules.sort;
        how->n_sort = rules.n_sort;
    }
    return 0;
}

static void say_done(const struct session *s, const char *table, const struct optimize_done *done)
{
    if (!done->partitions)
        session_say(s, "'%s' has no two small files in a partition: version %lld stays", table,
                    (long long)done->version);
    else if (s->common.dry_run)
        session_say(s, "would write %lld files of '%s' as about %lld, in %lld partitions",
                    (long long)done->before, table, (long long)done->after,
                    (long long)done->partitions);
    else
        session_say(s,
                    "%lld files (%lld bytes) are %lld (%lld bytes) in %lld partitions: '%s' is at "
                    "version %lld",
                    (long long)done->before, (long long)done->bytes_before, (long long)done->after,
                    (long long)done->bytes_after, (long long)done->partitions, table,
                    (long long)done->version);
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct optimize_tool *t = values;
    struct optimize_done done;
    struct optimize_options how = {.act = s->common.dry_run ? OPTIMIZE_LOOK : OPTIMIZE_WRITE,
                                   .target = t->target,
                                   .pool = s->pool,
                                   .memory = s->common.memory};
    if (s->n_operands == 0)
        return error_set(err, ERR_USAGE, "name the table to optimize, as in 'lake/event'");
    TRY(session_project_any(s, err));
    for (int i = 0; i < s->n_operands; i++) {
        TRY(find_sort(s, t, s->operands[i], &how, err));
        TRY(table_optimize(s->operands[i], &how, &done, err));
        say_done(s, s->operands[i], &done);
    }
    return 0;
}

static int run(int argc, char **argv, struct error *err)
{
    struct optimize_tool t = {.io = IO_DEFAULTS};
    return session_run(&optimize_tool, argc, argv, &t, &t.io, work, err);
}
