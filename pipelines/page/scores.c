/* How the pairs scored, and how large blocks and customers are. */
#include <math.h>
#include <stdlib.h>

#include "core/svg_chart.h"
#include "pipelines/page/page.h"

enum { BINS_MAX = 240, SIZE_CLASSES = 12 };

static double bits_of_probability(double p)
{
    p = p < 1e-9 ? 1e-9 : p > 1 - 1e-9 ? 1 - 1e-9 : p;
    return log2(p / (1 - p));
}

/* Whole bits from the lowest to the highest score; returns how many, and the first in *ret_first.
 */
static int count_bins(const struct match_evidence *v, int64_t counts[BINS_MAX], int *ret_first)
{
    int low = BINS_MAX / 2, high = -BINS_MAX / 2;
    for (size_t i = 0; i < v->n_pairs; i++) {
        if (v->pairs[i].weight == WEIGHT_CERTAIN)
            continue;
        int bin = (int)floor((double)v->pairs[i].weight / BIT);
        bin = bin < -BINS_MAX / 2 ? -BINS_MAX / 2 : bin >= BINS_MAX / 2 ? BINS_MAX / 2 - 1 : bin;
        low = bin < low ? bin : low;
        high = bin > high ? bin : high;
        counts[bin + BINS_MAX / 2]++;
    }
    if (low > high)
        low = high = 0;
    low = low > -4 ? -4 : low;
    high = high < 3 ? 3 : high;
    *ret_first = low;
    return high - low + 1;
}

void match_page_scores(const struct match_page *p, struct html *h)
{
    const struct match_evidence *v = p->m->evidence;
    int64_t counts[BINS_MAX] = {0}, above = 0, certain = 0;
    int first, n = count_bins(v, counts, &first);
    double band[2], limit = bits_of_probability(match_page_threshold(p));
    char text[3][32];
    match_page_band(p, band);
    for (size_t i = 0; i < v->n_pairs; i++) {
        certain += v->pairs[i].weight == WEIGHT_CERTAIN;
        above += (double)v->pairs[i].weight / BIT > limit;
    }
    const struct svg_histogram g = {
        .counts = counts + first + BINS_MAX / 2,
        .n = n,
        .first = first,
        .width = 1,
        .tick = n > 60 ? 10 : 5,
        .limit = limit,
        .band = {bits_of_probability(band[0]), bits_of_probability(band[1])},
        .x_name = "weight of the pair, bits",
        .y_name = "pairs"};
    html_section(h, "scores", "How the pairs scored");
    html_note(h,
              "%s pairs were compared; %s of them score above the threshold. Both ends of the "
              "axis are far from doubt; what lies between is where the model cannot tell.",
              html_count((int64_t)v->n_pairs, text[0]), html_count(above, text[1]));
    if (certain)
        html_note(h, "%s pairs were joined by a rule and are not in the chart.",
                  html_count(certain, text[2]));
    svg_legend(h);
    svg_legend_item(h, "for", "one person");
    svg_legend_item(h, "against", "two people");
    svg_legend_item(h, "limit", "threshold");
    svg_legend_item(h, "band", "unclear");
    svg_legend_end(h);
    svg_histogram(h, &g);
    html_section_end(h);
}

static void put_blocks(const struct match_page *p, struct html *h)
{
    static const char *const heads[] = {"records in the block", "#blocks", "", "#pairs in them",
                                        NULL};
    const struct match_evidence *v = p->m->evidence;
    int64_t most = 1;
    char text[2][32];
    for (int i = 0; i < EVIDENCE_BLOCK_CLASSES; i++)
        most = v->blocks[i] > most ? v->blocks[i] : most;
    html_section(h, "blocks", "Blocks that brought pairs together");
    html_note(h,
              "Records that share one thing, or two, make a block; larger blocks than these say "
              "too little and are left out. Of the pairs in all blocks each record keeps the "
              "others it shares most with: %s candidate pairs. Bars are logarithmic.",
              html_count(p->m->result->n_candidates, text[0]));
    html_table(h, heads);
    for (int i = 0; i < EVIDENCE_BLOCK_CLASSES; i++) {
        if (!v->blocks[i])
            continue;
        html_row(h);
        html_cell(h, slice_str(evidence_block_class(i)));
        html_number(h, "%s", html_count(v->blocks[i], text[0]));
        svg_count_cell(h, v->blocks[i], most);
        html_number(h, "%s", html_count(v->block_pairs[i], text[1]));
    }
    html_table_end(h);
    html_section_end(h);
}

static int size_class(uint32_t size)
{
    return size <= 6     ? (int)size - 1
           : size <= 10  ? 6
           : size <= 20  ? 7
           : size <= 50  ? 8
           : size <= 100 ? 9
           : size <= 500 ? 10
                         : 11;
}

static int count_sizes(const struct matched *m, int64_t counts[SIZE_CLASSES])
{
    uint32_t n = m->table->n, *size = calloc((size_t)n + 1, sizeof *size);
    if (!size)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        size[m->result->cluster[i]]++;
    for (uint32_t i = 0; i < n; i++)
        if (size[i])
            counts[size_class(size[i])]++;
    free(size);
    return 0;
}

static void put_sizes(const struct match_page *p, struct html *h)
{
    static const char *const heads[] = {"records", "#customers", "", NULL};
    static const char *const names[SIZE_CLASSES] = {
        "1",       "2",        "3",        "4",         "5",          "6",
        "7 to 10", "11 to 20", "21 to 50", "51 to 100", "101 to 500", "more"};
    int64_t counts[SIZE_CLASSES] = {0}, most = 1;
    char text[32];
    h->failed |= count_sizes(p->m, counts) < 0;
    for (int i = 0; i < SIZE_CLASSES; i++)
        most = counts[i] > most ? counts[i] : most;
    html_section(h, "sizes", "Customers by their number of records");
    html_table(h, heads);
    for (int i = 0; i < SIZE_CLASSES; i++) {
        if (!counts[i])
            continue;
        html_row(h);
        html_cell(h, slice_str(names[i]));
        html_number(h, "%s", html_count(counts[i], text));
        svg_count_cell(h, counts[i], most);
    }
    html_table_end(h);
    html_section_end(h);
}

void match_page_sizes(const struct match_page *p, struct html *h)
{
    put_blocks(p, h);
    put_sizes(p, h);
}
