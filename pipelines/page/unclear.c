/* The pairs that the model cannot tell, nearest to the threshold first. */
#include <math.h>
#include <stdlib.h>

#include "pipelines/explain/account.h"
#include "pipelines/page/records.h"

enum { UNCLEAR_SHOWN = 50 };

struct unclear {
    struct match_pair pair;
    int32_t far; /* from the threshold */
};

static int nearer_first(const void *a, const void *b)
{
    const struct unclear *x = a, *y = b;
    if (x->far != y->far)
        return x->far < y->far ? -1 : 1;
    if (x->pair.a != y->pair.a)
        return x->pair.a < y->pair.a ? -1 : 1;
    return (x->pair.b > y->pair.b) - (x->pair.b < y->pair.b);
}

static void put_pair(const struct matched *m, const struct match_pair *p, const int *columns,
                     int n_columns, struct html *h)
{
    int joined = m->result->cluster[p->a] == m->result->cluster[p->b];
    html_row_class(h, "first");
    html_number(h, "%.3f", weight_probability(p->weight));
    html_cell(h, slice_str(joined ? "joined" : "apart"));
    page_name_cell(h, m, p->a);
    page_value_cells(h, m, p->a, p->b, columns, n_columns);
    html_row_class(h, "second");
    html_number(h, "%+.1f bits", account_bits(p->weight));
    html_cell(h, SLICE_LIT(""));
    page_name_cell(h, m, p->b);
    page_value_cells(h, m, p->b, p->a, columns, n_columns);
}

static void put_table(const struct matched *m, const struct unclear *list, size_t n, struct html *h)
{
    static const char *const first[] = {"#probability", "now", "record", NULL};
    uint32_t records[2 * UNCLEAR_SHOWN];
    int columns[PAGE_COLUMNS];
    for (size_t i = 0; i < n; i++) {
        records[2 * i] = list[i].pair.a;
        records[2 * i + 1] = list[i].pair.b;
    }
    int n_columns = page_columns(m, records, (uint32_t)(2 * n), columns);
    page_records_head(h, m, first, columns, n_columns);
    for (size_t i = 0; i < n; i++)
        put_pair(m, &list[i].pair, columns, n_columns, h);
    html_table_end(h);
}

int match_page_unclear(const struct match_page *p, struct html *h)
{
    const struct match_result *r = p->m->result;
    double band[2], t = match_page_threshold(p);
    t = t > 1 - 1e-9 ? 1 - 1e-9 : t;
    int32_t limit = (int32_t)lround(log2(t / (1 - t)) * BIT);
    struct unclear *list = malloc((r->n_review + 1) * sizeof *list);
    char text[2][32];
    if (!list)
        return ERR_MEMORY;
    for (size_t i = 0; i < r->n_review; i++)
        list[i] = (struct unclear){r->review[i], abs(r->review[i].weight - limit)};
    if (r->n_review)
        qsort(list, r->n_review, sizeof *list, nearer_first);
    size_t shown = r->n_review < UNCLEAR_SHOWN ? r->n_review : UNCLEAR_SHOWN;
    match_page_band(p, band);
    html_section(h, "unclear", "Unclear pairs");
    html_note(h,
              "%s pairs have a probability from %g to %g; the %s nearest to the threshold are "
              "here. What differs is marked. 'joined' and 'apart' say how they stand now, which "
              "other records may have decided.",
              html_count((int64_t)r->n_review, text[0]), band[0], band[1],
              html_count((int64_t)shown, text[1]));
    if (shown)
        put_table(p->m, list, shown, h);
    html_section_end(h);
    free(list);
    return 0;
}
