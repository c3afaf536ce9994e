/* What the tools share: options for reading and writing, and a session that opens inputs and
 * outputs by them, collects rejects and says at the end what became of the rows. */
#ifndef SLUICE_CMD_SESSION_H
#define SLUICE_CMD_SESSION_H

#include <stddef.h>

#include "cmd/tools.h"
#include "connectors/format.h"
#include "core/totals.h"
#include "schemas/project.h"

/* A tool's struct embeds this as `io` and puts the macros below into its table. */
struct io_options {
    const char *from, *to, *output, *columns, *types, *rejects, *max_rejects;
    const char *member, *encoding, *delimiter, *quote, *each, *explode, *config, *schema, *as_of;
    int64_t head, header, version;
};

#define IO_DEFAULTS                                                                                \
    {                                                                                              \
        .head = -1, .header = -1, .version = -1                                                    \
    }

/* clang-format off */
#define IO_OPTION(T, kind_, letter_, name_, arg_, member_, help_) \
    {.kind = kind_, .letter = letter_, .name = name_, .arg = arg_, .at = offsetof(struct T, io.member_), .help = help_}
#define IO_READ(T) \
    IO_OPTION(T, OPTION_STRING, 'f', "from", "FORMAT", from, "the input's format; without it, it is detected"), \
    IO_OPTION(T, OPTION_STRING, 0, "member", "PATTERN", member, "members of an archive to read"), \
    IO_OPTION(T, OPTION_STRING, 0, "encoding", "NAME", encoding, "character encoding of the input"), \
    IO_OPTION(T, OPTION_STRING, 0, "delimiter", "CHAR", delimiter, "field delimiter of CSV, or one and a space; 'tab' is a name for one"), \
    IO_OPTION(T, OPTION_STRING, 0, "quote", "CHAR", quote, "quote character of CSV; 'none' for none"), \
    IO_OPTION(T, OPTION_INT, 0, "header", "N", header, "header rows of CSV: 0, 1, 2 …"), \
    IO_OPTION(T, OPTION_STRING, 0, "each", "PATH", each, "where the records are in JSON or XML"), \
    IO_OPTION(T, OPTION_STRING, 0, "schema", "FILE", schema, "how to read the input, as 'sluice guess -o FILE' wrote it"), \
    IO_OPTION(T, OPTION_STRING, 0, "explode", "PATH", explode, "a list in the record that becomes rows")
#define IO_WRITE(T) \
    IO_OPTION(T, OPTION_STRING, 'o', "output", "FILE", output, "write here instead of standard output"), \
    IO_OPTION(T, OPTION_STRING, 't', "to", "FORMAT", to, "the output's format; without it, by the file's extension")
#define IO_VERSION(T) \
    IO_OPTION(T, OPTION_INT, 0, "version", "N", version, "a version of a table; without it, the newest"), \
    IO_OPTION(T, OPTION_STRING, 0, "as-of", "TIME", as_of, "the version that a table had then: 2026-03-01, or 2026-03-01T06:00:00Z")
#define IO_REJECTS(T) \
    IO_OPTION(T, OPTION_STRING, 0, "rejects", "FILE", rejects, "where bad rows go; without it, beside the output"), \
    IO_OPTION(T, OPTION_STRING, 0, "max-rejects", "N|N%", max_rejects, "how many bad rows are allowed")
#define IO_CONFIG(T) \
    IO_OPTION(T, OPTION_STRING, 'c', "config", "FILE", config, "the project file (default: sluice.yaml here or above)")
/* clang-format on */

struct session {
    const struct tool *tool;
    struct common_options common;
    struct io_options *io;
    char **operands;
    int n_operands;
    struct pool *pool;
    struct progress *progress;
    struct rejects *rejects;
    int read_flags;          /* of format.h, for session_read_paths */
    const char *max_rejects; /* when --max-rejects is not given: "all", or what the tool sets */
    struct project *project; /* session_project; NULL before */
    int64_t rows_in, rows_out, rejected;
    int64_t version; /* of the table that is read */
    const struct totals
        *totals; /* for --stats and the stream's end; NULL: made of the three above */
    const struct slice *read_columns; /* what is read in place of --columns; NULL: --columns */
    int n_read_columns;
    const struct expression *where; /* what readers may leave unread by; NULL: nothing */
    struct read_skipped skipped;    /* what they did */
    struct arena arena;
};

/* A tool from end to end: parses the command line into `values` (which holds `io`), readies a
 * session, does the work and puts all away. The tool's exit status or a negative code. */
int session_run(const struct tool *tool, int argc, char **argv, void *values, struct io_options *io,
                int (*work)(struct session *s, const void *values, struct error *err),
                struct error *err);

/* The project file of -c; s->project. */
int session_project(struct session *s, struct error *err);
/* The same, and 0 with s->project NULL when -c is not given and there is none. */
int session_project_any(struct session *s, struct error *err);

/* Input: the operands from `first` on, or standard input when there are none; --columns, --types
 * and --head not applied (session_shape). A folder is a lake table. */
int session_read(struct session *s, int first, struct stream **ret, struct error *err);
int session_read_paths(struct session *s, const char *const *paths, int n, struct stream **ret,
                       struct error *err);
/* The options that input is read with; they lie in the session's arena. */
int session_read_options(struct session *s, struct read_options *ret, struct error *err);
/* --columns and --head on a stream, which is taken over. */
int session_shape(struct session *s, struct stream **stream, struct error *err);
/* Output by -o and -t. */
int session_write(struct session *s, const struct schema *schema, struct sink **ret,
                  struct error *err);
/* Another output, FILE by its extension. */
int session_write_path(struct session *s, const char *path, const struct schema *schema,
                       struct sink **ret, struct error *err);
/* Pumps a stream into -o and publishes it unless there are too many rejects; closes both. */
int session_pump(struct session *s, struct stream *from, struct error *err);
/* The same into a sink that the tool opened. */
int session_pump_sink(struct session *s, struct stream *from, struct sink *to, struct error *err);
/* The same into a file by its name, without a look at the rejects. */
int session_pump_path(struct session *s, struct stream *from, const char *path, struct error *err);

/* Writes the rejects (to --rejects, or rejects-TOOL.arrow beside the output), names them on
 * standard error, and judges --max-rejects. Before anything is published. */
int session_judge(struct session *s, struct error *err);

/* Puts the totals so far on a sink of Arrow, before it is finished. */
int session_pass_totals(struct session *s, struct sink *to, struct error *err);

/* Columns of the terminal on standard output; 0: it is none. */
int session_width(void);
/* How a tool that tells and does not pass rows on writes what it found: -t text and json, or by the
 * file's extension; another format makes it rows. `otherwise`: neither is given. */
enum said_as { SAID_AS_TEXT, SAID_AS_JSON, SAID_AS_ROWS };
enum said_as session_said_as(const struct session *s, enum said_as otherwise);

/* A sentence on standard error unless -q. */
void session_say(const struct session *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Splits "a,b,c" into the session's arena. */
int session_list(struct session *s, const char *text, struct slice **ret, int *ret_n,
                 struct error *err);

#endif
