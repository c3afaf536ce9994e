/* A profile for people at a terminal: a block for each column, bars as wide as there is room. */
#include <stdio.h>

#include "connectors/table_text.h"
#include "core/html.h"
#include "core/wrap.h"
#include "pipelines/profile.h"

enum { LABEL = 12, BAR_MOST = 20, VALUE_MOST = 28 };

static int put_shown(struct buffer *out, struct slice text, int most, int pad)
{
    int used;
    TRY(table_cell(text, most, out, &used));
    for (; used < pad; used++)
        TRY(buffer_putc(out, ' '));
    return 0;
}

/* Eighths of a cell at its end; a share that is not zero shows. */
static int put_bar(struct buffer *out, int64_t part, int64_t whole, int width)
{
    static const char *const ends[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int eighths = whole ? (int)(((double)part / (double)whole) * width * 8 + .5) : 0, used;
    if (!eighths && part)
        eighths = 1;
    for (used = 0; used < eighths / 8; used++)
        TRY(buffer_string(out, "█"));
    TRY(buffer_string(out, ends[eighths % 8]));
    for (used += eighths % 8 > 0; used < width; used++)
        TRY(buffer_putc(out, ' '));
    return 0;
}

/* "12%", "<1%": never 0 for what is there, never 100 for what is not all. */
static void percent(int64_t part, int64_t whole, char to[8])
{
    int64_t p = whole ? (int64_t)((double)part * 100 / (double)whole + .5) : 0;
    if (p == 0 && part)
        snprintf(to, 8, "<1%%");
    else if (p >= 100 && part < whole)
        snprintf(to, 8, ">99%%");
    else
        snprintf(to, 8, "%d%%", (int)p);
}

static int put_shares(const char *label, const struct profile_share *list, int n, int64_t whole,
                      const char *about, int width, struct buffer *out)
{
    int value = 8, bar = width - LABEL - VALUE_MOST - 22;
    char share[8], count[32];
    for (int i = 0; i < n; i++) {
        int w = text_width(list[i].text);
        value = w > value ? w : value;
    }
    value = value > VALUE_MOST ? VALUE_MOST : value;
    bar = bar > BAR_MOST ? BAR_MOST : bar;
    for (int i = 0; i < n; i++) {
        TRY(buffer_printf(out, "  %-*s", LABEL - 2, i ? "" : label));
        TRY(put_shown(out, list[i].text, value, value + 2));
        percent(list[i].count, whole, share);
        TRY(put_bar(out, list[i].count, whole, bar));
        TRY(buffer_printf(out, " %s%s%s%s\n", about, html_count(list[i].count, count), "  ",
                          share));
    }
    return 0;
}

static const char *real_text(double v, char to[40])
{
    if (v == (double)(int64_t)v && v < 1e15 && v > -1e15)
        snprintf(to, 40, "%lld", (long long)v);
    else
        snprintf(to, 40, "%.6g", v);
    return to;
}

static int put_numbers(const struct profile_column *c, struct buffer *out)
{
    char text[PROFILE_QUANTILES][40], n[32];
    for (int i = 0; i < PROFILE_QUANTILES; i++)
        real_text(c->quantiles[i], text[i]);
    TRY(buffer_printf(out, "  quantiles 5%% %s  25%% %s  50%% %s  75%% %s  95%% %s\n", text[0],
                      text[1], text[2], text[3], text[4]));
    if (!c->outliers)
        return 0;
    return buffer_printf(out, "  outliers  %s further than 3 interquartile ranges out\n",
                         html_count(c->outliers, n));
}

static int put_head(const struct profile_column *c, int width, struct buffer *out)
{
    static const char *const keys[] = {"", "  a key", "  likely a key"};
    char distinct[32], filled[8];
    struct arena a = {0};
    const char *type = type_name(&c->type, &a);
    int code = type ? 0 : ERR_MEMORY;
    percent(c->filled, c->rows, filled);
    if (code >= 0)
        code = put_shown(out, c->name, width / 3, 0);
    if (code >= 0)
        code = buffer_printf(out, "  %s%s\n  filled    ", type, keys[c->key]);
    if (code >= 0)
        code = put_bar(out, c->filled, c->rows, 10);
    if (code >= 0)
        code = buffer_printf(out, " %s   distinct %s%s", filled, c->distinct_exact ? "" : "about ",
                             html_count(c->distinct, distinct));
    if (code >= 0 && c->filled)
        code = buffer_printf(out, "   length %lld to %lld", (long long)c->shortest,
                             (long long)c->longest);
    arena_done(&a);
    return code < 0 ? code : buffer_putc(out, '\n');
}

static int put_column(const struct profile_column *c, int width, struct buffer *out)
{
    int most = (width - LABEL - 6) / 2;
    TRY(put_head(c, width, out));
    if (!c->filled)
        return 0;
    TRY(buffer_string(out, "  range     "));
    TRY(put_shown(out, c->least, most, 0));
    TRY(buffer_string(out, " to "));
    TRY(put_shown(out, c->greatest, most, 0));
    TRY(buffer_putc(out, '\n'));
    if (c->has_numbers)
        TRY(put_numbers(c, out));
    if (c->key == KEY_NO)
        TRY(put_shares("commonest", c->top, c->n_top, c->filled, c->top_exact ? "" : "≥ ", width,
                       out));
    return put_shares("patterns", c->shapes, c->n_shapes < 3 ? c->n_shapes : 3, c->shaped,
                      c->shapes_sampled ? "of a sample: " : "", width, out);
}

int profile_text(const char *name, const struct profile *p, const struct profile_column *columns,
                 int width, struct buffer *out)
{
    char rows[32];
    if (width < 60)
        width = width ? 60 : 100;
    TRY(put_shown(out, slice_str(name), 0, 0));
    TRY(buffer_printf(out, ": %s rows, %d columns\n", html_count(p->rows, rows),
                      p->schema->n_fields));
    for (int i = 0; i < p->schema->n_fields; i++) {
        TRY(buffer_putc(out, '\n'));
        TRY(put_column(&columns[i], width, out));
    }
    return 0;
}
