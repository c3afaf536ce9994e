#include "core/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/html_style.h"

static void put(struct html *h, const char *bytes, size_t len)
{
    if (!h->failed && buffer_append(&h->out, bytes, len) < 0)
        h->failed = 1;
}

void html_raw(struct html *h, const char *markup)
{
    put(h, markup, strlen(markup));
}

static void put_formatted(struct html *h, const char *format, va_list args)
{
    char *text = NULL;
    int len = vasprintf(&text, format, args);
    if (len < 0)
        h->failed = 1;
    else
        put(h, text, (size_t)len);
    free(text);
}

void html_printf(struct html *h, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_formatted(h, format, args);
    va_end(args);
}

static const char *entity(uint32_t rune)
{
    switch (rune) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Controls and the like may not stand in a page, not even as references. */
static int is_allowed(uint32_t rune)
{
    if (rune < 0x20)
        return rune == '\t' || rune == '\n';
    return !(rune >= 0x7F && rune <= 0x9F) && !(rune >= 0xFDD0 && rune <= 0xFDEF) &&
           (rune & 0xFFFE) != 0xFFFE;
}

void html_text(struct html *h, struct slice text)
{
    uint32_t rune;
    for (size_t at = 0, len; at < text.len; at += len) {
        len = slice_utf8_next(slice_of(text.ptr + at, text.len - at), &rune);
        const char *name = entity(rune);
        if (name)
            html_raw(h, name);
        else if (!is_allowed(rune) || (rune == 0xFFFD && len == 1))
            html_raw(h, "\xEF\xBF\xBD");
        else
            put(h, text.ptr + at, len);
    }
}

void html_begin(struct html *h, const char *title, const char *lead)
{
    *h = (struct html){0};
    html_raw(h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'\">\n<title>");
    html_text(h, slice_str(title));
    html_raw(h, "</title>\n<style>");
    html_raw(h, html_style);
    html_raw(h, "</style>\n</head>\n<body>\n<h1>");
    html_text(h, slice_str(title));
    html_raw(h, "</h1>\n");
    if (lead[0]) {
        html_raw(h, "<p class=\"lead\">");
        html_text(h, slice_str(lead));
        html_raw(h, "</p>\n");
    }
}

int html_end(struct html *h)
{
    html_raw(h, "</body>\n</html>\n");
    return h->failed ? ERR_MEMORY : 0;
}

void html_done(struct html *h)
{
    buffer_done(&h->out);
}

void html_section(struct html *h, const char *id, const char *heading)
{
    html_printf(h, "<section id=\"%s\">\n<h2>", id);
    html_text(h, slice_str(heading));
    html_raw(h, "</h2>\n");
}

void html_section_end(struct html *h)
{
    html_raw(h, "</section>\n");
}

void html_note(struct html *h, const char *format, ...)
{
    va_list args;
    html_raw(h, "<p class=\"note\">");
    va_start(args, format);
    put_formatted(h, format, args);
    va_end(args);
    html_raw(h, "</p>\n");
}

void html_figures(struct html *h)
{
    html_raw(h, "<div class=\"figures\">\n");
}

void html_figure(struct html *h, const char *label, const char *value)
{
    html_raw(h, "<div class=\"figure\"><b>");
    html_text(h, slice_str(value));
    html_raw(h, "</b><span>");
    html_text(h, slice_str(label));
    html_raw(h, "</span></div>\n");
}

void html_figures_end(struct html *h)
{
    html_raw(h, "</div>\n");
}

void html_table(struct html *h, const char *const *heads)
{
    html_raw(h, "<div class=\"wide\"><table>\n<thead><tr>");
    for (; *heads; heads++) {
        int number = **heads == '#';
        html_raw(h, number ? "<th class=\"n\">" : "<th>");
        html_text(h, slice_str(*heads + number));
        html_raw(h, "</th>");
    }
    html_raw(h, "</tr></thead>\n<tbody>");
}

void html_row(struct html *h)
{
    html_raw(h, "\n<tr>");
}

void html_row_class(struct html *h, const char *class_name)
{
    html_printf(h, "\n<tr class=\"%s\">", class_name);
}

void html_cell(struct html *h, struct slice text)
{
    html_raw(h, "<td>");
    html_text(h, text);
    html_raw(h, "</td>");
}

void html_cell_class(struct html *h, const char *class_name, struct slice text)
{
    html_printf(h, "<td class=\"%s\">", class_name);
    html_text(h, text);
    html_raw(h, "</td>");
}

void html_number(struct html *h, const char *format, ...)
{
    va_list args;
    html_raw(h, "<td class=\"n\">");
    va_start(args, format);
    put_formatted(h, format, args);
    va_end(args);
    html_raw(h, "</td>");
}

void html_table_end(struct html *h)
{
    html_raw(h, "\n</tbody></table></div>\n");
}

const char *html_count(int64_t n, char out[32])
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)n), at = 0;
    for (int i = 0; i < len; i++) {
        if (i && digits[i - 1] != '-' && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = 0;
    return out;
}
