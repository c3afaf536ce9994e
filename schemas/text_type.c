#include "schemas/text_type.h"

#include "core/calendar.h"

enum { INTEGER_DIGITS = 18, MOST_DIGITS = 38, DATE_LONGEST = 10 };

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_at(struct slice s, size_t at)
{
    size_t from = at;
    while (at < s.len && is_digit(s.ptr[at]))
        at++;
    return at - from;
}

/* d/m/yyyy: which of the two is past 12? */
static enum text_kind day_kind(struct slice s)
{
    size_t a = digits_at(s, 0), b, c;
    if (a < 1 || a > 2 || a >= s.len || !memchr("/.-", s.ptr[a], 3))
        return TEXT_OTHER;
    b = digits_at(s, a + 1);
    if (b < 1 || b > 2 || a + b + 1 >= s.len || s.ptr[a + b + 1] != s.ptr[a])
        return TEXT_OTHER;
    c = digits_at(s, a + b + 2);
    if (c != 4 || a + b + c + 2 != s.len)
        return TEXT_OTHER;
    int first = s.ptr[a - 1] - '0' + (a == 2 ? (s.ptr[0] - '0') * 10 : 0);
    int second = s.ptr[a + b] - '0' + (b == 2 ? (s.ptr[a + 1] - '0') * 10 : 0);
    if (first < 1 || second < 1 || first > 31 || second > 31 || (first > 12 && second > 12))
        return TEXT_OTHER;
    return first > 12 ? TEXT_DAY_FIRST : second > 12 ? TEXT_MONTH_FIRST : TEXT_DAY_OR_MONTH;
}

/* 1,5 or 1.234,50: groups of three, then a comma and digits. */
static int is_comma_number(struct slice s)
{
    size_t at = s.ptr[0] == '-', n = digits_at(s, at);
    if (!n || (n > 1 && s.ptr[at] == '0'))
        return 0;
    at += n;
    while (at < s.len && s.ptr[at] == '.' && n <= 3 && digits_at(s, at + 1) == 3)
        at += 4;
    n = at < s.len && s.ptr[at] == ',' ? digits_at(s, at + 1) : 0;
    return n && at + 1 + n == s.len && s.len <= MOST_DIGITS;
}

static int ends_in_exponent(struct slice s, size_t at)
{
    if (at >= s.len || (s.ptr[at] | 32) != 'e')
        return 0;
    at++;
    at += at < s.len && (s.ptr[at] == '-' || s.ptr[at] == '+');
    size_t n = digits_at(s, at);
    return n >= 1 && n <= 3 && at + n == s.len;
}

static enum text_kind dated_kind(struct slice s)
{
    int32_t days;
    int64_t micros;
    if (s.len >= DATE_LONGEST && s.ptr[4] == '-') {
        if (s.len == DATE_LONGEST)
            return date_parse(s, &days) ? TEXT_DATE : TEXT_OTHER;
        return timestamp_parse(s, &micros) ? TEXT_TIMESTAMP : TEXT_OTHER;
    }
    enum text_kind kind = s.len <= DATE_LONGEST ? day_kind(s) : TEXT_OTHER;
    return kind == TEXT_OTHER && is_comma_number(s) ? TEXT_COMMA : kind;
}

enum text_kind text_kind_of(struct slice s, int *ret_whole, int *ret_scale)
{
    if (!s.len)
        return TEXT_EMPTY;
    size_t at = s.ptr[0] == '-', whole, behind = 0;
    if (at == s.len || !is_digit(s.ptr[at])) {
        int word =
            slice_equal_nocase(s, SLICE_LIT("true")) || slice_equal_nocase(s, SLICE_LIT("false"));
        return word ? TEXT_BOOLEAN : TEXT_OTHER;
    }
    whole = digits_at(s, at);
    int led = whole > 1 && s.ptr[at] == '0';
    at += whole;
    if (at == s.len) {
        if (led || whole > INTEGER_DIGITS)
            return TEXT_OTHER;
        *ret_whole = (int)whole;
        *ret_scale = 0;
        return TEXT_INTEGER;
    }
    if (s.ptr[at] == '.' && (behind = digits_at(s, at + 1)) > 0 && !led) {
        if (at + 1 + behind == s.len && whole + behind <= MOST_DIGITS) {
            *ret_whole = (int)whole;
            *ret_scale = (int)behind;
            return TEXT_DECIMAL;
        }
        if (ends_in_exponent(s, at + 1 + behind))
            return TEXT_REAL;
    }
    if (!led && ends_in_exponent(s, at))
        return TEXT_REAL;
    return dated_kind(s);
}

static void note_separator(struct text_types *t, struct slice s)
{
    size_t n = digits_at(s, 0);
    char mark = s.ptr[n];
    t->between = !t->between || t->between == mark ? mark : '?';
}

void text_types_add(struct text_types *t, struct slice text, int64_t times)
{
    int whole = 0, scale = 0;
    enum text_kind kind = text_kind_of(text, &whole, &scale);
    text_types_note(t, text, kind, whole, scale, times);
}

void text_types_note(struct text_types *t, struct slice text, enum text_kind kind, int whole,
                     int scale, int64_t times)
{
    t->kinds[kind] += times;
    if (whole > t->whole)
        t->whole = whole;
    if (scale > t->scale)
        t->scale = scale;
    if (kind >= TEXT_DAY_FIRST && kind <= TEXT_DAY_OR_MONTH)
        note_separator(t, text);
}

void text_types_merge(struct text_types *into, const struct text_types *from)
{
    for (int k = 0; k < TEXT_KINDS; k++)
        into->kinds[k] += from->kinds[k];
    into->whole = from->whole > into->whole ? from->whole : into->whole;
    into->scale = from->scale > into->scale ? from->scale : into->scale;
    if (from->between)
        into->between = !into->between || into->between == from->between ? from->between : '?';
}

int64_t text_types_filled(const struct text_types *t)
{
    int64_t n = 0;
    for (int k = 0; k < TEXT_KINDS; k++)
        n += k == TEXT_EMPTY ? 0 : t->kinds[k];
    return n;
}

static void decimal_field(const struct text_types *t, struct field *ret)
{
    int digits = t->whole + t->scale;
    if (digits > MOST_DIGITS) {
        ret->type = TYPE_FLOAT64;
        return;
    }
    ret->type = TYPE_DECIMAL;
    ret->precision = digits <= INTEGER_DIGITS ? INTEGER_DIGITS : MOST_DIGITS;
    ret->scale = t->scale;
}

/* The types from the narrowest, and how many values fit each. */
static int64_t fits_of(const struct text_types *t, enum type_id type)
{
    const int64_t *k = t->kinds;
    switch (type) {
    case TYPE_BOOL:
        return k[TEXT_BOOLEAN];
    case TYPE_INT64:
        return k[TEXT_INTEGER];
    case TYPE_DECIMAL:
        return k[TEXT_INTEGER] + k[TEXT_DECIMAL];
    case TYPE_FLOAT64:
        return k[TEXT_INTEGER] + k[TEXT_DECIMAL] + k[TEXT_REAL];
    case TYPE_DATE:
        return k[TEXT_DATE];
    case TYPE_TIMESTAMP:
        return k[TEXT_DATE] + k[TEXT_TIMESTAMP];
    default:
        return 0;
    }
}

void text_types_nearest(const struct text_types *t, struct field *ret, int64_t *ret_fit)
{
    static const enum type_id order[] = {TYPE_BOOL,    TYPE_INT64, TYPE_DECIMAL,
                                         TYPE_FLOAT64, TYPE_DATE,  TYPE_TIMESTAMP};
    int64_t filled = text_types_filled(t), best = 0;
    ret->type = TYPE_UTF8;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (fits_of(t, order[i]) > best) {
            best = fits_of(t, order[i]);
            ret->type = order[i];
        }
    if (best * 2 <= filled) {
        ret->type = TYPE_UTF8;
        best = filled;
    }
    if (ret->type == TYPE_DECIMAL)
        decimal_field(t, ret);
    *ret_fit = best;
}

void text_types_decide(const struct text_types *t, struct field *ret)
{
    int64_t fit;
    text_types_nearest(t, ret, &fit);
    if (fit < text_types_filled(t) || fit == 0) {
        ret->type = TYPE_UTF8;
        ret->precision = ret->scale = 0;
    }
}

const char *text_types_date_format(const struct text_types *t, int *ret_sure)
{
    static const char *const formats[2][3] = {{"%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"},
                                              {"%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y"}};
    const int64_t *k = t->kinds;
    int64_t all = k[TEXT_DAY_FIRST] + k[TEXT_MONTH_FIRST] + k[TEXT_DAY_OR_MONTH];
    int mark = t->between == '/' ? 0 : t->between == '.' ? 1 : 2;
    if (!all || all < text_types_filled(t) || t->between == '?' ||
        (k[TEXT_DAY_FIRST] && k[TEXT_MONTH_FIRST]))
        return NULL;
    *ret_sure = k[TEXT_DAY_FIRST] || k[TEXT_MONTH_FIRST];
    return formats[k[TEXT_MONTH_FIRST] > 0][mark];
}
