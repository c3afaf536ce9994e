#include "core/options.h"

#include "core/file.h"
#include "core/number.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NAMES_MAX = 128, WORDS_MAX = 16, THREADS_MAX = 1024 };

#define COMMON(member) .at = offsetof(struct common_options, member)

static const struct option common_table[] = {
    {OPTION_INT, 0, "threads", "N", "Work on N threads (default: as many as processors).",
     COMMON(threads)},
    {OPTION_SIZE, 0, "memory", "SIZE", "Use at most about SIZE of memory, such as 512M or 4G.",
     COMMON(memory)},
    {OPTION_STRING, 0, "progress", "auto|always|never|json",
     "Show progress on standard error (default: auto, when that is a terminal).", COMMON(progress)},
    {OPTION_STRING, 0, "stats", "FILE", "Write the totals of rows, keys and money to FILE as JSON.",
     COMMON(stats)},
    {OPTION_FLAG, 0, "dry-run", NULL, "Say what would be read and written, and do nothing.",
     COMMON(dry_run)},
    {OPTION_FLAG, 'q', "quiet", NULL, "Say nothing but errors.", COMMON(quiet)},
    {OPTION_FLAG, 'v', "verbose", NULL, "Say more about what is done.", COMMON(verbose)},
    {OPTION_FLAG, 'h', "help", NULL, "Show this help and leave.", COMMON(help)},
    OPTIONS_END,
};

const struct exit_status exit_statuses[] = {
    {0, "done"},
    {64, "the command line is wrong"},
    {65, "bad data, a truncated stream, or more rejects than allowed"},
    {66, "an input is missing or cannot be opened"},
    {69, "a remote service does not answer"},
    {70, "a bug in sluice"},
    {71, "the system refused memory, or --memory is used up"},
    {73, "an output cannot be created"},
    {74, "a read or a write failed"},
    {75, "locked or busy: try again"},
    {78, "the project file is wrong"},
    {0, NULL},
};

static int own_has(const struct tool *tool, const char *name)
{
    for (const struct option *o = tool->options; o && o->kind != OPTION_END; o++)
        if (!strcmp(o->name, name))
            return 1;
    return 0;
}

static int own_has_letter(const struct tool *tool, char letter)
{
    for (const struct option *o = tool->options; o && o->kind != OPTION_END; o++)
        if (o->letter == letter)
            return 1;
    return 0;
}

enum option_owner options_number(const struct tool *tool, size_t i, struct option *ret)
{
    const struct option *o = tool->options;
    for (; o && o->kind != OPTION_END; o++)
        if (i-- == 0) {
            *ret = *o;
            return OPTION_OF_TOOL;
        }
    for (o = common_table; o->kind != OPTION_END; o++)
        if (!own_has(tool, o->name) && i-- == 0) {
            *ret = *o;
            if (own_has_letter(tool, o->letter))
                ret->letter = 0;
            return OPTION_COMMON;
        }
    return OPTION_NONE;
}

struct parser {
    const struct tool *tool;
    void *values;
    struct common_options *common;
    char **argv;
    int argc, at; /* argv[at] is looked at */
    struct error *err;
};

int options_closed(const char *arg)
{
    return strchr(arg, '|') &&
           strspn(arg, "abcdefghijklmnopqrstuvwxyz0123456789-_|") == strlen(arg);
}

static int check_word(struct parser *p, const struct option *o, const char *text)
{
    char words[256];
    const char *list[WORDS_MAX];
    size_t n = 0, len = strlen(o->arg);
    if (len >= sizeof words)
        return error_set(p->err, ERR_BUG, "'--%s' takes too many words", o->name);
    memcpy(words, o->arg, len + 1);
    for (char *rest = words; rest && n < WORDS_MAX; n++) {
        list[n] = rest;
        rest = strchr(rest, '|');
        if (rest)
            *rest++ = 0;
        if (!strcmp(list[n], text))
            return 0;
    }
    const char *near = slice_nearest(slice_str(text), list, n);
    if (near)
        return error_set(p->err, ERR_USAGE, "'--%s' does not take '%s': did you mean '%s'?",
                         o->name, text, near);
    return error_set(p->err, ERR_USAGE, "'--%s' does not take '%s': it takes %s", o->name, text,
                     o->arg);
}

static int add_to_list(struct parser *p, const struct option *o, struct option_list *list,
                       const char *text)
{
    if (list->n == sizeof list->items / sizeof *list->items)
        return error_set(p->err, ERR_USAGE, "'--%s' is given more than %d times", o->name, list->n);
    list->items[list->n++] = text;
    return 0;
}

static int expect(struct parser *p, const struct option *o, int parsed, const char *text,
                  const char *what)
{
    if (parsed)
        return 0;
    return error_set(p->err, ERR_USAGE, "'%s' is not %s, which '--%s' takes", text, what, o->name);
}

static int set_value(struct parser *p, const struct option *o, void *at, const char *text)
{
    struct slice s = slice_str(text);
    switch (o->kind) {
    case OPTION_FLAG:
        *(int *)at = 1;
        return 0;
    case OPTION_STRING:
        if (options_closed(o->arg))
            TRY(check_word(p, o, text));
        *(const char **)at = text;
        return 0;
    case OPTION_LIST:
        return add_to_list(p, o, at, text);
    case OPTION_INT:
        return expect(p, o, integer_parse(s, at), text, "a whole number");
    case OPTION_REAL:
        return expect(p, o, real_parse(s, at), text, "a number such as 0.25");
    case OPTION_SIZE:
        return expect(p, o, size_parse(s, at), text, "a size such as 512M or 4G");
    case OPTION_END:
        break;
    }
    return error_set(p->err, ERR_BUG, "'--%s' has no kind", o->name);
}

struct found {
    struct option option;
    void *at;
};

static int number(const struct parser *p, size_t i, struct found *ret)
{
    enum option_owner owner = options_number(p->tool, i, &ret->option);
    char *base = owner == OPTION_COMMON ? (char *)p->common : p->values;
    if (owner)
        ret->at = base + ret->option.at;
    return owner != OPTION_NONE;
}

static int starts_with(const char *text, struct slice prefix)
{
    return slice_starts(slice_str(text), prefix);
}

static int unknown_long(struct parser *p, struct slice name)
{
    const char *names[NAMES_MAX];
    size_t n = 0;
    struct found f;
    while (n < NAMES_MAX && number(p, n, &f))
        names[n++] = f.option.name;
    const char *near = slice_nearest(name, names, n);
    if (near)
        return error_set(p->err, ERR_USAGE, "unknown option '--%.*s': did you mean '--%s'?",
                         (int)name.len, name.ptr, near);
    return error_set(p->err, ERR_USAGE, "unknown option '--%.*s': see 'sluice %s --help'",
                     (int)name.len, name.ptr, p->tool->name);
}

/* The exact name, or the only one that starts so. */
static int find_long(struct parser *p, struct slice name, struct found *ret)
{
    struct found f, first = {0};
    int n = 0;
    for (size_t i = 0; number(p, i, &f); i++) {
        if (!name.len || !starts_with(f.option.name, name))
            continue;
        if (strlen(f.option.name) == name.len) {
            *ret = f;
            return 0;
        }
        if (n && strcmp(first.option.name, f.option.name) != 0)
            return error_set(p->err, ERR_USAGE, "option '--%.*s' could be '--%s' or '--%s'",
                             (int)name.len, name.ptr, first.option.name, f.option.name);
        if (!n++)
            first = f;
    }
    if (!n)
        return unknown_long(p, name);
    *ret = first;
    return 0;
}

static int find_letter(struct parser *p, char letter, struct found *ret)
{
    for (size_t i = 0; number(p, i, ret); i++)
        if (ret->option.letter == letter)
            return 0;
    return error_set(p->err, ERR_USAGE, "unknown option '-%c': see 'sluice %s --help'", letter,
                     p->tool->name);
}

static int next_argument(struct parser *p, const struct option *o, const char **ret)
{
    if (p->at + 1 >= p->argc)
        return error_set(p->err, ERR_USAGE, "option '--%s' needs a value: %s", o->name, o->arg);
    *ret = p->argv[++p->at];
    return 0;
}

static int parse_long(struct parser *p, const char *text)
{
    const char *equals = strchr(text, '='), *value = equals ? equals + 1 : NULL;
    struct slice name = slice_of(text, equals ? (size_t)(equals - text) : strlen(text));
    struct found f = {0};
    TRY(find_long(p, name, &f));
    if (f.option.kind == OPTION_FLAG && value)
        return error_set(p->err, ERR_USAGE, "option '--%s' takes no value", f.option.name);
    if (f.option.kind != OPTION_FLAG && !value)
        TRY(next_argument(p, &f.option, &value));
    return set_value(p, &f.option, f.at, value);
}

static int parse_letters(struct parser *p, const char *letters)
{
    for (; *letters; letters++) {
        struct found f = {0};
        const char *value = NULL;
        TRY(find_letter(p, *letters, &f));
        if (f.option.kind == OPTION_FLAG) {
            TRY(set_value(p, &f.option, f.at, NULL));
            continue;
        }
        if (letters[1])
            value = letters + 1;
        else
            TRY(next_argument(p, &f.option, &value));
        return set_value(p, &f.option, f.at, value);
    }
    return 0;
}

/* Operands are moved to the front, behind argv[0], as they are met; options are overwritten. */
static int parse_all(struct parser *p, int *ret_n)
{
    int n = 0, only_operands = 0;
    for (p->at = 1; p->at < p->argc && !p->common->help; p->at++) {
        char *word = p->argv[p->at];
        if (only_operands || word[0] != '-' || !word[1])
            p->argv[1 + n++] = word;
        else if (!strcmp(word, "--"))
            only_operands = 1;
        else
            TRY(word[1] == '-' ? parse_long(p, word + 2) : parse_letters(p, word + 1));
    }
    *ret_n = n;
    return 0;
}

static int check_common(const struct common_options *c, struct error *err)
{
    if (c->threads < 0 || c->threads > THREADS_MAX)
        return error_set(err, ERR_USAGE, "'--threads' takes a number from 1 to %d", THREADS_MAX);
    return 0;
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
        return 80;
    return size.ws_col < 40 ? 40 : size.ws_col > 100 ? 100 : size.ws_col;
}

static int print_help(const struct tool *tool, struct error *err)
{
    struct buffer out = {0};
    int code = options_help(tool, terminal_width(), &out);
    code = code < 0 ? error_memory(err) : file_store("-", 0, buffer_view(&out), err);
    buffer_done(&out);
    return code < 0 ? code : 1;
}

int options_parse(const struct tool *tool, int argc, char **argv, void *values,
                  struct common_options *common, char ***ret_operands, int *ret_n,
                  struct error *err)
{
    struct parser p = {tool, values, common, argv, argc, 1, err};
    int n = 0;
    TRY(parse_all(&p, &n));
    if (common->help)
        return print_help(tool, err);
    TRY(check_common(common, err));
    *ret_operands = argv + 1;
    *ret_n = n;
    return 0;
}
