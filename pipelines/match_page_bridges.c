/* Customers that were cut at a link, or hang by one. */
#include "pipelines/account.h"
#include "pipelines/match_page_records.h"

enum { BRIDGES_SHOWN = 40 };

static const char *how_it_stands(const struct match_bridge *b)
{
    if (b->cut)
        return b->kind == BRIDGE_BY_RULE ? "cut: only a rule on one record joined them"
                                         : "cut: few pairs joined them, and weakly";
    return b->kind == BRIDGE_BY_RULE ? "left: only a rule joins them"
                                     : "left: many records, few of whose pairs agree";
}

static void put_bridge(const struct matched *m, const struct match_bridge *b, const int *columns,
                       int n_columns, struct html *h)
{
    html_row_class(h, "first");
    html_cell(h, slice_str(how_it_stands(b)));
    html_number(h, "%u", b->n_a);
    html_number(h, "%+.1f bits", account_bits(b->weight));
    page_name_cell(h, m, b->a);
    page_value_cells(h, m, b->a, b->b, columns, n_columns);
    html_row_class(h, "second");
    html_cell(h, SLICE_LIT(""));
    html_number(h, "%u", b->n_b);
    html_cell(h, SLICE_LIT(""));
    page_name_cell(h, m, b->b);
    page_value_cells(h, m, b->b, b->a, columns, n_columns);
}

static void put_table(const struct matched *m, const struct match_bridge *list, size_t n,
                      struct html *h)
{
    static const char *const first[] = {"what was done", "#records", "#the pair alone", "record",
                                        NULL};
    uint32_t records[2 * BRIDGES_SHOWN] = {0};
    int columns[PAGE_COLUMNS];
    for (size_t i = 0; i < n; i++) {
        records[2 * i] = list[i].a;
        records[2 * i + 1] = list[i].b;
    }
    int n_columns = page_columns(m, records, (uint32_t)(2 * n), columns);
    page_records_head(h, m, first, columns, n_columns);
    for (size_t i = 0; i < n; i++)
        put_bridge(m, &list[i], columns, n_columns, h);
    html_table_end(h);
}

void match_page_bridges(const struct match_page *p, struct html *h)
{
    const struct match_result *r = p->m->result;
    size_t shown = r->n_bridges < BRIDGES_SHOWN ? r->n_bridges : BRIDGES_SHOWN;
    if (!shown)
        return;
    html_section(h, "bridges", "Customers that one link held together");
    html_note(h, "Two groups of records, of as many records as stand beside the two that link "
                 "them, and nothing else that joins them. What is left as it is may be right: a "
                 "rule says so. 'unlink' in decisions.csv parts two records for good.");
    put_table(p->m, r->bridges, shown, h);
    if (shown < r->n_bridges)
        html_note(h, "… and %zu more", r->n_bridges - shown);
    html_section_end(h);
}
