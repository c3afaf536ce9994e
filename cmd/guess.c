/* guess: what a file is, and a schema of it to edit. */
#include "pipelines/guess.h"
#include "cmd/overview.h"
#include "cmd/session.h"
#include "core/file.h"

struct guess_tool {
    struct io_options io;
};

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_READ(guess_tool),
    IO_OPTION(guess_tool, OPTION_STRING, 'o', "output", "FILE", output,
              "write a schema of the file here, to be edited"),
    IO_OPTION(guess_tool, OPTION_STRING, 't', "to", "text|json", to, "how the guess is printed"),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice guess customers.csv", "what it is, and what its columns are"},
    {"sluice guess customers.csv -o customers.yaml", "a schema to correct"},
    {"sluice read --schema customers.yaml customers.csv", "… and to read by"},
    {NULL, NULL},
};

const struct tool guess_tool = {
    .name = "guess",
    .summary = "what a file is: format, dialect, columns, types, meaning",
    .operands = "FILE…",
    .about =
        "Says what a file is packed in, its encoding, its format, how CSV separates and quotes, "
        "what stands above and below the rows, and of each column the type that its values "
        "fit, with the share that do, and what it means, with the reason. What is not sure is "
        "said.\n\n"
        "Looks at the first 50,000 rows. Identifiers stay text, whatever their digits.\n\n"
        "-o writes a schema, which 'read --schema' and a source's 'schema:' in the project "
        "file take.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

static int is_json(const struct io_options *io)
{
    return io->to && strcmp(io->to, "json") == 0;
}

static int guess_one(struct session *s, const char *path, const struct read_options *how,
                     struct buffer *out, struct error *err)
{
    struct guess g;
    struct buffer schema = {0};
    TRY(guess_file(path, how, &s->arena, &g, err));
    int code = is_json(s->io) ? guess_json(&g, out) : guess_text(&g, session_width(), out);
    if (code == 0 && s->io->output)
        code = guess_schema(&g, s->io->output, &schema);
    if (code < 0)
        code = error_memory(err);
    else if (s->io->output)
        code = file_store(s->io->output, 0, buffer_view(&schema), err);
    buffer_done(&schema);
    return code;
}

static int guess_all(struct session *s, struct buffer *out, struct error *err)
{
    struct read_options how;
    TRY(session_read_options(s, &how, err));
    for (int i = 0; i < s->n_operands; i++) {
        if (i && buffer_putc(out, '\n') < 0)
            return error_memory(err);
        TRY(guess_one(s, s->operands[i], &how, out, err));
    }
    return 0;
}

static int work(struct session *s, const void *values, struct error *err)
{
    (void)values;
    struct buffer out = {0};
    if (s->n_operands < 1)
        return error_set(err, ERR_USAGE, "name a file to look at");
    if (s->n_operands > 1 && s->io->output)
        return error_set(err, ERR_USAGE, "-o takes the schema of one file");
    for (int i = 0; i < s->n_operands; i++)
        if (strcmp(s->operands[i], "-") == 0)
            return error_set(err, ERR_USAGE,
                             "a file is looked at twice, which a pipe cannot be: "
                             "name a file");
    int code = guess_all(s, &out, err);
    if (code == 0)
        return overview_print(&out, err);
    buffer_done(&out);
    return code;
}

static int run(int argc, char **argv, struct error *err)
{
    struct guess_tool t = {.io = IO_DEFAULTS};
    return session_run(&guess_tool, argc, argv, &t, &t.io, work, err);
}
