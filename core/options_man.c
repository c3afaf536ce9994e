/* Manual pages in man(7) macros, the same for mandoc and groff. */
#include "core/options.h"

#include <ctype.h>

/* Of the pages' making, so that a build has nothing of the day it was made on. */
#define MAN_DATE "2026-11-22"

/* What roff would take for something else: backslashes, hyphens (it prints typographic ones),
 * quotes, and all that is not ASCII. A line's first dot or quote is escaped by the caller. */
static int escaped(struct buffer *out, struct slice s)
{
    uint32_t rune;
    size_t len;
    for (; (len = slice_utf8_next(s, &rune)); s = slice_of(s.ptr + len, s.len - len)) {
        const char *special = rune == '\\'   ? "\\e"
                              : rune == '-'  ? "\\-"
                              : rune == '\'' ? "\\(aq"
                              : rune == '`'  ? "\\(ga"
                              : rune == '~'  ? "\\(ti"
                              : rune == '^'  ? "\\(ha"
                                             : NULL;
        if (special)
            TRY(buffer_string(out, special));
        else if (rune > 126)
            TRY(buffer_printf(out, "\\[u%04X]", rune));
        else
            TRY(buffer_putc(out, (char)rune));
    }
    return 0;
}

static int escaped_string(struct buffer *out, const char *text)
{
    return escaped(out, slice_str(text));
}

/* One line of text; \& keeps a first dot from being a request. */
static int text_line(struct buffer *out, struct slice line)
{
    if (line.len && line.ptr[0] == '.')
        TRY(buffer_string(out, "\\&"));
    TRY(escaped(out, line));
    return buffer_putc(out, '\n');
}

static int in_font(struct buffer *out, char font, const char *text)
{
    TRY(buffer_printf(out, "\\f%c", font));
    TRY(escaped_string(out, text));
    return buffer_string(out, "\\fR");
}

static int verbatim(struct buffer *out, struct slice text)
{
    struct slice line;
    TRY(buffer_string(out, ".PP\n.nf\n"));
    while (slice_cut(&text, '\n', &line))
        TRY(text_line(out, line));
    return buffer_string(out, ".fi\n");
}

static int paragraph(struct buffer *out, struct slice text, int first)
{
    struct slice line;
    if (text.ptr[0] == ' ')
        return verbatim(out, text);
    if (!first)
        TRY(buffer_string(out, ".PP\n"));
    while (slice_cut(&text, '\n', &line))
        TRY(text_line(out, slice_trim(line)));
    return 0;
}

static int about(struct buffer *out, const char *text)
{
    struct slice rest = slice_str(text);
    for (int first = 1; rest.len; first = 0) {
        const char *gap = memmem(rest.ptr, rest.len, "\n\n", 2);
        size_t len = gap ? (size_t)(gap - rest.ptr) : rest.len;
        if (len)
            TRY(paragraph(out, slice_of(rest.ptr, len), first));
        size_t skip = gap ? len + 2 : len;
        rest = slice_of(rest.ptr + skip, rest.len - skip);
    }
    return 0;
}

/* "sluice-read", as its page is named. */
static int head(struct buffer *out, const char *page, const char *version)
{
    TRY(buffer_string(out, ".TH "));
    for (const char *c = page; *c; c++)
        TRY(*c == '-' ? buffer_string(out, "\\-") : buffer_putc(out, (char)toupper(*c)));
    return buffer_printf(out, " 1 %s \"sluice %s\" \"sluice manual\"\n", MAN_DATE, version);
}

static int names(struct buffer *out, const struct tool *tool)
{
    TRY(buffer_printf(out, ".SH NAME\nsluice\\-%s \\- ", tool->name));
    TRY(escaped_string(out, tool->summary));
    TRY(buffer_printf(out, "\n.SH SYNOPSIS\n.B sluice %s\n", tool->name));
    TRY(buffer_string(out, "[\\fIoption\\fR\\[u2026]]"));
    if (*tool->operands) {
        TRY(buffer_putc(out, ' '));
        TRY(in_font(out, 'I', tool->operands));
    }
    return buffer_putc(out, '\n');
}

static int option(struct buffer *out, const struct option *o)
{
    TRY(buffer_string(out, ".TP\n"));
    if (o->letter)
        TRY(buffer_printf(out, "\\fB\\-%c\\fR, ", o->letter));
    TRY(buffer_string(out, "\\fB\\-\\-"));
    TRY(escaped_string(out, o->name));
    TRY(buffer_string(out, "\\fR"));
    if (o->arg) {
        TRY(buffer_putc(out, ' '));
        TRY(in_font(out, 'I', o->arg));
    }
    TRY(buffer_putc(out, '\n'));
    return text_line(out, slice_str(o->help));
}

static int all_options(struct buffer *out, const struct tool *tool)
{
    const char *const headings[] = {"", ".SH OPTIONS\n", ".SH COMMON OPTIONS\n"};
    enum option_owner owner, heading = OPTION_NONE;
    struct option o;
    for (size_t i = 0; (owner = options_number(tool, i, &o)); i++) {
        if (owner != heading)
            TRY(buffer_string(out, headings[owner]));
        heading = owner;
        TRY(option(out, &o));
    }
    return 0;
}

static int examples(struct buffer *out, const struct tool_example *e)
{
    if (e && e->command)
        TRY(buffer_string(out, ".SH EXAMPLES\n"));
    for (; e && e->command; e++) {
        TRY(buffer_string(out, ".TP\n"));
        TRY(in_font(out, 'B', e->command));
        TRY(buffer_putc(out, '\n'));
        TRY(text_line(out, slice_str(e->says)));
    }
    return 0;
}

static int statuses(struct buffer *out)
{
    TRY(buffer_string(out, ".SH EXIT STATUS\n"));
    for (const struct exit_status *s = exit_statuses; s->means; s++) {
        TRY(buffer_printf(out, ".TP\n%d\n", s->status));
        TRY(text_line(out, slice_str(s->means)));
    }
    return 0;
}

int options_man(const struct tool *tool, const char *version, struct buffer *out)
{
    TRY(buffer_string(out, ".\\\" Made from the option table; change that.\n"));
    char page[64] = "sluice-";
    strncat(page, tool->name, sizeof page - 8);
    TRY(head(out, page, version));
    TRY(names(out, tool));
    TRY(buffer_string(out, ".SH DESCRIPTION\n"));
    TRY(about(out, tool->about));
    TRY(all_options(out, tool));
    TRY(examples(out, tool->examples));
    TRY(statuses(out));
    return buffer_string(out, ".SH SEE ALSO\n.BR sluice (1)\n");
}

int options_man_overview(const struct tool *const *tools, int n, const char *version,
                         struct buffer *out)
{
    TRY(buffer_string(out, ".\\\" Made from the table of tools; change that.\n"));
    TRY(head(out, "sluice", version));
    TRY(buffer_string(out, ".SH NAME\nsluice \\- exports in, one record per customer out\n"
                           ".SH SYNOPSIS\n.B sluice\n\\fItool\\fR [\\fIoption\\fR\\[u2026]] "
                           "[\\fIfile\\fR\\[u2026]]\n"
                           ".SH DESCRIPTION\n"
                           "Turns the exports of billing, sales, service and loyalty systems into "
                           "one record per\ncustomer, in partitioned tables in a data lake.\n"
                           "Tools read standard input or the files named, write standard output or "
                           "the file given\nwith \\fB\\-o\\fR, and say everything else on standard "
                           "error.\n"
                           "Between tools travel Arrow streams.\n.SH TOOLS\n"));
    for (int i = 0; i < n; i++) {
        TRY(buffer_printf(out, ".TP\n.BR sluice\\-%s (1)\n", tools[i]->name));
        TRY(text_line(out, slice_str(tools[i]->summary)));
    }
    return statuses(out);
}
