#include "core/calendar.h"

static int leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int calendar_valid(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return 0;
    return day <= lengths[month - 1] + (month == 2 && leap(year));
}

int32_t calendar_days(int year, int month, int day)
{
    int y = year - (month <= 2);
    int era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * 146097 + day_of_era - 719468;
}

void calendar_civil(int32_t days, struct civil *ret)
{
    int64_t z = (int64_t)days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int of_era = (int)(z - era * 146097);
    int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * of_year + 2) / 153;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    *ret = (struct civil){.year = (int)(year_of_era + era * 400) + (month <= 2),
                          .month = month,
                          .day = of_year - (153 * shifted + 2) / 5 + 1};
}

int64_t calendar_micros(const struct civil *c)
{
    int64_t seconds = (int64_t)calendar_days(c->year, c->month, c->day) * 86400 + c->hour * 3600 +
                      c->minute * 60 + c->second;
    return seconds * 1000000 + c->micro;
}

void calendar_civil_micros(int64_t micros, struct civil *ret)
{
    int64_t days = micros / MICROS_PER_DAY, rest = micros % MICROS_PER_DAY;
    if (rest < 0) {
        rest += MICROS_PER_DAY;
        days--;
    }
    calendar_civil((int32_t)days, ret);
    ret->micro = (int)(rest % 1000000);
    int seconds = (int)(rest / 1000000);
    ret->hour = seconds / 3600;
    ret->minute = seconds / 60 % 60;
    ret->second = seconds % 60;
}

/* `n` digits at the front, cut off; -1 when they are not there. */
static int take_digits(struct slice *s, int n)
{
    int v = 0;
    if (s->len < (size_t)n)
        return -1;
    for (int i = 0; i < n; i++) {
        unsigned digit = (unsigned char)s->ptr[i] - (unsigned)'0';
        if (digit > 9)
            return -1;
        v = v * 10 + (int)digit;
    }
    *s = slice_of(s->ptr + n, s->len - (size_t)n);
    return v;
}

static int take_char(struct slice *s, char c)
{
    if (!s->len || s->ptr[0] != c)
        return 0;
    *s = slice_of(s->ptr + 1, s->len - 1);
    return 1;
}

static int take_date(struct slice *s, struct civil *c)
{
    c->year = take_digits(s, 4);
    if (!take_char(s, '-'))
        return 0;
    c->month = take_digits(s, 2);
    if (!take_char(s, '-'))
        return 0;
    c->day = take_digits(s, 2);
    return calendar_valid(c->year, c->month, c->day);
}

int date_parse(struct slice text, int32_t *ret_days)
{
    struct civil c = {0};
    if (!take_date(&text, &c) || text.len)
        return 0;
    *ret_days = calendar_days(c.year, c.month, c.day);
    return 1;
}

static void put_digits(char *out, int v, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        out[i] = (char)('0' + v % 10);
        v /= 10;
    }
}

/* Years that four digits do not hold get a sign and all of theirs (ISO 8601, expanded). */
static size_t put_year(char *out, int year)
{
    int digits = 4, size = year < 0 ? -year : year;
    if (year >= 0 && year <= 9999) {
        put_digits(out, year, 4);
        return 4;
    }
    for (int left = size / 10000; left; left /= 10)
        digits++;
    out[0] = year < 0 ? '-' : '+';
    put_digits(out + 1, size, digits);
    return (size_t)digits + 1;
}

static size_t civil_date(const struct civil *c, char *out)
{
    size_t len = put_year(out, c->year);
    out[len] = '-';
    put_digits(out + len + 1, c->month, 2);
    out[len + 3] = '-';
    put_digits(out + len + 4, c->day, 2);
    return len + 6;
}

size_t date_text(int32_t days, char out[16])
{
    struct civil c;
    calendar_civil(days, &c);
    return civil_date(&c, out);
}

static int take_fraction(struct slice *s, struct civil *c)
{
    int digits = 0, micro = 0;
    while (s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9') {
        if (digits < 6)
            micro = micro * 10 + (s->ptr[0] - '0');
        digits++;
        *s = slice_of(s->ptr + 1, s->len - 1);
    }
    for (int i = digits; i < 6; i++)
        micro *= 10;
    c->micro = micro;
    return digits >= 1 && digits <= 9;
}

static int take_time(struct slice *s, struct civil *c)
{
    c->hour = take_digits(s, 2);
    if (!take_char(s, ':'))
        return 0;
    c->minute = take_digits(s, 2);
    if (take_char(s, ':')) {
        c->second = take_digits(s, 2);
        if (take_char(s, '.') || take_char(s, ','))
            if (!take_fraction(s, c))
                return 0;
    }
    return c->hour >= 0 && c->hour < 24 && c->minute >= 0 && c->minute < 60 && c->second >= 0 &&
           c->second < 60;
}

/* Seconds east of UTC. */
static int take_zone(struct slice *s, int *ret_seconds)
{
    *ret_seconds = 0;
    if (!s->len || take_char(s, 'Z') || take_char(s, 'z'))
        return 1;
    int sign = take_char(s, '-') ? -1 : take_char(s, '+') ? 1 : 0;
    if (!sign)
        return 0;
    int hours = take_digits(s, 2), minutes = 0;
    if (s->len) {
        take_char(s, ':');
        minutes = take_digits(s, 2);
    }
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return 0;
    *ret_seconds = sign * (hours * 3600 + minutes * 60);
    return 1;
}

int timestamp_parse(struct slice text, int64_t *ret_micros)
{
    struct civil c = {0};
    int zone = 0;
    if (!take_date(&text, &c))
        return 0;
    if (text.len) {
        if (!take_char(&text, 'T') && !take_char(&text, ' ') && !take_char(&text, 't'))
            return 0;
        if (!take_time(&text, &c) || !take_zone(&text, &zone) || text.len)
            return 0;
    }
    *ret_micros = calendar_micros(&c) - (int64_t)zone * 1000000;
    return 1;
}

size_t timestamp_text(int64_t micros, char out[40])
{
    struct civil c;
    calendar_civil_micros(micros, &c);
    size_t len = civil_date(&c, out);
    out[len++] = 'T';
    put_digits(out + len, c.hour, 2);
    out[len + 2] = ':';
    put_digits(out + len + 3, c.minute, 2);
    out[len + 5] = ':';
    put_digits(out + len + 6, c.second, 2);
    len += 8;
    if (c.micro) {
        out[len] = '.';
        put_digits(out + len + 1, c.micro, 6);
        len += 7;
    }
    out[len++] = 'Z';
    return len;
}
