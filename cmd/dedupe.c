/* dedupe: files in, the same rows with customer_id out. */
#include <stdio.h>

#include "cmd/session.h"
#include "pipelines/dedupe.h"
#include "pipelines/steps.h"

struct dedupe_tool {
    struct io_options io;
    struct option_list as;
    const char *id, *effort, *model;
    int explain;
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
     .name = "effort",
     .arg = "full|low",
     .at = offsetof(struct dedupe_tool, effort),
     .help = "low: fewer candidates, faster, a little less accurate"},
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

static int parse_as(struct session *s, const struct dedupe_tool *t, struct dedupe_options *o,
                    struct error *err)
{
    struct dedupe_as *list = ARENA_ARRAY(&s->arena, struct dedupe_as, (size_t)t->as.n + 1);
    if (!list)
        return error_memory(err);
    for (int i = 0; i < t->as.n; i++) {
        const char *text = t->as.items[i], *equals = strrchr(text, '=');
        if (!equals)
            return error_set(err, ERR_USAGE, "--as takes COLUMN=MEANING, not '%s'", text);
        list[i].column = slice_of(text, (size_t)(equals - text));
        if (!meaning_parse(slice_str(equals + 1), &list[i].meaning)) {
            const char *near = slice_nearest(slice_str(equals + 1), meaning_names(), MEANING_COUNT);
            return error_set(err, ERR_USAGE, "no meaning '%s'%s%s%s", equals + 1,
                             near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
        }
    }
    o->n_as = t->as.n;
    if (t->id)
        list[o->n_as++] = (struct dedupe_as){slice_str(t->id), MEANING_KEY};
    o->as = list;
    return 0;
}

static void say_columns(const struct session *s, const struct dedupe_report *r, int explain)
{
    for (int i = 0; i < r->n_columns; i++) {
        const struct dedupe_column *c = &r->columns[i];
        if (explain)
            session_say(s, "  %-24.*s %-14s %s", (int)c->name.len, c->name.ptr,
                        meaning_name(c->meaning), c->why);
        else if (c->meaning != MEANING_UNKNOWN)
            session_say(s, "  %-24.*s %s", (int)c->name.len, c->name.ptr, meaning_name(c->meaning));
    }
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct dedupe_tool *t = values;
    struct dedupe_options o = {
        .pool = s->pool, .progress = s->progress, .memory = s->common.memory};
    struct dedupe_report report;
    struct stream *rows, *linked;
    TRY(parse_as(s, t, &o, err));
    TRY(effort_parse(t->effort, &o.effort, err));
    TRY(session_read(s, 0, &rows, err));
    int code = dedupe_rows(rows, &o, &report, &linked, err);
    if (report.n_columns) {
        session_say(s, "columns taken for:");
        say_columns(s, &report, t->explain);
    }
    for (int i = 0; i < report.n_warnings; i++)
        session_say(s, "warning: %s", report.warnings[i]);
    if (code == 0) {
        session_say(s, "%lld rows are %lld customers; the largest has %lld", (long long)report.rows,
                    (long long)report.customers, (long long)report.largest);
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
