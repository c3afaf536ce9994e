/* The proleptic Gregorian calendar and times in UTC, free of locale, TZ and the clock. Days count
 * from 1970-01-01, microseconds from its midnight in UTC. Years 0001..9999. (Days from civil: H.
 * Hinnant's algorithm.) */
#ifndef SLUICE_CORE_CALENDAR_H
#define SLUICE_CORE_CALENDAR_H

#include "core/slice.h"

#define MICROS_PER_DAY INT64_C(86400000000)

struct civil {
    int year, month, day; /* month 1..12, day 1..31 */
    int hour, minute, second, micro;
};

int calendar_valid(int year, int month, int day);
int32_t calendar_days(int year, int month, int day); /* of a valid date */
void calendar_civil(int32_t days, struct civil *ret);
int64_t calendar_micros(const struct civil *c); /* of a valid date and time; c taken as UTC */
void calendar_civil_micros(int64_t micros, struct civil *ret);

/* "2026-03-01". 1 or 0. */
int date_parse(struct slice text, int32_t *ret_days);
size_t date_text(int32_t days, char out[16]);
/* RFC 3339 with `T` or a space; seconds, fraction (up to 9 digits, cut to µs) and zone may be
 * missing; zone Z, +01:00, +0100, +01; a missing zone is UTC. A date alone is midnight. 1 or 0. */
int timestamp_parse(struct slice text, int64_t *ret_micros);
/* 2026-03-01T12:00:00Z, or with six digits of fraction when it is not zero. */
size_t timestamp_text(int64_t micros, char out[40]);

#endif
