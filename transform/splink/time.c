/* Dates and times: DuckDB's strptime formats (%Y-%m-%d) and Spark's patterns (yyyy-MM-dd). All
 * times are UTC. A text that does not fit its format, or names a day that there is none of, is
 * null. */
#include <math.h>

#include "core/calendar.h"
#include "transform/splink/functions.h"
#include "transform/splink/value.h"

enum part {
    PART_LITERAL,
    PART_YEAR,
    PART_SHORT_YEAR,
    PART_MONTH,
    PART_MONTH_NAME,
    PART_DAY,
    PART_HOUR,
    PART_HOUR_12,
    PART_HALF,
    PART_MINUTE,
    PART_SECOND,
    PART_FRACTION,
    PART_ZONE,
    PART_UNKNOWN
};

/* One piece of a format; digits: exactly so many, or 0 for one up to what the part has. */
struct piece {
    enum part part;
    int digits;
    char literal;
};

struct timing {
    struct civil c;
    int half;     /* 1 am, 2 pm */
    int64_t zone; /* microseconds east */
};

static struct piece duckdb_piece(struct slice *format)
{
    static const struct {
        char letter;
        enum part part;
    } parts[] = {{'Y', PART_YEAR},     {'y', PART_SHORT_YEAR}, {'m', PART_MONTH},
                 {'d', PART_DAY},      {'H', PART_HOUR},       {'I', PART_HOUR_12},
                 {'p', PART_HALF},     {'M', PART_MINUTE},     {'S', PART_SECOND},
                 {'f', PART_FRACTION}, {'b', PART_MONTH_NAME}, {'B', PART_MONTH_NAME},
                 {'z', PART_ZONE}};
    char c = format->ptr[0];
    size_t step = c == '%' && format->len > 1 ? 2 : 1;
    char letter = format->ptr[step - 1];
    *format = slice_of(format->ptr + step, format->len - step);
    if (step == 1 || letter == '%')
        return (struct piece){PART_LITERAL, 0, letter};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].letter == letter)
            return (struct piece){parts[i].part, 0, 0};
    return (struct piece){PART_UNKNOWN, 0, 0};
}

static struct piece spark_letters(char c, int n)
{
    switch (c) {
    case 'y':
    case 'u':
        return (struct piece){n == 2 ? PART_SHORT_YEAR : PART_YEAR, n >= 4 ? 4 : 0, 0};
    case 'M':
    case 'L':
        return (struct piece){n > 2 ? PART_MONTH_NAME : PART_MONTH, n == 2 ? 2 : 0, 0};
    case 'd':
        return (struct piece){PART_DAY, n == 2 ? 2 : 0, 0};
    case 'H':
        return (struct piece){PART_HOUR, n == 2 ? 2 : 0, 0};
    case 'm':
        return (struct piece){PART_MINUTE, n == 2 ? 2 : 0, 0};
    case 's':
        return (struct piece){PART_SECOND, n == 2 ? 2 : 0, 0};
    case 'S':
        return (struct piece){PART_FRACTION, n, 0};
    case 'X':
    case 'x':
        return (struct piece){PART_ZONE, 0, 0};
    default:
        return (struct piece){PART_UNKNOWN, 0, 0};
    }
}

static struct piece spark_piece(struct slice *format)
{
    const char *f = format->ptr;
    char c = f[0];
    size_t n = 1;
    struct piece p = {PART_LITERAL, 0, c};
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
        while (n < format->len && f[n] == c)
            n++;
        p = spark_letters(c, (int)n);
    } else if (c == '\'' && format->len > 2 && f[2] == '\'') { /* one letter in quotes */
        p.literal = f[1];
        n = 3;
    } else if (c == '\'') {
        p.part = PART_UNKNOWN;
    }
    *format = slice_of(f + n, format->len - n);
    return p;
}

static struct piece next_piece(struct slice *format, enum sql_dialect dialect)
{
    return dialect == SQL_SPARK ? spark_piece(format) : duckdb_piece(format);
}

int sql_format_check(struct slice format, enum sql_dialect dialect, struct error *err)
{
    struct slice rest = format;
    while (rest.len)
        if (next_piece(&rest, dialect).part == PART_UNKNOWN)
            return error_set(err, ERR_DATA, "the date format '%.*s' is not understood",
                             (int)(format.len < 100 ? format.len : 100), format.ptr);
    return 0;
}

static int take_digits(struct slice *s, int least, int most, int *ret)
{
    int n = 0, value = 0;
    while (n < most && (size_t)n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9')
        value = value * 10 + (s->ptr[n++] - '0');
    *s = slice_of(s->ptr + n, s->len - (size_t)n);
    *ret = value;
    return n >= least;
}

static int take_fraction(struct slice *s, int *ret_micro)
{
    int n = 0, value = 0;
    for (; (size_t)n < s->len && n < 9 && s->ptr[n] >= '0' && s->ptr[n] <= '9'; n++)
        value = n < 6 ? value * 10 + (s->ptr[n] - '0') : value;
    for (int i = n; i < 6; i++)
        value *= 10;
    *s = slice_of(s->ptr + n, s->len - (size_t)n);
    *ret_micro = value;
    return n > 0;
}

static int take_month(struct slice *s, int *ret)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (int i = 0; i < 12; i++) {
        size_t len = strlen(names[i]);
        len = s->len >= len && slice_equal_nocase(slice_of(s->ptr, len), slice_str(names[i])) ? len
                                                                                              : 3;
        if (s->len >= len && slice_equal_nocase(slice_of(s->ptr, len), slice_of(names[i], len))) {
            *s = slice_of(s->ptr + len, s->len - len);
            *ret = i + 1;
            return 1;
        }
    }
    return 0;
}

/* Z, +01, +0100, +01:00. */
static int take_zone(struct slice *s, int64_t *ret)
{
    int hours, minutes = 0;
    if (s->len == 0)
        return 0;
    char c = s->ptr[0];
    *s = slice_of(s->ptr + 1, s->len - 1);
    if (c == 'Z' || c == 'z')
        return 1;
    if ((c != '+' && c != '-') || !take_digits(s, 2, 2, &hours))
        return 0;
    if (s->len && s->ptr[0] == ':')
        *s = slice_of(s->ptr + 1, s->len - 1);
    take_digits(s, 0, 2, &minutes);
    *ret = (int64_t)(hours * 60 + minutes) * 60000000 * (c == '-' ? -1 : 1);
    return 1;
}

static int take_half(struct slice *s, int *ret)
{
    if (s->len < 2 || (s->ptr[1] | 0x20) != 'm')
        return 0;
    char c = (char)(s->ptr[0] | 0x20);
    *ret = c == 'a' ? 1 : 2;
    *s = slice_of(s->ptr + 2, s->len - 2);
    return c == 'a' || c == 'p';
}

static int take_piece(struct slice *s, struct piece p, struct timing *t)
{
    int least = p.digits ? p.digits : 1, *to = NULL, most = p.digits ? p.digits : 2;
    switch (p.part) {
    case PART_LITERAL:
        if (s->len == 0 || s->ptr[0] != p.literal)
            return 0;
        *s = slice_of(s->ptr + 1, s->len - 1);
        return 1;
    case PART_YEAR:
        return take_digits(s, least, 4, &t->c.year);
    case PART_SHORT_YEAR:
        if (!take_digits(s, least, 2, &t->c.year))
            return 0;
        t->c.year += t->c.year < 69 ? 2000 : 1900;
        return 1;
    case PART_MONTH_NAME:
        return take_month(s, &t->c.month);
    case PART_FRACTION:
        return take_fraction(s, &t->c.micro);
    case PART_ZONE:
        return take_zone(s, &t->zone);
    case PART_HALF:
        return take_half(s, &t->half);
    case PART_MONTH:
        to = &t->c.month;
        break;
    case PART_DAY:
        to = &t->c.day;
        break;
    case PART_HOUR:
    case PART_HOUR_12:
        to = &t->c.hour;
        break;
    case PART_MINUTE:
        to = &t->c.minute;
        break;
    case PART_SECOND:
        to = &t->c.second;
        break;
    case PART_UNKNOWN:
        break;
    }
    return to && take_digits(s, least, most, to);
}

static int settle_half(struct timing *t)
{
    if (t->half == 0)
        return 1;
    if (t->c.hour < 1 || t->c.hour > 12)
        return 0;
    t->c.hour = t->c.hour % 12 + (t->half == 2 ? 12 : 0);
    return 1;
}

static int parse_by(struct slice s, struct slice format, enum sql_dialect dialect, int64_t *ret)
{
    struct timing t = {.c = {.year = 1900, .month = 1, .day = 1}};
    if (dialect == SQL_DUCKDB)
        s = slice_trim(s);
    while (format.len)
        if (!take_piece(&s, next_piece(&format, dialect), &t))
            return 0;
    if (s.len || !settle_half(&t) || !calendar_valid(t.c.year, t.c.month, t.c.day) ||
        t.c.hour > 23 || t.c.minute > 59 || t.c.second > 59)
        return 0;
    *ret = calendar_micros(&t.c) - t.zone;
    return 1;
}

static struct sql_value time_value(enum sql_type type, int64_t micros)
{
    return (struct sql_value){.type = type, .time = micros};
}

int sql_strptime(struct sql_scope *scope, const struct sql_value *args, int n,
                 struct sql_value *ret)
{
    int64_t micros;
    (void)n;
    *ret = (struct sql_value){0};
    if (args[0].type == SQL_DATE || args[0].type == SQL_TIME)
        *ret = args[0];
    else if (args[0].type == SQL_TEXT &&
             parse_by(args[0].text, args[1].text, scope->dialect, &micros))
        *ret = time_value(SQL_TIME, micros);
    return 0;
}

static int64_t floor_to(int64_t x, int64_t unit)
{
    int64_t rest = x % unit;
    return x - (rest < 0 ? rest + unit : rest);
}

int sql_to_date(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct sql_value when = args[0];
    int64_t micros;
    if (n > 1)
        TRY(sql_strptime(scope, args, n, &when));
    *ret = sql_to_time(&when, &micros) ? time_value(SQL_DATE, floor_to(micros, MICROS_PER_DAY))
                                       : (struct sql_value){0};
    return 0;
}

int sql_epoch(struct sql_scope *scope, const struct sql_value *args, int n, struct sql_value *ret)
{
    int64_t micros;
    (void)scope;
    (void)n;
    *ret =
        sql_to_time(&args[0], &micros) ? sql_number((double)micros / 1e6) : (struct sql_value){0};
    return 0;
}

static int civil_of(const struct sql_value *v, struct civil *ret)
{
    int64_t micros;
    if (!sql_to_time(v, &micros))
        return 0;
    calendar_civil_micros(micros, ret);
    return 1;
}

int sql_year(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct civil c;
    (void)s;
    (void)n;
    *ret = civil_of(args, &c) ? sql_number(c.year) : (struct sql_value){0};
    return 0;
}

int sql_month(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct civil c;
    (void)s;
    (void)n;
    *ret = civil_of(args, &c) ? sql_number(c.month) : (struct sql_value){0};
    return 0;
}

int sql_day(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    struct civil c;
    (void)s;
    (void)n;
    *ret = civil_of(args, &c) ? sql_number(c.day) : (struct sql_value){0};
    return 0;
}

enum { UNIT_MONTH = -1, UNIT_YEAR = -2 };

/* A unit's microseconds, or one of the above; 0: not known. */
static int64_t unit_micros(struct slice unit)
{
    static const struct {
        const char *name;
        int64_t micros;
    } units[] = {{"second", 1000000},     {"minute", 60000000},  {"hour", INT64_C(3600000000)},
                 {"day", MICROS_PER_DAY}, {"month", UNIT_MONTH}, {"year", UNIT_YEAR}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (slice_equal_nocase(unit, slice_str(units[i].name)))
            return units[i].micros;
    return 0;
}

int sql_unit_check(struct slice unit, struct error *err)
{
    return unit_micros(unit) ? 0
                             : error_set(err, ERR_DATA, "the unit of time '%.*s' is not known",
                                         (int)(unit.len < 40 ? unit.len : 40), unit.ptr);
}

/* Boundaries of the unit that lie between two times. */
int sql_date_diff(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    int64_t unit = unit_micros(args[0].text), a, b;
    struct civil from, to;
    (void)s;
    (void)n;
    *ret = (struct sql_value){0};
    if (!sql_to_time(&args[1], &a) || !sql_to_time(&args[2], &b) || !civil_of(&args[1], &from) ||
        !civil_of(&args[2], &to))
        return 0;
    if (unit == UNIT_YEAR)
        *ret = sql_number(to.year - from.year);
    else if (unit == UNIT_MONTH)
        *ret = sql_number((to.year - from.year) * 12 + to.month - from.month);
    else
        *ret = sql_number((double)((floor_to(b, unit) - floor_to(a, unit)) / unit));
    return 0;
}

/* Spark's: days from the second to the first. */
int sql_datediff_days(struct sql_scope *s, const struct sql_value *args, int n,
                      struct sql_value *ret)
{
    const struct sql_value swapped[] = {sql_text_value(SLICE_LIT("day")), args[1], args[0]};
    (void)n;
    return sql_date_diff(s, swapped, 3, ret);
}
