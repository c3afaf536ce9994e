#include "transform/map/money.h"

#include "transform/map/text.h"

enum { MONEY_CHARS = 64, MONEY_DIGITS = 18, SIGN_CHARS = 20 };

/* Signs and names, in lower case, sorted by bytes. */
static const struct word_pair currencies[] = {
    {"$", "USD"},        {"a$", "AUD"},          {"au$", "AUD"},       {"c$", "CAD"},
    {"ca$", "CAD"},      {"dollar", "USD"},      {"dollars", "USD"},   {"euro", "EUR"},
    {"euros", "EUR"},    {"fr", "CHF"},          {"fr.", "CHF"},       {"franken", "CHF"},
    {"ft", "HUF"},       {"gb pound", "GBP"},    {"hk$", "HKD"},       {"kr", "SEK"},
    {"kč", "CZK"},       {"nz$", "NZD"},         {"pound", "GBP"},     {"pound sterling", "GBP"},
    {"pounds", "GBP"},   {"r$", "BRL"},          {"rs", "INR"},        {"rs.", "INR"},
    {"rupee", "INR"},    {"rupees", "INR"},      {"sfr", "CHF"},       {"sfr.", "CHF"},
    {"sterling", "GBP"}, {"swiss franc", "CHF"}, {"us dollar", "USD"}, {"us dollars", "USD"},
    {"us$", "USD"},      {"yen", "JPY"},         {"zloty", "PLN"},     {"zł", "PLN"},
    {"£", "GBP"},        {"¥", "JPY"},           {"₩", "KRW"},         {"₪", "ILS"},
    {"€", "EUR"},        {"₴", "UAH"},           {"₹", "INR"},         {"₺", "TRY"},
    {"₽", "RUB"},
};

size_t currency_standard(struct slice text, char ret[3])
{
    char lower[SIGN_CHARS];
    text = slice_trim(text);
    if (!text.len || text.len > sizeof lower)
        return 0;
    for (size_t i = 0; i < text.len; i++)
        lower[i] = ascii_lower(text.ptr[i]);
    struct slice found = WORD_VALUE(slice_of(lower, text.len), currencies);
    if (found.ptr) {
        memcpy(ret, found.ptr, 3);
        return 3;
    }
    if (text.len != 3)
        return 0;
    for (size_t i = 0; i < 3; i++) {
        if (!ascii_is_letter(text.ptr[i]))
            return 0;
        ret[i] = ascii_upper(text.ptr[i]);
    }
    return 3;
}

/* Length of a space that may part groups: ASCII, no-break, narrow no-break, thin. */
static size_t space_len(struct slice s)
{
    static const struct slice wide[] = {SLICE_INIT("\xC2\xA0"), SLICE_INIT("\xE2\x80\xAF"),
                                        SLICE_INIT("\xE2\x80\x89")};
    if (s.len && s.ptr[0] == ' ')
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (slice_starts(s, wide[i]))
            return wide[i].len;
    return 0;
}

static int is_number_char(char c)
{
    return ascii_is_digit(c) || c == '.' || c == ',' || c == '-' || c == '+' || c == '(';
}

/* "EUR 12", "£12": what stands before the first character of a number must be a currency. */
static int cut_currency_before(struct slice *s)
{
    char code[3];
    size_t n = 0;
    while (n < s->len && !is_number_char(s->ptr[n]))
        n++;
    if (n == 0)
        return 1;
    struct slice sign = slice_trim(slice_of(s->ptr, n));
    *s = slice_trim(slice_of(s->ptr + n, s->len - n));
    while (space_len(*s))
        *s = slice_of(s->ptr + space_len(*s), s->len - space_len(*s));
    return sign.len == 0 || currency_standard(sign, code) == 3;
}

static int cut_currency_after(struct slice *s)
{
    char code[3];
    size_t n = s->len;
    while (n > 0 && !is_number_char(s->ptr[n - 1]) && s->ptr[n - 1] != ')')
        n--;
    struct slice sign = slice_of(s->ptr + n, s->len - n);
    while (space_len(sign))
        sign = slice_of(sign.ptr + space_len(sign), sign.len - space_len(sign));
    s->len = n;
    return sign.len == 0 || currency_standard(sign, code) == 3;
}

/* "-12", "(12)", "12-": takes the sign off; -1 when there are two. */
static int cut_sign(struct slice *s)
{
    int signs = 0, negative = 0;
    if (s->len >= 2 && s->ptr[0] == '(' && s->ptr[s->len - 1] == ')') {
        *s = slice_trim(slice_of(s->ptr + 1, s->len - 2));
        signs = negative = 1;
    }
    if (s->len && (s->ptr[0] == '-' || s->ptr[0] == '+')) {
        negative |= s->ptr[0] == '-';
        signs++;
        *s = slice_trim(slice_of(s->ptr + 1, s->len - 1));
    }
    if (s->len && s->ptr[s->len - 1] == '-') {
        negative = 1;
        signs++;
        s->len--;
    }
    return signs > 1 ? -1 : negative;
}

/* Wide spaces become ' ' where ' ' is the grouping mark. Returns the length; 0: too long. */
static size_t narrow(struct slice s, char out[MONEY_CHARS])
{
    size_t n = 0;
    while (s.len) {
        size_t space = space_len(s), len = space ? space : 1;
        if (n == MONEY_CHARS)
            return 0;
        out[n++] = space ? ' ' : s.ptr[0];
        s = slice_of(s.ptr + len, s.len - len);
    }
    return n;
}

static int parse_plain(struct slice s, int scale, char point, char group, decimal128 *ret)
{
    char out[MONEY_CHARS];
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        return 0;
    if (group == ' ')
        s = slice_of(out, narrow(s, out));
    return decimal_parse_marks(s, scale, point, group, ret);
}

int money_parse(struct slice text, int scale, char point, char group, decimal128 *ret)
{
    decimal128 v;
    struct slice s = slice_trim(text);
    int negative = cut_sign(&s);
    if (negative < 0 || !cut_currency_before(&s) || !cut_currency_after(&s))
        return 0;
    if (!negative && (negative = cut_sign(&s)) < 0)
        return 0;
    if (!parse_plain(s, scale, point ? point : '.', group, &v) || decimal_digits(v) > MONEY_DIGITS)
        return 0;
    *ret = negative ? -v : v;
    return 1;
}
