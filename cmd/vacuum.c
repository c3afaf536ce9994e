/* vacuum: files of a table that no kept version needs. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/session.h"
#include "connectors/delta/table_care.h"

struct vacuum_tool {
    struct io_options io;
    const char *retain;
    int remove, force;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    {.kind = OPTION_FLAG,
     .name = "delete",
     .at = offsetof(struct vacuum_tool, remove),
     .help = "delete what is listed; without it, nothing is touched"},
    {.kind = OPTION_STRING,
     .name = "retain",
     .arg = "7d|12h|…",
     .at = offsetof(struct vacuum_tool, retain),
     .help =
         "versions of so long ago can be read afterwards (default: what the table says, or 7d)"},
    {.kind = OPTION_FLAG,
     .name = "force",
     .at = offsetof(struct vacuum_tool, force),
     .help = "allow --retain of less than a day: nobody else writes or reads the table"},
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice vacuum lake/event", "lists what would go"},
    {"sluice vacuum lake/event --delete", "deletes it"},
    {"sluice vacuum lake/event --retain 30d --delete", "a month of versions stays"},
    {NULL, NULL},
};

const struct tool vacuum_tool = {
    .name = "vacuum",
    .summary = "delete files of a table that no kept version needs",
    .operands = "TABLE…",
    .about =
        "Lists, and with --delete deletes, the data files of Delta tables that are in no version "
        "of the time kept, and what killed writers left. Readers of the newest version, and of "
        "those of the time kept, lose nothing; older versions cannot be read any more.\n\n"
        "Files younger than the time kept stay whatever the log says: a writer may be about to "
        "commit them.",
    .options = options,
    .examples = examples,
    .group = GROUP_PROJECT,
    .run = run,
};

/* "7d", "12h", "30m" in milliseconds. */
static int parse_age(const char *text, int64_t *ret, struct error *err)
{
    char *end = NULL;
    long n = text ? strtol(text, &end, 10) : -1;
    int64_t unit = 0;
    *ret = -1;
    if (!text)
        return 0;
    if (end != text && *end && !end[1])
        unit = *end == 'd' ? 86400000 : *end == 'h' ? 3600000 : *end == 'm' ? 60000 : 0;
    if (!unit || n < 0 || n > 100000)
        return error_set(err, ERR_USAGE, "--retain takes a time such as 7d, 12h or 30m, not '%s'",
                         text);
    *ret = n * unit;
    return 0;
}

static void say_path(void *arg, const char *path, int64_t bytes)
{
    (void)arg;
    (void)bytes;
    puts(path);
}

static void say_done(const struct session *s, const char *table, enum vacuum_act act,
                     const struct vacuum_done *done)
{
    session_say(s, "'%s': %lld files of %lld bytes and %lld leftovers %s, %lld files stay", table,
                (long long)done->files, (long long)done->bytes, (long long)done->temporaries,
                act == VACUUM_DELETE ? "deleted" : "would be deleted (--delete does it)",
                (long long)done->kept_files);
    session_say(s, "versions %lld to %lld can be read after it", (long long)done->first_version,
                (long long)done->version);
}

static int work(struct session *s, const void *values, struct error *err)
{
    enum { DAY_MS = 86400000 };
    const struct vacuum_tool *t = values;
    struct vacuum_done done;
    struct vacuum_options how = {.each = say_path};
    TRY(parse_age(t->retain, &how.retain, err));
    if (s->n_operands == 0)
        return error_set(err, ERR_USAGE, "name the table to clean, as in 'lake/event'");
    if (how.retain >= 0 && how.retain < DAY_MS && !t->force)
        return error_set(err, ERR_USAGE,
                         "--retain %s may take files from those who read or write the table now: "
                         "with --force when nobody does",
                         t->retain);
    how.act = t->remove && !s->common.dry_run ? VACUUM_DELETE : VACUUM_LOOK;
    for (int i = 0; i < s->n_operands; i++) {
        TRY(table_vacuum(s->operands[i], &how, &done, err));
        say_done(s, s->operands[i], how.act, &done);
    }
    return fflush(stdout) == 0 ? 0 : error_errno(err, ERR_IO, "cannot write the list");
}

static int run(int argc, char **argv, struct error *err)
{
    struct vacuum_tool t = {.io = IO_DEFAULTS};
    return session_run(&vacuum_tool, argc, argv, &t, &t.io, work, err);
}
