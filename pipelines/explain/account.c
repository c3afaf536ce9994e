#include "pipelines/explain/account.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/wrap.h"

enum { WIDTH = 80, REASONS = 3, FIELD = 14, AGREEMENT = 24, VALUES = 24 };

double account_bits(int32_t weight)
{
    return (double)weight / BIT;
}

int account_weight(int32_t weight, struct buffer *out)
{
    return weight == WEIGHT_CERTAIN ? buffer_string(out, "certain, by a rule")
                                    : buffer_printf(out, "%+.2f bits", account_bits(weight));
}

/* "9:1"; what is far beyond doubt needs no digits. */
static void odds_words(double odds, char out[32])
{
    if (odds >= 1e6)
        snprintf(out, 32, "over a million to 1");
    else
        snprintf(out, 32, odds < 9.95 ? "%.1f:1" : "%.0f:1", odds);
}

enum reason_kind { FOR_PERSON, AGAINST_PERSON, NOT_PERSON_BUT_HOUSEHOLD, FOR_HOUSEHOLD };

/* How much a step speaks for what the reasons are of; 0 or less: it does not. */
static int32_t speaks(const struct account_step *s, enum reason_kind kind)
{
    if (!s->compared)
        return 0;
    return kind == FOR_PERSON       ? s->same
           : kind == AGAINST_PERSON ? -s->same
           : kind == FOR_HOUSEHOLD  ? s->household
                                    : s->household - s->same;
}

struct reason {
    int32_t speaks;
    int step;
};

static int louder_first(const void *a, const void *b)
{
    const struct reason *x = a, *y = b;
    if (x->speaks != y->speaks)
        return x->speaks > y->speaks ? -1 : 1;
    return x->step - y->step;
}

/* Reasons of half a bit or more, the loudest first. */
static int reasons_of(const struct pair_account *a, enum reason_kind kind,
                      struct reason list[COMPARISONS_MAX])
{
    int n = 0;
    for (int i = 0; i < a->n; i++)
        if (speaks(&a->steps[i], kind) >= BIT / 2)
            list[n++] = (struct reason){speaks(&a->steps[i], kind), i};
    if (n)
        qsort(list, (size_t)n, sizeof *list, louder_first);
    return n;
}

/* Appends "birth_date exact (+9.2), …"; returns how many there are, or ERR_MEMORY. */
static int put_reasons(const struct pair_account *a, enum reason_kind kind, struct wrap *w)
{
    struct reason list[COMPARISONS_MAX];
    struct buffer one = {0};
    int n = reasons_of(a, kind, list), code = 0;
    for (int i = 0; i < n && i < REASONS && code == 0; i++) {
        const struct account_step *s = &a->steps[list[i].step];
        int32_t weight = kind == FOR_HOUSEHOLD ? s->household : s->same;
        buffer_reset(&one);
        code = buffer_printf(&one, "%s%s %s (%+.1f)", i ? ", " : "", s->field, s->agreement,
                             account_bits(weight));
        if (code == 0)
            code = wrap_words(w, buffer_view(&one));
    }
    buffer_done(&one);
    return code < 0 ? code : n;
}

static int put_list(const struct pair_account *a, const char *head, enum reason_kind kind,
                    int indent, struct buffer *out)
{
    struct wrap w = {out, WIDTH, indent + 9, indent + (int)strlen(head)};
    struct reason list[COMPARISONS_MAX];
    if (reasons_of(a, kind, list) == 0)
        return 0;
    TRY(buffer_printf(out, "%*s%s", indent, "", head));
    TRY(put_reasons(a, kind, &w));
    return wrap_end(&w);
}

int account_reasons(const struct pair_account *a, int indent, struct buffer *out)
{
    TRY(put_list(a, "for:     ", FOR_PERSON, indent, out));
    TRY(put_list(a, "against: ", AGAINST_PERSON, indent, out));
    if (a->same - a->weight < BIT)
        return 0;
    return buffer_printf(out, "%*sagainst: one household would show as much (%+.1f)\n", indent, "",
                         account_bits(a->weight - a->same));
}

static int put_household(const struct pair_account *a, struct buffer *out)
{
    struct wrap w = {out, WIDTH, 2, 0};
    char odds[32], text[96];
    odds_words(weight_odds(a->household - a->same), odds);
    snprintf(text, sizeof text, "the same household or family, %s, not the same person", odds);
    TRY(wrap_words(&w, slice_str(text)));
    struct reason list[COMPARISONS_MAX];
    if (reasons_of(a, NOT_PERSON_BUT_HOUSEHOLD, list)) {
        TRY(wrap_words(&w, SLICE_LIT(", because ")));
        TRY(put_reasons(a, NOT_PERSON_BUT_HOUSEHOLD, &w));
    }
    TRY(wrap_end(&w));
    if (reasons_of(a, FOR_HOUSEHOLD, list) == 0)
        return 0;
    TRY(wrap_words(&w, SLICE_LIT("  the household shows in ")));
    TRY(put_reasons(a, FOR_HOUSEHOLD, &w));
    return wrap_end(&w);
}

int account_verdict(const struct pair_account *a, struct buffer *out)
{
    char odds[32];
    if (a->rule == ACCOUNT_CERTAIN)
        TRY(buffer_string(out,
                          "a 'certain' rule of the project joins them, whatever the weight\n"));
    if (a->rule == ACCOUNT_NEVER)
        TRY(buffer_string(out,
                          "a 'never' rule of the project keeps them apart, whatever the weight\n"));
    if (a->weight <= 0 && a->p_household > a->p_same && a->p_household > a->p_unrelated)
        return put_household(a, out);
    odds_words(weight_odds(a->weight > 0 ? a->weight : -a->weight), odds);
    TRY(buffer_printf(out,
                      a->weight > 0 ? "more likely one person than not, %s\n"
                                    : "more likely two people, %s\n",
                      odds));
    return account_reasons(a, 2, out);
}

static int put_weights(struct buffer *out, int32_t same, int32_t household)
{
    return buffer_printf(out, " %+7.2f %+7.2f\n", account_bits(same), account_bits(household));
}

static int put_values(const struct account_step *s, struct buffer *out)
{
    const char *none = "\xE2\x80\x93"; /* an en dash: nothing there */
    if (s->exact && strcmp(s->a, s->b) == 0)
        return buffer_string(out, s->a);
    return buffer_printf(out, "%s | %s", s->a[0] ? s->a : none, s->b[0] ? s->b : none);
}

/* On a line of their own, cut where it ends. */
static int put_below(struct slice values, struct buffer *out)
{
    int width = text_width(values);
    TRY(buffer_string(out, "    "));
    TRY(text_padded(out, values, width < WIDTH - 4 ? width : WIDTH - 4));
    return buffer_putc(out, '\n');
}

/* Values stand between the agreement and the weights where they fit, else on a line below. */
static int put_fitted(const struct account_step *s, struct slice values, struct buffer *out)
{
    struct slice agreement = slice_str(s->agreement);
    int below = text_width(agreement) > AGREEMENT || text_width(values) > VALUES;
    TRY(text_padded(out, slice_str(s->field), FIELD));
    TRY(buffer_putc(out, ' '));
    TRY(text_padded(out, agreement, below ? AGREEMENT + 1 + VALUES : AGREEMENT));
    if (!below) {
        TRY(buffer_putc(out, ' '));
        TRY(text_padded(out, values, VALUES));
    }
    TRY(put_weights(out, s->same, s->household));
    return below ? put_below(values, out) : 0;
}

static int put_step(const struct account_step *s, struct buffer *out)
{
    struct buffer values = {0};
    int code = put_values(s, &values);
    if (code == 0)
        code = put_fitted(s, buffer_view(&values), out);
    buffer_done(&values);
    return code;
}

static int put_line(struct buffer *out, const char *words, int32_t same, int32_t household)
{
    TRY(text_padded(out, slice_str(words), FIELD + AGREEMENT + VALUES + 2));
    return put_weights(out, same, household);
}

int account_text(const struct pair_account *a, struct slice first, struct slice second,
                 struct buffer *out)
{
    TRY(buffer_printf(out, "%.*s and %.*s, in bits\n", (int)first.len, first.ptr, (int)second.len,
                      second.ptr));
    TRY(text_padded(out, SLICE_LIT(""), FIELD + AGREEMENT + VALUES + 2));
    TRY(buffer_string(out, "  person  househ\n"));
    TRY(put_line(out, "before anything is compared", a->prior_same, a->prior_household));
    for (int i = 0; i < a->n; i++)
        TRY(put_step(&a->steps[i], out));
    if (a->together_same || a->together_household)
        TRY(put_line(out, "standing together", a->together_same, a->together_household));
    TRY(put_line(out, "sum", a->same, a->household));
    TRY(text_padded(out, SLICE_LIT("less the household alternative"),
                    FIELD + AGREEMENT + VALUES + 2));
    TRY(buffer_printf(out, " %+7.2f\n", account_bits(a->weight - a->same)));
    TRY(text_padded(out, SLICE_LIT("weight"), FIELD + AGREEMENT + VALUES + 2));
    TRY(buffer_printf(out, " %+7.2f\n", account_bits(a->weight)));
    TRY(buffer_printf(
        out, "probability %.4f: the same person; %.4f the same household; %.4f neither\n\n",
        a->p_same, a->p_household, a->p_unrelated));
    return account_verdict(a, out);
}

json_t *account_real(double value)
{
    return json_real(round(value * 1e6) / 1e6);
}

static json_t *step_json(const struct account_step *s)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:o}", "field", s->field, "first", s->a,
                     "second", s->b, "agreement", s->agreement, "compared", s->compared, "person",
                     account_real(account_bits(s->same)), "household",
                     account_real(account_bits(s->household)));
}

static const char *rule_word(enum account_rule rule)
{
    return rule == ACCOUNT_CERTAIN ? "certain" : rule == ACCOUNT_NEVER ? "never" : NULL;
}

json_t *account_json(const struct pair_account *a, struct slice first, struct slice second)
{
    struct buffer words = {0};
    json_t *steps = json_array();
    for (int i = 0; steps && i < a->n; i++)
        json_array_append_new(steps, step_json(&a->steps[i]));
    if (account_verdict(a, &words) < 0 || !steps) {
        buffer_done(&words);
        json_decref(steps);
        return NULL;
    }
    struct slice verdict = slice_trim(buffer_view(&words));
    json_t *all = json_pack(
        "{s:s%, s:s%, s:{s:o, s:o}, s:o, s:{s:o, s:o}, s:{s:o, s:o}, s:o, s:o, s:o, s:o, s:s?, "
        "s:s%}",
        "first", first.ptr, first.len, "second", second.ptr, second.len, "before", "person",
        account_real(account_bits(a->prior_same)), "household",
        account_real(account_bits(a->prior_household)), "comparisons", steps, "together", "person",
        account_real(account_bits(a->together_same)), "household",
        account_real(account_bits(a->together_household)), "sum", "person",
        account_real(account_bits(a->same)), "household", account_real(account_bits(a->household)),
        "weight", account_real(account_bits(a->weight)), "probability", account_real(a->p_same),
        "probability_household", account_real(a->p_household), "probability_unrelated",
        account_real(a->p_unrelated), "rule", rule_word(a->rule), "verdict", verdict.ptr,
        verdict.len);
    buffer_done(&words);
    return all;
}
