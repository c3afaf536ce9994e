/* write: rows → a table of the lake, in one commit. */
#include "cmd/session.h"
#include "pipelines/lake_rules.h"

struct write_tool {
    struct io_options io;
    const char *mode, *key, *partition, *sort, *app;
    int64_t app_version;
};

static int run(int argc, char **argv, struct error *err);

#define WRITE_OPTION(kind_, name_, arg_, member_, help_)                                           \
    {                                                                                              \
        .kind = kind_, .name = name_, .arg = arg_, .at = offsetof(struct write_tool, member_),     \
        .help = help_                                                                              \
    }

static const struct option options[] = {
    IO_CONFIG(write_tool),
    WRITE_OPTION(OPTION_STRING, "mode", "overwrite|append|merge|overwrite-partitions", mode,
                 "what becomes of the rows that are there"),
    WRITE_OPTION(OPTION_STRING, "key", "A,B,…", key, "merge: the columns that name a row"),
    WRITE_OPTION(OPTION_STRING, "partition", "A,month(B),…", partition,
                 "folders by columns, and by year, month or date of one"),
    WRITE_OPTION(OPTION_STRING, "sort", "A,B,…", sort, "order of the rows within a partition"),
    IO_OPTION(write_tool, OPTION_STRING, 't', "to", "delta|parquet", to,
              "a Delta Lake table (default), or a plain folder of Parquet files"),
    WRITE_OPTION(OPTION_STRING, "app-id", "NAME", app,
                 "who writes: a version of it is committed once, however often it is tried"),
    WRITE_OPTION(OPTION_INT, "app-version", "N", app_version, "which version that is"),
    IO_READ(write_tool),
    IO_OPTION(write_tool, OPTION_STRING, 0, "types", "NAME=TYPE,…", types,
              "types of columns; the others stay text"),
    IO_REJECTS(write_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice merge linked.arrow | sluice write lake/customer", "a table that sluice knows"},
    {"sluice write lake/orders orders.csv --types day=date --partition 'month(day)'",
     "a table of your own, new: its rows are appended"},
    {"sluice write lake/orders late.csv --types day=date --mode merge --key order_id",
     "rows of the same order_id are replaced"},
    {NULL, NULL},
};

const struct tool write_tool = {
    .name = "write",
    .summary = "rows to a partitioned table of the lake, committed at once",
    .operands = "TABLE [FILE…]",
    .about =
        "Writes files or standard input into a table: a folder of Parquet files, with a Delta Lake "
        "log or plain. Readers see all of the new rows or none; what fails leaves the table as it "
        "was.\n\n"
        "The last part of the table's path is looked up in 'tables:' of the project file, then "
        "among sluice's own tables, for its mode, key, partition and sort order. A table that is "
        "in neither and exists needs --mode; a new one is appended to.",
    .options = options,
    .examples = examples,
    .group = GROUP_STEPS,
    .run = run,
};

static const char *const modes[] = {"overwrite", "append", "merge", "overwrite-partitions"};

static int change_rules(struct session *s, const struct write_tool *t, struct table_rules *rules,
                        struct error *err)
{
    for (int i = 0; t->mode && i < 4; i++)
        if (strcmp(modes[i], t->mode) == 0)
            rules->mode = (enum table_mode)i;
    if (t->io.to)
        rules->format = slice_str(t->io.to);
    if (t->partition)
        rules->partition = slice_str(t->partition);
    if (t->key)
        TRY(session_list(s, t->key, &rules->key, &rules->n_key, err));
    if (t->sort)
        TRY(session_list(s, t->sort, &rules->sort, &rules->n_sort, err));
    if (rules->mode == TABLE_MERGE && !rules->n_key)
        return error_set(err, ERR_USAGE, "--mode merge needs --key, the columns that name a row");
    return 0;
}

static int find_rules(struct session *s, const struct write_tool *t, const char *table,
                      struct table_rules *ret, struct error *err)
{
    TRY(session_project_any(s, err));
    if (lake_rules(s->project, table, ret) == LAKE_UNKNOWN && !t->mode)
        return error_set(err, ERR_USAGE,
                         "the table '%s' exists and nothing says how it is written: --mode append, "
                         "overwrite, merge or overwrite-partitions",
                         table);
    return change_rules(s, t, ret, err);
}

static void say_done(const struct session *s, const char *table, const struct table_commit *done)
{
    if (done->already)
        session_say(s, "'%s' has these rows since an earlier try: version %lld stays", table,
                    (long long)done->version);
    else
        session_say(s, "%lld rows in %lld files: '%s' is at version %lld", (long long)done->rows,
                    (long long)done->files, table, (long long)done->version);
    if (done->emptied)
        session_say(s, "%lld empty partition values are null in the table",
                    (long long)done->emptied);
}

static int say_plan(const struct session *s, const char *table, const struct table_rules *rules)
{
    session_say(s, "would write the %s table '%s': mode %s%s%.*s", rules->format.ptr, table,
                modes[rules->mode], rules->partition.len ? ", partitioned by " : "",
                (int)rules->partition.len, rules->partition.ptr ? rules->partition.ptr : "");
    return 0;
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct write_tool *t = values;
    struct table_rules rules;
    struct table_commit done = {0};
    struct stream *rows;
    struct sink *to;
    if (s->n_operands == 0)
        return error_set(err, ERR_USAGE, "name the table to write, as in 'lake/customer'");
    const char *table = s->operands[0];
    s->io->output = table; /* rejects go beside it */
    TRY(find_rules(s, t, table, &rules, err));
    struct table_write_options how = {.rules = &rules,
                                      .pool = s->pool,
                                      .app = slice_str(t->app ? t->app : ""),
                                      .app_version = t->app_version,
                                      .memory = s->common.memory};
    if (s->common.dry_run)
        return say_plan(s, table, &rules);
    TRY(session_read(s, 1, &rows, err));
    int code = table_write(table, rows->schema, &how, &done, &to, err);
    if (code < 0) {
        stream_close(rows);
        return code;
    }
    TRY(session_pump_sink(s, rows, to, err));
    say_done(s, table, &done);
    return 0;
}

static int run(int argc, char **argv, struct error *err)
{
    struct write_tool t = {.io = IO_DEFAULTS};
    return session_run(&write_tool, argc, argv, &t, &t.io, work, err);
}
