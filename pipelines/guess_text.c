/* A guess as text for people: the file's facts, its columns, what is not sure. */
#include <stdio.h>

#include "connectors/table_text.h"
#include "core/wrap.h"
#include "pipelines/guess.h"

enum { NAME_MOST = 24, TYPE_MOST = 15 };

static void mark_name(int mark, char to[16])
{
    to[0] = '\0';
    if (mark == 0)
        memcpy(to, "none", 5);
    else if (mark == '\t')
        memcpy(to, "tab", 4);
    else if (mark == ' ')
        memcpy(to, "space", 6);
    else {
        to[0] = (char)mark;
        to[1] = '\0';
    }
}

static int put_dialect(const struct identity *id, struct buffer *out)
{
    char delimiter[16], quote[16], escape[16];
    mark_name(id->dialect.marks.delimiter, delimiter);
    mark_name(id->dialect.marks.quote, quote);
    mark_name(id->dialect.marks.escape, escape);
    TRY(buffer_printf(out, "  delimiter  %s%s   quote %s   escape %s   line ends %s\n", delimiter,
                      id->dialect.marks.padded ? " and a space" : "", quote,
                      id->dialect.marks.escape ? escape : "doubled quotes", id->line_end));
    return buffer_printf(out, "  header     %d %s\n", id->dialect.header,
                         id->dialect.header == 1 ? "row" : "rows");
}

static int put_shown(struct buffer *out, struct slice text, int most)
{
    int width;
    return table_cell(slice_trim(text), most, out, &width);
}

/* A column of text that may be wider than it should. */
static int put_padded(struct buffer *out, struct slice text, int width)
{
    int used;
    TRY(table_cell(text, width, out, &used));
    for (; used < width + 2; used++)
        TRY(buffer_putc(out, ' '));
    return 0;
}

static int put_members(const struct identity *id, struct buffer *out)
{
    TRY(buffer_printf(out, "  members    %d: ", id->n_members));
    for (int i = 0; i < id->n_members && i < 4; i++) {
        TRY(buffer_string(out, i ? ", " : ""));
        TRY(put_shown(out, slice_str(id->members[i]), 30));
    }
    return buffer_string(out, id->n_members > 4 ? ", …\n" : "\n");
}

static int put_file(const struct guess *g, int width, struct buffer *out)
{
    const struct identity *id = &g->identity;
    TRY(put_shown(out, slice_str(g->path), 0));
    TRY(buffer_printf(out, "\n  format     %s%s%s\n", id->format, *id->packed ? " in " : "",
                      id->packed));
    if (id->n_members)
        TRY(put_members(id, out));
    if (*id->encoding)
        TRY(buffer_printf(out, "  encoding   %s\n", id->encoding));
    if (id->has_dialect)
        TRY(put_dialect(id, out));
    if (id->has_dialect && id->dialect.skip) {
        struct slice rest = id->preamble, line;
        slice_cut(&rest, '\n', &line);
        TRY(buffer_printf(out, "  preamble   %d %s: ", id->dialect.skip,
                          id->dialect.skip == 1 ? "line" : "lines"));
        TRY(put_shown(out, line, width - 24));
        TRY(buffer_putc(out, '\n'));
    }
    if (g->n_footers) {
        TRY(buffer_printf(out, "  footer     %d %s: ", g->n_footers,
                          g->n_footers == 1 ? "row" : "rows"));
        TRY(put_shown(out, g->footer, width - 24));
        TRY(buffer_putc(out, '\n'));
    }
    return buffer_printf(out, "  rows       %lld%s\n", (long long)g->rows,
                         g->whole ? "" : " looked at, there are more");
}

static int put_column(const struct guess *g, const struct guess_column *c, int name_width,
                      int width, struct buffer *out)
{
    const char *type = type_name(&c->type, g->arena), *near = type_name(&c->nearest, g->arena);
    char fits[24] = "", empty[16];
    if (!type || !near)
        return ERR_MEMORY;
    /* Rounded down: 100 % is all of them. */
    if (c->nearest.type != TYPE_UTF8 && c->filled)
        snprintf(fits, sizeof fits, "%d%%", (int)(c->fit * 100 / c->filled));
    snprintf(empty, sizeof empty, "%d%%",
             g->rows ? (int)((g->rows - c->filled) * 100 / g->rows) : 0);
    TRY(buffer_string(out, "  "));
    TRY(put_padded(out, c->name, name_width));
    TRY(put_padded(out, slice_str(type), TYPE_MOST));
    TRY(buffer_printf(out, "%-5s %-5s  %-12s ", fits, empty, meaning_name(c->meaning)));
    int left = width - name_width - TYPE_MOST - 33;
    TRY(put_shown(out, slice_str(c->why), left < 12 ? 12 : left));
    return buffer_putc(out, '\n');
}

static int put_columns(const struct guess *g, int width, struct buffer *out)
{
    int widest = 6;
    for (int i = 0; i < g->n_columns; i++) {
        int w = text_width(g->columns[i].name);
        widest = w > widest ? w : widest;
    }
    if (widest > NAME_MOST)
        widest = NAME_MOST;
    TRY(buffer_string(out, "\n  "));
    TRY(put_padded(out, SLICE_LIT("column"), widest));
    TRY(put_padded(out, SLICE_LIT("type"), TYPE_MOST));
    TRY(buffer_printf(out, "%-5s %-5s  %-12s %s\n", "fits", "empty", "meaning", "why"));
    for (int i = 0; i < g->n_columns; i++)
        TRY(put_column(g, &g->columns[i], widest, width, out));
    return 0;
}

int guess_text(const struct guess *g, int width, struct buffer *out)
{
    if (width < 60)
        width = width ? 60 : 200;
    TRY(put_file(g, width, out));
    TRY(put_columns(g, width, out));
    if (!g->n_doubts)
        return 0;
    TRY(buffer_string(out, "\n  not sure:\n"));
    for (int i = 0; i < g->n_doubts; i++) {
        struct buffer safe = {0};
        struct wrap w = {.out = out, .width = width, .indent = 4, .column = 4};
        int code = put_shown(&safe, slice_str(g->doubts[i]), 0);
        if (code >= 0)
            code = buffer_string(out, "    ");
        if (code >= 0)
            code = wrap_words(&w, buffer_view(&safe));
        if (code >= 0)
            code = wrap_end(&w);
        buffer_done(&safe);
        TRY(code);
    }
    return 0;
}
