#include "core/svg_chart.h"

#include <math.h>

enum { WIDTH = 760, HEIGHT = 300, LEFT = 74, RIGHT = 12, TOP = 12, BOTTOM = 58 };

static void bar_begin(struct html *h)
{
    html_raw(h, "<td class=\"bar\"><svg viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" "
                "aria-hidden=\"true\">");
}

static void bar_rect(struct html *h, const char *colour, double from, double to)
{
    html_printf(h, "<rect class=\"%s\" x=\"%.2f\" y=\"1\" width=\"%.2f\" height=\"10\"/>", colour,
                from, to - from);
}

void svg_bar_cell(struct html *h, double value, double low, double high)
{
    double scale = 100 / (high - low), zero = -low * scale, at = (value - low) * scale;
    bar_begin(h);
    bar_rect(h, value < 0 ? "against" : "for", value < 0 ? at : zero, value < 0 ? zero : at);
    if (low < 0)
        html_printf(h,
                    "<line class=\"zero\" x1=\"%.2f\" x2=\"%.2f\" y1=\"0\" y2=\"12\" "
                    "vector-effect=\"non-scaling-stroke\"/>",
                    zero, zero);
    html_raw(h, "</svg></td>");
}

void svg_count_cell(struct html *h, int64_t count, int64_t most)
{
    double share = count > 0 ? (log10((double)count) + .15) / (log10((double)most) + .15) : 0;
    bar_begin(h);
    if (count > 0)
        bar_rect(h, "for", 0, share * 100);
    html_raw(h, "</svg></td>");
}

/* Where things stand in the chart. */
static double x_at(const struct svg_histogram *g, double value)
{
    double share = (value - g->first) / (g->width * g->n);
    return LEFT + (WIDTH - LEFT - RIGHT) * (share < 0 ? 0 : share > 1 ? 1 : share);
}

static double y_at(double decades, double count)
{
    double share = count < 1 ? 0 : (log10(count) + .3) / (decades + .3);
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
}

static double decades_of(const struct svg_histogram *g)
{
    int64_t most = 10;
    for (int i = 0; i < g->n; i++)
        most = g->counts[i] > most ? g->counts[i] : most;
    return ceil(log10((double)most) - 1e-9);
}

/* "1", "1,000", "10 M": short enough to stand beside an axis. */
static void put_power(struct html *h, int power)
{
    static const char *const names[] = {"1",     "10",  "100",  "1 k",   "10 k",
                                        "100 k", "1 M", "10 M", "100 M", "1 G"};
    html_raw(h, power < 10 ? names[power] : "10 G");
}

static void y_axis(struct html *h, const struct svg_histogram *g, double decades)
{
    for (int power = 0; power <= (int)decades; power++) {
        double y = y_at(decades, pow(10, power));
        html_printf(h, "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT,
                    WIDTH - RIGHT, y, y);
        html_printf(h, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 6, y + 4);
        put_power(h, power);
        html_raw(h, "</text>");
    }
    html_printf(h,
                "<text transform=\"rotate(-90)\" x=\"%d\" y=\"16\" text-anchor=\"middle\">%s"
                "</text>",
                -(HEIGHT - BOTTOM + TOP) / 2, g->y_name);
}

static void x_axis(struct html *h, const struct svg_histogram *g)
{
    double end = g->first + g->width * g->n;
    for (double v = ceil(g->first / g->tick) * g->tick; v <= end + 1e-9; v += g->tick)
        html_printf(h, "<text%s x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>",
                    fmod(v / g->tick, 2) != 0 ? " class=\"fine\"" : "", x_at(g, v),
                    HEIGHT - BOTTOM + 20, v);
    html_printf(h,
                "<line class=\"zero\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, HEIGHT - BOTTOM, (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 10, g->x_name);
}

static void bars(struct html *h, const struct svg_histogram *g, double decades)
{
    for (int i = 0; i < g->n; i++) {
        double from = g->first + g->width * i, y = y_at(decades, (double)g->counts[i]);
        if (!g->counts[i])
            continue;
        html_printf(h,
                    "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\">"
                    "<title>%g to %g: %lld</title></rect>",
                    from + g->width / 2 < g->limit ? "against" : "for", x_at(g, from) + .4, y,
                    x_at(g, from + g->width) - x_at(g, from) - .8, HEIGHT - BOTTOM - y, from,
                    from + g->width, (long long)g->counts[i]);
    }
}

void svg_histogram(struct html *h, const struct svg_histogram *g)
{
    double decades = decades_of(g), limit = x_at(g, g->limit);
    html_printf(h,
                "<div class=\"chart\"><svg viewBox=\"0 0 %d %d\" role=\"img\" "
                "aria-label=\"%s by %s\">",
                WIDTH, HEIGHT, g->y_name, g->x_name);
    if (g->band[0] < g->band[1])
        html_printf(h, "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                    x_at(g, g->band[0]), TOP, x_at(g, g->band[1]) - x_at(g, g->band[0]),
                    HEIGHT - TOP - BOTTOM);
    y_axis(h, g, decades);
    bars(h, g, decades);
    x_axis(h, g);
    html_printf(h, "<line class=\"limit\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", limit,
                limit, TOP, HEIGHT - BOTTOM);
    html_raw(h, "</svg></div>\n");
}

void svg_legend(struct html *h)
{
    html_raw(h, "<div class=\"legend\">");
}

void svg_legend_item(struct html *h, const char *colour, const char *words)
{
    html_raw(h, "<span><svg viewBox=\"0 0 14 12\" aria-hidden=\"true\">");
    if (strcmp(colour, "limit") == 0)
        html_raw(h, "<line class=\"limit\" x1=\"7\" x2=\"7\" y1=\"0\" y2=\"12\"/>");
    else
        html_printf(h, "<rect class=\"%s\" width=\"14\" height=\"12\"/>", colour);
    html_raw(h, "</svg>");
    html_text(h, slice_str(words));
    html_raw(h, "</span>");
}

void svg_legend_end(struct html *h)
{
    html_raw(h, "</div>\n");
}
