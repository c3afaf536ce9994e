#include "transform/map/date.h"

#include "transform/map/text.h"

/* Lower case; sorted by bytes for the eye. */
static const struct {
    const char *name;
    int month;
} months[] = {
    {"abr", 4},        {"abril", 4},      {"ago", 8},       {"agosto", 8},     {"aout", 8},
    {"août", 8},       {"apr", 4},        {"april", 4},     {"aprile", 4},     {"aug", 8},
    {"august", 8},     {"augustus", 8},   {"avr", 4},       {"avril", 4},      {"dec", 12},
    {"december", 12},  {"decembre", 12},  {"dez", 12},      {"dezember", 12},  {"dic", 12},
    {"dicembre", 12},  {"diciembre", 12}, {"déc", 12},      {"décembre", 12},  {"ene", 1},
    {"enero", 1},      {"feb", 2},        {"febbraio", 2},  {"feber", 2},      {"febrero", 2},
    {"februar", 2},    {"februari", 2},   {"february", 2},  {"fev", 2},        {"fevr", 2},
    {"fevrier", 2},    {"fév", 2},        {"févr", 2},      {"février", 2},    {"gen", 1},
    {"gennaio", 1},    {"giu", 6},        {"giugno", 6},    {"jaenner", 1},    {"jan", 1},
    {"janner", 1},     {"januar", 1},     {"januari", 1},   {"january", 1},    {"janv", 1},
    {"janvier", 1},    {"juil", 7},       {"juillet", 7},   {"juin", 6},       {"jul", 7},
    {"juli", 7},       {"julio", 7},      {"july", 7},      {"jun", 6},        {"june", 6},
    {"juni", 6},       {"junio", 6},      {"jänner", 1},    {"lug", 7},        {"luglio", 7},
    {"maart", 3},      {"maerz", 3},      {"mag", 5},       {"maggio", 5},     {"mai", 5},
    {"mar", 3},        {"march", 3},      {"mars", 3},      {"marz", 3},       {"marzo", 3},
    {"may", 5},        {"mayo", 5},       {"mei", 5},       {"mrt", 3},        {"mrz", 3},
    {"mär", 3},        {"märz", 3},       {"nov", 11},      {"november", 11},  {"novembre", 11},
    {"noviembre", 11}, {"oct", 10},       {"october", 10},  {"octobre", 10},   {"octubre", 10},
    {"okt", 10},       {"oktober", 10},   {"ott", 10},      {"ottobre", 10},   {"sep", 9},
    {"sept", 9},       {"september", 9},  {"septembre", 9}, {"septiembre", 9}, {"set", 9},
    {"settembre", 9},
};

enum { MONTH_NAME = 16, MIDNIGHT_PM = 12 };

/* What a text is being read into. */
struct reading {
    struct slice rest;
    struct moment m;
    int yday;      /* %j, or 0 */
    int half;      /* 0: no %p, 1: AM, 2: PM */
    int64_t epoch; /* %s */
    int has_epoch;
};

static void advance(struct slice *s, size_t n)
{
    *s = slice_of(s->ptr + n, s->len - n);
}

static int take_number(struct reading *r, int min, int max, int *ret)
{
    int n = 0, v = 0;
    while (n < max && (size_t)n < r->rest.len && ascii_is_digit(r->rest.ptr[n])) {
        v = v * 10 + (r->rest.ptr[n] - '0');
        n++;
    }
    if (n < min)
        return 0;
    advance(&r->rest, (size_t)n);
    *ret = v;
    return 1;
}

static void skip_space(struct reading *r)
{
    while (r->rest.len &&
           (r->rest.ptr[0] == ' ' || (r->rest.ptr[0] >= '\t' && r->rest.ptr[0] <= '\r')))
        advance(&r->rest, 1);
}

static size_t word_len(struct slice s)
{
    size_t n = 0;
    while (n < s.len && (ascii_is_letter(s.ptr[n]) || s.ptr[n] & 0x80))
        n++;
    return n;
}

static int take_month(struct reading *r)
{
    char lower[MONTH_NAME];
    size_t n = word_len(r->rest), out = 0;
    struct slice word = slice_of(r->rest.ptr, n);
    if (n == 0 || n >= MONTH_NAME)
        return 0;
    while (word.len) {
        uint32_t rune;
        size_t len = slice_utf8_next(word, &rune);
        if (out + 4 > MONTH_NAME)
            return 0;
        out += utf8_put(rune_lower(rune), lower + out);
        advance(&word, len);
    }
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++)
        if (slice_equal(slice_of(lower, out), slice_str(months[i].name))) {
            r->m.civil.month = months[i].month;
            advance(&r->rest, n);
            return 1;
        }
    return 0;
}

static int take_fraction(struct reading *r)
{
    int micro = 0, n = 0;
    for (; (size_t)n < r->rest.len && ascii_is_digit(r->rest.ptr[n]); n++)
        if (n < 6)
            micro = micro * 10 + (r->rest.ptr[n] - '0');
    advance(&r->rest, (size_t)n);
    for (int i = n; i < 6; i++)
        micro *= 10;
    r->m.civil.micro = micro;
    return n >= 1 && n <= 9;
}

static int take_half(struct reading *r)
{
    if (r->rest.len < 2)
        return 0;
    char half = ascii_lower(r->rest.ptr[0]);
    size_t n = r->rest.ptr[1] == '.' && r->rest.len >= 4 ? 4 : 2;
    if ((half != 'a' && half != 'p') || ascii_lower(r->rest.ptr[n == 4 ? 2 : 1]) != 'm')
        return 0;
    r->half = half == 'a' ? 1 : 2;
    advance(&r->rest, n);
    return 1;
}

static int take_zone(struct reading *r)
{
    int hours, minutes = 0;
    r->m.has_zone = 1;
    r->m.zone_seconds = 0;
    if (!r->rest.len)
        return 0;
    char sign = r->rest.ptr[0];
    if (sign == 'Z' || sign == 'z') {
        advance(&r->rest, 1);
        return 1;
    }
    if (slice_starts(r->rest, SLICE_LIT("UTC")) || slice_starts(r->rest, SLICE_LIT("GMT"))) {
        advance(&r->rest, 3);
        return 1;
    }
    if (sign != '+' && sign != '-')
        return 0;
    advance(&r->rest, 1);
    if (!take_number(r, 2, 2, &hours))
        return 0;
    if (r->rest.len && r->rest.ptr[0] == ':')
        advance(&r->rest, 1);
    if (r->rest.len && ascii_is_digit(r->rest.ptr[0]) && !take_number(r, 2, 2, &minutes))
        return 0;
    r->m.zone_seconds = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
    return hours <= 18 && minutes < 60;
}

static int take_epoch(struct reading *r)
{
    size_t n = 0, sign = r->rest.len && r->rest.ptr[0] == '-';
    int64_t v = 0;
    for (n = sign; n < r->rest.len && n < 13 && ascii_is_digit(r->rest.ptr[n]); n++)
        v = v * 10 + (r->rest.ptr[n] - '0');
    if (n == sign)
        return 0;
    advance(&r->rest, n);
    r->epoch = sign ? -v : v;
    r->has_epoch = 1;
    return 1;
}

static int take_short_year(struct reading *r)
{
    if (!take_number(r, 2, 2, &r->m.civil.year))
        return 0;
    r->m.civil.year += r->m.civil.year < 69 ? 2000 : 1900;
    r->m.short_year = 1;
    return 1;
}

static int take_weekday(struct reading *r)
{
    size_t n = word_len(r->rest);
    advance(&r->rest, n);
    if (r->rest.len && r->rest.ptr[0] == '.')
        advance(&r->rest, 1);
    return n > 0;
}

static const char *composite(char conversion)
{
    switch (conversion) {
    case 'T':
        return "%H:%M:%S";
    case 'R':
        return "%H:%M";
    case 'F':
        return "%Y-%m-%d";
    case 'D':
        return "%m/%d/%y";
    default:
        return NULL;
    }
}

static int take(struct reading *r, char conversion)
{
    struct civil *c = &r->m.civil;
    switch (conversion) {
    case 'Y':
        return take_number(r, 4, 4, &c->year);
    case 'y':
        return take_short_year(r);
    case 'm':
        return take_number(r, 1, 2, &c->month);
    case 'd':
    case 'e':
        skip_space(r);
        return take_number(r, 1, 2, &c->day);
    case 'H':
    case 'I':
        return take_number(r, 1, 2, &c->hour);
    case 'M':
        return take_number(r, 1, 2, &c->minute);
    case 'S':
        return take_number(r, 1, 2, &c->second);
    case 'f':
        return take_fraction(r);
    case 'j':
        return take_number(r, 1, 3, &r->yday) && r->yday >= 1;
    case 'b':
    case 'B':
    case 'h':
        return take_month(r);
    case 'a':
    case 'A':
        return take_weekday(r);
    case 'p':
        return take_half(r);
    case 'z':
        return take_zone(r);
    case 's':
        return take_epoch(r);
    default:
        return 0;
    }
}

static int take_literal(struct reading *r, char c)
{
    if (c == ' ' || c == '\t' || c == '\n') {
        skip_space(r);
        return 1;
    }
    if (!r->rest.len || r->rest.ptr[0] != c)
        return 0;
    advance(&r->rest, 1);
    return 1;
}

static int read_format(struct reading *r, struct slice format)
{
    for (size_t i = 0; i < format.len; i++) {
        char c = format.ptr[i];
        if (c != '%' || i + 1 == format.len) {
            if (!take_literal(r, c))
                return 0;
            continue;
        }
        c = format.ptr[++i];
        const char *whole = composite(c);
        int ok = whole                  ? read_format(r, slice_str(whole))
                 : c == 'n' || c == 't' ? take_literal(r, ' ')
                 : c == '%'             ? take_literal(r, '%')
                                        : take(r, c);
        if (!ok)
            return 0;
    }
    return 1;
}

int date_format_check(struct slice format, struct error *err)
{
    for (size_t i = 0; i < format.len; i++) {
        if (format.ptr[i] != '%')
            continue;
        if (++i == format.len || !strchr("YymdeHIMSfjbBhaApzsTRFDnt%", format.ptr[i]))
            return error_set(err, ERR_CONFIG, "'%.*s' is no date format: '%%%.*s' means nothing",
                             (int)format.len, format.ptr, i < format.len, format.ptr + i);
    }
    return 0;
}

static int settle_hour(struct reading *r)
{
    struct civil *c = &r->m.civil;
    if (!r->half)
        return 1;
    if (c->hour < 1 || c->hour > MIDNIGHT_PM)
        return 0;
    c->hour = c->hour % MIDNIGHT_PM + (r->half == 2 ? MIDNIGHT_PM : 0);
    return 1;
}

static int settle_yday(struct reading *r)
{
    struct civil *c = &r->m.civil, day;
    if (!r->yday)
        return 1;
    if (!calendar_valid(c->year, 1, 1))
        return 0;
    calendar_civil(calendar_days(c->year, 1, 1) + r->yday - 1, &day);
    if (day.year != c->year)
        return 0;
    c->month = day.month;
    c->day = day.day;
    return 1;
}

/* A leap second, which clocks of the day show as 60, is the last one before it. */
static int settle(struct reading *r)
{
    struct civil *c = &r->m.civil;
    if (r->has_epoch) {
        int64_t micros = r->epoch * 1000000 + c->micro;
        if (r->epoch < -62135596800 || r->epoch > 253402300799)
            return 0;
        calendar_civil_micros(micros, c);
        r->m.has_zone = 1;
        return 1;
    }
    if (!settle_hour(r) || !settle_yday(r))
        return 0;
    if (c->second == 60)
        c->second = 59;
    return calendar_valid(c->year, c->month, c->day) && c->hour < 24 && c->minute < 60 &&
           c->second < 60;
}

int date_parse_format(struct slice text, struct slice format, struct moment *ret)
{
    struct reading r = {.rest = text, .m.civil = {.month = 1, .day = 1}};
    if (!read_format(&r, format))
        return 0;
    skip_space(&r);
    if (r.rest.len || !settle(&r))
        return 0;
    *ret = r.m;
    return 1;
}

static int parse_any(struct slice text, const char *const *formats, struct moment *ret)
{
    for (; *formats; formats++)
        if (date_parse_format(text, slice_str(*formats), ret))
            return 1;
    return 0;
}

static int month_first(struct slice region)
{
    static const char *const regions[] = {"FM", "GU", "MH", "PH", "PR", "PW", "US", "VI"};
    return WORD_IN(region, regions);
}

int date_parse_usual(struct slice text, struct slice region, struct moment *ret)
{
    static const char *const iso[] = {"%Y-%m-%d",
                                      "%Y-%m-%dT%H:%M:%S%z",
                                      "%Y-%m-%dT%H:%M:%S",
                                      "%Y-%m-%dT%H:%M:%S.%f%z",
                                      "%Y-%m-%dT%H:%M:%S.%f",
                                      "%Y-%m-%dT%H:%M%z",
                                      "%Y-%m-%dT%H:%M",
                                      "%Y-%m-%d %H:%M:%S %z",
                                      "%Y-%m-%d %H:%M:%S",
                                      "%Y-%m-%d %H:%M:%S.%f %z",
                                      "%Y-%m-%d %H:%M:%S.%f",
                                      "%Y-%m-%d %H:%M",
                                      "%Y%m%d",
                                      "%Y%m%dT%H%M%S%z",
                                      "%Y%m%dT%H%M%S",
                                      "%Y%m%d%H%M%S",
                                      "%Y/%m/%d",
                                      "%Y.%m.%d",
                                      NULL};
    static const char *const day_first[] = {
        "%d.%m.%Y",    "%d/%m/%Y",  "%d-%m-%Y",       "%d %B %Y",    "%d-%B-%Y",
        "%d. %B %Y",   "%B %d, %Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %T", "%d/%m/%Y %H:%M",
        "%d/%m/%Y %T", "%d.%m.%y",  "%d/%m/%y",       NULL};
    static const char *const american[] = {
        "%m/%d/%Y",       "%m-%d-%Y",          "%B %d, %Y",
        "%d-%B-%Y",       "%d %B %Y",          "%d.%m.%Y",
        "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p",
        "%m/%d/%Y %T",    "%m/%d/%y",          NULL};
    if (text.len >= 8 && ascii_is_digit(text.ptr[2]) && ascii_is_digit(text.ptr[3]) &&
        parse_any(text, iso, ret))
        return 1;
    return parse_any(text, month_first(region) ? american : day_first, ret);
}
