/* decide: two records are, or are not, one customer. */
#include "cmd/given.h"

struct decide_tool {
    struct io_options io;
    struct note_options note;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    NOTE_OPTIONS(decide_tool),
    IO_CONFIG(decide_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice decide link billing:10023 sales:0035A0000129 --why 'maiden name, by phone'",
     "from the next run on they are one customer"},
    {"sluice decide unlink billing:10023 billing:10024 --why @note.txt", "or never"},
    {NULL, NULL},
};

const struct tool decide_tool = {
    .name = "decide",
    .summary = "say that two records are one customer, or are not",
    .operands = "link|unlink RECORD RECORD",
    .about =
        "Writes a decision about two records, each named source:key, into decisions.csv beside the "
        "project file. It takes effect in the next run and in every later one, whatever the "
        "scores say; a later decision about the same two takes it back.",
    .options = options,
    .examples = examples,
    .group = GROUP_DECIDE,
    .run = run,
};

static int parse_action(const char *text, enum steward_action *ret, struct error *err)
{
    *ret = strcmp(text, "link") == 0 ? STEWARD_LINK : STEWARD_UNLINK;
    return *ret == STEWARD_LINK || strcmp(text, "unlink") == 0
               ? 0
               : error_set(err, ERR_USAGE, "decide takes 'link' or 'unlink', not '%s'", text);
}

static void say(const struct session *s, enum steward_action action,
                const struct steward_done *done)
{
    const struct slice *c = done->customers;
    if (s->common.dry_run)
        session_say(s, "nothing is written: this would be a line of decisions.csv");
    else if (!c[0].len || !c[1].len)
        session_say(s, "decided; it takes effect in the next run");
    else if (slice_equal(c[0], c[1]))
        session_say(s, "decided: they are one customer now, '%s'%s", c[0].ptr,
                    action == STEWARD_LINK ? ", and stay so"
                                           : ", and will be parted by the next run");
    else
        session_say(s, "decided: they are two customers now, '%s' and '%s'%s", c[0].ptr, c[1].ptr,
                    action == STEWARD_LINK ? ", and will be one after the next run"
                                           : ", and stay so");
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct decide_tool *t = values;
    struct steward_note note;
    struct steward_done done;
    enum steward_action action;
    if (s->n_operands != 3)
        return error_set(err, ERR_USAGE, "give 'link' or 'unlink' and two records as source:key");
    TRY(parse_action(s->operands[0], &action, err));
    TRY(given_note(s, &t->note, &note, err));
    TRY(session_project(s, err));
    TRY(steward_decide(s->project, action, slice_str(s->operands[1]), slice_str(s->operands[2]),
                       &note, &s->arena, &done, err));
    say(s, action, &done);
    return 0;
}

static int run(int argc, char **argv, struct error *err)
{
    struct decide_tool t = {.io = IO_DEFAULTS};
    return session_run(&decide_tool, argc, argv, &t, &t.io, work, err);
}
