/* sluice TOOL …: finds the tool in the table, runs it, turns its error into words and an exit
 * status. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/overview.h"
#include "cmd/tools.h"

extern const struct tool run_tool, dedupe_tool, link_tool, pull_tool, read_tool, map_tool,
    match_tool, merge_tool, attach_tool, write_tool, explain_tool, train_tool, eval_tool,
    timeline_tool, lint_tool, status_tool, guess_tool, profile_tool, check_tool, optimize_tool,
    vacuum_tool, decide_tool, unmerge_tool;

/* In the order of the overview. */
const struct tool *const tools[] = {
    &run_tool,    &dedupe_tool,  &link_tool,   &pull_tool,     &read_tool,     &map_tool,
    &match_tool,  &merge_tool,   &attach_tool, &write_tool,    &guess_tool,    &profile_tool,
    &check_tool,  &explain_tool, &train_tool,  &eval_tool,     &timeline_tool, &lint_tool,
    &decide_tool, &unmerge_tool, &status_tool, &optimize_tool, &vacuum_tool,   NULL,
};

static const struct tool *find_tool(const char *name)
{
    for (size_t i = 0; tools[i]; i++)
        if (strcmp(tools[i]->name, name) == 0)
            return tools[i];
    return NULL;
}

static int unknown_tool(const char *name, struct error *err)
{
    const char *names[64];
    size_t n = 0;
    for (; tools[n] && n < 64; n++)
        names[n] = tools[n]->name;
    const char *near = slice_nearest(slice_str(name), names, n);
    if (near)
        return error_set(err, ERR_USAGE, "no tool '%s': did you mean '%s'?", name, near);
    return error_set(err, ERR_USAGE, "no tool '%s': see 'sluice --help'", name);
}

/* Personal data: private files, nothing in core dumps. A reader that leaves and a
 * limit on file sizes are error codes, not signals. */
static void settle(void)
{
    umask(umask(0) | 077);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static int report(const char *tool, int code, const struct error *err)
{
    if (code == ERR_PIPE)
        return -ERR_PIPE;
    fprintf(stderr, "sluice %s: ", tool);
    if (err->where[0])
        fprintf(stderr, "%s: ", err->where);
    fprintf(stderr, "%s\n", err->text[0] ? err->text : "failed, and nobody said why");
    return -code;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    settle();
    int code = overview_asked(argc, argv, &err);
    if (code <= 0)
        return code < 0 ? report("", code, &err) : 0;
    const struct tool *tool = find_tool(argv[1]);
    if (!tool)
        return report("", unknown_tool(argv[1], &err), &err);
    code = tool->run(argc - 1, argv + 1, &err);
    return code < 0 ? report(tool->name, code, &err) : code;
}
