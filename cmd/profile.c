/* profile: what is in a table, column by column. */
#include "pipelines/profile.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/overview.h"
#include "cmd/session.h"
#include "core/file.h"

struct profile_tool {
    struct io_options io;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_READ(profile_tool),
    IO_OPTION(profile_tool, OPTION_STRING, 0, "columns", "A,B,…", columns, "only these columns"),
    IO_OPTION(profile_tool, OPTION_INT, 0, "head", "N", head, "only the first N rows"),
    IO_OPTION(profile_tool, OPTION_STRING, 0, "types", "NAME=TYPE,…", types,
              "types of columns; the others are found"),
    IO_OPTION(profile_tool, OPTION_STRING, 'o', "output", "FILE", output,
              "write here instead of standard output"),
    IO_OPTION(profile_tool, OPTION_STRING, 't', "to", "FORMAT", to,
              "text, json, or a format of rows such as csv; without it, by the file's extension"),
    IO_REJECTS(profile_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice profile customers.csv", "every column at a look"},
    {"sluice profile lake/customer -t json", "for a program"},
    {"sluice profile sales.csv --columns total,day -t csv", "a row for each of two columns"},
    {NULL, NULL},
};

const struct tool profile_tool = {
    .name = "profile",
    .summary = "what is in a table: nulls, distincts, ranges, patterns, outliers",
    .operands = "[FILE|TABLE…]",
    .about =
        "Says of each column its type, how much of it is filled, how many values are distinct, the "
        "shortest and longest, the least and greatest, quantiles of numbers and those far out, the "
        "commonest values and patterns (A and a are letters, 9 a digit, + more of the same), and "
        "whether it is a key.\n\n"
        "One pass in constant memory. Up to 16,384 distinct values a column is counted exactly; "
        "past that 'distinct' is an estimate with a standard error of 0.81 %, counts of the "
        "commonest are at least what is said, and patterns are those of every 16th row. Quantiles "
        "are right to 1 part in 8,192.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

static int look(struct session *s, struct profile *p, struct error *err)
{
    struct stream *rows;
    struct batch *b;
    int more;
    TRY(session_read(s, 0, &rows, err));
    TRY(session_shape(s, &rows, err));
    int code = profile_init(p, rows->schema, err);
    while (code == 0 && (more = stream_next(rows, &b, err)) != 0) {
        if (more < 0) {
            code = more;
            break;
        }
        code = profile_add(p, b, s->pool, err);
        batch_free(b);
    }
    stream_close(rows);
    if (code == 0)
        code = profile_end(p, s->pool, err);
    s->rows_out = p->rows;
    return code;
}

static int show(struct session *s, const struct profile *p, const struct profile_column *columns,
                struct error *err)
{
    const char *name = s->n_operands ? s->operands[0] : "-";
    enum said_as shape = session_said_as(s, SAID_AS_TEXT);
    struct buffer out = {0};
    struct stream *rows;
    if (shape == SAID_AS_ROWS) {
        TRY(profile_rows(p, columns, &rows, err));
        return session_pump(s, rows, err);
    }
    TRY(session_judge(s, err));
    int code = shape == SAID_AS_JSON ? profile_json(name, p, columns, &out)
                                     : profile_text(name, p, columns, session_width(), &out);
    if (code == 0 && (!s->io->output || strcmp(s->io->output, "-") == 0))
        return overview_print(&out, err);
    code = code < 0 ? error_memory(err) : file_store(s->io->output, 0, buffer_view(&out), err);
    buffer_done(&out);
    return code;
}

static int work(struct session *s, const void *values, struct error *err)
{
    (void)values;
    struct profile p = {0};
    struct profile_column *columns;
    int code = look(s, &p, err);
    if (code == 0)
        code = profile_columns(&p, &s->arena, &columns, err);
    if (code == 0)
        code = show(s, &p, columns, err);
    profile_done(&p);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct profile_tool t = {.io = IO_DEFAULTS};
    return session_run(&profile_tool, argc, argv, &t, &t.io, work, err);
}
