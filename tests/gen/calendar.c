#include "tests/gen/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"

int64_t day_number(struct day d)
{
    return calendar_days(d.year, d.month, d.date);
}

struct day day_of(int64_t number)
{
    struct civil c;
    calendar_civil((int32_t)number, &c);
    return (struct day){c.year, c.month, c.day};
}

struct moment moment_at(int64_t seconds, int offset)
{
    int64_t s = seconds + offset, day = s / DAY_SECONDS;
    int rest = (int)(s - day * DAY_SECONDS);
    return (struct moment){day_of(day), rest / 3600, rest / 60 % 60, rest % 60};
}

static int64_t last_sunday(int year, int month)
{
    int64_t last = day_number((struct day){year, month, 31});
    return last - (last + 4) % 7; /* 1970-01-01 was a Thursday */
}

int summer_offset(int64_t seconds)
{
    int year = day_of(seconds / DAY_SECONDS).year;
    int64_t from = last_sunday(year, 3) * DAY_SECONDS + 3600;
    int64_t to = last_sunday(year, 10) * DAY_SECONDS + 3600;
    return seconds >= from && seconds < to ? 3600 : 0;
}

int day_parse(const char *s, struct day *ret)
{
    int part[3] = {0};
    for (int i = 0; i < 10; i++) {
        int dash = i == 4 || i == 7;
        if (dash ? s[i] != '-' : s[i] < '0' || s[i] > '9')
            return -1;
        if (!dash)
            part[(i > 4) + (i > 7)] = part[(i > 4) + (i > 7)] * 10 + (s[i] - '0');
    }
    struct day d = {part[0], part[1], part[2]};
    if (s[10] || d.year < 1971 || d.month < 1 || d.month > 12 || d.date < 1)
        return -1;
    struct day again = day_of(day_number(d));
    if (again.month != d.month || again.date != d.date)
        return -1;
    *ret = d;
    return 0;
}
