/* Options: one table per tool from which parsing, --help, the man page and shell completions come.
 *
 * A tool's defaults are a struct on the stack; each entry says where its value goes. GNU style: "-o
 * X", "-oX", "--output X", "--output=X", "--"; short flags cluster; a long name may be cut where it
 * stays the only one; options and operands mix. An unknown or ambiguous name is ERR_USAGE with the
 * nearest one. */
#ifndef SLUICE_CORE_OPTIONS_H
#define SLUICE_CORE_OPTIONS_H

#include "core/buffer.h"
#include "core/error.h"

enum option_kind {
    OPTION_FLAG,   /* int, set to 1 */
    OPTION_STRING, /* const char * */
    OPTION_LIST,   /* struct option_list, may be repeated; commas are not split */
    OPTION_INT,    /* int64_t */
    OPTION_REAL,   /* double */
    OPTION_SIZE,   /* int64_t bytes: 512M, 4G */
    OPTION_END,
};

/* Parsing is in options.c, the help page in options_help.c, man pages in options_man.c, completions
 * in options_complete.c. A list holds at most 64 values. */
struct option_list {
    const char *items[64];
    int n;
};

struct option {
    enum option_kind kind;
    char letter;      /* or 0 */
    const char *name; /* "output" */
    const char *arg;  /* "FILE"; NULL for flags; "auto|always|never": only these are taken */
    const char *help; /* one sentence */
    size_t at;        /* offsetof in the tool's struct */
};

#define OPTIONS_END                                                                                \
    {                                                                                              \
        .kind = OPTION_END                                                                         \
    }

struct tool_example {
    const char *command, *says;
};

struct tool {
    const char *name;
    const char *summary;  /* one line for `sluice --help` */
    const char *operands; /* "FILE…" or "" */
    const char *about;    /* paragraphs for --help and the man page, separated by an empty line; one
                             that starts with a space is shown as it is */
    const struct option
        *options; /* those of its own; common ones are added (--help, -q, -v, --threads …) */
    const struct tool_example *examples; /* ends in {NULL} */
    int group;                           /* of `enum tool_group` in cmd/tools.h, for the overview */
    int (*run)(int argc, char **argv,
               struct error *err); /* argv[0] is the tool; exit status or negative */
};

/* Options that every tool takes. */
struct common_options {
    int quiet, verbose, help, dry_run;
    int64_t threads, memory; /* 0: all processors; 0: no limit given */
    const char *progress;    /* auto always never json */
    const char *stats;       /* --stats FILE */
};

/* Parses into `values` (the tool's own struct) and `common`. argv is permuted: *ret_operands points
 * at the operands in it. Returns 0; 1 when --help was asked and printed to standard output; or
 * ERR_USAGE. */
int options_parse(const struct tool *tool, int argc, char **argv, void *values,
                  struct common_options *common, char ***ret_operands, int *ret_n,
                  struct error *err);

/* Option number i of a tool: its own, then the common ones, without names and letters that its own
 * have taken. Says whose it is, and with that what `at` counts from. */
enum option_owner { OPTION_NONE, OPTION_OF_TOOL, OPTION_COMMON };
enum option_owner options_number(const struct tool *tool, size_t i, struct option *ret);

/* Is `arg` a closed set of words: "auto|always|never", but not "N|N%"? */
int options_closed(const char *arg);

/* What the exit statuses mean; ends in {0, NULL}. */
struct exit_status {
    int status;
    const char *means;
};
extern const struct exit_status exit_statuses[];

/* These append to `out` and return 0 or ERR_MEMORY. */
int options_help(const struct tool *tool, int width, struct buffer *out);
/* man(7), the date fixed; the second is sluice(1), over all tools. */
int options_man(const struct tool *tool, const char *version, struct buffer *out);
int options_man_overview(const struct tool *const *tools, int n, const char *version,
                         struct buffer *out);
int options_complete_bash(const struct tool *const *tools, int n, struct buffer *out);
int options_complete_zsh(const struct tool *const *tools, int n, struct buffer *out);

#endif
