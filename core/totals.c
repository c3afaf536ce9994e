#include "core/totals.h"

#include "core/decimal.h"

void totals_row(struct totals *t, enum totals_class c, uint64_t key_hash)
{
    t->rows[c]++;
    t->keys[c] += key_hash;
}

static int money_position(const struct totals *t, const char currency[4])
{
    int i = 0;
    while (i < t->n_money && strcmp(t->money[i].currency, currency) < 0)
        i++;
    return i;
}

/* The currency's sums, new ones if need be; NULL when there are too many. */
static struct totals_money *money_of(struct totals *t, const char currency[4])
{
    int i = money_position(t, currency);
    if (i < t->n_money && !strcmp(t->money[i].currency, currency))
        return &t->money[i];
    if (t->n_money == TOTALS_CURRENCIES)
        return NULL;
    memmove(&t->money[i + 1], &t->money[i], (size_t)(t->n_money - i) * sizeof t->money[0]);
    t->money[i] = (struct totals_money){0};
    memcpy(t->money[i].currency, currency, 4);
    t->n_money++;
    return &t->money[i];
}

static int currency_name(struct slice currency, char ret[4])
{
    if (currency.len > 3)
        return 0;
    memset(ret, 0, 4);
    for (size_t i = 0; i < currency.len; i++) {
        if (currency.ptr[i] <= ' ' || currency.ptr[i] > '~')
            return 0;
        ret[i] = currency.ptr[i];
    }
    return 1;
}

int totals_money_add(struct totals *t, enum totals_class c, struct slice currency,
                     decimal128 amount)
{
    char name[4];
    if (!currency_name(currency, name))
        return 0;
    struct totals_money *m = money_of(t, name);
    return m && decimal_add(m->sum[c], amount, &m->sum[c]);
}

static int merge_money(struct totals *into, const struct totals_money *from)
{
    struct totals_money *m = money_of(into, from->currency);
    for (int c = 0; m && c < TOTALS_CLASSES; c++)
        if (!decimal_add(m->sum[c], from->sum[c], &m->sum[c]))
            return 0;
    return m != NULL;
}

void totals_merge(struct totals *into, const struct totals *from)
{
    for (int c = 0; c < TOTALS_CLASSES; c++) {
        into->rows[c] += from->rows[c];
        into->keys[c] += from->keys[c];
    }
    into->unread_amounts += from->unread_amounts;
    into->overflow |= from->overflow;
    for (int i = 0; i < from->n_money; i++)
        if (!merge_money(into, &from->money[i]))
            into->overflow = 1;
}

static int check_rows(const struct totals *t, const char *step, struct error *err)
{
    const int64_t *r = t->rows;
    int64_t out = r[TOTALS_OUT] + r[TOTALS_REJECTED] + r[TOTALS_FILTERED] + r[TOTALS_DUPLICATES];
    if (r[TOTALS_IN] == out)
        return 0;
    return error_set(err, ERR_DATA,
                     "'%s' does not balance: %lld rows in, but %lld out, %lld rejected, %lld "
                     "filtered and %lld duplicates make %lld",
                     step, (long long)r[TOTALS_IN], (long long)r[TOTALS_OUT],
                     (long long)r[TOTALS_REJECTED], (long long)r[TOTALS_FILTERED],
                     (long long)r[TOTALS_DUPLICATES], (long long)out);
}

static int check_keys(const struct totals *t, const char *step, struct error *err)
{
    const uint64_t *k = t->keys;
    if (k[TOTALS_IN] ==
        k[TOTALS_OUT] + k[TOTALS_REJECTED] + k[TOTALS_FILTERED] + k[TOTALS_DUPLICATES])
        return 0;
    return error_set(err, ERR_DATA,
                     "'%s' does not balance: as many rows came out as went in, but not the same "
                     "keys",
                     step);
}

static int check_money(const struct totals_money *m, const char *step, struct error *err)
{
    decimal128 out = 0;
    int fits = 1;
    for (int c = TOTALS_OUT; c < TOTALS_CLASSES; c++)
        fits = fits && decimal_add(out, m->sum[c], &out);
    if (fits && out == m->sum[TOTALS_IN])
        return 0;
    char in_text[DECIMAL_TEXT], out_text[DECIMAL_TEXT];
    int in_len = (int)decimal_text(m->sum[TOTALS_IN], TOTALS_SCALE, in_text);
    int out_len = (int)decimal_text(out, TOTALS_SCALE, out_text);
    return error_set(err, ERR_DATA, "'%s' does not balance: %.*s %s in, but %.*s accounted for",
                     step, in_len, in_text, m->currency[0] ? m->currency : "of no currency",
                     out_len, out_text);
}

int totals_check(const struct totals *t, const char *step, struct error *err)
{
    TRY(check_rows(t, step, err));
    TRY(check_keys(t, step, err));
    if (t->overflow)
        return error_set(err, ERR_DATA,
                         "the money of '%s' cannot be summed: too many currencies "
                         "or too large",
                         step);
    for (int i = 0; i < t->n_money; i++)
        TRY(check_money(&t->money[i], step, err));
    return 0;
}
