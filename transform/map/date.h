/* Dates and times in any format, free of locale: a strptime of our own.
 *
 * Conversions: %Y year of four digits, %y of two (00–68: 20xx, 69–99: 19xx), %m %d %H %M %S numbers
 * of one or two digits, %e as %d, %I with %p (AM, PM), %f fraction of a second (1–9 digits), %j day
 * of the year, %b %B month names in English, German, French, Spanish, Italian, Dutch (short or
 * long, any case), %a %A the name of a weekday (not checked), %z +01:00, +0100, +01, Z or UTC, %s
 * seconds since 1970, %T = %H:%M:%S, %R = %H:%M, %F = %Y-%m-%d, %D = %m/%d/%y, %n %t or a space:
 * any white space or none, %% a per cent sign. Everything else stands for itself. */
#ifndef SLUICE_TRANSFORM_MAP_DATE_H
#define SLUICE_TRANSFORM_MAP_DATE_H

#include "core/calendar.h"
#include "core/error.h"

struct moment {
    struct civil civil;
    int short_year;   /* the year came as two digits */
    int has_zone;     /* the text told its zone … */
    int zone_seconds; /* … this far east of UTC */
};

/* 0, or ERR_CONFIG naming the conversion that does not exist. */
int date_format_check(struct slice format, struct error *err);

/* The whole text by one format. 1, or 0 when it does not fit or is no date of the calendar. */
int date_parse_format(struct slice text, struct slice format, struct moment *ret);

/* Without a format: ISO 8601 (2026-03-01, 20260301, 2026-03-01T12:00:00+01:00, with a space, with a
 * fraction), and day.month.year, and with slashes day/month/year, but month/day/year where `region`
 * (ISO alpha-2) writes so. 1 or 0. */
int date_parse_usual(struct slice text, struct slice region, struct moment *ret);

#endif
