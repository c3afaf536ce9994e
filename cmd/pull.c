/* pull: exports into the landing zone, once each. */
#include <unistd.h>

#include "cmd/session.h"
#include "pipelines/lake.h"
#include "pipelines/landing.h"

struct pull_tool {
    struct io_options io;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(pull_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice pull", "all sources of the project"},
    {"sluice pull billing sales", "these sources alone"},
    {NULL, NULL},
};

const struct tool pull_tool = {
    .name = "pull",
    .summary = "a source's exports into the landing zone, once each",
    .operands = "[SOURCE…]",
    .about = "Copies the files that the project's 'pull' patterns match into the landing zone and "
             "lists them in its "
             "manifest, with size, digest and delivery. A file is known by its content: the same "
             "export under "
             "another name lands once. What landed is kept as it came.",
    .options = options,
    .examples = examples,
    .group = GROUP_STEPS,
    .run = run,
};

static int pull_source(struct session *s, const struct source *source, struct error *err)
{
    struct pull_counts c;
    TRY(landing_pull(s->project, source, s->common.dry_run ? PULL_DRY : PULL_LAND, &c, err));
    session_say(s, "%s: %d files found, %d %s", source->name.ptr, c.found, c.landed,
                s->common.dry_run ? "would land" : "landed");
    return 0;
}

static int pull_sources(struct session *s, struct error *err)
{
    for (int i = 0; i < s->project->n_sources && s->n_operands == 0; i++)
        TRY(pull_source(s, &s->project->sources[i], err));
    for (int i = 0; i < s->n_operands; i++) {
        const struct source *source = project_source(s->project, slice_str(s->operands[i]));
        if (!source)
            return error_set(err, ERR_USAGE, "the project has no source '%s'", s->operands[i]);
        TRY(pull_source(s, source, err));
    }
    return 0;
}

/* A run pulls too, and two at once would lose what one of them noted in the manifest. */
static int work(struct session *s, const void *values, struct error *err)
{
    int lock;
    (void)values;
    TRY(session_project(s, err));
    if (s->common.dry_run)
        return pull_sources(s, err);
    TRY(lake_lock(s->project, &lock, err));
    int code = pull_sources(s, err);
    close(lock);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct pull_tool t = {.io = IO_DEFAULTS};
    return session_run(&pull_tool, argc, argv, &t, &t.io, work, err);
}
