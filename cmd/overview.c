#include "cmd/overview.h"

#include <stdio.h>
#include <string.h>

#include "cmd/tools.h"
#include "core/buffer.h"

static const char *const group_names[] = {
    [GROUP_MAIN] = "main job",       [GROUP_STEPS] = "steps", [GROUP_UNDERSTAND] = "understand",
    [GROUP_DECIDE] = "decide",       [GROUP_ACT] = "act",     [GROUP_PRIVACY] = "privacy",
    [GROUP_PROJECT] = "the project",
};

int overview_print(struct buffer *b, struct error *err)
{
    int code = fwrite(b->data, 1, b->len, stdout) == b->len && fflush(stdout) == 0
                   ? 0
                   : error_errno(err, ERR_IO, "cannot write to standard output");
    buffer_done(b);
    return code;
}

static int help(struct error *err)
{
    struct buffer b = {0};
    buffer_string(&b, "usage: sluice TOOL [OPTION…] [FILE…]\n\n"
                      "Turns a company's exports into one golden record per customer, in a data "
                      "lake.\n");
    for (int g = GROUP_MAIN; g <= GROUP_PROJECT; g++) {
        int n = 0;
        for (size_t i = 0; tools[i]; i++) {
            if (tools[i]->group != g)
                continue;
            if (n++ == 0)
                buffer_printf(&b, "\n%s\n", group_names[g]);
            buffer_printf(&b, "  %-10s %s\n", tools[i]->name, tools[i]->summary);
        }
    }
    buffer_string(&b, "\n'sluice TOOL --help' says more; 'man sluice-TOOL' too.\n");
    return overview_print(&b, err);
}

static size_t count_tools(void)
{
    size_t n = 0;
    while (tools[n])
        n++;
    return n;
}

/* A tool's page; without a name, that of them all. */
static int man_page(const char *name, struct error *err)
{
    if (!name) {
        struct buffer all = {0};
        TRY(options_man_overview(tools, (int)count_tools(), SLUICE_VERSION, &all));
        return overview_print(&all, err);
    }
    for (size_t i = 0; tools[i]; i++)
        if (strcmp(tools[i]->name, name) == 0) {
            struct buffer b = {0};
            TRY(options_man(tools[i], SLUICE_VERSION, &b));
            return overview_print(&b, err);
        }
    return error_set(err, ERR_USAGE, "no tool '%s'", name);
}

static int completion(const char *shell, struct error *err)
{
    struct buffer b = {0};
    int n = (int)count_tools();
    if (strcmp(shell, "bash") == 0)
        TRY(options_complete_bash(tools, n, &b));
    else if (strcmp(shell, "zsh") == 0)
        TRY(options_complete_zsh(tools, n, &b));
    else
        return error_set(err, ERR_USAGE, "no completion for '%s': there are bash and zsh", shell);
    return overview_print(&b, err);
}

static int names(struct error *err)
{
    struct buffer b = {0};
    for (size_t i = 0; tools[i]; i++)
        buffer_printf(&b, "%s\n", tools[i]->name);
    return overview_print(&b, err);
}

int overview_asked(int argc, char **argv, struct error *err)
{
    const char *word = argc > 1 ? argv[1] : "--help";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        return help(err);
    if (strcmp(word, "--version") == 0)
        return version_print(err);
    if (strcmp(word, "--tools") == 0)
        return names(err);
    if (strcmp(word, "--man") == 0)
        return man_page(argv[2], err);
    if (strcmp(word, "--completion") == 0 && argc > 2)
        return completion(argv[2], err);
    return 1;
}
