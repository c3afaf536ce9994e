#include "pipelines/match_page.h"

#include <stdio.h>

#include "core/file.h"
#include "core/svg_chart.h"
#include "pipelines/link.h"
#include "transform/match/model.h"

double match_page_threshold(const struct match_page *p)
{
    const struct match_rules *r = p->m->rules;
    return r && r->threshold > 0 ? r->threshold : .5;
}

void match_page_band(const struct match_page *p, double ret[2])
{
    const struct match_rules *r = p->m->rules;
    int given = r && r->review[1] > 0;
    ret[0] = given ? r->review[0] : .2;
    ret[1] = given ? r->review[1] : .8;
}

static void figure(struct html *h, const char *label, int64_t n)
{
    char text[32];
    html_figure(h, label, html_count(n, text));
}

static int64_t count_joined(const struct matched *m)
{
    int64_t joined = 0;
    for (uint32_t i = 0; i < m->table->n; i++)
        joined += m->result->cluster[i] != i;
    return joined;
}

static void put_warnings(const struct match_result *r, struct html *h)
{
    for (int i = 0; i < r->n_warnings; i++) {
        html_raw(h, "<p class=\"warn\">");
        html_text(h, slice_str(r->warnings[i]));
        html_raw(h, "</p>\n");
    }
}

static void put_model(const struct match_page *p, struct html *h)
{
    const struct match_model *model = p->m->result->model;
    char n[32];
    if (!model)
        return;
    if (p->m->model_given)
        html_note(h, "The weights are of a model that was given, made from %s records.",
                  html_count(model->n_records, n));
    else if (model->learned)
        html_note(h, "The weights were learned from these records, without labels.");
}

static void put_summary(const struct match_page *p, struct html *h)
{
    const struct match_result *r = p->m->result;
    int64_t customers, largest, n = p->m->table->n;
    link_sizes(r->cluster, (size_t)n, &customers, &largest);
    html_figures(h);
    figure(h, "records", n);
    figure(h, "customers", customers);
    figure(h, "records joined to another", count_joined(p->m));
    figure(h, "records of the largest customer", largest);
    figure(h, "candidate pairs", r->n_candidates);
    figure(h, "unclear pairs", (int64_t)r->n_review);
    html_figures_end(h);
    put_model(p, h);
    put_warnings(r, h);
}

static void put_contents(const struct match_page *p, struct html *h)
{
    html_raw(h, "<nav>");
    if (p->columns)
        html_raw(h, "<a href=\"#columns\">columns</a>");
    html_raw(h, "<a href=\"#weights\">weights</a><a href=\"#scores\">scores</a>"
                "<a href=\"#blocks\">blocks</a><a href=\"#sizes\">customer sizes</a>");
    if (p->m->result->n_bridges)
        html_raw(h, "<a href=\"#bridges\">held by one link</a>");
    html_raw(h, "<a href=\"#largest\">largest customers</a>"
                "<a href=\"#weakest\">weakest customers</a>"
                "<a href=\"#unclear\">unclear pairs</a></nav>\n");
}

static void put_columns(const struct match_page *p, struct html *h)
{
    static const char *const heads[] = {"column", "taken for", "because", NULL};
    if (!p->columns)
        return;
    html_section(h, "columns", "How each column was taken");
    html_table(h, heads);
    for (int i = 0; i < p->n_columns; i++) {
        const struct dedupe_column *c = &p->columns[i];
        int used = c->meaning != MEANING_UNKNOWN && c->meaning != MEANING_KEY &&
                   c->meaning != MEANING_SOURCE;
        html_row(h);
        html_cell(h, c->name);
        html_cell_class(
            h, used ? "taken" : "key",
            slice_str(c->meaning == MEANING_UNKNOWN ? "not used" : meaning_name(c->meaning)));
        html_cell(h, slice_str(c->why ? c->why : ""));
    }
    html_table_end(h);
    html_note(h, "Where one is wrong, <code>--as COLUMN=MEANING</code> says what it is.");
    html_section_end(h);
}

static int put_page(const struct match_page *p, struct html *h)
{
    html_begin(h, p->title, p->lead);
    put_summary(p, h);
    put_contents(p, h);
    put_columns(p, h);
    match_page_weights(p, h);
    match_page_scores(p, h);
    match_page_sizes(p, h);
    match_page_bridges(p, h);
    TRY(match_page_customers(p, h));
    TRY(match_page_unclear(p, h));
    return html_end(h);
}

int match_page_write(const struct match_page *p, const char *path, struct error *err)
{
    struct html h;
    int code = put_page(p, &h) < 0 ? error_memory(err) : 0;
    if (code == 0)
        code = file_store(path, 0, buffer_view(&h.out), err);
    html_done(&h);
    return code;
}
