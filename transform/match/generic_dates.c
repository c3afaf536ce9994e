#include "transform/match/generic_dates.h"

#include <string.h>

/* A date is suspect when it is so many times as frequent as its neighbours; one that systems are
 * known to fill in, sooner. */
enum { NEIGHBOURS = 5, DATE_MIN = 20, DATE_TIMES = 10, KNOWN_DATE_TIMES = 4 };

static int is_known_date(struct slice s)
{
    static const char *const known[] = {"19000101", "19010101", "19700101", "18991230", "18991231",
                                        "11111111", "00010101", "99991231", "17530101"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_equal(s, slice_str(known[i])))
            return 1;
    return 0;
}

static int number_at(struct slice date, int from, int n)
{
    int value = 0;
    for (int i = from; i < from + n; i++)
        value = value * 10 + (date.ptr[i] - '0');
    return value;
}

/* Holders of the dates around whose digits from..from+n differ: years or days. At least one each,
 * so that a lone date does not look crowded. */
static uint32_t around(const struct comparison *c, struct slice date, int from, int n)
{
    char near[8];
    uint32_t sum = 0;
    int number = number_at(date, from, n);
    memcpy(near, date.ptr, sizeof near);
    for (int apart = -NEIGHBOURS; apart <= NEIGHBOURS; apart++) {
        if (apart == 0)
            continue;
        for (int i = from + n - 1, y = number + apart > 0 ? number + apart : 0; i >= from; i--) {
            near[i] = (char)('0' + y % 10);
            y /= 10;
        }
        int64_t code = dict_find(&c->values->strings, slice_of(near, sizeof near));
        sum += code >= 0 && c->counts[code] ? c->counts[code] : 1;
    }
    return sum;
}

int date_stands_out(const struct comparison *c, uint32_t v)
{
    struct slice date = value_string(c, v);
    if (date.len != 8)
        return 0;
    int known = is_known_date(date);
    uint32_t years = around(c, date, 0, 4), days = around(c, date, 6, 2);
    uint64_t times = known ? KNOWN_DATE_TIMES : DATE_TIMES;
    return c->counts[v] >= (known ? KNOWN_DATE_MIN : DATE_MIN) &&
           (uint64_t)c->counts[v] * 2 * NEIGHBOURS > times * (years > days ? years : days);
}
