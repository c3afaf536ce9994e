/* The page that --help shows. */
#include "core/options.h"

enum { COLUMN_MAX = 30, EXAMPLE_INDENT = 6 };

/* Code points; every character of ours is one column wide. */
static int text_width(struct slice s)
{
    int n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += (s.ptr[i] & 0xc0) != 0x80;
    return n;
}

static int spaces(struct buffer *out, int n)
{
    for (int i = 0; i < n; i++)
        TRY(buffer_putc(out, ' '));
    return 0;
}

static int next_word(struct slice *rest, struct slice *ret)
{
    size_t from = 0;
    while (from < rest->len && (rest->ptr[from] == ' ' || rest->ptr[from] == '\n'))
        from++;
    size_t to = from;
    while (to < rest->len && rest->ptr[to] != ' ' && rest->ptr[to] != '\n')
        to++;
    *ret = slice_of(rest->ptr + from, to - from);
    *rest = slice_of(rest->ptr + to, rest->len - to);
    return to > from;
}

/* Words up to `width`, following lines indented; the first starts in column `indent` already. */
static int wrapped(struct buffer *out, struct slice text, int indent, int width)
{
    struct slice word;
    int column = indent;
    while (next_word(&text, &word)) {
        int wide = text_width(word);
        if (column > indent && column + 1 + wide > width) {
            TRY(buffer_putc(out, '\n'));
            TRY(spaces(out, indent));
            column = indent;
        } else if (column > indent) {
            TRY(buffer_putc(out, ' '));
            column++;
        }
        TRY(buffer_slice(out, word));
        column += wide;
    }
    return buffer_putc(out, '\n');
}

/* Up to the next empty line. */
static int next_paragraph(struct slice *rest, struct slice *ret)
{
    while (rest->len && rest->ptr[0] == '\n')
        *rest = slice_of(rest->ptr + 1, rest->len - 1);
    const char *end = rest->len ? memmem(rest->ptr, rest->len, "\n\n", 2) : NULL;
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    *ret = slice_of(rest->ptr, len);
    *rest = slice_of(rest->ptr + len, rest->len - len);
    return len > 0;
}

static int about(struct buffer *out, const char *text, int width)
{
    struct slice rest = slice_str(text), paragraph;
    while (next_paragraph(&rest, &paragraph)) {
        TRY(buffer_putc(out, '\n'));
        if (paragraph.ptr[0] != ' ') {
            TRY(wrapped(out, paragraph, 0, width));
            continue;
        }
        TRY(buffer_slice(out, paragraph));
        TRY(buffer_putc(out, '\n'));
    }
    return 0;
}

static int option_label(struct buffer *out, const struct option *o)
{
    if (o->letter)
        TRY(buffer_printf(out, "  -%c, --%s", o->letter, o->name));
    else
        TRY(buffer_printf(out, "      --%s", o->name));
    return o->arg ? buffer_printf(out, " %s", o->arg) : 0;
}

static int label_width(const struct option *o)
{
    return 8 + (int)strlen(o->name) + (o->arg ? 1 + text_width(slice_str(o->arg)) : 0);
}

/* Where the sentences start: behind the widest label that is not an outlier. */
static int help_column(const struct tool *tool)
{
    int widest = 0;
    struct option o;
    for (size_t i = 0; options_number(tool, i, &o); i++)
        if (label_width(&o) > widest && label_width(&o) <= COLUMN_MAX - 2)
            widest = label_width(&o);
    return widest + 2;
}

static int option_line(struct buffer *out, const struct option *o, int column, int width)
{
    int gap = column - label_width(o);
    TRY(option_label(out, o));
    if (gap < 2) {
        TRY(buffer_putc(out, '\n'));
        gap = column;
    }
    TRY(spaces(out, gap));
    return wrapped(out, slice_str(o->help), column, width);
}

static int option_lines(struct buffer *out, const struct tool *tool, int width)
{
    const char *const headings[] = {"", "\nOptions:\n", "\nCommon options:\n"};
    int column = help_column(tool);
    enum option_owner owner, heading = OPTION_NONE;
    struct option o;
    for (size_t i = 0; (owner = options_number(tool, i, &o)); i++) {
        if (owner != heading)
            TRY(buffer_string(out, headings[owner]));
        heading = owner;
        TRY(option_line(out, &o, column, width));
    }
    return 0;
}

static int examples(struct buffer *out, const struct tool_example *e, int width)
{
    if (e && e->command)
        TRY(buffer_string(out, "\nExamples:\n"));
    for (; e && e->command; e++) {
        TRY(buffer_printf(out, "  %s\n", e->command));
        TRY(spaces(out, EXAMPLE_INDENT));
        TRY(wrapped(out, slice_str(e->says), EXAMPLE_INDENT, width));
    }
    return 0;
}

static int statuses(struct buffer *out)
{
    TRY(buffer_string(out, "\nExit status:\n"));
    for (const struct exit_status *s = exit_statuses; s->means; s++)
        TRY(buffer_printf(out, "  %2d  %s\n", s->status, s->means));
    return 0;
}

int options_help(const struct tool *tool, int width, struct buffer *out)
{
    TRY(buffer_printf(out, "usage: sluice %s [OPTION…]%s%s\n", tool->name,
                      *tool->operands ? " " : "", tool->operands));
    TRY(about(out, tool->about, width));
    TRY(option_lines(out, tool, width));
    TRY(examples(out, tool->examples, width));
    return statuses(out);
}
