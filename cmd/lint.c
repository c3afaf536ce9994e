/* lint: is the project file right, and does it fit the exports it names? */
#include <stdio.h>

#include "cmd/session.h"
#include "pipelines/check_exports.h"

struct lint_tool {
    struct io_options io;
    int schema, no_exports;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(lint_tool),
    {.kind = OPTION_FLAG,
     .name = "no-exports",
     .at = offsetof(struct lint_tool, no_exports),
     .help = "look at the project file alone"},
    {.kind = OPTION_FLAG,
     .name = "schema",
     .at = offsetof(struct lint_tool, schema),
     .help = "print the project file's JSON Schema, for editors"},
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice lint", "all mistakes, each with its line and column"},
    {"sluice lint --schema > sluice.schema.json", "for an editor that completes and checks"},
    {NULL, NULL},
};

const struct tool lint_tool = {
    .name = "lint",
    .summary = "check the project file, and the exports it names",
    .operands = "",
    .about =
        "Reports every mistake in the project file as FILE:LINE:COLUMN: what is wrong, what was "
        "expected; then "
        "opens one export of each pattern and reports columns that the mappings use and the file "
        "does not have, with the nearest name. Leaves with 78 when there is something to report.",
    .options = options,
    .examples = examples,
    .group = GROUP_PROJECT,
    .run = run,
};

static void print(const char *path, const struct finding *list, int n)
{
    for (int i = 0; i < n; i++)
        printf("%s:%d:%d: %s\n", path, list[i].at.line, list[i].at.column, list[i].text);
}

static int found(int n, struct error *err)
{
    return n ? error_set(err, ERR_CONFIG, "%d %s", n, n == 1 ? "mistake" : "mistakes") : 0;
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct lint_tool *t = values;
    struct finding *list = NULL;
    const char *path;
    if (t->schema) {
        struct slice schema = project_schema();
        fwrite(schema.ptr, 1, schema.len, stdout);
        return 0;
    }
    TRY(project_find(s->io->config, &s->arena, &path, err));
    int n = project_lint(path, &s->arena, &list, err);
    TRY(n);
    print(path, list, n);
    TRY(found(n, err));
    TRY(session_project(s, err));
    if (!t->no_exports) {
        TRY(n = check_exports(s->project, &s->arena, &list, err));
        print(path, list, n);
        TRY(found(n, err));
    }
    session_say(s, "'%s' is right%s", path, t->no_exports ? "" : ", and fits its exports");
    return 0;
}

static int run(int argc, char **argv, struct error *err)
{
    struct lint_tool t = {.io = IO_DEFAULTS};
    return session_run(&lint_tool, argc, argv, &t, &t.io, work, err);
}
