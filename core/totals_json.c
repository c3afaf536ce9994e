/* Totals as JSON. Keys are sixteen hexadecimal digits and money is strings, because JSON's numbers
 * hold neither in most readers. */
#include "core/decimal.h"
#include "core/totals.h"

#include <jansson.h>

static const char *const classes[TOTALS_CLASSES] = {"in", "out", "rejected", "filtered",
                                                    "duplicates"};

static int write_rows(const struct totals *t, struct buffer *out)
{
    TRY(buffer_string(out, "{\"rows\":{"));
    for (int c = 0; c < TOTALS_CLASSES; c++)
        TRY(buffer_printf(out, "%s\"%s\":%lld", c ? "," : "", classes[c], (long long)t->rows[c]));
    TRY(buffer_string(out, "},\"keys\":{"));
    for (int c = 0; c < TOTALS_CLASSES; c++)
        TRY(buffer_printf(out, "%s\"%s\":\"%016llx\"", c ? "," : "", classes[c],
                          (unsigned long long)t->keys[c]));
    return buffer_printf(out, "},\"unread_amounts\":%lld", (long long)t->unread_amounts);
}

/* Three visible ASCII characters at most. */
static int write_currency(const char *currency, struct buffer *out)
{
    TRY(buffer_putc(out, '"'));
    for (const char *c = currency; *c; c++) {
        if (*c == '"' || *c == '\\')
            TRY(buffer_putc(out, '\\'));
        TRY(buffer_putc(out, *c));
    }
    return buffer_string(out, "\":{");
}

static int write_money(const struct totals_money *m, struct buffer *out)
{
    TRY(write_currency(m->currency, out));
    for (int c = 0; c < TOTALS_CLASSES; c++) {
        char text[DECIMAL_TEXT];
        int len = (int)decimal_text(m->sum[c], TOTALS_SCALE, text);
        TRY(buffer_printf(out, "%s\"%s\":\"%.*s\"", c ? "," : "", classes[c], len, text));
    }
    return buffer_putc(out, '}');
}

int totals_json(const struct totals *t, struct buffer *out)
{
    TRY(write_rows(t, out));
    if (t->overflow)
        TRY(buffer_string(out, ",\"overflow\":true"));
    TRY(buffer_string(out, ",\"money\":{"));
    for (int i = 0; i < t->n_money; i++) {
        if (i)
            TRY(buffer_putc(out, ','));
        TRY(write_money(&t->money[i], out));
    }
    return buffer_string(out, "}}");
}

static int read_count(json_t *j, int64_t *ret)
{
    *ret = json_integer_value(j);
    return json_is_integer(j) && *ret >= 0;
}

static int read_key(json_t *j, uint64_t *ret)
{
    const char *text = json_string_value(j);
    if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return 0;
    *ret = 0;
    for (int i = 0; i < 16; i++)
        *ret = *ret << 4 | (uint64_t)(text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10);
    return 1;
}

static int read_money(struct totals *t, const char *currency, json_t *sums)
{
    for (int c = 0; c < TOTALS_CLASSES; c++) {
        json_t *j = json_object_get(sums, classes[c]);
        decimal128 v;
        if (!json_is_string(j) ||
            !decimal_parse(slice_of(json_string_value(j), json_string_length(j)), TOTALS_SCALE, &v))
            return 0;
        if (!totals_money_add(t, (enum totals_class)c, slice_str(currency), v))
            return 0;
    }
    return 1;
}

static int read_totals(json_t *root, struct totals *t)
{
    json_t *rows = json_object_get(root, "rows"), *keys = json_object_get(root, "keys");
    json_t *money = json_object_get(root, "money"), *sums;
    const char *currency;
    for (int c = 0; c < TOTALS_CLASSES; c++)
        if (!read_count(json_object_get(rows, classes[c]), &t->rows[c]) ||
            !read_key(json_object_get(keys, classes[c]), &t->keys[c]))
            return 0;
    if (!read_count(json_object_get(root, "unread_amounts"), &t->unread_amounts) ||
        !json_is_object(money))
        return 0;
    json_object_foreach(money, currency, sums)
    {
        if (!read_money(t, currency, sums))
            return 0;
    }
    t->overflow = json_is_true(json_object_get(root, "overflow"));
    return 1;
}

int totals_parse(struct slice json, struct totals *ret, struct error *err)
{
    struct totals t = {0};
    json_error_t where;
    json_t *root = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return error_set(err, ERR_DATA, "the totals are not JSON: %s", where.text);
    int good = read_totals(root, &t);
    json_decref(root);
    if (!good)
        return error_set(err, ERR_DATA, "the totals are JSON, but not of rows, keys and money");
    *ret = t;
    return 0;
}
