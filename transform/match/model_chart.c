#include "transform/match/model_chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"

enum { CELLS = 10, EIGHTHS = 8 };

struct charting {
    const struct match_model *m;
    enum chart_style style;
    double cell; /* bits */
    struct buffer *out;
};

double model_level_bits(const struct field_model *f, int state, int level)
{
    return log2(f->m[state][level] / f->u[state][level]);
}

int model_level_used(const struct match_model *m, int k, int level)
{
    const struct field_model *f = &m->fields[k];
    int alias =
        (f->kind == COMPARE_GIVEN || f->kind == COMPARE_FAMILY || f->kind == COMPARE_PLACE) &&
        (level == NAME_ALIAS || level == NAME_ALIAS_STRONG);
    if (!alias)
        return model_level_valid(f->kind, level);
    for (uint32_t i = 0; i < m->n_aliases[k]; i++)
        if (m->aliases[k][i].level == level)
            return 1;
    return 0;
}

static int states_of(const struct field_model *f)
{
    return f->depends == DEPENDS_NONE ? 1 : STATES;
}

/* The names of the parents: "postcode or city". */
static void parent_words(const struct match_model *m, int k, const char *joint, char out[64])
{
    size_t at = 0;
    out[0] = 0;
    for (int p = 0; p < m->n_fields && at < 50; p++)
        if (m->fields[k].parents >> p & 1) {
            struct slice name = slice_of(m->fields[p].name, strnlen(m->fields[p].name, 24));
            name.len = slice_utf8_valid(name);
            int wrote =
                snprintf(out + at, 64 - at, "%s%.*s", at ? joint : "", (int)name.len, name.ptr);
            at += wrote > 0 ? (size_t)wrote : 0;
        }
}

void model_state_words(const struct match_model *m, int k, int state, char out[96])
{
    static const char *const one[] = {"agrees", "differs", "is missing"};
    static const char *const names[] = {"both names agree", "one name agrees", "no name agrees"};
    char parents[64];
    out[0] = 0;
    if (m->fields[k].depends == DEPENDS_NONE)
        return;
    if (m->fields[k].depends == DEPENDS_NAMES) {
        snprintf(out, 96, "where %s", names[state]);
        return;
    }
    parent_words(m, k, " or ", parents);
    snprintf(out, 96, "where %s %s", parents, one[state]);
}

/* The share among pairs of one household, as scoring sees it. */
static double household_share(const struct field_model *f, int s, int l)
{
    switch (f->household) {
    case HOUSEHOLD_LEARNED:
    case HOUSEHOLD_RELATED:
        return f->h[s][l];
    case HOUSEHOLD_GIVEN:
        return .98 * f->u[s][l] + (l == 1 ? .02 : 0);
    case HOUSEHOLD_DATE:
        return .97 * f->u[s][l] + (l == 1 ? .03 : 0);
    default:
        return f->u[s][l];
    }
}

/* A bit count that makes the longest bar fit, in halves. */
static double cell_bits(const struct match_model *m)
{
    double most = 0;
    for (int k = 0; k < m->n_fields; k++)
        for (int s = 0; s < states_of(&m->fields[k]); s++)
            for (int l = 1; l < LEVELS; l++)
                if (model_level_used(m, k, l))
                    most = fmax(most, fabs(model_level_bits(&m->fields[k], s, l)));
    double cell = ceil(most / CELLS * 2) / 2;
    return cell < .5 ? .5 : cell;
}

static int put_cells(struct buffer *out, const char *cell, int n)
{
    for (int i = 0; i < n; i++)
        TRY(buffer_string(out, cell));
    return 0;
}

/* Left of zero blocks know halves alone, right of it eighths. */
static int put_bar(struct charting *c, double bits)
{
    static const char *const part[EIGHTHS] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int blocks = c->style == CHART_BLOCKS, eighths = (int)lround(fabs(bits) / c->cell * EIGHTHS);
    if (!blocks || bits < 0)
        eighths = blocks ? (eighths + 2) / 4 * 4 : (eighths + 4) / EIGHTHS * EIGHTHS;
    int full = eighths / EIGHTHS, rest = eighths % EIGHTHS, cells = full + (rest > 0);
    const char *cell = blocks ? "█" : "#", *zero = blocks ? "│" : "|";
    if (bits < 0) {
        TRY(put_cells(c->out, " ", CELLS - cells));
        TRY(buffer_string(c->out, rest ? "▐" : ""));
        TRY(put_cells(c->out, cell, full));
        TRY(buffer_string(c->out, zero));
        return put_cells(c->out, " ", CELLS);
    }
    TRY(put_cells(c->out, " ", CELLS));
    TRY(buffer_string(c->out, zero));
    TRY(put_cells(c->out, cell, full));
    TRY(buffer_string(c->out, part[rest]));
    return put_cells(c->out, " ", CELLS - cells);
}

/* A share in per cent, in six columns. */
static int put_share(struct buffer *out, double share)
{
    double x = share * 100;
    if (x < .001)
        return buffer_string(out, " <.001");
    return buffer_printf(out, " %5.*f", x >= 9.995 ? 1 : x >= .9995 ? 2 : 3, x);
}

static int put_level(struct charting *c, int k, int s, int l)
{
    const struct field_model *f = &c->m->fields[k];
    double bits = model_level_bits(f, s, l);
    int varies = model_uses_frequency(f, s, l) || (f->kind == COMPARE_GIVEN && l == NAME_SWAPPED);
    TRY(buffer_printf(c->out, "  %-26.26s ", compare_level_name(f->kind, l)));
    TRY(put_bar(c, bits));
    TRY(buffer_printf(c->out, " %+6.2f%c", bits, varies ? '*' : ' '));
    TRY(put_share(c->out, f->m[s][l]));
    TRY(put_share(c->out, household_share(f, s, l)));
    TRY(put_share(c->out, f->u[s][l]));
    return buffer_string(c->out, "\n");
}

static int put_field(struct charting *c, int k)
{
    const struct field_model *f = &c->m->fields[k];
    double filled = c->m->n_records ? 100.0 * f->filled / c->m->n_records : 0;
    TRY(buffer_printf(c->out, "\n%s: %s", f->name, compare_kind_name(f->kind)));
    if (f->filled)
        TRY(buffer_printf(c->out, ", %.1f %% of records have one", filled));
    if (c->m->n_aliases[k])
        TRY(buffer_printf(c->out, ", %u aliases learned", c->m->n_aliases[k]));
    TRY(buffer_string(c->out, "\n"));
    for (int s = 0; s < states_of(f); s++) {
        char words[96];
        model_state_words(c->m, k, s, words);
        if (words[0])
            TRY(buffer_printf(c->out, " %s\n", words));
        for (int l = 1; l < LEVELS; l++)
            if (model_level_used(c->m, k, l))
                TRY(put_level(c, k, s, l));
    }
    return 0;
}

static int put_head(struct charting *c)
{
    const struct match_model *m = c->m;
    double n = m->n_records, pairs = n * (n - 1) / 2;
    TRY(buffer_printf(c->out, "%u records; %s", m->n_records,
                      m->learned ? "weights learned without labels"
                                 : "built-in weights: too few records to learn from"));
    if (m->labels_same + m->labels_different)
        TRY(buffer_printf(c->out, ", and with %u labelled pairs (%u of one customer)",
                          m->labels_same + m->labels_different, m->labels_same));
    TRY(buffer_printf(c->out,
                      "\nmatches expected: %.0f pairs, %.3f a record; the prior is %+.2f bits\n",
                      m->lambda_m * pairs, n > 0 ? m->lambda_m * pairs / n : 0, log2(m->lambda_m)));
    return buffer_printf(c->out,
                         "one cell of a bar is %g bit%s; shares in %% of pairs\n\n"
                         "%-29s%10s %-10s   %4s  %6s%6s%6s\n",
                         c->cell, c->cell > .75 && c->cell < 1.25 ? "" : "s", "", "against", "for",
                         "bits", "same", "house", "other");
}

int model_chart(const struct match_model *m, enum chart_style style, struct buffer *out)
{
    struct charting c = {.m = m, .style = style, .cell = cell_bits(m), .out = out};
    TRY(put_head(&c));
    for (int k = 0; k < m->n_fields; k++)
        TRY(put_field(&c, k));
    return buffer_string(out, "\n* on average: a rare value weighs more, a common one less\n");
}
