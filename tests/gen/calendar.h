/* Days and seconds since 1970 and back, and summer time by the European rule. No clock, no zone of
 * the machine. */
#ifndef GEN_CALENDAR_H
#define GEN_CALENDAR_H

#include <stdint.h>

struct day {
    int year, month, date; /* year 0: none */
};

struct moment {
    struct day day;
    int hour, minute, second;
};

enum { DAY_SECONDS = 86400 };

int64_t day_number(struct day d);
struct day day_of(int64_t number);
/* Seconds since 1970, UTC, to a wall clock that is `offset` seconds ahead of UTC. */
struct moment moment_at(int64_t seconds, int offset);
/* 3600 in European summer time (last Sunday of March to that of October, 01:00 UTC), else 0. */
int summer_offset(int64_t seconds);
/* "2026-03-01"; 0 or -1. */
int day_parse(const char *s, struct day *ret);

#endif
