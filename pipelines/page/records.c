#include "pipelines/page/records.h"

static int is_filled(const struct match_column *c, uint32_t record)
{
    return c->offsets ? c->offsets[record + 1] > c->offsets[record]
                      : c->codes[record] != MATCH_MISSING;
}

int page_columns(const struct matched *m, const uint32_t *records, uint32_t n,
                 int ret[PAGE_COLUMNS])
{
    int found = 0;
    for (int k = 0; k < m->table->n_columns && found < PAGE_COLUMNS; k++)
        for (uint32_t i = 0; i < n; i++)
            if (is_filled(&m->table->columns[k], records[i])) {
                ret[found++] = k;
                break;
            }
    return found;
}

void page_records_head(struct html *h, const struct matched *m, const char *const *first,
                       const int *columns, int n_columns)
{
    html_raw(h, "<div class=\"wide\"><table>\n<thead><tr>");
    for (; *first; first++)
        html_printf(h, **first == '#' ? "<th class=\"n\">%s</th>" : "<th>%s</th>",
                    *first + (**first == '#'));
    for (int i = 0; i < n_columns; i++) {
        html_raw(h, "<th>");
        html_text(h, m->table->columns[columns[i]].name);
        html_raw(h, "</th>");
    }
    html_raw(h, "</tr></thead>\n<tbody>");
}

void page_name_cell(struct html *h, const struct matched *m, uint32_t record)
{
    struct buffer name = {0};
    h->failed |= matched_name(m, record, &name) < 0;
    html_cell_class(h, "key", buffer_view(&name));
    buffer_done(&name);
}

/* What is short stays on one line: a date broken at its hyphens is hard to compare. */
enum { SHORT = 20 };

static void put_value(struct html *h, struct slice value, int differs)
{
    html_raw(h, value.len <= SHORT ? "<td class=\"short\">" : "<td>");
    if (differs)
        html_raw(h, "<span class=\"differs\">");
    html_text(h, value);
    html_raw(h, differs ? "</span></td>" : "</td>");
}

void page_value_cells(struct html *h, const struct matched *m, uint32_t record, uint32_t other,
                      const int *columns, int n_columns)
{
    struct buffer value = {0};
    for (int i = 0; i < n_columns; i++) {
        buffer_reset(&value);
        h->failed |= matched_value(m, columns[i], record, &value) < 0;
        put_value(h, buffer_view(&value),
                  matched_compare(m, columns[i], record, other) == MATCHED_DIFFERS);
    }
    buffer_done(&value);
}
