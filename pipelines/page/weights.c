/* What each level of each comparison weighs: bars to both sides of zero. */
#include <math.h>

#include "core/svg_chart.h"
#include "pipelines/page/page.h"
#include "transform/match/model.h"

struct extent {
    double low, high;
};

static double level_bits_of(const struct field_model *f, int state, int level)
{
    double m = f->m[state][level], u = f->u[state][level];
    return m > 0 && u > 0 ? log2(m / u) : 0;
}

static int states_of(const struct field_model *f)
{
    return f->depends == DEPENDS_NONE ? 1 : STATES;
}

static int is_shown(const struct field_model *f, int state, int level)
{
    return level > 0 && model_level_valid(f->kind, level) && f->m[state][level] > 0 &&
           f->u[state][level] > 0 && compare_level_name(f->kind, level)[0];
}

/* One axis for all, so that bars can be compared down the page. */
static struct extent extent_of(const struct match_model *model)
{
    struct extent e = {-1, 1};
    for (int k = 0; k < model->n_fields; k++)
        for (int s = 0; s < states_of(&model->fields[k]); s++)
            for (int level = 1; level < LEVELS; level++) {
                if (!is_shown(&model->fields[k], s, level))
                    continue;
                double bits = level_bits_of(&model->fields[k], s, level);
                e.low = bits < e.low ? bits : e.low;
                e.high = bits > e.high ? bits : e.high;
            }
    return e;
}

/* A share of pairs: percent with as many digits as it takes to be seen. */
static void put_share(struct html *h, double share)
{
    double percent = share * 100;
    if (percent < .005)
        html_raw(h, "<td class=\"n\">&lt; .01 %</td>");
    else
        html_number(h,
                    percent >= 9.95   ? "%.0f %%"
                    : percent >= .095 ? "%.1f %%"
                                      : "%.2f %%",
                    percent);
}

static void put_level(struct html *h, const struct field_model *f, int state, int level,
                      const struct extent *e)
{
    double bits = level_bits_of(f, state, level);
    html_row(h);
    html_cell(h, slice_str(compare_level_name(f->kind, level)));
    svg_bar_cell(h, bits, e->low, e->high);
    html_number(h, "%+.1f", bits);
    put_share(h, f->m[state][level]);
    put_share(h, f->h[state][level]);
    put_share(h, f->u[state][level]);
}

/* "where city agrees": what a table of its own hangs on. */
static void put_state(struct html *h, const struct match_model *model, const struct field_model *f,
                      int state)
{
    static const char *const parent[STATES] = {" agrees", " differs", " is missing"};
    static const char *const names[STATES] = {" both agree", ": one agrees", ": neither agrees"};
    int n = 0;
    if (f->depends == DEPENDS_NONE)
        return;
    html_raw(h, ", where ");
    for (uint32_t bits = f->parents; bits; bits &= bits - 1) {
        html_raw(h, n++ ? ", " : "");
        html_text(h, slice_str(model->fields[__builtin_ctz(bits)].name));
    }
    html_raw(h, f->depends == DEPENDS_NAMES ? names[state] : parent[state]);
}

static void put_field(struct html *h, const struct match_model *model, int k,
                      const struct extent *e)
{
    const struct field_model *f = &model->fields[k];
    for (int state = 0; state < states_of(f); state++) {
        html_raw(h, "\n<tr class=\"group\"><td colspan=\"6\">");
        html_text(h, slice_str(f->name));
        put_state(h, model, f, state);
        html_raw(h, "</td></tr>");
        for (int level = 1; level < LEVELS; level++)
            if (is_shown(f, state, level))
                put_level(h, f, state, level, e);
    }
}

void match_page_weights(const struct match_page *p, struct html *h)
{
    static const char *const heads[] = {"agreement", "weight", "#bits", "#m", "#h", "#u", NULL};
    const struct match_model *model = p->m->result->model;
    html_section(h, "weights", "What each agreement weighs");
    if (!model || !model->n_fields) {
        html_note(h, "No column says anything about who a record is.");
        html_section_end(h);
        return;
    }
    struct extent e = extent_of(model);
    html_note(h,
              "Bits for (right) and against (left) two records being the same person; a bit "
              "doubles the odds. m, h, u: the share of pairs that agree so among pairs of the same "
              "person, of one household or family, and of two unrelated records. Before anything "
              "is compared, the odds stand at %+.1f bits. An exact value weighs more than its bar "
              "where it is rare, and less where it is common; a missing one weighs nothing.",
              (double)model->prior_m / BIT);
    html_table(h, heads);
    for (int k = 0; k < model->n_fields; k++)
        put_field(h, model, k, &e);
    html_table_end(h);
    html_section_end(h);
}
